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

/// Above what JavaScript's numbers hold exactly.
const FIRST_ID: u64 = 18_000_000_000_000_000_000;
const LEVELS: [&str; 4] = ["debug", "info", "warning", "error"];

/// Writes `count` rows, from row `first` on, as one JSON array of arrays.
pub(crate) fn write(out: &mut Vec<u8>, first: u64, count: u64) {
    let at = chrono::Utc::now()
        .format("\"%Y-%m-%dT%H:%M:%S%.3fZ\"")
        .to_string();
    let mut number = itoa::Buffer::new();
    out.push(b'[');
    for row in first..first + count {
        // Spread like real values, the same on every run.
        let mix = row.wrapping_mul(0x9E37_79B9_7F4A_7C15);
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
        out.extend_from_slice(if mix % 7 == 0 { b",false" } else { b",true" });
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
    }
}
