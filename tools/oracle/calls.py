"""Calls that are made up: every function with values of every type, the ends of their ranges among
them."""
import itertools
import re

# One of a plain kind for each type first: these also stand in calls of two and three arguments.
VALUES = {
    "int": ["7", "0", "-1", "127", "toInt64(-9223372036854775807)", "toUInt64(18446744073709551615)", "NULL"],
    "float": ["-2.5", "0.5", "1e20", "-1e-7", "toFloat64('nan')", "toFloat64('inf')"],
    "decimal": ["toDecimal64('2.5', 1)", "toDecimal64('-0.05', 2)"],
    "text": ["'abc'", "''", "'  Ab c '", "'äöü€'", "'a\\nb'", "'12'", "'a,b,c'", "'{\"a\":1}'",
             "'https://www.example.com/a/b?c=d#e'", "'192.168.0.1'", "'2024-02-29 12:30:45'"],
    "array": ["[1, 2, 2, 3]", "[]", "['a', 'b', '']", "[NULL, 1]", "[[1], [2, 3]]"],
    "map": ["map('a', 1, 'b', 2)"],
    "tuple": ["(1, 'x')"],
    "time": ["toDateTime('2024-12-31 23:59:59', 'UTC')", "toDate('2024-02-29')",
             "toDateTime64('1969-12-31 23:59:59.987', 3, 'UTC')"],
}
SECOND = ["2", "'b'", "[2]", "NULL", "-1", "'abc'", "toDate('2024-01-01')"]
THIRD = ["1", "'x'"]
# What one column of rows holds for an aggregate.
COLUMNS = ["[3, 1, 2, 2]", "[-2.5, 0.5, 4]", "['b', 'a', 'ä', '']", "[NULL, 1, 2]", "[1]",
           "[toDate('2024-02-29'), toDate('2024-01-01')]", "[[1, 2], [0]]",
           "[toDecimal64('2.5', 1), toDecimal64('-0.1', 1)]", "[true, false]",
           "[toUInt64(18446744073709551615), 1]", "[toFloat64('nan'), 1, 2]"]
PAIRS = ["[(1, 2), (3, 5), (2, 2)]", "[('a', 1), ('b', 3), ('a', 2)]", "[(NULL, 1), (2, NULL), (3, 4)]"]
# Random, of the clock, or of the server: no two answers are the same.
UNSTABLE = re.compile(r"^(rand|now|today|yesterday|uuid|generate|version|uptime|host|server|"
                      r"current|utc|is_constant|sleep|random|to_type_name|earliest|ulid|fuzz)")


def scalar(name):
    """One argument of every kind, two and three of the simple ones."""
    yield f"{name}()"
    for value in itertools.chain(*VALUES.values()):
        yield f"{name}({value})"
    firsts = [values[0] for values in VALUES.values()]
    for first, second in itertools.product(firsts, SECOND):
        yield f"{name}({first}, {second})"
    for first, second, third in itertools.product(firsts, SECOND[:3], THIRD):
        yield f"{name}({first}, {second}, {third})"


def aggregate(name):
    """Over rows of one value, none, and of two."""
    for column in COLUMNS:
        yield f"{name}(x) AS y FROM (SELECT arrayJoin({column}) AS x)"
        yield f"{name}(x) AS y FROM (SELECT arrayJoin({column}) AS x) WHERE 1 > 2"
    for pairs in PAIRS:
        yield f"{name}(p.1, p.2) AS y FROM (SELECT arrayJoin({pairs}) AS p)"
