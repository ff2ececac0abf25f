//! Reading files as they grow.

use std::{
    collections::HashMap,
    fs::File,
    io::{Read, Seek as _, SeekFrom},
    path::PathBuf,
    time::{Duration, Instant},
};

use weir_engine::{Seek, codec};

use super::{
    Location,
    files::{Identity, LogFile, find},
};
use crate::{clock, external::message::Message};

/// Rows of one call.
const BATCH: usize = 2000;
const PIECE: usize = 64 << 10;
/// A row that grows longer is cut.
const LONGEST: usize = 1 << 20;
/// A row that can go on in the next line is complete after this time without one.
const QUIET: Duration = Duration::from_secs(1);
/// A file whose name is gone is read for so long after its last line.
const LINGER: Duration = Duration::from_secs(10);

pub(super) struct Tail {
    place: Location,
    open: HashMap<Identity, Open>,
    /// Rows before it are left out.
    since_ms: Option<i64>,
    bounded: bool,
}

struct Open {
    path: PathBuf,
    file: File,
    position: u64,
    /// Of the row in `row`.
    row_at: u64,
    row: Vec<u8>,
    grown: Instant,
    /// Its name belongs to another file, or to none.
    renamed: bool,
}

impl Tail {
    pub(super) fn open(place: Location, seek: Seek, bounded: bool) -> Result<Self, String> {
        let found = find(&place.folder, &place.names)?;
        let mut tail = Self {
            place,
            open: HashMap::new(),
            since_ms: match seek {
                Seek::Time(ms) => Some(ms),
                Seek::Latest | Seek::Earliest => None,
            },
            bounded,
        };
        for file in found {
            tail.add(file, seek == Seek::Latest)?;
        }
        Ok(tail)
    }

    fn add(&mut self, found: LogFile, at_end: bool) -> Result<(), String> {
        let failed = |error: std::io::Error| format!("{}: {error}", found.path.display());
        let mut file = match File::open(&found.path) {
            Ok(file) => file,
            // It has gone in the meantime.
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(failed(error)),
        };
        let metadata = file.metadata().map_err(failed)?;
        let position = if at_end { metadata.len() } else { 0 };
        file.seek(SeekFrom::Start(position)).map_err(failed)?;
        let open = Open {
            path: found.path,
            file,
            position,
            row_at: position,
            row: Vec::new(),
            grown: Instant::now(),
            renamed: false,
        };
        self.open.insert(Identity::of(&metadata), open);
        Ok(())
    }

    /// What has been written since the last call, at most a batch. Empty: nothing.
    pub(super) fn read(&mut self) -> Result<Vec<Message>, String> {
        // LogFile before reading: what a renamed file holds then is all it will ever hold.
        let found = match self.bounded {
            true => Vec::new(),
            false => find(&self.place.folder, &self.place.names)?,
        };
        if !self.bounded {
            for (identity, open) in &mut self.open {
                let current = found.iter().find(|file| file.identity == *identity);
                match current {
                    Some(file) => open.path.clone_from(&file.path),
                    None => open.renamed = true,
                }
            }
        }
        let mut rows = Vec::new();
        let mut order: Vec<Identity> = self.open.keys().copied().collect();
        // Those that were rotated away come first.
        order.sort_by_key(|identity| {
            let open = &self.open[identity];
            (!open.renamed, open.path.clone())
        });
        for identity in order {
            let Some(open) = self.open.get_mut(&identity) else {
                continue;
            };
            let ended = open.read(&self.place, self.bounded, &mut rows)?;
            if ended && open.is_over() {
                self.open.remove(&identity);
            }
            if rows.len() >= BATCH {
                break;
            }
        }
        if rows.len() < BATCH {
            for file in found {
                if !self.open.contains_key(&file.identity) {
                    self.add(file, false)?;
                }
            }
        }
        if let Some(since) = self.since_ms {
            rows.retain(|row| row.time_ms >= since);
        }
        Ok(rows)
    }
}

impl Open {
    /// Whoever wrote to it has had time to notice that it has another name.
    fn is_over(&self) -> bool {
        self.renamed && self.grown.elapsed() >= LINGER
    }

