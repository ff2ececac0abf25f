//! Values and types of expressions.

use crate::fixture::Fixture;

/// `expression => value, type`
fn check(cases: &[(&str, &str, &str)]) {
    let f = Fixture::new();
    for (expr, value, data_type) in cases {
        assert_eq!(
            f.value(expr),
            (value.to_string(), data_type.to_string()),
            "{expr}"
        );
    }
}

#[test]
fn operators() {
    check(&[
        ("1 + 1", "2", "uint16"),
        ("7 - 9", "-2", "int16"),
        ("200 * 200", "40000", "uint16"),
        ("7 / 2", "3.5", "float64"),
        ("1 / 0", r#""inf""#, "float64"),
        ("0 / 0", r#""nan""#, "float64"),
        ("7 % 4", "3", "uint8"),
        ("-(5)", "-5", "int8"),
        ("1.5 + 1", "2.5", "float64"),
        ("1 < 2 AND NOT 2 > 3", "true", "bool"),
        ("1 = 1.0", "true", "bool"),
        ("2 BETWEEN 1 AND 3", "true", "bool"),
        ("2 NOT IN (1, 3)", "true", "bool"),
        ("'b' IN ('a', 'b')", "true", "bool"),
        ("NULL IS NULL", "true", "bool"),
        ("NULL = 1", "null", "nullable(bool)"),
        ("1 IS DISTINCT FROM 2", "true", "bool"),
        ("'abc' LIKE 'a%'", "true", "bool"),
        ("'abc' LIKE 'A%'", "false", "bool"),
        ("'abc' ILIKE 'A_C'", "true", "bool"),
        (
            "'a%c' LIKE 'a\\\\%c' AND 'abc' NOT LIKE 'a\\\\%c'",
            "true",
            "bool",
        ),
        ("1 || 'x' || true", r#""1xtrue""#, "string"),
        (
            "CASE 2 WHEN 1 THEN 'a' WHEN 2 THEN 'b' END",
            r#""b""#,
            "nullable(string)",
        ),
        ("CASE WHEN false THEN 1 ELSE 300 END", "300", "uint16"),
        ("[1, 300][2]", "300", "uint16"),
        ("[1, 2][-1]", "2", "uint8"),
        ("[1, 2][3]", "0", "uint8"),
    ]);
}

#[test]
fn text_between_dollars_is_as_written() {
    check(&[
        ("$$it's; \\n$$", r#""it's; \\n""#, "string"),
        ("$q$ a $$ b $ $q$", r#"" a $$ b $ ""#, "string"),
        ("$$$$", r#""""#, "string"),
        ("length($$a$b$$)", "3", "uint64"),
    ]);
}

#[test]
fn conversion() {
    check(&[
        ("CAST('12' AS int8)", "12", "int8"),
        ("'2024-02-03'::date", r#""2024-02-03""#, "date"),
        ("to_int64('-5') + 1", "-4", "int64"),
        ("to_uint8(3.9)", "3", "uint8"),
        ("to_string(1.5)", r#""1.5""#, "string"),
        (
            "to_string(to_datetime('2024-02-03 04:05:06'))",
            r#""2024-02-03 04:05:06""#,
            "string",
        ),
        ("to_decimal(1.005, 2)", "1.00", "decimal(38, 2)"),
        ("to_decimal('12.349', 2) * 2", "24.68", "decimal(38, 2)"),
        ("to_bool(1)", "true", "bool"),
        ("to_float64('1e3')", "1000.0", "float64"),
        (
            "to_datetime(1700000000)",
            r#""2023-11-14T22:13:20Z""#,
            "datetime",
        ),
        (
            "to_datetime64('2024-01-01 00:00:00.1239', 3)",
            r#""2024-01-01T00:00:00.123Z""#,
            "datetime64(3)",
        ),
        ("to_unix_timestamp(to_datetime64(1.5, 3))", "1", "int64"),
        // Milliseconds given for seconds are no time; the last second with four digits is.
        (
            "to_datetime64_or_null(1796094763195, 3)",
            "null",
            "nullable(datetime64(3))",
        ),
        ("to_datetime_or_null(-1e30)", "null", "nullable(datetime)"),
        (
            "to_datetime(253402300799)",
            r#""9999-12-31T23:59:59Z""#,
            "datetime",
        ),
        ("to_int64_or_null('x')", "null", "nullable(int64)"),
        (
            "to_type_name([now64(6)])",
            r#""array(datetime64(6))""#,
            "string",
        ),
        (
            "cast(to_date('2024-01-02'), 'datetime64(3)')",
            r#""2024-01-02T00:00:00.000Z""#,
            "datetime64(3)",
        ),
        ("length(to_string(uuid()))", "36", "uint64"),
    ]);
}

#[test]
fn text() {
    check(&[
        ("length('äb')", "3", "uint64"),
        ("char_length('äb')", "2", "uint64"),
        ("upper('ab') || lower('AB')", r#""ABab""#, "string"),
        ("trim('  x ')", r#""x""#, "string"),
        ("concat('a', 1, true)", r#""a1true""#, "string"),
        ("substring('hello', 2, 3)", r#""ell""#, "string"),
        ("substr('hello', -2)", r#""lo""#, "string"),
        (
            "left('hello', 2) || right('hello', 2)",
            r#""helo""#,
            "string",
        ),
        ("replace('aXbX', 'X', '-')", r#""a-b-""#, "string"),
        ("replace_one('aXbX', 'X', '-')", r#""a-bX""#, "string"),
        (
            "replace_regex('a1b22', '[0-9]+', '#')",
            r##""a#b#""##,
            "string",
        ),
        ("position('hello', 'l')", "3", "uint64"),
        (
            "starts_with('hello', 'he') AND ends_with('hello', 'lo')",
            "true",
            "bool",
        ),
        (
            "split_by_char(',', 'a,b,,c')",
            r#"["a","b","","c"]"#,
            "array(string)",
        ),
        ("match('abc123', '[0-9]{3}$')", "true", "bool"),
        ("extract('id=42;', 'id=([0-9]+)')", r#""42""#, "string"),
        ("like('abc', '%c')", "true", "bool"),
        ("reverse('abc')", r#""cba""#, "string"),
    ]);
}

#[test]
fn numbers() {
    check(&[
        ("abs(-5)", "5", "uint8"),
        ("round(2.345, 2)", "2.35", "float64"),
        ("round(-2.5)", "-2.0", "float64"),
        ("round(1234, -2)", "1200", "uint16"),
        ("floor(-1.5)", "-2.0", "float64"),
        ("ceil(1.2)", "2.0", "float64"),
        ("sqrt(16) + cbrt(27)", "7.0", "float64"),
        ("pow(2, 10)", "1024.0", "float64"),
        ("exp(0) + ln(1) + log10(1000) + log2(8)", "7.0", "float64"),
        ("sqrt(-1)", r#""nan""#, "float64"),
        ("is_nan(0/0)", "true", "bool"),
        ("mod(-7, 3)", "-1", "int8"),
        ("int_div(7, 2)", "3", "uint8"),
        ("sign(-3.5)", "-1", "int8"),
        ("greatest(1, 300, 2)", "300", "uint16"),
        ("least('b', 'a')", r#""a""#, "string"),
    ]);
}

#[test]
fn choice_and_null() {
    check(&[
        ("if(1 > 2, 'a', 'b')", r#""b""#, "string"),
        ("if(true, 1, NULL)", "1", "nullable(uint8)"),
        ("multi_if(false, 1, true, 2, 3)", "2", "uint8"),
        ("coalesce(NULL, NULL, 3)", "3", "uint8"),
        ("if_null(NULL, 'x')", r#""x""#, "string"),
        ("null_if(1, 1)", "null", "nullable(uint8)"),
        ("is_null(NULL) AND is_not_null(1)", "true", "bool"),
    ]);
}

#[test]
fn time() {
    check(&[
        ("now()", r#""2023-11-14T22:13:20Z""#, "datetime"),
        ("now64()", r#""2023-11-14T22:13:20.000Z""#, "datetime64(3)"),
        ("today() - 1", r#""2023-11-13""#, "date"),
        ("now() - 5s", r#""2023-11-14T22:13:15Z""#, "datetime"),
        (
            "now() + INTERVAL 1 MONTH",
            r#""2023-12-14T22:13:20Z""#,
            "datetime",
        ),
        ("to_date('2024-01-31') + 1M", r#""2024-02-29""#, "date"),
        (
            "to_date('2024-01-31') + 2h",
            r#""2024-01-31T02:00:00Z""#,
            "datetime",
        ),
        (
            "now() + 100ms",
            r#""2023-11-14T22:13:20.100Z""#,
            "datetime64(3)",
        ),
        ("now() - to_datetime('2023-11-14 22:13:00')", "20", "int64"),
        (
            "now64() - INTERVAL '90' MINUTE > '2023-11-14 20:00:00'",
            "true",
            "bool",
        ),
        ("to_year(now()) * 100 + to_month(now())", "202311", "uint64"),
        (
            "to_day(now()) + to_hour(now()) + to_minute(now()) + to_second(now())",
            "69",
            "uint64",
        ),
        ("to_day_of_week(now())", "2", "uint8"),
        (
            "to_start_of_minute(now64())",
            r#""2023-11-14T22:13:00Z""#,
            "datetime",
        ),
        (
            "to_start_of_hour(now())",
            r#""2023-11-14T22:00:00Z""#,
            "datetime",
        ),
        (
            "to_start_of_day(now())",
            r#""2023-11-14T00:00:00Z""#,
            "datetime",
        ),
        ("to_start_of_week(now())", r#""2023-11-12""#, "date"),
        ("to_start_of_month(now())", r#""2023-11-01""#, "date"),
        ("to_start_of_quarter(now())", r#""2023-10-01""#, "date"),
        (
            "to_start_of_interval(now(), 15m)",
            r#""2023-11-14T22:00:00Z""#,
            "datetime",
        ),
        ("date_trunc('year', now())", r#""2023-01-01""#, "date"),
        ("date_diff('day', '2023-11-01', now())", "13", "int64"),
        ("date_diff('month', '2023-01-31', now())", "10", "int64"),
        ("date_add('day', 2, today())", r#""2023-11-16""#, "date"),
        (
            "date_sub(now(), 1h)",
            r#""2023-11-14T21:13:20Z""#,
            "datetime",
        ),
        (
            "format_datetime(now(), '%d.%m.%Y %H:%M')",
            r#""14.11.2023 22:13""#,
            "string",
        ),
    ]);
}

#[test]
fn collections_and_json() {
    check(&[
        ("[1, 2, 3]", "[1,2,3]", "array(uint8)"),
        ("array_length([1, 2]) + length(['a'])", "3", "uint64"),
        ("has([1, 2], 2) AND NOT has(['a'], 'b')", "true", "bool"),
        ("array_element(['a', 'b'], 2)", r#""b""#, "string"),
        ("array_string_concat(['a', 'b'], '-')", r#""a-b""#, "string"),
        (
            "map('a', 1, 'b', 2)",
            r#"{"a":1,"b":2}"#,
            "map(string, uint8)",
        ),
        ("map('a', 1)['a']", "1", "uint8"),
        (
            "map_keys({'z': 1, 'a': 2})",
            r#"["z","a"]"#,
            "array(string)",
        ),
        ("map_values({'z': 1, 'a': 2})", "[1,2]", "array(uint8)"),
        (
            r#"json_extract_string('{"a":{"b":["x"]}}', 'a', 'b', 1)"#,
            r#""x""#,
            "string",
        ),
        (
            r#"json_extract_int('{"a":9007199254740993}', 'a')"#,
            "9007199254740993",
            "int64",
        ),
        (r#"json_extract_float('{"a":1.5}', 'a')"#, "1.5", "float64"),
        (r#"json_extract_string('{"a":1}', 'b')"#, r#""""#, "string"),
        (r#"json_has('{"a":1}', 'a')"#, "true", "bool"),
        (
            "to_json_string([now()])",
            r#""[\"2023-11-14T22:13:20Z\"]""#,
            "string",
        ),
    ]);
}

#[test]
fn columns_of_nested_types() {
    let f = Fixture::new().stream(
        "n",
        &[
            "tags array(string)",
            "m map(string, int64)",
            "j json",
            "t tuple(int8, string)",
            "at datetime64(6)",
        ],
    );
    f.insert(
        "n",
        r#"[["x","y"],{"k":7},{"a":{"b":1}},[1,"z"],"2024-01-01T00:00:00.123456Z",0]"#,
    );
    assert_eq!(
        f.rows("SELECT tags[2], m['k'] + 1, j.a.b, j['a'], t[2], at - 1us, to_start_of_second(at) FROM table(n)"),
        [r#"["y",8,1,{"b":1},"z","2024-01-01T00:00:00.123455Z","2024-01-01T00:00:00.000000Z"]"#]
    );
    assert_eq!(
        f.rows("SELECT tags FROM table(n) WHERE at = '2024-01-01 00:00:00.123456'"),
        [r#"[["x","y"]]"#]
    );
}

#[test]
fn every_function_has_help() {
    let names = weir_engine::functions::names();
    assert!(names.len() > 120);
    assert!(names.is_sorted_by_key(|function| function.name));
    for function in names {
        assert!(
            function.signature.contains("->") || function.signature.contains('('),
            "{}",
            function.name
        );
        assert!(function.help.len() > 3, "{}", function.name);
    }
    assert!(
        names
            .iter()
            .any(|function| function.name == "p95" && function.aggregate)
    );
}

#[test]
fn column_expressions_name_columns_without_a_table() {
    let f = Fixture::new().stream("s", &["a int32", "at datetime"]);
    let info = weir_engine::Catalog::stream(&f, "s").unwrap();
    let (sql, data_type) = weir_engine::expression_sql("a + 1", &info).unwrap();
    assert_eq!(
        (sql.as_str(), data_type.to_string().as_str()),
        (r#"("a" + 1)"#, "int64")
    );
    let (sql, data_type) = weir_engine::expression_sql("at + INTERVAL 7 DAY", &info).unwrap();
    assert_eq!(data_type.to_string(), "datetime");
    f.insert("s", r#"[1, "2024-01-01T00:00:00Z", 0]"#);
    let at: i64 = f
        .conn
        .query_row(&format!("SELECT {sql} FROM s_s"), [], |row| row.get(0))
        .unwrap();
    assert_eq!(at, 1_704_067_200 + 7 * 86_400);
    let (sql, _) = weir_engine::expression_sql("now64()", &info).unwrap();
    let now: i64 = f
        .conn
        .query_row(&format!("SELECT {sql}"), [], |row| row.get(0))
        .unwrap();
    assert!(now > 1_700_000_000_000);
    assert!(weir_engine::expression_sql("b + 1", &info).is_err());
    assert!(weir_engine::expression_sql("count()", &info).is_err());
}
