//! How many rows there are over time, by arrival or by a time column.

use std::{collections::VecDeque, ops::Range};

use weir_api::DataType;

use crate::{bulk::bulk, ring::Ring};

/// When rows arrived, to within 50 ms.
#[derive(Debug, Clone, Default)]
pub struct Arrivals {
    /// Unix milliseconds and the number behind the last row that had arrived then.
    marks: VecDeque<(i64, u64)>,
}

const STEP_MS: i64 = 50;

const SECOND: i64 = 1000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Rows of one stretch of time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    pub start_ms: i64,
    /// Rows that arrived, by number.
    pub rows: Range<u64>,
}

impl Arrivals {
    /// To be called after rows were pushed at `now_ms`.
    pub fn note(&mut self, now_ms: i64, ring: &Ring) {
        let now = now_ms.div_euclid(STEP_MS) * STEP_MS;
        match self.marks.back_mut() {
            Some((_, end)) if *end == ring.end() => {}
            // A clock set back does not turn the order around.
            Some((time, end)) if *time >= now => *end = ring.end(),
            _ => self.marks.push_back((now, ring.end())),
        }
        while self
            .marks
            .front()
            .is_some_and(|(_, end)| *end <= ring.first())
        {
            self.marks.pop_front();
        }
    }

    /// Unix milliseconds; `None` for a row dropped or not arrived.
    pub fn time(&self, row: u64) -> Option<i64> {
        let mark = self.marks.partition_point(|(_, end)| *end <= row);
        self.marks.get(mark).map(|(time, _)| *time)
    }

    /// The held rows in stretches of `width_ms`, oldest first, without holes between the first
    /// and the last; at most the newest `most` stretches.
    pub fn volume(&self, ring: &Ring, width_ms: i64, most: usize) -> Vec<Bucket> {
        let width = width_ms.max(STEP_MS);
        let Some((newest, _)) = self.marks.back() else {
            return Vec::new();
        };
        let last = newest.div_euclid(width);
        let earliest = last.saturating_sub(most as i64 - 1);
        let mut buckets: Vec<Bucket> = Vec::new();
        let mut from = ring.first();
        for (time, end) in &self.marks {
            let index = time.div_euclid(width);
            let rows = from..*end;
            from = *end;
            if index < earliest {
                continue;
            }
            while let Some(bucket) = buckets.last()
                && bucket.start_ms.div_euclid(width) < index
            {
                let start_ms = bucket.start_ms + width;
                buckets.push(Bucket {
                    start_ms,
                    rows: rows.start..rows.start,
                });
            }
            match buckets.last_mut() {
                Some(bucket) => bucket.rows.end = rows.end,
                None => buckets.push(Bucket {
                    start_ms: index * width,
                    rows,
                }),
            }
        }
        buckets
    }
}

/// Counts of a time column in equal stretches.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Volume {
    pub start_ms: i64,
    pub width_ms: i64,
    pub counts: Vec<u64>,
    /// Rows without a time in that column.
    pub without: u64,
    /// Rows so long before or after nearly all others that they are left out.
    pub before: u64,
    pub after: u64,
}

/// The held rows of `rows` by a time column, in at most `most` stretches of a round width, of dates
/// in whole days. `within`: only that stretch; otherwise a few rows far from all others are left out.
pub fn volume(
    ring: &Ring,
    column: usize,
    rows: Range<u64>,
    most: usize,
    within: Option<Range<i64>>,
) -> Volume {
    let mut volume = Volume::default();
    let times = || {
        ring.cells(column, rows.clone())
            .map(|(_, cell)| cell.as_millis())
    };
    let (mut low, mut high) = (i64::MAX, i64::MIN);
    let mut all = Vec::new();
    for time in times() {
        match time {
            Some(time) => {
                (low, high) = (low.min(time), high.max(time));
                all.push(time as f64);
            }
            None => volume.without += 1,
        }
    }
    if low > high {
        return volume;
    }
    if let Some(within) = within.filter(|within| !within.is_empty()) {
        (low, high) = (within.start, within.end - 1);
    } else if let Some((from, to)) = bulk(&all) {
        (low, high) = (from as i64, to as i64);
    }
    let most = most.max(1) as i64;
    let least = match ring.columns()[column].data_type.inner() {
        DataType::Date => DAY,
        _ => 1,
    };
    let mut width = round_width((high.saturating_sub(low) / most + 1).max(least));
    while high.div_euclid(width) - low.div_euclid(width) >= most {
        width = round_width(width + 1);
    }
    let first = low.div_euclid(width);
    volume.start_ms = first * width;
    volume.width_ms = width;
    volume.counts = vec![0; (high.div_euclid(width) - first) as usize + 1];
    for time in times().flatten() {
        if time < low {
            volume.before += 1;
        } else if time > high {
            volume.after += 1;
        } else {
            volume.counts[(time.div_euclid(width) - first) as usize] += 1;
        }
    }
    volume
}

