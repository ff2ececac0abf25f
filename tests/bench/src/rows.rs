//! Ten mixed columns, as JSON text.

use serde_json::{Value, json};

pub(crate) const COLUMNS: [(&str, &str); 10] = [
    ("id", "uint64"),
    ("delta", "int64"),
    ("value", "float64"),
    ("price", "decimal(18, 4)"),
    ("ok", "bool"),
    ("host", "string"),
    ("path", "string"),
    ("level", "string"),
    ("address", "ipv4"),
    ("at", "datetime64(3)"),
];

pub(crate) fn columns() -> Value {
    COLUMNS
        .iter()
        .map(|(name, data_type)| json!({ "name": name, "type": data_type }))
        .collect()
}

pub(crate) fn series_columns() -> Value {
    json!([
        { "name": "at", "type": "datetime64(3)" },
        { "name": "host", "type": "string" },
        { "name": "value", "type": "float64" },
    ])
}

/// A row of each series at the `point`-th time.
pub(crate) fn write_series(out: &mut Vec<u8>, point: u64, series: u64, rate: u64) {
    let at = chrono::DateTime::from_timestamp_millis((point * 1_000 / rate.max(1)) as i64);
    let at = at.unwrap_or_default().format("%Y-%m-%dT%H:%M:%S%.3fZ");
    for number in 0..series {
        let wave = ((point as f64) / 40.0 + number as f64).sin();
        let value = number as f64 + 4.0 * wave + (mix(point + number * 7) % 100) as f64 / 100.0;
        let comma = if number == 0 { "[" } else { "," };
        let row = format!("{comma}[\"{at}\",\"host-{number}\",{value:.3}]");
        out.extend_from_slice(row.as_bytes());
    }
    out.push(b']');
}

/// Above what JavaScript's numbers hold exactly.
const FIRST_ID: u64 = 18_000_000_000_000_000_000;
const LEVELS: [&str; 4] = ["debug", "info", "warning", "error"];

/// The exact first cells of a row as the console has to show and write them.
pub(crate) fn exact(row: u64) -> [String; 4] {
    let mix = mix(row);
    [
        (FIRST_ID + row).to_string(),
        mix.cast_signed().to_string(),
        format!("{}.{}", mix % 100_000, 1 + mix % 9),
        format!("{}.{}", mix % 1_000_000, 1000 + mix % 9000),
    ]
}

/// Spread like real values, the same on every run.
fn mix(row: u64) -> u64 {
    row.wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

/// Number of the row with this id.
pub(crate) fn number(id: &str) -> Option<u64> {
    id.parse::<u64>().ok()?.checked_sub(FIRST_ID)
}

/// Writes `count` rows, from row `first` on, as one JSON array of arrays.
pub(crate) fn write(out: &mut Vec<u8>, first: u64, count: u64) {
    let at = chrono::Utc::now()
        .format("\"%Y-%m-%dT%H:%M:%S%.3fZ\"")
        .to_string();
    let mut number = itoa::Buffer::new();
    out.push(b'[');
    for row in first..first + count {
        let mix = mix(row);
        out.extend_from_slice(if row == first { b"[" } else { b",[" });
        out.extend_from_slice(number.format(FIRST_ID + row).as_bytes());
        out.push(b',');
        out.extend_from_slice(number.format(mix.cast_signed()).as_bytes());
        out.push(b',');
        out.extend_from_slice(number.format(mix % 100_000).as_bytes());
        out.push(b'.');
        out.extend_from_slice(number.format(1 + mix % 9).as_bytes());
        out.push(b',');
        out.extend_from_slice(number.format(mix % 1_000_000).as_bytes());
        out.push(b'.');
        out.extend_from_slice(number.format(1000 + mix % 9000).as_bytes());
        out.extend_from_slice(if mix.is_multiple_of(7) {
            b",false"
        } else {
            b",true"
        });
        out.extend_from_slice(b",\"host-");
        out.extend_from_slice(number.format(mix % 40).as_bytes());
        out.extend_from_slice(b".example\",\"/orders/");
        out.extend_from_slice(number.format(mix % 5000).as_bytes());
        out.extend_from_slice(b"/items\",\"");
        out.extend_from_slice(LEVELS[(mix >> 60) as usize % LEVELS.len()].as_bytes());
        out.extend_from_slice(b"\",\"10.0.");
        out.extend_from_slice(number.format(mix % 256).as_bytes());
        out.push(b'.');
        out.extend_from_slice(number.format((mix >> 8) % 256).as_bytes());
        out.extend_from_slice(b"\",");
        out.extend_from_slice(at.as_bytes());
        out.push(b']');
    }
    out.push(b']');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_have_a_cell_for_each_column() {
        let mut text = Vec::new();
        write(&mut text, 7, 20);
        let rows: Vec<Vec<Value>> = serde_json::from_slice(&text).expect("JSON");
        assert_eq!(rows.len(), 20);
        assert!(rows.iter().all(|row| row.len() == COLUMNS.len()));
        assert_eq!(rows[1][0], json!(FIRST_ID + 8));
        let said = exact(8).join(",");
        let text = String::from_utf8(text).expect("text");
        assert!(text.contains(&format!("[{said},")), "{said}");
        assert_eq!(number(&exact(8)[0]), Some(8));
    }
}
