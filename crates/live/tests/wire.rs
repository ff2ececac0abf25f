//! From the bytes of a body to the cells held: however the body is cut, whatever the strings hold.
// clippy.toml lets tests expect, but does not know these as tests.
#![allow(clippy::expect_used)]

use proptest::prelude::*;
use weir_api::{
    Column,
    timeplus::event::{QueryEvent, QueryEvents},
};
use weir_live::{Fault, Limits, MAX_DEPTH, Ring, RingColumn};

fn ring(types: &[&str]) -> Ring {
    let header: Vec<Column> = types
        .iter()
        .map(|data_type| Column {
            name: (*data_type).into(),
            data_type: (*data_type).into(),
        })
        .collect();
    Ring::new(RingColumn::from_header(&header), Limits::default())
}

/// Everything held, as JSON; and how many events told of something else than rows.
fn read(pieces: &[&[u8]]) -> (Vec<String>, usize) {
    let mut ring = ring(&["string", "json", "uint64"]);
    let (mut events, mut others) = (QueryEvents::default(), 0);
    for piece in pieces {
        events.push(piece, |event| match event {
            Ok(QueryEvent::Rows(json)) => {
                ring.push(json).expect("rows");
            }
            _ => others += 1,
        });
    }
    let cells = (0..ring.end()).flat_map(|row| (0..3).map(move |column| (row, column)));
    let cells = cells.map(|(row, column)| ring.cell(row, column).json());
    (cells.collect(), others)
}

/// A JSON string as a server may write it: any character, escaped or not.
fn string() -> impl Strategy<Value = String> {
    let character = prop_oneof![
        any::<char>().prop_map(|c| match c {
            '"' | '\\' => format!("\\{c}"),
            c if (c as u32) < 0x20 => format!("\\u{:04x}", c as u32),
            c => c.to_string(),
        }),
        prop::sample::select(&[r"\n", r"\t", r#"\""#, r"\\", r"\/", r"\b", r"\ud83d\ude00"][..])
            .prop_map(str::to_string),
    ];
    prop::collection::vec(character, 0..12).prop_map(|all| format!("\"{}\"", all.concat()))
}

fn rows() -> impl Strategy<Value = Vec<String>> {
    let row = (string(), string(), any::<u64>(), 0usize..40).prop_map(|(a, b, n, deep)| {
        let (open, close) = ("[".repeat(deep), "]".repeat(deep));
        format!("[{a},{{\"k\":{open}{b}{close},\"k\":1}},{n}]")
    });
    prop::collection::vec(row, 1..12)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn any_cut_of_a_body_holds_the_same(
        rows in rows(),
        groups in prop::collection::vec(1usize..5, 1..8),
        end in prop::sample::select(&["\n", "\r\n", "\r"][..]),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..20),
    ) {
        let mut body = Vec::new();
        let (mut rest, mut groups) = (&rows[..], groups.iter().cycle());
        while !rest.is_empty() {
            let (group, after) = rest.split_at(rest.len().min(*groups.next().unwrap_or(&1)));
            body.extend(format!("data: [{}]{end}{end}", group.join(",")).into_bytes());
            body.extend(format!("event: metrics{end}data: {{\"count\":1}}{end}{end}").into_bytes());
            rest = after;
        }
        let whole = read(&[&body]);
        prop_assert_eq!(whole.0.len(), rows.len() * 3);
        let numbers: Vec<&str> = rows
            .iter()
            .filter_map(|row| row.trim_end_matches(']').rsplit(',').next())
            .collect();
        let held: Vec<&str> = whole.0.iter().skip(2).step_by(3).map(String::as_str).collect();
        prop_assert_eq!(held, numbers);

        let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(body.len() + 1)).collect();
        places.sort_unstable();
        let mut pieces = Vec::new();
        let mut from = 0;
        for place in places {
            pieces.push(&body[from..place]);
            from = place;
        }
        pieces.push(&body[from..]);
        prop_assert_eq!(&read(&pieces), &whole);
        let bytes: Vec<&[u8]> = body.chunks(1).collect();
        prop_assert_eq!(read(&bytes), whole);
    }

    #[test]
    fn bytes_that_are_no_text_do_not_harm_what_is_beside_them(
        bytes in prop::collection::vec(0x20u8..=0xFF, 0..40),
        beside in any::<u64>(),
    ) {
        let inside: Vec<u8> =
            bytes.into_iter().filter(|byte| !matches!(byte, b'"' | b'\\')).collect();
        let mut json = b"[[\"".to_vec();
        json.extend(&inside);
        json.extend(format!("\",{beside}],[\"next\",1]]").into_bytes());
        let mut ring = ring(&["string", "uint64"]);
        prop_assert!(ring.push(&json).is_ok());
        prop_assert_eq!(ring.cell(0, 0).text(), String::from_utf8_lossy(&inside));
        prop_assert_eq!(ring.cell(0, 1).json(), beside.to_string());
        prop_assert_eq!(ring.cell(1, 0).text(), "next");
    }

    #[test]
    fn a_value_is_as_deep_as_allowed_or_refused_at_its_place(
        depth in 1usize..MAX_DEPTH + 40,
        object in any::<bool>(),
    ) {
        let value = match object {
            true => "{\"a\":".repeat(depth) + "1" + &"}".repeat(depth),
            false => "[".repeat(depth) + &"]".repeat(depth),
        };
        let mut ring = ring(&["json"]);
        let outcome = ring.push(format!("[[1],[{value}],[2]]").as_bytes());
        if depth <= MAX_DEPTH {
            prop_assert!(outcome.is_ok());
            prop_assert_eq!(ring.cell(1, 0).json(), value);
        } else {
            let error = outcome.expect_err("too deep");
            prop_assert_eq!((error.fault, error.pushed.rows), (Fault::TooDeep, 1));
        }
    }

    #[test]
    fn numbers_of_any_size_are_kept_digit_by_digit(
        digits in "-?[1-9][0-9]{0,400}",
        fraction in prop::option::of("[0-9]{1,200}"),
        exponent in prop::option::of(-9_999i32..9_999),
    ) {
        let mut number = digits;
        if let Some(fraction) = fraction {
            number = format!("{number}.{fraction}");
        }
        if let Some(exponent) = exponent {
            number = format!("{number}e{exponent}");
        }
        for data_type in ["int64", "uint64", "float64", "decimal(38, 9)", "uint256", "string", "json"] {
            let mut ring = ring(&[data_type]);
            let pushed = ring.push(format!("[[{number}]]").as_bytes());
            prop_assert!(pushed.is_ok());
            prop_assert_eq!(ring.cell(0, 0).json(), number.clone(), "{}", data_type);
        }
    }
}
