"""Compares what the program showed with what the model expects. Every function returns lines of differences."""

import json

from model import LOOSE_KINDS
from tolerant import ANY, diff
from world import EXITS

COUNTS = ("changed", "unchanged", "created", "unknown", "skipped", "rejected")


def normal_person(p, expected):
    """A listed person with the parts that have no order in the model's order."""
    p = dict(p)
    p["addresses"] = sorted(p.get("addresses") or [], key=lambda a: a["kind"])
    if isinstance(p.get("protection"), list) and expected.get("protected"):
        p["protection"] = [k.get("kind") for k in p["protection"]]
    return p


def people(expected, listed):
    """`person list --json` against the model's registry."""
    if [p["person"] for p in expected] != [p["person"] for p in listed]:
        return [f"people: expected {[p['person'] for p in expected]} got {[p['person'] for p in listed]}"]
    out = []
    for e, p in zip(expected, listed):
        out += diff(e, normal_person(p, e), f"person:{e['person']}")
        if e["protected"] and not p.get("protection"):
            out.append(f"person:{e['person']}.protection: a protected person shows no kind")
    return out


def counts(records, run, skip=False):
    """Each record is in exactly one class, and in one that it may be in."""
    got = run.get("counts") or {}
    missing = [k for k in ("read",) + COUNTS if not isinstance(got.get(k), int)]
    if missing:
        return [f"counts: no {missing}"]
    out = []
    if got["read"] != sum(got[k] for k in COUNTS):
        out.append(f"counts: read {got['read']} is not the sum of {[(k, got[k]) for k in COUNTS]}")
    if skip:
        return out
    if got["read"] != len(records):
        out.append(f"counts.read: expected {len(records)} got {got['read']}")
    for k in COUNTS:
        low = sum(1 for r in records if r == {k})
        high = sum(1 for r in records if k in r)
        if not low <= got[k] <= high:
            out.append(f"counts.{k}: expected {low if low == high else (low, high)} got {got[k]}")
    if out:
        by_record = ", ".join(f"{i}: {'/'.join(sorted(r))}" for i, r in enumerate(records, 1))
        out.append(f"the model's records: {by_record}")
    return out


def fits(finding, allowed):
    kind, subject = finding
    return kind in LOOSE_KINDS or finding in allowed or (kind, ANY) in allowed


def run(outcome, code, document, dry=False):
    """A run's JSON and exit code."""
    out = []
    if code not in outcome.exits:
        out.append(f"exit: expected {sorted(outcome.exits)} got {code} {json.dumps(document.get('error'), ensure_ascii=False)}")
    row = document.get("run")
    if row is None:
        return out if outcome.rejected_whole and code == 2 else out + ["run: null"]
    if row.get("exit") != code:
        out.append(f"run.exit: {row.get('exit')} but the process ended {code}")
    if row.get("status") != EXITS.get(code):
        out.append(f"run.status: {row.get('status')} with exit {code}")
    if bool(row.get("dry_run")) != dry:
        out.append(f"run.dry_run: {row.get('dry_run')}")
    if (code in (0, 3)) != (document.get("error") is None):
        out.append(f"error: {document.get('error')} with exit {code}")
    if code not in (0, 3) or outcome.rejected_whole or outcome.held:
        return out
    out += counts(outcome.records, row, skip=outcome.nothing_new)
    if outcome.nothing_new:
        got = row.get("counts") or {}
        out += [f"counts.{k}: {got[k]} though nothing is new" for k in ("changed", "created") if got.get(k)]
    rejected = {r.get("record") for r in document.get("rejected") or []}
    conflicts = len([f for f in outcome.must if f[0] == "post-conflict"])
    if rejected != outcome.rejected and not (conflicts and rejected >= outcome.rejected):
        out.append(f"rejected: expected records {sorted(outcome.rejected)} got {sorted(rejected, key=str)}")
    shown = {(f.get("kind"), f.get("subject")) for f in document.get("findings") or []}
    missing = sorted(outcome.must - shown)
    extra = sorted(f for f in shown - outcome.must if not fits(f, outcome.may))
    if missing or extra:
        out.append(f"findings: missing {missing} extra {extra}")
    for group in getattr(outcome, "two", []):
        if not any(("two-records", s) in shown for s in group):
            out.append(f"findings: no two-records on any of {sorted(group)}")
    return out


def open_findings(registry, listed):
    """`findings --json` against the findings that stay true."""
    shown = {(f["kind"], f["subject"]) for f in listed if f.get("state") == "open"}
    missing = sorted(registry.open_must - shown)
    extra = sorted(f for f in shown - registry.open_must if not fits(f, registry.open_may))
    return [f"open findings: missing {missing} extra {extra}"] if missing or extra else []


def changes(outcome, document):
    """The changes of a dry run name the people whose facts change."""
    shown = {c.get("person") for c in document.get("changes") or []}
    missing = sorted(outcome.touched - shown)
    return [f"changes: no line for {missing}"] if missing else []


def first_change(before, after):
    """The first field that differs between two lists."""
    if [p["person"] for p in before] != [p["person"] for p in after]:
        return f"people {[p['person'] for p in before]} → {[p['person'] for p in after]}"
    for b, a in zip(before, after):
        for k in b:
            if b[k] != a.get(k):
                return f"person:{b['person']}.{k}: {b[k]!r} → {a.get(k)!r}"
    return "nothing"
