use proptest::prelude::*;
use serde_json::Value;

use super::*;

const TYPES: &[&str] = &[
    "bool",
    "int64",
    "uint64",
    "float64",
    "decimal(18, 4)",
    "datetime64(3)",
    "date",
    "string",
    "uint256",
    "json",
    "array(nullable(int8))",
    "nullable(int8)",
    "low_cardinality(string)",
];

fn ring(types: &[&str], limits: Limits) -> Ring {
    let header: Vec<HeaderColumn> = types
        .iter()
        .enumerate()
        .map(|(index, data_type)| HeaderColumn {
            name: format!("c{index}"),
            data_type: (*data_type).to_string(),
        })
        .collect();
    Ring::new(RingColumn::from_header(&header), limits)
}

/// Every held cell as JSON; missing ones as `-`.
fn held(ring: &Ring) -> Vec<Vec<String>> {
    (ring.first()..ring.end())
        .map(|row| {
            (0..ring.columns().len())
                .map(|column| match ring.cell(row, column) {
                    Cell::Missing => "-".to_string(),
                    cell => cell.json(),
                })
                .collect()
        })
        .collect()
}

#[test]
fn values_of_their_type_are_typed_and_exact() {
    let mut ring = ring(TYPES, Limits::default());
    let row = r#"[true,-9223372036854775808,18446744073709551615,0.30000000000000004,"12.3400","2023-02-01T01:02:03.456Z","2023-02-01","a\u00e4\"b","115792089237316195423570985008687907853269984665640564039457584007913129639935",{"a":[1,2.50]},[1,null],-128,""]"#;
    let pushed = ring.push(format!("[{row}]").as_bytes());
    assert_eq!(
        pushed,
        Ok(Pushed {
            rows: 1,
            dropped: 0,
            extra_cells: 0
        })
    );
    assert_eq!(ring.cell(0, 0), Cell::Bool(true));
    assert_eq!(ring.cell(0, 1), Cell::Int(i64::MIN));
    assert_eq!(ring.cell(0, 2), Cell::UInt(u64::MAX));
    assert_eq!(ring.cell(0, 3).as_f64(), Some(0.1 + 0.2));
    assert_eq!(ring.cell(0, 4).text(), "12.3400");
    assert_eq!(ring.cell(0, 5).as_millis(), Some(1_675_213_323_456));
    assert!(matches!(ring.cell(0, 6), Cell::Time(time) if time.is_date()));
    assert_eq!(ring.cell(0, 7), Cell::Text("aä\"b"));
    assert_eq!(ring.cell(0, 9), Cell::Json(r#"{"a":[1,2.50]}"#));
    assert_eq!(ring.cell(0, 12), Cell::Text(""));
    let cells: Vec<String> = held(&ring).concat();
    assert_eq!(
        format!("[{}]", cells.join(",")).replace('ä', "\\u00e4"),
        row
    );
}

#[test]
fn values_that_do_not_fit_are_kept_as_sent() {
    for (data_type, token) in [
        ("int64", "1e3"),
        ("int64", "-0"),
        ("int64", "1.0"),
        ("int64", "9223372036854775808"),
        ("int64", "-9223372036854775809"),
        ("int8", "\"7\""),
        ("uint64", "18446744073709551616"),
        ("uint64", "99999999999999999999999"),
        ("uint64", "-1"),
        ("float64", "\"nan\""),
        ("float64", "1.5e300"),
        ("float64", "-0.0"),
        ("float64", "123456789012345678901234567890.5"),
        ("float64", "0.12345678901234567890"),
        ("bool", "1"),
        ("datetime", "1675213323"),
        ("datetime64(3)", "\"2023-02-01T01:02:03.456+08:00\""),
        ("string", "{\"a\" : 1 , \"a\" : 2}"),
        ("string", "5"),
    ] {
        let mut ring = ring(&[data_type], Limits::default());
        let batch = format!("[[null],[{token}],[]]");
        assert!(ring.push(batch.as_bytes()).is_ok(), "{batch}");
        assert_eq!(ring.cell(0, 0), Cell::Null);
        assert_eq!(ring.cell(1, 0), Cell::Json(token), "{data_type}");
        assert_eq!(ring.cell(2, 0), Cell::Missing);
    }
    // Leading zeros of a fraction are not significant digits.
    let mut ring = ring(&["float64"], Limits::default());
    assert!(ring.push(b"[[0.00012345678901234567]]").is_ok());
    assert!(matches!(ring.cell(0, 0), Cell::Number(_)));
    assert_eq!(ring.cell(0, 0).json(), "0.00012345678901234567");
}

#[test]
fn short_long_and_spaced_rows() {
    let mut ring = ring(&["int64", "string"], Limits::default());
    let pushed = ring.push(b" [ [ ] , [ 1 ],[1,\"a\",{\"b\":[]}, 4 ]\n,[ null , null ] ] ");
    assert_eq!(
        pushed,
        Ok(Pushed {
            rows: 4,
            dropped: 0,
            extra_cells: 2
        })
    );
    assert_eq!(
        held(&ring),
        [["-", "-"], ["1", "-"], ["1", "\"a\""], ["null", "null"]]
    );
    assert_eq!(ring.push(b"[]"), Ok(Pushed::default()));
}

#[test]
fn a_fault_keeps_the_rows_before_it_and_names_its_place() {
    let mut ring = ring(&["int64", "string"], Limits::default());
    let error = ring.push(br#"[[1,"a"],[2,"b"],[3,x]]"#).expect_err("fault");
    assert_eq!(
        (error.pushed.rows, error.at, error.fault),
        (2, 20, Fault::Unexpected(b'x'))
    );
    assert_eq!(
        error.to_string(),
        "row 3 of the batch, byte 20: unexpected 'x'"
    );
    assert_eq!(held(&ring), [["1", "\"a\""], ["2", "\"b\""]]);
    assert!(ring.push(b"[[4,\"d\"]]").is_ok());
    assert_eq!(ring.cell(2, 1), Cell::Text("d"));
    for batch in [
        "", "{}", "[1]", "[[1]", "[[1],]", "[[1]] x", "[[1}]", "[[1,]]",
    ] {
        assert!(ring.push(batch.as_bytes()).is_err(), "{batch}");
    }
}

#[test]
fn clear_keeps_numbers_and_does_not_count_as_dropped() {
    let mut ring = ring(
        &["int64"],
        Limits {
            rows: 3,
            bytes: 1 << 20,
        },
    );
    assert!(ring.push(b"[[0],[1],[2],[3]]").is_ok());
    assert_eq!((ring.first(), ring.dropped()), (1, 1));
    ring.clear();
    assert_eq!(
        (ring.first(), ring.end(), ring.dropped(), ring.len()),
        (4, 4, 1, 0)
    );
    assert_eq!(ring.cell(3, 0), Cell::Missing);
    assert!(ring.push(b"[[4]]").is_ok());
    assert_eq!(
        ring.cells(0, 0..99).collect::<Vec<_>>(),
        [(4, Cell::Int(4))]
    );
    assert_eq!(ring.received(), 5);
}

#[test]
fn lower_limits_apply_at_once() {
    let mut ring = ring(
        &["int64"],
        Limits {
            rows: 10,
            bytes: 1 << 20,
        },
    );
    assert!(ring.push(b"[[0],[1],[2],[3]]").is_ok());
    ring.set_limits(Limits {
        rows: 2,
        bytes: 1 << 20,
    });
    assert_eq!((ring.first(), ring.len(), ring.dropped()), (2, 2, 2));
}

#[test]
fn bytes_stay_within_the_limit() {
    let limits = Limits {
        rows: u64::MAX,
        bytes: 64 << 10,
    };
    let mut ring = ring(&["string", "json"], limits);
    for index in 0..20_000u64 {
        let size = (index * 7919 % 300) as usize;
        let row = format!(r#"[["{}",[{index}]]]"#, "x".repeat(size));
        assert!(ring.push(row.as_bytes()).is_ok());
        assert!(ring.bytes() <= limits.bytes, "{} at {index}", ring.bytes());
    }
    assert_eq!(ring.received(), ring.dropped() + ring.len());
    // The newest rows are there, a good part of the limit is used.
    assert_eq!(ring.cell(19_999, 1).json(), "[19999]");
    assert!(ring.bytes() > limits.bytes / 2);
}

#[test]
fn a_row_larger_than_the_limit_is_held_until_the_next_rows() {
    let mut ring = ring(
        &["string"],
        Limits {
            rows: 100,
            bytes: 8 << 10,
        },
    );
    let large = "y".repeat(100_000);
    assert!(
        ring.push(format!("[[\"a\"],[\"{large}\"]]").as_bytes())
            .is_ok()
    );
    assert_eq!(ring.cell(1, 0), Cell::Text(&large));
    for _ in 0..1_000 {
        assert!(ring.push(b"[[\"b\"]]").is_ok());
    }
    assert_eq!(ring.dropped(), 902);
    assert!(ring.bytes() < 8 << 10);
}

fn json_value() -> impl Strategy<Value = String> {
    let spaces = prop::sample::select(&["", " ", "\t\n"][..]);
    let leaf = prop_oneof![
        Just("null".to_string()),
        Just("true".to_string()),
        Just("false".to_string()),
        any::<i64>().prop_map(|v| v.to_string()),
        any::<u64>().prop_map(|v| v.to_string()),
        any::<i128>().prop_map(|v| v.to_string()),
        any::<f64>().prop_map(|v| Value::from(v).to_string()),
        "-?(0|[1-9][0-9]{0,30})(\\.[0-9]{1,30})?([eE][+-]?[0-9]{1,4})?",
        any::<String>().prop_map(|v| Value::from(v).to_string()),
        r#""([a-z]|\\u[0-9a-fA-F]{4}|\\[nrtbf/\\"]){0,20}""#,
        r#""20[0-9]{2}-[01][0-9]-[0-3][0-9]([ T][0-2][0-9]:00:00(\.[0-9]{1,9})?Z?)?""#,
    ];
    leaf.prop_recursive(8, 40, 4, move |inner| {
        let spaces = spaces.clone();
        prop_oneof![
            (prop::collection::vec(inner.clone(), 0..4), spaces.clone()).prop_map(
                |(items, space)| format!(
                    "[{space}{}{space}]",
                    items.join(&format!("{space},{space}"))
                )
            ),
            (prop::collection::vec(("[a-b]{1}", inner), 0..4), spaces).prop_map(
                |(members, space)| {
                    let members: Vec<String> = members
                        .iter()
                        .map(|(key, value)| format!("\"{key}\"{space}:{space}{value}"))
                        .collect();
                    format!("{{{space}{}{space}}}", members.join(","))
                }
            ),
        ]
    })
}

/// A string's escapes may be written differently, everything else is as sent.
fn same(sent: &str, read: &str) -> bool {
    if sent == read {
        return true;
    }
    let text = |token: &str| {
        let mut out = String::new();
        crate::json::unescape(token.strip_prefix('"')?.strip_suffix('"')?, &mut out);
        Some(out)
    };
    text(sent).is_some() && text(sent) == text(read)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn cells_read_back_as_sent(
        rows in prop::collection::vec(prop::collection::vec(json_value(), 0..15), 0..20),
    ) {
        let mut ring = ring(TYPES, Limits::default());
        let batch: Vec<String> = rows.iter().map(|row| format!("[{}]", row.join(" , "))).collect();
        let pushed = ring.push(format!("[{}]", batch.join(",")).as_bytes());
        prop_assert_eq!(pushed.map(|pushed| pushed.rows), Ok(rows.len() as u64));
        for (row, sent) in rows.iter().enumerate() {
            for column in 0..TYPES.len() {
                let cell = ring.cell(row as u64, column);
                match sent.get(column) {
                    None => prop_assert_eq!(cell, Cell::Missing),
                    Some(token) if token == "null" => prop_assert_eq!(cell, Cell::Null),
                    Some(token) => prop_assert!(
                        same(token, &cell.json()), "{} read as {:?}", token, cell
                    ),
                }
            }
        }
    }

    #[test]
    fn any_grouping_into_pushes_holds_the_same(
        rows in prop::collection::vec(prop::collection::vec(json_value(), 0..3), 1..80),
        groups in prop::collection::vec(1usize..30, 1..20),
        limit_rows in 1u64..60,
        limit_bytes in 1usize..20_000,
    ) {
        let types = &["string", "json", "float64"];
        let limits = Limits { rows: limit_rows, bytes: limit_bytes };
        let rows: Vec<String> = rows.iter().map(|row| format!("[{}]", row.join(","))).collect();
        let mut whole = ring(types, limits);
        let batch = format!("[{}]", rows.join(","));
        prop_assert!(whole.push(batch.as_bytes()).is_ok());
        let mut split = ring(types, limits);
        let mut groups = groups.iter().cycle();
        let mut rest = &rows[..];
        while !rest.is_empty() {
            let (group, after) = rest.split_at(rest.len().min(*groups.next().unwrap_or(&1)));
            let batch = format!("[{}]", group.join(","));
            prop_assert!(split.push(batch.as_bytes()).is_ok());
            rest = after;
        }
        prop_assert_eq!(held(&split), held(&whole));
        prop_assert_eq!(split.first(), whole.first());
        prop_assert_eq!(split.dropped(), whole.dropped());
        prop_assert_eq!(split.bytes(), whole.bytes());
    }

    #[test]
    fn dropping_is_counted_exactly(
        pushes in prop::collection::vec((0usize..120, any::<bool>()), 1..40),
        limit in 1u64..300,
    ) {
        let mut ring = ring(&["int64"], Limits { rows: limit, bytes: 1 << 30 });
        let (mut model, mut next, mut dropped) = (VecDeque::new(), 0i64, 0u64);
        for (count, clear) in pushes {
            let mut batch = String::from("[");
            for index in 0..count {
                batch += &format!("{}[{next}]", if index > 0 { "," } else { "" });
                model.push_back(next);
                next += 1;
            }
            let mut now = 0;
            while model.len() as u64 > limit {
                model.pop_front();
                now += 1;
            }
            dropped += now;
            let pushed = ring.push((batch + "]").as_bytes());
            prop_assert_eq!(
                pushed, Ok(Pushed { rows: count as u64, dropped: now, extra_cells: 0 })
            );
            let cells: Vec<i64> = ring.cells(0, 0..u64::MAX).map(|(row, cell)| match cell {
                Cell::Int(value) if value == row as i64 => value,
                other => panic!("{row}: {other:?}"),
            }).collect();
            prop_assert_eq!(&cells, model.make_contiguous());
            prop_assert_eq!((ring.received(), ring.dropped()), (next as u64, dropped));
            if clear {
                ring.clear();
                model.clear();
            }
        }
    }

    #[test]
    fn broken_input_never_panics_and_never_loses_whole_rows(
        rows in prop::collection::vec(prop::collection::vec(json_value(), 0..4), 1..6),
        cut in any::<prop::sample::Index>(),
        noise in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..4),
    ) {
        let types = &["string", "float64", "datetime", "json"];
        let rows: Vec<String> = rows.iter().map(|row| format!("[{}]", row.join(","))).collect();
        let batch = format!("[{}]", rows.join(",")).into_bytes();

        let cut = &batch[..cut.index(batch.len())];
        let mut truncated = ring(types, Limits::default());
        let error = truncated.push(cut).expect_err("truncated");
        prop_assert_eq!((error.at, error.fault), (cut.len(), Fault::Truncated));
        let mut whole = ring(types, Limits::default());
        prop_assert!(whole.push(&batch).is_ok());
        prop_assert_eq!(&held(&truncated)[..], &held(&whole)[..truncated.len() as usize]);

        let mut noisy = batch;
        for (place, byte) in noise {
            let place = place.index(noisy.len());
            noisy[place] = byte;
        }
        let mut ring = ring(types, Limits::default());
        let rows = ring.push(&noisy).map_or_else(|error| error.pushed.rows, |pushed| pushed.rows);
        prop_assert_eq!(held(&ring).len() as u64, rows);
        prop_assert!(ring.push(b"[[\"a\"]]").is_ok());
    }

    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        let mut ring = ring(&["string", "int64"], Limits::default());
        let _ = ring.push(&bytes);
        let mut wrapped = b"[[\"".to_vec();
        wrapped.extend(bytes.iter().filter(|byte| !matches!(byte, b'"' | b'\\')));
        wrapped.extend(b"\"]]");
        prop_assert!(ring.push(&wrapped).is_ok());
    }
}

#[test]
fn columns_of_one_name_are_told_apart() {
    let header = ["a", "b", "a", "a (2)", "a"].map(|name| weir_api::Column {
        name: name.into(),
        data_type: "int8".into(),
    });
    let columns = RingColumn::from_header(&header);
    let names: Vec<&str> = columns.iter().map(|column| column.name.as_str()).collect();
    assert_eq!(names, ["a", "b", "a (3)", "a (2)", "a (4)"]);
    let mut ring = Ring::new(columns, Limits::default());
    ring.push(b"[[1,2,3,4,5]]").expect("rows");
    let mut line = String::new();
    crate::export::write_ndjson(&ring, &[0, 1, 2, 3, 4], 0..1, &mut line);
    assert_eq!(
        line,
        "{\"a\":1,\"b\":2,\"a (3)\":3,\"a (2)\":4,\"a (4)\":5}\n"
    );
}
