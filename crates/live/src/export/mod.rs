//! Rows written as text with exact values, some at a time into the caller's buffer, so that a
//! download never holds a second copy of the ring. `columns` are positions in the header, in the
//! order wanted. Rows that are no longer held are left out; every writer returns how many rows it
//! wrote.

mod delimited;
mod insert;
mod markdown;

pub use delimited::{CSV, Delimited, SPREADSHEET, TSV};
pub use insert::write_insert;
pub use markdown::write_markdown;

use crate::{
    cell::Cell,
    json,
    ring::{Ring, Row},
};

/// Calls `each` for the held rows of `rows`.
fn each_row<'a>(
    ring: &'a Ring,
    rows: impl Iterator<Item = u64>,
    mut each: impl FnMut(Row<'a>),
) -> u64 {
    let mut written = 0;
    for row in rows {
        if let Some(row) = ring.row(row) {
            each(row);
            written += 1;
        }
    }
    written
}

/// One JSON object per line.
pub fn write_ndjson(
    ring: &Ring,
    columns: &[usize],
    rows: impl Iterator<Item = u64>,
    out: &mut String,
) -> u64 {
    each_row(ring, rows, |row| {
        write_object(ring, columns, row, out);
        out.push('\n');
    })
}

/// One row as a JSON object without its missing cells.
pub fn write_object(ring: &Ring, columns: &[usize], row: Row<'_>, out: &mut String) {
    let mut separator = '{';
    for column in columns {
        let cell = row.cell(*column);
        let Some(definition) = ring.columns().get(*column) else {
            continue;
        };
        if cell == Cell::Missing {
            continue;
        }
        out.push(separator);
        separator = ',';
        json::quote(&definition.name, out);
        out.push(':');
        cell.write_json(out);
    }
    out.push_str(if separator == '{' { "{}" } else { "}" });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::ring;

    #[test]
    fn objects_keep_every_digit_and_leave_missing_cells_out() {
        let ring = ring(
            &["uint64", "string", "json"],
            r#"[[18446744073709551615,"a\"\u000b",{"x":[1.50]}],[null],[]]"#,
        );
        let mut out = String::new();
        assert_eq!(write_ndjson(&ring, &[0, 1, 2], 0..99, &mut out), 3);
        assert_eq!(
            out,
            "{\"c0\":18446744073709551615,\"c1\":\"a\\\"\\u000b\",\"c2\":{\"x\":[1.50]}}\n{\"c0\":null}\n{}\n"
        );
    }
}
