//! Whether what is held is, value by value, what was sent.

use serde_json::value::RawValue;
use weir_e2e::{Page, Result, failure::fail};

use crate::rows;

/// Looks at every row held, written to a file by the page; their number. The rows have to be the
/// newest ones without a gap.
pub(crate) async fn held(page: &Page, sent: u64) -> Result<u64> {
    for entry in std::fs::read_dir(page.downloads.path())? {
        std::fs::remove_file(entry?.path())?;
    }
    page.click("button", "Download JSON").await?;
    let text = page.download(".ndjson").await?;
    let lines: Vec<&str> = text.lines().collect();
    let first = sent.saturating_sub(lines.len() as u64);
    for (line, row) in lines.iter().zip(first..) {
        let cells: std::collections::HashMap<&str, &RawValue> = serde_json::from_str(line)?;
        let wanted = rows::exact(row);
        for ((name, _), wanted) in rows::COLUMNS.iter().zip(&wanted) {
            let said = cells.get(name).map_or("nothing", |cell| cell.get());
            if said.trim_matches('"') != wanted {
                let count = lines.len();
                return fail(format!(
                    "{count} rows held of {sent} sent; row {row}: {name} is {said}, {wanted} was sent"
                ));
            }
        }
    }
    Ok(lines.len() as u64)
}

/// The last row on the screen is the last one sent, digit by digit.
pub(crate) async fn seen(page: &Page, sent: u64) -> Result<bool> {
    let cells = page.cells().await?;
    let digits = |cell: &String| -> String {
        let plain = |c: &char| c.is_ascii_digit() || matches!(c, '-' | '.');
        cell.replace('−', "-").chars().filter(plain).collect()
    };
    let newest = cells.iter().filter_map(|row| {
        let row: Vec<String> = row.iter().map(digits).collect();
        row.iter()
            .find_map(|cell| rows::number(cell))
            .map(|n| (n, row))
    });
    let Some((number, row)) = newest.max_by_key(|(number, _)| *number) else {
        return Ok(false);
    };
    let wanted = rows::exact(number);
    Ok(number + 1 == sent && wanted.iter().all(|cell| row.contains(cell)))
}
