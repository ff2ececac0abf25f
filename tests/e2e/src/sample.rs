//! Real rows from this machine.

use std::{fmt::Write, path::Path};

use tokio::process::Command;

use crate::{Result, failure::fail};

/// Rows in the file that [`file_list`] writes.
pub const FILES: usize = 12_000;

/// The first [`FILES`] files of /usr as CSV: path, size in bytes, time of change in UTC.
pub async fn file_list(to: &Path) -> Result {
    let found = Command::new("find")
        .args(["/usr", "-type", "f", "-printf"])
        .arg("%p\\t%s\\t%TY-%Tm-%Td %TH:%TM:%TS\\0")
        .env("TZ", "UTC")
        .output()
        .await?;
    let mut csv = String::from("path,size,changed\n");
    let mut count = 0;
    for entry in found.stdout.split(|byte| *byte == 0) {
        let Ok(entry) = std::str::from_utf8(entry) else {
            continue;
        };
        let fields: Vec<&str> = entry.split('\t').collect();
        let [path, size, changed] = fields[..] else {
            continue;
        };
        // find writes ten digits of a second; a millisecond has three.
        let changed = changed.get(..23).unwrap_or(changed);
        writeln!(csv, "\"{}\",{size},{changed}", path.replace('"', "\"\""))?;
        count += 1;
        if count == FILES {
            std::fs::write(to, csv)?;
            return Ok(());
        }
    }
    fail(format!("/usr holds only {count} files"))
}
