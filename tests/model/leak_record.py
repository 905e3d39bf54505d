"""A world that writes down all that can be seen of the program from outside: what it printed, what it gave to the programs
that it started, what it sent to a monitor, and, traced, every name and byte that it wrote."""

import http.server
import os
import re
import shutil
import subprocess
import threading
from pathlib import Path

from world import World, binary

LEVELS = [["-q"], [], ["-v"], ["-vv"], ["-vvv"], ["--json"], ["--json", "-vv"]]
CALLS = "execve,openat,open,creat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,mkdir,mkdirat,unlink,unlinkat,write,pwrite64,writev,pwritev,pwritev2,sendto,sendmsg,sendfile,copy_file_range"
# The registry, its copies, SQLite's nameless files beside it, and where what was delivered is until it is judged. What is left there is searched as it lies.
OWN = re.compile(rb"/world/(\.?registry\.db[^/]*|etilqs_[^/]*|#\d+|backups/[^/]*|spool/.*)( \(deleted\))?$")
HOOK = """#!/bin/sh
# Writes down all that it was given. Whoever started it is there in /proc too.
{ for word in "$@"; do echo "word $word"; done; env; tr '\\0' '\\n' < /proc/$PPID/cmdline | tail -n +2; cat; } > RECORD/told.$$
"""


class Monitor(http.server.ThreadingHTTPServer):
    """What pings go to: writes each down."""

    def __init__(self, record):
        super().__init__(("127.0.0.1", 0), Ping)
        self.record, self.count = record, 0
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def address(self):
        return f"http://127.0.0.1:{self.server_address[1]}/ping"


class Ping(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.count += 1
        text = f"{self.requestline}\n{self.headers}\n".encode() + body
        (self.server.record / f"ping.{self.server.count}").write_bytes(text)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *_):
        pass


class Recorded(World):
    """`record` holds a file for each thing that was seen."""

    traced = False
    leak = None

    def __init__(self, settings, base=None):
        super().__init__(base)
        self.settings = settings
        self.watch()

    def watch(self):
        self.record = self.base / "record"
        self.record.mkdir(exist_ok=True)
        self.monitor = Monitor(self.record)
        hook = self.base / "hook"
        hook.write_text(HOOK.replace("RECORD", str(self.record)))
        hook.chmod(0o700)
        lines = [*self.settings, f'notify.command = ["{hook}"]', 'notify.metrics_file = "mantal.prom"']
        jobs = ("spar-export", "spar-import", "population-import", "update-persons", "update-areas", "update-search", "sync-contacts", "purge", "backup")
        lines += [f'notify.ping.{job} = "{self.monitor.address()}/{job}"' for job in jobs]
        config = self.folder / "mantal.toml"
        config.write_text("\n".join(lines) + "\n")
        config.chmod(0o600)

    def twin(self, base):
        """The same world elsewhere, with records of its own."""
        twin = object.__new__(type(self))
        twin.base, twin.settings, twin.calls = Path(base), self.settings, []
        twin.folder, twin.inputs = twin.base / "world", self.inputs
        shutil.copytree(self.folder, twin.folder)
        twin.watch()
        return twin

    def raw(self, *args, config=True, timeout=120, stdin=None, **more):
        argv = [binary()] + (["--config", str(self.folder / "mantal.toml")] if config else []) + [str(a) for a in args]
        env = {"PATH": "/usr/bin:/bin", "HOME": str(self.base), "LANG": "C.UTF-8", **more}
        if self.leak:
            env["MANTAL_LEAK"] = self.leak
        command, number = argv, len(self.calls)
        if self.traced:
            trace = str(self.base / f"trace.{number}")
            command = ["strace", "-f", "-qq", "-y", "-v", "-xx", "-s", "4194304", "-e", "signal=none", "-e", f"trace={CALLS}", "-o", trace, *argv]
        done = subprocess.run(command, capture_output=True, env=env, timeout=timeout, cwd=self.base, input=stdin)
        self.calls.append((argv[1:], done.returncode, done.stdout, done.stderr))
        if config:
            for kind, printed in (("out", done.stdout), ("err", done.stderr)):
                (self.record / f"{number:04}.{kind}").write_bytes(printed)
        if self.traced:
            self.read_trace(Path(trace), number)
        return done

    def read_trace(self, trace, number):
        """Keeps of a trace what no other place shows: names, words of children, bytes written anywhere but to our own files."""
        kept, is_first = [], True
        for line in trace.read_bytes().splitlines():
            call = line.split(b"(", 1)[0].split()[-1]
            if call == b"execve" and is_first:
                # What the caller typed.
                is_first = False
                continue
            path = re.match(rb"[^<]*<([^>]*)>", line)
            if call in (b"write", b"pwrite64", b"writev", b"pwritev", b"pwritev2", b"sendfile", b"copy_file_range") and path and OWN.search(plain(path[1])):
                continue
            kept.append(plain(line))
        trace.unlink()
        (self.record / f"{number:04}.trace").write_bytes(b"\n".join(kept))

    def close(self):
        self.monitor.shutdown()
        self.monitor.server_close()

    def drop(self):
        self.close()
        super().drop()


def plain(line):
    """The bytes behind strace's `\\x61`."""
    return re.sub(rb"(?:\\x[0-9a-f]{2})+", lambda m: bytes.fromhex(m[0].replace(b"\\x", b"").decode()), line)


def commands():
    """Every command that the program has, from its own help."""
    def below(words):
        done = subprocess.run([binary(), *words, "--help"], capture_output=True, text=True, env={"PATH": os.environ["PATH"]})
        names, is_list = [], False
        for line in done.stdout.splitlines():
            if line == "Commands:":
                is_list = True
            elif line and not line.startswith(" "):
                is_list = False
            elif is_list and (match := re.match(r"  (\S+)", line)) and match[1] != "help":
                names.append(match[1])
        return names
    out = set()
    for name in below([]):
        more = below([name])
        out.update(f"{name} {word}" for word in more)
        # Some do something by themselves too.
        if not more or name in ("purge", "findings"):
            out.add(name)
    return out
