//! One number: the newest value, what changed since the one before, and how it went.

use weir_api::DataType;
use weir_live::{Aggregate, Ring, Total, left_out, total};

use super::{
    kind::Kind,
    number,
    options::{Options, Unit},
    plot::Fields,
    rows::time_or_text,
};
use crate::live::arrange::Look;

/// Values of the small line.
const HISTORY: u64 = 60;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Single {
    pub text: String,
    /// The difference and its words.
    pub delta: Option<(f64, String)>,
    pub history: Vec<f64>,
    /// Rows that are no part of it, in words.
    pub note: String,
}

pub fn single(ring: &Ring, options: &Options, look: &Look) -> Option<Single> {
    let column = *Fields::of(Kind::SingleValue, options, ring).y.first()?;
    let (digits, unit) = (options.digits(), Unit::of(options));
    let data_type = &ring.columns()[column].data_type;
    let zoned = data_type.is_time() && *data_type.inner() != DataType::Date;
    let text = match total(ring, column, options.aggregate())? {
        Total::Row(row) if data_type.is_time() => {
            time_or_text(&ring.cell(row, column), &look.format())
        }
        Total::Row(row) => number::words(ring.cell(row, column), digits),
        Total::Whole(whole) => number::written(whole.to_string(), Some(whole as f64), digits),
        Total::Number(value) => number::short(value, digits),
    };
    if options.aggregate() != Aggregate::Newest {
        return Some(Single {
            text: number::with_unit(&text, &unit),
            note: match left_out(ring, column, options.aggregate()) {
                0 => String::new(),
                1 => "1 row without a number left out".into(),
                rows => format!("{rows} rows without a number left out"),
            },
            ..Single::default()
        });
    }
    let newest = ring.end() - 1;
    let value = |row: u64| ring.cell(row, column).as_f64().filter(|v| v.is_finite());
    let from = newest.saturating_sub(HISTORY - 1).max(ring.first());
    let history: Vec<f64> = (from..=newest).filter_map(value).collect();
    let before = newest.checked_sub(1).filter(|row| *row >= ring.first());
    let delta = before
        .and_then(value)
        .zip(value(newest))
        .map(|(before, now)| {
            let change = now - before;
            (
                change,
                number::with_unit(&number::difference(change, digits), &unit),
            )
        });
    Some(Single {
        text: number::with_unit(&text, &unit),
        note: look.note().filter(|_| zoned).unwrap_or_default(),
        delta: delta.filter(|_| options.flag("delta", false)),
        history: if options.flag("sparkline", false) {
            history
        } else {
            Vec::new()
        },
    })
}

/// From just above 0 up, so that small changes of large values can be seen.
pub fn lifted(points: &[f64]) -> Vec<f64> {
    let low = points.iter().copied().fold(f64::INFINITY, f64::min);
    let high = points.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let room = if high > low { (high - low) * 0.1 } else { 1.0 };
    points.iter().map(|value| value - low + room).collect()
}

#[cfg(test)]
mod tests {
    use weir_live::{Limits, RingColumn};

    use super::*;
    use crate::live::arrange::look::Times;

    #[test]
    fn a_sum_says_what_is_no_part_of_it() {
        let column = RingColumn {
            name: "v".into(),
            data_type: DataType::Float64,
        };
        let mut ring = Ring::new(vec![column], Limits::default());
        ring.push(br#"[[1],[null],["nan"],["inf"],[3]]"#)
            .expect("rows");
        let of = |aggregate: &str| {
            let options = format!(r#"{{"aggregate":"{aggregate}"}}"#);
            let options = Options::from_json(&options).expect("options");
            let single = single(&ring, &options, &Look::default()).expect("a value");
            (single.text, single.note)
        };
        let note = |rows| format!("{rows} rows without a number left out");
        assert_eq!(of("sum"), ("4".into(), note(3)));
        assert_eq!(of("avg"), ("2".into(), note(3)));
        assert_eq!(of("max").1, note(2));
        assert_eq!(of("count"), ("4".into(), String::new()));
    }

    #[test]
    fn the_newest_value_its_change_and_its_way() {
        let column = |name: &str, data_type| RingColumn {
            name: name.into(),
            data_type,
        };
        let columns = vec![
            column("s", DataType::String),
            column("v", DataType::UInt(64)),
        ];
        let mut ring = Ring::new(columns, Limits::default());
        let options = r#"{"unit":{"value":"%","position":"right"},"delta":true,"sparkline":true}"#;
        let options = Options::from_json(options).expect("options");
        assert_eq!(single(&ring, &options, &Look::default()), None);
        ring.push(br#"[["a",9007199254740995]]"#).expect("rows");
        let first = single(&ring, &options, &Look::default()).expect("a value");
        assert_eq!(
            (first.text.as_str(), first.delta),
            ("9,007,199,254,740,995%", None)
        );
        ring.push(br#"[["a",7],["a",4]]"#).expect("rows");
        let last = single(&ring, &options, &Look::default()).expect("a value");
        assert_eq!(last.delta, Some((-3.0, "−3%".into())));
        assert_eq!(last.history.len(), 3);
        let sum = Options::from_json(r#"{"aggregate":"sum"}"#).expect("options");
        let sum = single(&ring, &sum, &Look::default()).expect("a value");
        assert_eq!(sum.text, "9,007,199,254,741,006");
        let text = Options::from_json(r#"{"value":"s"}"#).expect("options");
        assert_eq!(
            single(&ring, &text, &Look::default())
                .map(|single| single.text)
                .as_deref(),
            Some("a")
        );
    }

    #[test]
    fn small_changes_are_seen() {
        assert_eq!(lifted(&[100.0, 110.0]), [1.0, 11.0]);
        assert_eq!(lifted(&[5.0]), [1.0]);
        assert!(lifted(&[]).is_empty());
    }

    #[test]
    fn a_time_is_on_the_clocks_shown_and_names_them() {
        let column = RingColumn {
            name: "t".into(),
            data_type: DataType::parse("datetime64(3)").expect("a type"),
        };
        let mut ring = Ring::new(vec![column], Limits::default());
        ring.push(br#"[["2026-10-25T00:30:00.000Z"]]"#)
            .expect("rows");
        let told = |look: &Look| {
            let single = single(&ring, &Options::default(), look).expect("a value");
            (single.text, single.note)
        };
        let sent = ("2026-10-25T00:30:00.000Z".to_string(), String::new());
        assert_eq!(told(&Look::default()), sent);
        let utc = Look {
            times: Times::Utc,
            ..Look::default()
        };
        let shown = ("2026-10-25 00:30:00.000".to_string(), "UTC".to_string());
        assert_eq!(told(&utc), shown);
    }
}
