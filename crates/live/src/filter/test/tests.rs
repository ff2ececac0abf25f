use super::*;
use crate::testing::ring;

fn met(data_type: &str, token: &str, test: Test) -> bool {
    let ring = ring(&[data_type], &format!("[[{token}]]"));
    test.prepare(&Format::default())
        .matches(&ring.cell(0, 0), &mut String::new())
}

#[test]
fn numbers_compare_by_value_without_rounding() {
    let max = "18446744073709551615";
    assert!(met("uint64", max, Test::Equals(max.into())));
    assert!(!met(
        "uint64",
        max,
        Test::Equals("18446744073709551616".into())
    ));
    assert!(met(
        "uint64",
        max,
        Test::Compare(Comparison::Above, "18446744073709551614.5".into())
    ));
    assert!(met("decimal(10, 2)", "1.50", Test::Equals("1.5".into())));
    assert!(met(
        "uint256",
        "\"99999999999999999999999\"",
        Test::Compare(Comparison::AtLeast, "1e22".into())
    ));
    assert!(met(
        "float64",
        "\"-inf\"",
        Test::Compare(Comparison::Below, "0".into())
    ));
    assert!(!met(
        "float64",
        "\"nan\"",
        Test::Compare(Comparison::Above, "0".into())
    ));
    assert!(!met(
        "int64",
        "5",
        Test::Compare(Comparison::AtMost, "4".into())
    ));
    assert!(!met(
        "int64",
        "null",
        Test::Compare(Comparison::AtMost, "4".into())
    ));
}

#[test]
fn times_compare_as_times_and_text_as_text() {
    let time = "\"2023-02-01T01:02:03.500Z\"";
    let below = |operand: &str| Test::Compare(Comparison::Below, operand.into());
    assert!(met("datetime64(3)", time, below("2023-02-01 01:02:04")));
    assert!(!met("datetime64(3)", time, below("2023-02-01")));
    assert!(met("datetime64(3)", time, below("2023-02-01 01:03")));
    assert!(!met("datetime64(3)", time, below("2023-02-01T01:02")));
    assert!(met("string", "\"abc\"", below("abd")));
}

#[test]
fn what_is_no_time_compares_with_none_and_other_forms_of_times_do() {
    let time = "\"2026-03-29T01:59:59Z\"";
    let above = |operand: &str| Test::Compare(Comparison::Above, operand.into());
    assert!(!met("datetime", time, above("2026-03-29 23:00:00+02:00")));
    assert!(met("datetime", time, above("2026-03-29 03:00:00+02:00")));
    assert!(!met("datetime", time, above("1774749600")));
    assert!(met("datetime", time, above("1774749598")));
    for nonsense in ["", "a", "~", "20", "2026-03-29 25:00"] {
        assert!(!met("datetime", time, above(nonsense)), "{nonsense}");
        let below = Test::Compare(Comparison::Below, nonsense.into());
        assert!(!met("datetime", time, below), "{nonsense}");
    }
    // A date has no zone; a time with an offset is kept as it was sent.
    assert!(met(
        "date",
        "\"2026-03-29\"",
        Test::Equals("2026-03-29 00:00+05:00".into())
    ));
    assert!(met(
        "datetime",
        "\"2026-03-29T03:00:00+02:00\"",
        above("2026-03-29 00:59:59")
    ));
}

#[test]
fn not_a_number_equals_only_itself_and_compares_with_nothing() {
    for operand in ["NaN", "nan", "-nan"] {
        assert!(met("float64", "\"nan\"", Test::Equals(operand.into())));
        assert!(met("float64", "\"NaN\"", Test::Equals(operand.into())));
        assert!(!met("float64", "1.5", Test::Equals(operand.into())));
        for comparison in [Comparison::Below, Comparison::AtLeast] {
            assert!(!met(
                "float64",
                "\"nan\"",
                Test::Compare(comparison, operand.into())
            ));
            assert!(!met(
                "float64",
                "5",
                Test::Compare(comparison, operand.into())
            ));
        }
    }
    for (operand, cell) in [("inf", "\"inf\""), ("-Infinity", "\"-inf\"")] {
        assert!(met("float64", cell, Test::Equals(operand.into())));
    }
    assert!(!met(
        "int64",
        "5",
        Test::Compare(Comparison::Below, "abc".into())
    ));
}