/// The next width at or above `least_ms` that a person reads easily.
fn round_width(least_ms: i64) -> i64 {
    const WIDTHS: [i64; 27] = [
        1,
        2,
        5,
        10,
        20,
        50,
        100,
        200,
        500,
        SECOND,
        2 * SECOND,
        5 * SECOND,
        10 * SECOND,
        15 * SECOND,
        30 * SECOND,
        MINUTE,
        2 * MINUTE,
        5 * MINUTE,
        10 * MINUTE,
        15 * MINUTE,
        30 * MINUTE,
        HOUR,
        2 * HOUR,
        3 * HOUR,
        6 * HOUR,
        12 * HOUR,
        DAY,
    ];
    match WIDTHS.iter().find(|width| **width >= least_ms) {
        Some(width) => *width,
        None => (least_ms + DAY - 1) / DAY * DAY,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::ring;

    #[test]
    fn arrivals_are_counted_and_found_again() {
        let mut ring = ring(&["int64"], "[[0],[1]]");
        let mut arrivals = Arrivals::default();
        arrivals.note(1000, &ring);
        assert!(ring.push(b"[[2]]").is_ok());
        arrivals.note(1020, &ring);
        assert!(ring.push(b"[[3],[4]]").is_ok());
        arrivals.note(3100, &ring);
        arrivals.note(9000, &ring);
        assert_eq!(arrivals.time(2), Some(1000));
        assert_eq!(arrivals.time(4), Some(3100));
        assert_eq!(arrivals.time(5), None);
        let bucket = |start_ms, rows| Bucket { start_ms, rows };
        assert_eq!(
            arrivals.volume(&ring, 1000, 100),
            [bucket(1000, 0..3), bucket(2000, 3..3), bucket(3000, 3..5)]
        );
        assert_eq!(arrivals.volume(&ring, 1000, 1), [bucket(3000, 3..5)]);
    }

    #[test]
    fn a_time_column_is_counted_in_round_stretches() {
        let ring = ring(
            &["datetime64(3)"],
            r#"[["2023-02-01T00:00:00.100Z"],["2023-02-01T00:00:59.900Z"],[null],["2023-02-01T00:01:00Z"]]"#,
        );
        let start_ms = 1_675_209_600_000;
        assert_eq!(
            volume(&ring, 0, 0..99, 10, None),
            Volume {
                start_ms,
                width_ms: 10_000,
                counts: vec![1, 0, 0, 0, 0, 1, 1],
                without: 1,
                ..Volume::default()
            }
        );
        assert_eq!(volume(&ring, 0, 0..99, 1, None).counts, [3]);
        let far = crate::testing::ring(
            &["datetime"],
            r#"[["1970-01-01T00:00:00Z"],["2026-01-01T00:00:00Z"],["2026-01-01T00:00:05Z"],["2026-01-01T00:00:09Z"],["2026-01-01T00:00:10Z"]]"#,
        );
        let drawn = volume(&far, 0, 0..99, 10, None);
        assert_eq!((drawn.before, drawn.after, drawn.width_ms), (1, 0, 2_000));
        assert_eq!(drawn.counts.iter().sum::<u64>(), 4);
        assert_eq!(
            volume(&ring, 0, 2..3, 10, None),
            Volume {
                without: 1,
                ..Volume::default()
            }
        );
    }
    #[test]
    fn a_stretch_is_looked_at_closer_and_dates_are_whole_days() {
        let ring = ring(
            &["datetime64(3)"],
            r#"[["1970-01-01T00:00:00Z"],["1970-01-01T00:00:01Z"],["2026-01-01T00:00:00Z"],["2026-01-01T00:00:05Z"]]"#,
        );
        let second = 1_767_225_600_000;
        let whole = volume(&ring, 0, 0..99, 10, None);
        assert_eq!(whole.counts.iter().sum::<u64>(), 4, "half are no exception");
        let near = volume(&ring, 0, 0..99, 10, Some(second..second + 10_000));
        assert_eq!((near.start_ms, near.width_ms), (second, 1_000));
        assert_eq!(near.counts, [1, 0, 0, 0, 0, 1, 0, 0, 0, 0]);
        assert_eq!((near.before, near.after), (2, 0));
        let days = crate::testing::ring(&["date"], r#"[["2026-01-01"],["2026-01-03"]]"#);
        let days = volume(&days, 0, 0..99, 100, None);
        assert_eq!((days.width_ms, days.counts), (86_400_000, vec![1, 0, 1]));
    }
}
