//! Sorting in steps, so that no frame waits for a million rows.

use super::{
    keys::{Key, Keys, beginning},
    sorted_rows,
};
use crate::ring::Ring;

/// Bits of a key that are looked at in one pass.
const BITS: u32 = 11;
/// Rows moved in a pass in the time that one row's cell takes to be looked at.
const MOVED: usize = 8;

/// Sorts rows of a ring that does not change meanwhile, as [`sorted_rows`] does.
#[derive(Debug)]
pub struct Sorter {
    column: usize,
    descending: bool,
    rows: Vec<u64>,
    stage: Stage,
    keys: Keys,
    /// Keys with places in `rows`.
    entries: Vec<(u64, u32)>,
    /// Places of those without a value.
    last: Vec<u32>,
}

#[derive(Debug)]
enum Stage {
    /// Of rows up to this one the keys are known.
    Look(usize),
    /// Many texts: their beginnings are known up to here.
    Begin(usize),
    /// Sorted by the bits below.
    Move(u32),
    /// Texts that begin alike are in order up to here.
    Tell(usize),
    Done,
}

impl Sorter {
    /// `rows` in order of arrival.
    pub fn new(ring: &Ring, column: usize, descending: bool, rows: Vec<u64>) -> Self {
        Self {
            column,
            descending,
            stage: Stage::Look(0),
            keys: Keys::new(ring, column),
            entries: Vec::with_capacity(rows.len()),
            last: Vec::new(),
            rows,
        }
    }

    /// Works for about as long as it takes to look at `budget` cells; true when all is in order.
    pub fn step(&mut self, ring: &Ring, budget: usize) -> bool {
        let mut left = budget.max(1);
        while left > 0 {
            let cost = match self.stage {
                Stage::Look(from) => self.look(ring, from, left),
                Stage::Begin(from) => self.begin(ring, from, left),
                Stage::Move(shift) => self.pass(shift),
                Stage::Tell(from) => self.tell(ring, from, left),
                Stage::Done => return true,
            };
            left = left.saturating_sub(cost.max(1));
        }
        matches!(self.stage, Stage::Done)
    }

