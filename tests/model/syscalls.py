"""A command under strace: how often it makes each call, and a SIGKILL at the n-th of one."""

import re
import shutil
import subprocess
import tempfile

QUIET = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


def available():
    return shutil.which("strace") is not None


def counted(command, calls):
    """How often each call is made by a run that is not killed."""
    with tempfile.NamedTemporaryFile("r", suffix=".strace") as out:
        subprocess.run(["strace", "-f", "-qq", "-o", out.name, "-e", "trace=" + ",".join(calls), *command], **QUIET)
        text = out.read()
    return {call: len(re.findall(rf"\b{call}\(", text)) for call in calls}


def kill_at(command, call, n):
    """Runs it and kills it at the n-th such call of a thread; whether it came to that."""
    inject = ["-e", f"trace={call}", "-e", f"inject={call}:signal=KILL:when={n}"]
    return subprocess.run(["strace", "-f", "-qq", "-o", "/dev/null", *inject, *command], **QUIET).returncode not in range(128)