#[test]
fn blanks_of_documents_do_not_count_and_addresses_go_by_value() {
    let equals = |operand: &str| Test::Equals(operand.into());
    assert!(met("array(int8)", "[1,2]", equals(" [1, 2] ")));
    assert!(met("array(int8)", "[1, 2]", equals("[1,2]")));
    assert!(met(
        "json",
        r#"{"a": "x  y\" z"}"#,
        equals(r#"{"a":"x  y\" z"}"#)
    ));
    assert!(!met("json", r#"{"a":"x  y"}"#, equals(r#"{"a":"x y"}"#)));
    assert!(met("string", "\"[1, 2]\"", equals("[1, 2]")));
    assert!(!met("string", "\"[1, 2]\"", equals("[1,2]")));
    let below = |operand: Operand| Test::Compare(Comparison::Below, operand);
    let ten = Operand::from("10.0.0.10");
    assert!(met(
        "ipv4",
        "\"10.0.0.9\"",
        below(ten.clone().of_addresses())
    ));
    assert!(!met("string", "\"10.0.0.9\"", below(ten)));
    let long = Operand::from("2001:DB8:0::1").of_addresses();
    assert!(met("ipv6", "\"2001:db8::1\"", Test::Equals(long)));
}

#[test]
fn text_of_times_is_as_shown() {
    let east = Format {
        zone: Zone::In(std::rc::Rc::new(|_| 7_200)),
        ..Format::default()
    };
    let ring = ring(&["datetime"], r#"[["2026-03-29T23:00:00Z"]]"#);
    let found = |needle: &str, shown: &Format| {
        let test = Test::Contains {
            needle: needle.into(),
            match_case: false,
        };
        test.prepare(shown)
            .matches(&ring.cell(0, 0), &mut String::new())
    };
    assert!(found("03-30 01:00", &east));
    assert!(!found("03-29", &east));
    assert!(found("2026-03-29t23", &Format::default()));
}

#[test]
fn digits_are_found_in_the_groups_in_which_they_are_shown() {
    let grouped = Format {
        group: Some('\u{2009}'),
        ..Format::default()
    };
    let ring = ring(&["int64", "decimal(9, 2)"], "[[-1234567,1234.50]]");
    let found = |column: usize, needle: &str, shown: &Format| {
        let test = Test::Contains {
            needle: needle.into(),
            match_case: false,
        };
        test.prepare(shown)
            .matches(&ring.cell(0, column), &mut String::new())
    };
    for needle in [
        "234 567",
        "-1\u{2009}234\u{2009}567",
        "1\u{a0}234",
        "34567",
        "",
    ] {
        assert!(found(0, needle, &grouped), "{needle}");
    }
    assert!(found(1, "1\u{202f}234.5", &grouped));
    for needle in ["1,234", "1 235", " ", "1 234 x"] {
        assert!(!found(0, needle, &grouped), "{needle}");
    }
    assert!(!found(0, "234 567", &Format::default()));
}

#[test]
fn text_tests() {
    let contains = |needle: &str, match_case| Test::Contains {
        needle: needle.into(),
        match_case,
    };
    assert!(met("string", "\"Grüße ÄB\"", contains("äb", false)));
    assert!(!met("string", "\"Grüße ÄB\"", contains("äb", true)));
    assert!(met("string", "\"aab\"", contains("ab", true)));
    assert!(met("int64", "1234", contains("23", true)));
    assert!(met("string", "\"xABAbc\"", contains("aBC", false)));
    assert!(!met("string", "\"xABAb\"", contains("abc", false)));
    assert!(!met("string", "\"abc\"", contains("äbc", false)));
    assert!(met("float64", "-0.50", contains("-0.5", false)));
    assert!(!met("float64", "0.5", contains("e", false)));
    assert!(met("float64", "\"inf\"", contains("INF", false)));
    assert!(met(
        "datetime",
        "\"2026-03-29T01:59:59Z\"",
        contains("29t01", false)
    ));
    assert!(!met(
        "datetime",
        "\"2026-03-29T01:59:59Z\"",
        contains("error", false)
    ));
    assert!(met("json", r#""a\nb""#, contains("\n", true)));
    assert!(met(
        "string",
        "\"x\"",
        Test::Custom(Box::new(|text| text == "x"))
    ));
    assert!(met("string", "null", Test::Null));
    assert!(!met("string", "\"\"", Test::Null));
}
