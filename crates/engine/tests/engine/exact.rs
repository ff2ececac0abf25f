//! Numbers that floats cannot hold, and those that are none.

use crate::fixture::{Fixture, NOW};

fn wide() -> Fixture {
    let f = Fixture::new().stream(
        "w",
        &[
            "u uint64",
            "i int64",
            "d decimal(38, 4)",
            "h int256",
            "x float64",
        ],
    );
    for row in [
        r#"[18446744073709551615, -9223372036854775808, "12345678901234567890.1234", "-57896044618658097711785492504343953926634992332820282019728792003956564819968", "nan", 0]"#,
        r#"[9223372036854775808, 9223372036854775807, "-0.0001", "7", "inf", 0]"#,
        r#"[7, 5, "3", "100", 1.5, 0]"#,
    ] {
        f.insert("w", row);
    }
    f
}

#[test]
fn columns_come_back_as_they_went_in() {
    let f = wide();
    assert_eq!(
        f.rows("SELECT * EXCEPT (_tp_time) FROM table(w) LIMIT 2"),
        [
            r#"[18446744073709551615,-9223372036854775808,12345678901234567890.1234,"-57896044618658097711785492504343953926634992332820282019728792003956564819968","nan"]"#,
            r#"[9223372036854775808,9223372036854775807,-0.0001,"7","inf"]"#,
        ]
    );
}

#[test]
fn order_comparison_and_extremes() {
    let f = wide();
    assert_eq!(
        f.rows("SELECT u FROM table(w) ORDER BY u DESC"),
        ["[18446744073709551615]", "[9223372036854775808]", "[7]"]
    );
    assert_eq!(
        f.rows("SELECT u FROM table(w) WHERE u = 18446744073709551615"),
        ["[18446744073709551615]"]
    );
    assert_eq!(
        f.rows("SELECT i FROM table(w) WHERE i < u ORDER BY i")
            .len(),
        3
    );
    assert_eq!(
        f.rows("SELECT d FROM table(w) ORDER BY d"),
        ["[-0.0001]", "[3.0000]", "[12345678901234567890.1234]"]
    );
    assert_eq!(
        f.rows("SELECT h FROM table(w) WHERE h > 50 AND h < u * 0 + 1000"),
        [r#"["100"]"#]
    );
    assert_eq!(
        f.rows("SELECT count() FROM table(w) WHERE d = 3 OR d = '-0.0001'"),
        ["[2]"]
    );
    assert_eq!(
        f.rows("SELECT max(u), min(i), max(d), max(h), count(DISTINCT u) FROM table(w)"),
        [r#"[18446744073709551615,-9223372036854775808,12345678901234567890.1234,"100",3]"#]
    );
    assert_eq!(
        f.rows("SELECT greatest(h, 50) FROM table(w) ORDER BY 1 DESC LIMIT 1"),
        [r#"["100"]"#]
    );
}

#[test]
fn sums_are_exact_or_errors() {
    let f = wide();
    assert_eq!(
        f.rows("SELECT sum(i), sum(d) FROM table(w)"),
        ["[4,12345678901234567893.1233]"]
    );
    assert_eq!(
        f.rows("SELECT sum(to_int128(u)) FROM table(w)"),
        [r#"["27670116110564327430"]"#]
    );
    assert!(
        f.error("SELECT sum(u) FROM table(w)")
            .message
            .contains("27670116110564327430 does not fit uint64")
    );
    assert_eq!(
        f.rows("SELECT sum(u) FROM table(w) WHERE i > 0 AND u < 18446744073709551615"),
        ["[9223372036854775815]"]
    );
    // The same over a followed stream.
    let mut query = f.start("SELECT sum(i), max(u), sum(d) FROM w SETTINGS seek_to = 'earliest'");
    assert_eq!(
        query.step(NOW + 2000, 10).0,
        ["[4,18446744073709551615,12345678901234567893.1233]"]
    );
}

#[test]
fn arithmetic_is_exact_or_an_error() {
    let f = wide();
    assert_eq!(
        f.rows("SELECT u + 0, i FROM table(w) LIMIT 1"),
        ["[18446744073709551615,-9223372036854775808]"]
    );
    assert!(
        f.error("SELECT u + 1 FROM table(w)")
            .message
            .contains("18446744073709551616 does not fit uint64")
    );
    assert!(
        f.error("SELECT i - 1 FROM table(w)")
            .message
            .contains("does not fit int64")
    );
    assert_eq!(
        f.rows("SELECT to_int128(u) * 2 FROM table(w) LIMIT 1"),
        [r#"["36893488147419103230"]"#]
    );
    assert_eq!(
        f.rows("SELECT d * 2 - 1 FROM table(w) LIMIT 1"),
        ["[24691357802469135779.2468]"]
    );
    assert_eq!(
        f.rows("SELECT to_string(u), to_json_string(u), [u] FROM table(w) LIMIT 1"),
        [r#"["18446744073709551615","18446744073709551615",[18446744073709551615]]"#]
    );
    assert_eq!(
        f.value("170141183460469231731687303715884105727 + 1").0,
        r#""170141183460469231731687303715884105728""#
    );
    assert_eq!(f.value("-9223372036854775808").0, "-9223372036854775808");
    assert!(f.error("SELECT 5 % 0").message.contains("division by zero"));
}

#[test]
fn nan_survives() {
    let f = wide();
    assert_eq!(
        f.rows("SELECT x, x * 2, x + 1, abs(x), is_nan(x) FROM table(w)"),
        [
            r#"["nan","nan","nan","nan",true]"#,
            r#"["inf","inf","inf","inf",false]"#,
            "[1.5,3.0,2.5,1.5,false]"
        ]
    );
    assert_eq!(
        f.rows("SELECT sum(x), avg(x), count(x) FROM table(w)"),
        [r#"["nan","nan",3]"#]
    );
    assert_eq!(
        f.rows("SELECT x - x FROM table(w) WHERE u = 9223372036854775808"),
        [r#"["nan"]"#]
    );
}
