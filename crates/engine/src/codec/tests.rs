use proptest::prelude::*;
use rusqlite::types::{Value, ValueRef};
use weir_api::DataType;

use super::{decode, default_value, encode_row};

fn data_type(text: &str) -> DataType {
    DataType::parse(text).expect("type")
}

fn encoded(value: &Value, data_type: &DataType) -> String {
    let mut out = Vec::new();
    encode_row(
        &mut out,
        std::slice::from_ref(data_type),
        &[ValueRef::from(value)],
    );
    let text = String::from_utf8(out).expect("UTF-8");
    text[1..text.len() - 1].to_owned()
}

/// What is read from `json` is written as `wire` and read again as the same value.
fn round_trip(type_name: &str, json: &str, wire: &str) {
    let data_type = data_type(type_name);
    let value = decode(json, &data_type).unwrap_or_else(|error| panic!("{type_name}: {error}"));
    assert_eq!(encoded(&value, &data_type), wire, "{type_name} {json}");
    assert_eq!(decode(wire, &data_type), Ok(value), "{type_name} {wire}");
}

#[test]
fn extremes_stay_exact() {
    for (type_name, json) in [
        ("uint64", "18446744073709551615"),
        ("uint64", "9223372036854775808"),
        ("int64", "-9223372036854775808"),
        ("int64", "9223372036854775807"),
        ("int128", "\"-170141183460469231731687303715884105728\""),
        ("uint128", "\"340282366920938463463374607431768211455\""),
        (
            "int256",
            "\"-57896044618658097711785492504343953926634992332820282019728792003956564819968\"",
        ),
        (
            "uint256",
            "\"115792089237316195423570985008687907853269984665640564039457584007913129639935\"",
        ),
        ("decimal(38, 9)", "-12345678901234567890123456789.123456789"),
        ("decimal(4, 4)", "0.0001"),
        ("float64", "1.7976931348623157e+308"),
        ("float64", "5e-324"),
        ("float64", "\"inf\""),
        ("float32", "\"-inf\""),
        ("float64", "\"nan\""),
        ("float32", "3.1415927"),
        ("datetime64(9)", "\"2262-04-11T23:47:16.854775807Z\""),
        ("datetime64(3)", "\"1969-12-31T23:59:59.999Z\""),
        ("date", "\"0000-02-29\""),
        ("array(uint64)", "[18446744073709551615,0]"),
        ("array(nullable(float64))", "[null,\"nan\",1.5]"),
        ("map(string, int128)", "{\"a\\\"b\":\"-1\",\"c\":\"2\"}"),
        ("tuple(a int8, b array(string))", "[-128,[\"x\",\"\\n\"]]"),
        ("json", "{\"n\":123456789012345678901234567890,\"a\":[1,2]}"),
        ("json", "null"),
        ("nullable(string)", "null"),
        ("low_cardinality(nullable(string))", "null"),
        ("string", "\"tab\\t quote\\\" \u{1F600} \\u0000\""),
        ("enum8('a' = 1, 'b,\\'(' = 2)", "\"b,'(\""),
        ("uuid", "\"0188a5eb-4a3b-7c1e-9e6f-0123456789ab\""),
        ("ipv6", "\"2001:db8::1\""),
        ("bool", "true"),
    ] {
        round_trip(type_name, json, json);
    }
}

#[test]
fn defaults_are_values_of_their_type() {
    for type_name in [
        "bool",
        "int8",
        "uint64",
        "int256",
        "decimal(9, 2)",
        "decimal(9, 0)",
        "float32",
        "string",
        "fixed_string(4)",
        "uuid",
        "ipv4",
        "ipv6",
        "enum8('x' = 5, 'y' = 6)",
        "date",
        "datetime",
        "datetime64(6)",
        "json",
        "array(int8)",
        "map(string, int8)",
        "nullable(int8)",
        "tuple(int8, string, decimal(4, 1))",
        "low_cardinality(string)",
    ] {
        let data_type = data_type(type_name);
        let value = default_value(&data_type);
        assert_eq!(
            decode(&encoded(&value, &data_type), &data_type),
            Ok(value),
            "{type_name}"
        );
    }
}