    /// Whether everything there is has been read.
    fn read(
        &mut self,
        place: &Location,
        bounded: bool,
        rows: &mut Vec<Message>,
    ) -> Result<bool, String> {
        let path = self.path.display().to_string();
        let failed = |error: std::io::Error| format!("{path}: {error}");
        let length = self.file.metadata().map_err(failed)?.len();
        if length < self.position {
            // Emptied in place: it starts again.
            self.file.seek(SeekFrom::Start(0)).map_err(failed)?;
            (self.position, self.row_at) = (0, 0);
            self.row.clear();
        }
        let mut piece = vec![0; PIECE];
        while rows.len() < BATCH {
            let size = self.file.read(&mut piece).map_err(failed)?;
            if size == 0 {
                let over = bounded || self.is_over();
                let complete = place.start.is_some()
                    && self.row.ends_with(b"\n")
                    && self.grown.elapsed() >= QUIET;
                if (over || complete) && !self.row.is_empty() {
                    self.finish(place, rows);
                }
                return Ok(true);
            }
            self.grown = Instant::now();
            for line in piece[..size].split_inclusive(|byte| *byte == b'\n') {
                self.line(place, line, rows);
            }
        }
        Ok(false)
    }

    /// Takes a line or a part of one.
    fn line(&mut self, place: &Location, part: &[u8], rows: &mut Vec<Message>) {
        match &place.start {
            None => {
                self.push(part);
                if part.ends_with(b"\n") {
                    self.finish(place, rows);
                }
            }
            Some(_) => {
                self.push(part);
                if part.ends_with(b"\n") {
                    self.split(place, rows);
                }
            }
        }
    }

    fn push(&mut self, part: &[u8]) {
        let room = LONGEST.saturating_sub(self.row.len());
        self.row.extend_from_slice(&part[..part.len().min(room)]);
        self.position += part.len() as u64;
    }

    /// Where the last line begins a row, those before it are one.
    fn split(&mut self, place: &Location, rows: &mut Vec<Message>) {
        let body = self.row.len() - 1;
        let last = self.row[..body].iter().rposition(|byte| *byte == b'\n');
        let Some(start) = last.map(|at| at + 1) else {
            return;
        };
        let line = String::from_utf8_lossy(&self.row[start..]).into_owned();
        let begins =
            |regex: &regex_lite::Regex| regex.find(&line).is_some_and(|found| found.start() == 0);
        if place.start.as_ref().is_some_and(begins) {
            let line = self.row.split_off(start);
            self.finish(place, rows);
            self.row_at = self.position - line.len() as u64;
            self.row = line;
        }
    }

    fn finish(&mut self, place: &Location, rows: &mut Vec<Message>) {
        let row = std::mem::take(&mut self.row);
        // Blanks and empty lines are somebody's text: only the end of the line goes.
        let row = row.strip_suffix(b"\n").unwrap_or(&row);
        let row = row.strip_suffix(b"\r").unwrap_or(row);
        let text = String::from_utf8_lossy(row).into_owned();
        rows.push(Message {
            time_ms: time(place, &text).unwrap_or_else(clock::now_ms),
            place: format!("byte {} of {}", self.row_at, self.path.display()),
            bytes: text.into_bytes(),
            beside: None,
        });
        self.row_at = self.position;
    }
}

/// The first group of the expression, or all of what it finds, read as a time.
fn time(place: &Location, text: &str) -> Option<i64> {
    let found = place.time.as_ref()?.captures(text)?;
    let found = found.get(1).or_else(|| found.get(0))?.as_str();
    let ms = |text: &str| {
        let (seconds, nanos) = codec::parse_instant(text)?;
        Some(seconds * 1000 + i64::from(nanos / 1_000_000))
    };
    // Dates are also written with dots and slashes, fractions also behind a comma.
    let (date, rest) = found.split_at_checked(10).unwrap_or((found, ""));
    let plain = format!(
        "{}{}",
        date.replace(['.', '/'], "-"),
        rest.replace(',', ".")
    );
    ms(found).or_else(|| ms(&plain))
}