    pub fn len(&self) -> usize {
        self.rows.len()
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The rows, in order once [`Sorter::step`] has said so.
    pub fn into_rows(self) -> Vec<u64> {
        self.rows
    }

    fn look(&mut self, ring: &Ring, from: usize, budget: usize) -> usize {
        let to = self.rows.len().min(from.saturating_add(budget));
        for (place, row) in self.rows.iter().enumerate().take(to).skip(from) {
            match self.keys.of(&ring.cell(*row, self.column)) {
                Key::At(key) => self.entries.push((key, place as u32)),
                Key::Last => self.last.push(place as u32),
                Key::Other => {
                    // Values of several kinds: each is compared with each.
                    let rows = self.rows.iter().copied();
                    self.rows = sorted_rows(ring, self.column, self.descending, rows);
                    self.stage = Stage::Done;
                    return budget;
                }
            }
        }
        self.stage = match self.keys.by_beginning() {
            _ if to < self.rows.len() => Stage::Look(to),
            Some(_) => Stage::Begin(0),
            None => Stage::Move(0),
        };
        if let (Stage::Move(_), Some(ranks)) = (&self.stage, self.keys.ranks()) {
            for (key, _) in &mut self.entries {
                *key = ranks.get(*key as usize).copied().unwrap_or_default();
            }
        }
        self.turn();
        to - from
    }

    fn begin(&mut self, ring: &Ring, from: usize, budget: usize) -> usize {
        let common = self.keys.by_beginning().unwrap_or_default();
        let to = self.entries.len().min(from.saturating_add(budget));
        for (key, place) in &mut self.entries[from..to] {
            let row = self.rows.get(*place as usize).copied().unwrap_or_default();
            *key = beginning(&ring.cell(row, self.column), common);
        }
        self.stage = match to < self.entries.len() {
            true => Stage::Begin(to),
            false => Stage::Move(0),
        };
        self.turn();
        to - from
    }

    /// Descending: the largest key becomes the smallest, so that equal rows stay in their order.
    fn turn(&mut self) {
        if let (Stage::Move(0), true) = (&self.stage, self.descending) {
            for (key, _) in &mut self.entries {
                *key = !*key;
            }
        }
    }

    /// Counts and moves the entries by some bits of their keys; keeps the order of equal ones.
    fn pass(&mut self, shift: u32) -> usize {
        let count = self.entries.len();
        let digit = |key: u64| ((key >> shift) & ((1 << BITS) - 1)) as usize;
        let mut starts = vec![0_usize; 1 << BITS];
        for (key, _) in &self.entries {
            starts[digit(*key)] += 1;
        }
        // Bits that all have in common move nothing.
        if !starts.contains(&count) {
            let mut sum = 0;
            for start in &mut starts {
                sum += std::mem::replace(start, sum);
            }
            let mut moved = vec![(0, 0); count];
            for entry in &self.entries {
                let place = &mut starts[digit(entry.0)];
                moved[*place] = *entry;
                *place += 1;
            }
            self.entries = moved;
        }
        self.stage = match shift + BITS {
            next if next < u64::BITS => Stage::Move(next),
            _ if self.keys.by_beginning().is_some() => Stage::Tell(0),
            _ => self.finish(),
        };
        count / MOVED
    }

    fn tell(&mut self, ring: &Ring, from: usize, budget: usize) -> usize {
        let (rows, column, descending) = (&self.rows, self.column, self.descending);
        let text = |place: u32| {
            let row = rows.get(place as usize).copied().unwrap_or_default();
            ring.cell(row, column).as_str().unwrap_or_default()
        };
        let mut at = from;
        while at < self.entries.len() && at - from < budget {
            let key = self.entries[at].0;
            let alike = self.entries[at..].iter().take_while(|one| one.0 == key);
            let end = at + alike.count();
            self.entries[at..end].sort_by(|(_, a), (_, b)| match descending {
                true => text(*b).cmp(text(*a)),
                false => text(*a).cmp(text(*b)),
            });
            at = end;
        }
        self.stage = match at < self.entries.len() {
            true => Stage::Tell(at),
            false => self.finish(),
        };
        at - from
    }

    fn finish(&mut self) -> Stage {
        let places = self.entries.iter().map(|(_, place)| *place);
        let places = places.chain(self.last.iter().copied());
        let rows = &self.rows;
        let row = |place: u32| rows.get(place as usize).copied().unwrap_or_default();
        self.rows = places.map(row).collect();
        self.entries = Vec::new();
        Stage::Done
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::ring;

    fn in_steps(ring: &Ring, descending: bool, budget: usize) -> Vec<u64> {
        let rows = (ring.first()..ring.end()).collect();
        let mut sorter = Sorter::new(ring, 0, descending, rows);
        while !sorter.step(ring, budget) {}
        sorter.into_rows()
    }

    /// A column's type and cells for it.
    fn cells() -> impl Strategy<Value = (&'static str, Vec<String>)> {
        let of = |data_type: &'static str, cell: BoxedStrategy<String>| {
            prop::collection::vec(cell, 0..40).prop_map(move |cells| (data_type, cells))
        };
        let number = (-99_999_i64..99_999, 0_usize..4)
            .prop_map(|(value, digits)| format!("{:.digits$}", value as f64 / 100.0));
        let mixed = prop_oneof![
            Just("null".to_string()),
            Just("\"nan\"".to_string()),
            Just("1e3".to_string()),
            any::<i64>().prop_map(|value| value.to_string()),
            number.clone(),
        ];
        let int = prop_oneof![any::<i64>(), -3_i64..3].prop_map(|value| value.to_string());
        let uint = prop_oneof![any::<u64>(), 0_u64..3].prop_map(|value| value.to_string());
        let text = "\"(x[a-c]{0,2}|[a-cä]{0,9})\"".boxed();
        let address = "(\"1[0-9]\\.0\\.0\\.[0-9]\"|null|\"none\")".boxed();
        let time = "\"2026-0[1-9]-01T00:0[0-9]:00(\\.5)?Z\"".boxed();
        prop_oneof![
            of("nullable(float64)", mixed.boxed()),
            of("decimal(18, 4)", number.boxed()),
            of("int64", int.boxed()),
            of("uint64", uint.boxed()),
            of("bool", "(true|false|null)".boxed()),
            of("string", text),
            of("nullable(ipv4)", address.clone()),
            of("nullable(ipv6)", address),
            of("datetime64(3)", time),
        ]
    }

    proptest! {
        #[test]
        fn in_steps_it_is_what_comparing_gives((data_type, cells) in cells(), budget in 1_usize..50, descending in any::<bool>()) {
            let rows: Vec<String> = cells.iter().map(|cell| format!("[{cell}]")).collect();
            let ring = ring(&[data_type], &format!("[{}]", rows.join(",")));
            let compared = sorted_rows(&ring, 0, descending, ring.first()..ring.end());
            prop_assert_eq!(in_steps(&ring, descending, budget), compared);
        }
    }

    #[test]
    fn more_texts_than_are_numbered_are_sorted_by_what_they_are() {
        // The eight bytes behind what they have in common are those of many others.
        let mut seed = 7_u64;
        let rows: Vec<String> = (0..70_000)
            .map(|_| {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                format!("[\"ähost-{:02}-same-{:x}\"]", seed >> 58, seed)
            })
            .collect();
        let ring = ring(&["string"], &format!("[{}]", rows.join(",")));
        for descending in [false, true] {
            let compared = sorted_rows(&ring, 0, descending, ring.first()..ring.end());
            assert_eq!(in_steps(&ring, descending, 10_000), compared);
        }
    }
}