#[test]
fn lenient_forms_are_read() {
    for (type_name, json, wire) in [
        ("int8", "\"-5\"", "-5"),
        ("int64", "1e3", "1000"),
        ("uint64", "1.8446744073709551615e19", "18446744073709551615"),
        ("int32", "7.0", "7"),
        ("uint256", "00012", "\"12\""),
        ("int128", "12", "\"12\""),
        ("decimal(10, 2)", "\"1.5\"", "1.50"),
        ("decimal(10, 2)", "-0", "0.00"),
        ("decimal(10, 2)", "12e-1", "1.20"),
        ("float64", "\"1.5\"", "1.5"),
        ("float64", "1", "1.0"),
        ("string", "12.50", "\"12.50\""),
        ("bool", "0", "false"),
        ("date", "19389", "\"2023-02-01\""),
        ("date", "\"2023-02-01 05:00:00\"", "\"2023-02-01\""),
        ("datetime", "1675213323", "\"2023-02-01T01:02:03Z\""),
        (
            "datetime",
            "\"2023-02-01 01:02:03\"",
            "\"2023-02-01T01:02:03Z\"",
        ),
        (
            "datetime",
            "\"2023-02-01T01:02:03+05:30\"",
            "\"2023-01-31T19:32:03Z\"",
        ),
        (
            "datetime64(3)",
            "1675213323456",
            "\"2023-02-01T01:02:03.456Z\"",
        ),
        (
            "datetime64(3)",
            "1675213323.5",
            "\"2023-02-01T01:02:03.500Z\"",
        ),
        (
            "datetime64(6)",
            "\"2023-02-01\"",
            "\"2023-02-01T00:00:00.000000Z\"",
        ),
        (
            "datetime64(3)",
            "\"2023-02-01 01:02:03.4567891234\"",
            "\"2023-02-01T01:02:03.456Z\"",
        ),
        (
            "json",
            " { \"a b\" : [ 1 , \" \\\" \" ] }\n",
            "{\"a b\":[1,\" \\\" \"]}",
        ),
        (
            "tuple(a int8, b string)",
            "{\"b\":\"x\",\"a\":1}",
            "[1,\"x\"]",
        ),
        ("map(uint8, bool)", "{\"7\":1}", "{\"7\":true}"),
        ("enum8('a' = 1, 'b' = 2)", "2", "\"b\""),
        (
            "uuid",
            "\"0188A5EB-4A3B-7C1E-9E6F-0123456789AB\"",
            "\"0188a5eb-4a3b-7c1e-9e6f-0123456789ab\"",
        ),
    ] {
        round_trip(type_name, json, wire);
    }
}

#[test]
fn what_does_not_fit_is_refused_in_words() {
    for (type_name, json, words) in [
        ("uint8", "256", "256 does not fit uint8"),
        ("uint8", "-1", "-1 does not fit uint8"),
        ("int8", "-129", "does not fit"),
        ("uint64", "18446744073709551616", "does not fit"),
        ("uint64", "-1", "does not fit"),
        ("int64", "9223372036854775808", "does not fit"),
        (
            "int128",
            "170141183460469231731687303715884105728",
            "does not fit",
        ),
        ("uint128", "-1", "does not fit"),
        ("int256", "1e99999999", "does not fit"),
        ("int32", "1.5", "more fraction digits"),
        ("int32", "1e-99999999", "more fraction digits"),
        ("int32", "\"x\"", "'x' is not a valid int32"),
        ("int32", "true", "not a valid"),
        ("int32", "null", "null is not allowed"),
        ("decimal(4, 2)", "123.45", "does not fit"),
        ("decimal(4, 2)", "1.234", "more fraction digits"),
        ("float64", "1e999", "does not fit"),
        ("float32", "1e39", "does not fit"),
        ("fixed_string(2)", "\"abc\"", "3 bytes"),
        ("string", "[1]", "not an array"),
        ("string", "{}", "not an object"),
        ("string", "\"a", "not a JSON string"),
        ("string", "\"", "not a JSON string"),
        ("string", "x", "not a JSON value"),
        ("string", "", "not a JSON value"),
        ("date", "\"2023-02-29\"", "not a valid date"),
        (
            "datetime",
            "\"2023-02-01T25:00:00\"",
            "not a valid datetime",
        ),
        ("datetime", "\"äöüäöü\"", "not a valid datetime"),
        ("datetime64(9)", "\"9999-01-01\"", "not a valid"),
        (
            "datetime64(3)",
            "1774749599000000000",
            "outside the years 0000 to 9999: numbers of datetime64(3) are in units of 10^-3 s",
        ),
        ("datetime64(3)", "-62167219200001", "outside the years"),
        ("datetime64(0)", "1774749599000", "in units of 1 s"),
        ("datetime", "1774749599000", "in units of 1 s"),
        ("date", "1774749599", "days since 1970"),
        ("array(int8)", "[1,300]", "item 1: 300 does not fit"),
        ("array(int8)", "5", "not a JSON array"),
        ("map(string, int8)", "{\"k\":\"v\"}", "key 'k'"),
        ("tuple(int8, int8)", "[1]", "1 items for a tuple of 2"),
        ("json", "{", "not JSON"),
        ("enum8('a' = 1)", "\"c\"", "not a valid enum8"),
        ("ipv4", "\"1.2.3\"", "not a valid ipv4"),
    ] {
        let error = decode(json, &data_type(type_name)).expect_err(json);
        assert!(error.contains(words), "{type_name} {json}: {error}");
    }
}

