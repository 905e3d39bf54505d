"""Runs cases one by one and says which broke a promise: what the rigs over random worlds have in common."""

import sys
import traceback

from world import Failure

SHOWN = 8


class Enough(Exception):
    """This world is not followed further; what was seen counts."""


def followed(make):
    """(faults, check) of one world: an error of the program, or of the rig, is a fault at the step where it came."""
    check, more = None, []
    try:
        check = make()
        check.all()
    except Enough:
        pass
    except Failure as why:
        more = [why]
    except Exception:
        more = [traceback.format_exc()]
    step = check.step if check else "init"
    return (check.faults if check else []) + [f"[{step}] {why}" for why in more], check


def report(cases, keep):
    """Runs (name, case) pairs, each giving (faults, check or None); the exit code."""
    passed = failed = 0
    for name, case in cases:
        faults, check = case()
        if faults:
            failed += 1
            print(f"FAILED {name}" + (f" in {check.world.base}" if check and keep else ""))
            for fault in faults[:SHOWN]:
                print("   ", fault[:600])
            if len(faults) > SHOWN:
                print(f"    … and {len(faults) - SHOWN} more")
        else:
            passed += 1
        if check:
            check.tear_down()
        sys.stdout.flush()
    print(f"{passed} passed, {failed} failed")
    return 1 if failed else 0
