"""Compares the engine's functions and aggregates with ClickHouse's, as PyPI's chdb has them.

compare.py EVALUATE [--all] [--cases] [NAME…]: EVALUATE is the engine's example `evaluate`, --cases
leaves out generated calls, NAMEs generate calls of these functions only, --all lists also what is
refused here or answered here only. Prints what differs and a table of functions: the same,
different on purpose (different.txt says why), different, missing. The exit code is 1 where
something differs without a reason.
"""
import collections
import json
import math
import pathlib
import re
import subprocess
import sys
import time

import calls
from names import snake, translate
from peers import ClickHouse, Refused, Weir

HERE = pathlib.Path(__file__).parent
# What has not been compared by then is counted and named.
MINUTES = 15


def plain(value):
    if isinstance(value, bool):
        return int(value)
    if isinstance(value, str):
        value = re.sub(r"^(\d{4}-\d\d-\d\d)T([\d:.]+)Z$", r"\1 \2", value)
        return None if value in ("nan", "inf", "-inf") else value
    if isinstance(value, dict):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [plain(inner) for inner in value]
    return value


def same(left, right):
    left, right = plain(left), plain(right)
    if isinstance(left, dict) and isinstance(right, list):
        left = list(left.values())
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(same(x, y) for x, y in zip(left, right))
    numbers = isinstance(left, (int, float)) and isinstance(right, (int, float))
    return left == right or (numbers and math.isclose(left, right, rel_tol=1e-9, abs_tol=1e-12))


# The order of what these give is no promise of ClickHouse's.
UNORDERED = re.compile(r"^(array_union|group_uniq_array|top_k|array_distinct|array_intersect)\(")


def ordered(value):
    return sorted(value, key=json.dumps) if isinstance(value, list) else value


def kind_of(theirs, answer, reason):
    if isinstance(theirs, Refused):
        return "refused by both" if isinstance(answer, Refused) else "answered here only"
    if not isinstance(answer, Refused) and same(theirs, answer):
        return "the same"
    if reason:
        return "different on purpose"
    return "refused here" if isinstance(answer, Refused) else "different"


def chosen(peers, known, names):
    """Calls with the name of the function that each is about, the fixed ones first."""
    for case in (HERE / "cases.txt").read_text().splitlines() if not names else []:
        yield None, case
    if "--cases" in sys.argv:
        return
    for name, aggregate in peers:
        ours = snake(name)
        wanted = known.get(ours) == ("aggregate" if aggregate else "scalar")
        if wanted and (not names or ours in names) and not calls.UNSTABLE.match(ours):
            for call in (calls.aggregate if aggregate else calls.scalar)(name):
                yield ours, call


def main():
    evaluate, options = sys.argv[1], sys.argv[2:]
    names = {option for option in options if not option.startswith("--")}
    listed = subprocess.run([evaluate, "--functions"], capture_output=True, text=True, check=True).stdout
    known = dict(line.split("\t") for line in listed.splitlines())
    clickhouse, weir = ClickHouse(), Weir(evaluate)
    # What another product's name only stands for is compared under that name.
    functions = clickhouse.rows("SELECT name, is_aggregate FROM system.functions WHERE alias_to = '' "
                                "OR lower(name) != name ORDER BY name")
    peers = [json.loads(line) for line in functions.splitlines()]
    reasons = [line.split("\t", 1) for line in (HERE / "different.txt").read_text().splitlines() if line]

    until, counts, late = time.monotonic() + MINUTES * 60, collections.Counter(), set()
    by_function = collections.defaultdict(collections.Counter)
    for name, case in chosen(peers, known, names):
        if time.monotonic() > until:
            counts["not compared"] += 1
            late.add(name)
            continue
        here = translate(case)
        query = "SELECT {}" if " FROM (" in case else "SELECT {} AS x"
        theirs, answer = clickhouse.answer(query.format(case)), weir.answer(query.format(here))
        if UNORDERED.match(here):
            theirs, answer = ordered(theirs), ordered(answer)
        reason = next((why for pattern, why in reasons if re.search(pattern, here)), None)
        kind = kind_of(theirs, answer, reason)
        counts[kind] += 1
        if name:
            by_function[name][kind] += 1
        if kind == "different" or (kind in ("refused here", "answered here only") and "--all" in options):
            print(f"{here}\n    ClickHouse {theirs!r}\n    here       {answer!r}", flush=True)
    clickhouse.end()
    weir.end()

    missing = sorted({snake(name) for name, _ in peers} - set(known))
    print(f"\nmissing ({len(missing)}): {' '.join(missing)}\n")
    if late:
        print(f"not compared within {MINUTES} minutes: {' '.join(sorted(map(str, late)))}\n")
    for kind in ("different", "different on purpose", "refused here"):
        found = [name for name, kinds in by_function.items() if kinds[kind]]
        print(f"functions, {kind} ({len(found)}): {' '.join(found)}\n")
    alike = sum(1 for kinds in by_function.values() if not kinds["different"])
    print(f"functions without a difference: {alike} of {len(by_function)}\n\n| expressions | |\n|---|---:|")
    for kind, count in counts.most_common():
        print(f"| {kind} | {count} |")
    for pattern, why in reasons:
        print(f"different on purpose: {pattern}: {why}")
    return 1 if counts["different"] else 0


if __name__ == "__main__":
    sys.exit(main())