#[test]
fn values_of_another_storage_form_are_still_json() {
    let types = [
        "int64",
        "string",
        "json",
        "datetime64(3)",
        "decimal(9, 2)",
        "array(int8)",
        "bool",
    ];
    let values = [
        Value::Null,
        Value::Integer(i64::MIN),
        Value::Real(1.5),
        Value::Real(f64::NAN),
        Value::Real(f64::NEG_INFINITY),
        Value::Real(1e300),
        Value::Text("{not json".into()),
        Value::Text("-".into()),
        Value::Text("01".into()),
        Value::Blob(vec![0xff, 0x00]),
    ];
    for type_name in types {
        for value in &values {
            let text = encoded(value, &data_type(type_name));
            assert!(
                serde_json::from_str::<serde_json::Value>(&text).is_ok(),
                "{type_name} {value:?}: {text}"
            );
        }
    }
}

fn stays(value: Value, type_name: &str) -> Result<(), TestCaseError> {
    let data_type = data_type(type_name);
    let text = encoded(&value, &data_type);
    prop_assert_eq!(decode(&text, &data_type), Ok(value), "{}", text);
    Ok(())
}

fn unsigned(value: u64) -> Value {
    match i64::try_from(value) {
        Ok(small) => Value::Integer(small),
        Err(_) => Value::Blob(value.to_be_bytes().to_vec()),
    }
}

proptest! {
    #[test]
    fn integers(small: i8, signed: i64, unsigned_value: u64, wide: i128, unsigned_wide: u128) {
        stays(Value::Integer(small.into()), "int8")?;
        stays(Value::Integer(signed), "int64")?;
        stays(unsigned(unsigned_value), "uint64")?;
        stays(Value::Text(wide.to_string()), "int128")?;
        stays(Value::Text(wide.to_string()), "int256")?;
        stays(Value::Text(unsigned_wide.to_string()), "uint128")?;
        stays(Value::Text(unsigned_wide.to_string()), "uint256")?;
    }

    #[test]
    fn wide_integers_agree_with_machine_arithmetic(bits in prop::sample::select(vec![8u16, 16, 32, 64]), value: i128) {
        let value = value >> 60;
        let (min, max) = (-(1i128 << (bits - 1)), (1i128 << (bits - 1)) - 1);
        let fits = decode(&value.to_string(), &DataType::Int(bits)).is_ok();
        prop_assert_eq!(fits, (min..=max).contains(&value));
        let fits = decode(&value.to_string(), &DataType::UInt(bits)).is_ok();
        prop_assert_eq!(fits, (0..1i128 << bits).contains(&value));
    }

    #[test]
    fn decimals(whole in "0|[1-9][0-9]{0,20}", fraction in "[0-9]{9}", negative: bool) {
        let zero = whole == "0" && fraction == "000000000";
        let sign = if negative && !zero { "-" } else { "" };
        stays(Value::Text(format!("{sign}{whole}.{fraction}")), "decimal(30, 9)")?;
    }

    #[test]
    fn floats(double in prop::num::f64::NORMAL | prop::num::f64::ZERO | prop::num::f64::SUBNORMAL, single in prop::num::f32::NORMAL) {
        stays(Value::Real(double), "float64")?;
        stays(Value::Real(f64::from(single)), "float32")?;
    }

    #[test]
    fn strings(text: String, items: Vec<String>) {
        stays(Value::Text(text), "string")?;
        stays(Value::Text(serde_json::to_string(&items).expect("JSON")), "array(string)")?;
        stays(Value::Text(serde_json::to_string(&items).expect("JSON")), "json")?;
    }

    #[test]
    fn times(days in -719_528_i64..2_932_896, seconds in -62_167_219_200_i64..253_402_300_799, fraction in 0_i64..1_000_000) {
        stays(Value::Integer(days), "date")?;
        stays(Value::Integer(seconds), "datetime")?;
        stays(Value::Integer(seconds * 1000 + fraction / 1000), "datetime64(3)")?;
        stays(Value::Integer(seconds * 1_000_000 + fraction), "datetime64(6)")?;
    }

    #[test]
    fn no_time_panics(units: i64, precision in 0u8..=9, days: i64) {
        encoded(&Value::Integer(units), &DataType::DateTime64 { precision, zone: None });
        encoded(&Value::Integer(units), &DataType::DateTime { zone: None });
        encoded(&Value::Integer(days), &DataType::Date);
    }

    #[test]
    fn no_text_panics(text: String, type_name in prop::sample::select(vec!["int64", "decimal(9, 2)", "float64", "string", "uuid", "datetime64(3)", "array(int8)", "map(string, date)", "json", "enum8('a'=1)"])) {
        let _ = decode(&text, &data_type(type_name));
        let _ = decode(&format!("\"{text}\""), &data_type(type_name));
    }
}
