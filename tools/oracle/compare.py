"""Compares the engine's functions with ClickHouse's, as PyPI's chdb has them.

compare.py EVALUATE [--all] [--cases]: --cases leaves out generated calls; EVALUATE is the engine's example `evaluate`. Prints a table: the same,
different on purpose (different.txt says why), different, refused here, missing here. The exit code
is 1 where something differs without a reason.
"""
import collections
import json
import math
import pathlib
import re
import subprocess
import sys

import chdb

from names import snake, translate

HERE = pathlib.Path(__file__).parent
# Values of every type, the ends of their ranges among them.
VALUES = {
    "int": ["0", "1", "-1", "127", "toInt64(-9223372036854775807)", "toUInt64(18446744073709551615)", "NULL"],
    "float": ["0.5", "-2.5", "1e20", "-1e-7", "toFloat64('nan')", "toFloat64('inf')"],
    "decimal": ["toDecimal64('2.5', 1)", "toDecimal64('-0.05', 2)"],
    "text": ["''", "'abc'", "'  Ab c '", "'äöü€'", "'a\\nb'", "'12'", "'a,b,c'", "'{\"a\":1}'"],
    "array": ["[]", "[1, 2, 2, 3]", "['a', 'b', '']", "[NULL, 1]", "[[1], [2, 3]]"],
    "map": ["map('a', 1, 'b', 2)"],
    "tuple": ["(1, 'x')"],
    "time": ["toDate('2024-02-29')", "toDateTime('2024-12-31 23:59:59', 'UTC')",
             "toDateTime64('1969-12-31 23:59:59.987', 3, 'UTC')"],
}
# Random, of the clock, or of the server: no two answers are the same.
UNSTABLE = re.compile(r"^(rand|now|today|yesterday|uuid|generate|version|uptime|host|timezone|server|"
                      r"current|utc|is_constant|sleep|random|to_type_name|earliest|ulid)")


def clickhouse(expression):
    settings = "output_format_json_quote_64bit_integers = 0, date_time_output_format = 'simple'"
    try:
        text = chdb.query(f"SELECT {expression} AS x SETTINGS {settings}", "JSONCompactEachRow").data()
        return json.loads(text.strip())[0]
    except Exception as error:  # noqa: BLE001: whatever it refuses
        return Refused(str(error).splitlines()[0][:100])


class Refused(str):
    pass


def ours(evaluate, expressions):
    queries = "".join(f"SELECT {expression}\n" for expression in expressions)
    done = subprocess.run([evaluate], input=queries, capture_output=True, text=True, check=True)
    answers = []
    for line in done.stdout.splitlines():
        answer = json.loads(line)
        value = answer["rows"][0][0] if answer.get("rows") else None
        answers.append(Refused(answer["error"]) if "error" in answer else shown(value, answer["types"][0]))
    return answers


def shown(value, data_type):
    """Times in their zone, as ClickHouse shows them; the wire has the instant in UTC."""
    zone = re.search(r"datetime.*'([^']+)'", data_type)
    if not isinstance(value, str) or not zone or not value.endswith("Z"):
        return value
    import datetime
    import zoneinfo
    time = datetime.datetime.fromisoformat(value.replace("Z", "+00:00"))
    local = time.astimezone(zoneinfo.ZoneInfo(zone.group(1)))
    fraction = value[19:-1]
    return local.strftime("%Y-%m-%d %H:%M:%S") + fraction


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


def generated(name):
    """Calls of one argument of every kind, and of two of the simple ones."""
    for values in VALUES.values():
        for value in values:
            yield f"{name}({value})"
    for left in ("7", "-2.5", "'abc'", "[1, 2, 3]"):
        for right in ("2", "'b'", "[2]"):
            yield f"{name}({left}, {right})"


def main():
    evaluate = sys.argv[1]
    listed = subprocess.run([evaluate, "--functions"], capture_output=True, text=True, check=True).stdout
    known = dict(line.split("\t") for line in listed.splitlines())
    functions = chdb.query("SELECT name, is_aggregate FROM system.functions ORDER BY name", "JSONCompactEachRow").data()
    peers = [json.loads(line) for line in functions.splitlines()]
    reasons = [line.split("\t", 1) for line in (HERE / "different.txt").read_text().splitlines() if line]

    cases = (HERE / "cases.txt").read_text().splitlines()
    scalars = [name for name, aggregate in peers if not aggregate and known.get(snake(name)) == "scalar"]
    for name in scalars if "--cases" not in sys.argv else []:
        if not UNSTABLE.match(snake(name)):
            cases += generated(name)

    translated = [translate(case) for case in cases]
    counts, different = collections.Counter(), []
    for case, here, answer in zip(cases, translated, ours(evaluate, translated)):
        theirs = clickhouse(case)
        reason = next((why for pattern, why in reasons if re.search(pattern, here)), None)
        if isinstance(theirs, Refused) and isinstance(answer, Refused):
            kind = "refused by both"
        elif isinstance(theirs, Refused):
            kind = "answered here only"
        elif not isinstance(answer, Refused) and same(theirs, answer):
            kind = "the same"
        elif reason:
            kind = "different on purpose"
        elif isinstance(answer, Refused):
            kind = "refused here"
        else:
            kind = "different"
        counts[kind] += 1
        if kind == "different" or (kind == "refused here" and "--all" in sys.argv):
            different.append((here, theirs, answer))

    for here, theirs, answer in different:
        print(f"{here}\n    ClickHouse {theirs!r}\n    here       {answer!r}")
    missing = [snake(name) for name, _ in peers if snake(name) not in known]
    print(f"\nmissing ({len(missing)}): {' '.join(missing)}\n")
    print("| expressions | |\n|---|---:|")
    for kind, count in counts.most_common():
        print(f"| {kind} | {count} |")
    for pattern, why in reasons:
        print(f"different on purpose: {pattern}: {why}")
    return 1 if counts["different"] else 0


sys.exit(main())
