//! SQLite's log of what was written since it was last put into the database. SQLite itself takes
//! what stands behind the first damage in it for the rest of a write that broke off, and drops it
//! without a word; rows that were acknowledged may be among it.
//!
//! The format: <https://www.sqlite.org/fileformat2.html#the_write_ahead_log>.

use std::{
    fs::File,
    io::{self, BufReader, ErrorKind, Read},
    path::Path,
};

use crate::StoreError;

const HEADER: usize = 32;
const FRAME: usize = 24;
/// Its last bit: numbers are summed up with their first byte first.
const MAGIC: u32 = 0x377f_0682;

/// Fails where the log of the database in `file` holds more than SQLite will read of it.
pub(crate) fn check(file: &Path) -> Result<(), StoreError> {
    let path = file.with_file_name("weir.db-wal");
    let io = |source| StoreError::Io {
        path: path.clone(),
        source,
    };
    let log = match File::open(&path) {
        Ok(log) => log,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(io(error)),
    };
    let length = log.metadata().map_err(io)?.len();
    let empty = std::fs::metadata(file).map(|file| file.len() == 0);
    if length > HEADER as u64 && empty.unwrap_or_default() {
        return Err(StoreError::Log(
            "weir.db is empty and its log is not".into(),
        ));
    }
    match damage(BufReader::new(log)).map_err(io)? {
        Some(reason) => Err(StoreError::Log(reason)),
        None => Ok(()),
    }
}

/// What is wrong with a log. What ends in the middle of a write is not.
fn damage(mut log: impl Read) -> io::Result<Option<String>> {
    let mut header = [0; HEADER];
    if !whole(&mut log, &mut header)? {
        return Ok(None);
    }
    let magic = number(&header, 0);
    let mut sum = Sum::new(magic & 1 == 1);
    sum.add(&header[..24]);
    let size = number(&header, 8) as usize;
    let sound = magic & !1 == MAGIC
        && size.is_power_of_two()
        && (512..=65_536).contains(&size)
        && sum.is(&header[24..]);
    if !sound {
        let mut first = [0; FRAME];
        // All zero is what a file system leaves that had no time to write.
        let written = whole(&mut log, &mut first)? && first.iter().any(|byte| *byte != 0);
        return Ok(written.then(|| "its beginning is damaged".into()));
    }
    let salt = &header[16..24];
    let mut frame = vec![0; FRAME + size];
    let mut at = HEADER;
    let mut broken = None;
    let mut committed_behind = 0;
    while whole(&mut log, &mut frame)? {
        let (head, page) = frame.split_at(FRAME);
        let ours = head[8..16] == *salt && number(head, 0) != 0;
        match broken {
            None => {
                let before = sum.clone();
                sum.add(&head[..8]);
                sum.add(page);
                if !ours || !sum.is(&head[16..]) {
                    sum = before;
                    // Frames of earlier rounds follow those of this one.
                    broken = Some(at);
                }
            }
            // A write that breaks off is the last one. Where two that ended stand behind the
            // damage, what is damaged was safely on disk before.
            Some(at) if ours && number(head, 4) != 0 => {
                committed_behind += 1;
                if committed_behind == 2 {
                    return Ok(Some(format!("it is damaged at byte {at}")));
                }
            }
            Some(_) => {}
        }
        at += frame.len();
    }
    Ok(None)
}

fn number(bytes: &[u8], at: usize) -> u32 {
    let four = bytes.get(at..at + 4).and_then(|four| four.try_into().ok());
    u32::from_be_bytes(four.unwrap_or_default())
}

/// False where the log ends before the buffer is full.
fn whole(log: &mut impl Read, buffer: &mut [u8]) -> io::Result<bool> {
    match log.read_exact(buffer) {
        Ok(()) => Ok(true),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Ok(false),
        Err(error) => Err(error),
    }
}

/// SQLite's checksum.
#[derive(Clone)]
struct Sum {
    big_endian: bool,
    first: u32,
    second: u32,
}

impl Sum {
    fn new(big_endian: bool) -> Self {
        Self {
            big_endian,
            first: 0,
            second: 0,
        }
    }

    /// A multiple of eight bytes.
    fn add(&mut self, bytes: &[u8]) {
        let number = |bytes: &[u8]| {
            let four = bytes.try_into().unwrap_or_default();
            match self.big_endian {
                true => u32::from_be_bytes(four),
                false => u32::from_le_bytes(four),
            }
        };
        let (mut first, mut second) = (self.first, self.second);
        for pair in bytes.chunks_exact(8) {
            first = first.wrapping_add(number(&pair[..4])).wrapping_add(second);
            second = second.wrapping_add(number(&pair[4..])).wrapping_add(first);
        }
        (self.first, self.second) = (first, second);
    }

    fn is(&self, written: &[u8]) -> bool {
        number(written, 0) == self.first && number(written, 4) == self.second
    }
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::*;

    /// The log of a database that was written to ten times.
    fn log() -> Vec<u8> {
        let dir = tempfile::tempdir().expect("folder");
        let file = dir.path().join("weir.db");
        let db = Connection::open(&file).expect("database");
        db.execute_batch(
            "PRAGMA journal_mode = WAL; PRAGMA wal_autocheckpoint = 0; CREATE TABLE t (a)",
        )
        .expect("table");
        for n in 0..10 {
            db.execute("INSERT INTO t VALUES (zeroblob(5000) || ?1)", [n])
                .expect("row");
        }
        std::fs::read(dir.path().join("weir.db-wal")).expect("log")
    }

    fn found(log: &[u8]) -> Option<String> {
        damage(log).expect("read")
    }

    #[test]
    fn a_log_that_is_whole_or_breaks_off_is_sound() {
        let log = log();
        assert_eq!(found(&log), None);
        for length in [0, 10, HEADER, HEADER + 10, log.len() / 2, log.len() - 1] {
            assert_eq!(found(&log[..length]), None, "{length} bytes");
        }
        let mut last = log.clone();
        let at = last.len() - 100;
        last[at] ^= 1;
        assert_eq!(found(&last), None, "the last write did not get through");
        let mut further = log.clone();
        further.extend([0; 3 * 4096]);
        assert_eq!(found(&further), None, "room for more");
    }

    #[test]
    fn frames_of_an_earlier_round_are_no_damage() {
        let mut log = log();
        let frame = FRAME + number(&log, 8) as usize;
        // As if the log had begun anew after three frames: the others have other salts.
        for begin in (HEADER..log.len()).step_by(frame).skip(3) {
            log[begin + 8] ^= 1;
        }
        assert_eq!(found(&log), None);
    }

    #[test]
    fn damage_before_what_was_acknowledged_is_told() {
        let log = log();
        for at in [0, 5, 20, 30] {
            let mut damaged = log.clone();
            damaged[at] ^= 0x55;
            assert_eq!(
                found(&damaged).as_deref(),
                Some("its beginning is damaged"),
                "{at}"
            );
        }
        for at in [
            HEADER + 2,
            HEADER + 17,
            HEADER + FRAME + 7,
            log.len() / 3,
            log.len() / 2,
        ] {
            let mut damaged = log.clone();
            damaged[at] ^= 0x55;
            let told = found(&damaged).expect("damage");
            assert!(told.starts_with("it is damaged at byte "), "{at}: {told}");
        }
    }
}
