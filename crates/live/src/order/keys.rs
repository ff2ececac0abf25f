//! Cells as numbers in the order of their column, so that a million of them are sorted without
//! looking at a cell twice.

use std::{cmp::Ordering, collections::HashMap, net::IpAddr};

use weir_api::DataType;

use crate::{
    cell::Cell,
    ring::Ring,
    time::{Shape, Time},
};

/// Different texts that are told apart by number; of more the first bytes are.
const WORDS: usize = 1 << 16;
/// Digits of a decimal number that a double tells apart.
const DIGITS: u64 = 1_000_000_000_000_000;

/// What a column's cells have been so far: of several kinds no number tells the order.
#[derive(Debug)]
enum Kind {
    Unknown,
    Bool,
    Int,
    UInt,
    Number,
    Time(Shape),
    Address,
    Text(Texts),
    /// Values that no such number tells apart.
    Long,
}

#[derive(Debug, Default)]
struct Texts {
    /// Numbers of the texts in the order they were met; empty once there are too many.
    words: HashMap<String, u64>,
    many: bool,
    /// What all of them begin with.
    common: String,
}

#[derive(Debug)]
pub(super) struct Keys {
    kind: Kind,
}

/// A cell's place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    At(u64),
    /// Behind all others, in order of arrival.
    Last,
    /// Of another kind than the others.
    Other,
}

impl Keys {
    pub(super) fn new(ring: &Ring, column: usize) -> Self {
        let column = ring.columns().get(column);
        let kind = match column.map(|column| column.data_type.inner()) {
            Some(DataType::Ipv4) => Kind::Address,
            Some(DataType::Ipv6) => Kind::Long,
            _ => Kind::Unknown,
        };
        Self { kind }
    }

    pub(super) fn of(&mut self, cell: &Cell<'_>) -> Key {
        if cell.is_null() {
            return Key::Last;
        }
        if let Kind::Unknown = self.kind {
            self.kind = match cell {
                Cell::Bool(_) => Kind::Bool,
                Cell::Int(_) => Kind::Int,
                Cell::UInt(_) => Kind::UInt,
                Cell::Number(_) => Kind::Number,
                Cell::Time(time) => Kind::Time(unit(*time)),
                Cell::Text(text) => Kind::Text(Texts {
                    common: (*text).to_string(),
                    ..Texts::default()
                }),
                _ => return Key::Other,
            };
        }
        match (&mut self.kind, cell) {
            (Kind::Bool, Cell::Bool(value)) => Key::At(u64::from(*value)),
            (Kind::Int, Cell::Int(value)) => Key::At(signed(*value)),
            (Kind::UInt, Cell::UInt(value)) => Key::At(*value),
            (Kind::Number, Cell::Number(value)) if value.mantissa.unsigned_abs() < DIGITS => {
                Key::At(real(value.to_f64()))
            }
            (Kind::Time(of), Cell::Time(time)) if unit(*time) == *of => Key::At(signed(time.units)),
            (Kind::Address, cell) => match cell.as_str().map(str::parse) {
                Some(Ok(IpAddr::V4(address))) => Key::At(u64::from(u32::from(address))),
                Some(Ok(IpAddr::V6(_))) => Key::Other,
                _ => Key::Last,
            },
            (Kind::Text(texts), Cell::Text(text)) => Key::At(texts.number(text)),
            _ => Key::Other,
        }
    }

    /// What the keys given so far have to be replaced by; `None` where they are in order.
    pub(super) fn ranks(&self) -> Option<Vec<u64>> {
        let Kind::Text(texts) = &self.kind else {
            return None;
        };
        if texts.many {
            return None;
        }
        let mut words: Vec<(&String, &u64)> = texts.words.iter().collect();
        words.sort_unstable();
        let mut ranks = vec![0; words.len()];
        for (rank, (_, number)) in words.into_iter().enumerate() {
            if let Some(place) = ranks.get_mut(*number as usize) {
                *place = rank as u64;
            }
        }
        Some(ranks)
    }

    /// There are so many texts that their beginnings have to tell them apart.
    pub(super) fn by_beginning(&self) -> Option<usize> {
        match &self.kind {
            Kind::Text(texts) if texts.many => Some(texts.common.len()),
            _ => None,
        }
    }
}

impl Texts {
    fn number(&mut self, text: &str) -> u64 {
        let shared = text.bytes().zip(self.common.bytes());
        let mut shared = shared.take_while(|(a, b)| a == b).count();
        while !self.common.is_char_boundary(shared) {
            shared -= 1;
        }
        self.common.truncate(shared);
        if self.many {
            return 0;
        }
        if let Some(number) = self.words.get(text) {
            return *number;
        }
        let number = self.words.len() as u64;
        if self.words.len() == WORDS {
            self.many = true;
            self.words = HashMap::new();
            return 0;
        }
        self.words.insert(text.to_string(), number);
        number
    }
}

/// The first eight bytes of a text behind those that all have in common.
pub(super) fn beginning(cell: &Cell<'_>, common: usize) -> u64 {
    let Cell::Text(text) = cell else { return 0 };
    let rest = text.as_bytes().get(common..).unwrap_or_default();
    let mut bytes = [0; 8];
    for (to, from) in bytes.iter_mut().zip(rest) {
        *to = *from;
    }
    u64::from_be_bytes(bytes)
}

/// What one unit of a time is: times of one unit compare by their units.
fn unit(time: Time) -> Shape {
    Shape(match time.is_date() {
        true => u8::MAX,
        false => time.digits(),
    })
}

fn signed(value: i64) -> u64 {
    value.cast_unsigned() ^ (1 << 63)
}

/// Doubles that are numbers, in their order.
fn real(value: f64) -> u64 {
    let bits = value.to_bits();
    match value.partial_cmp(&0.0) {
        Some(Ordering::Less) => !bits,
        _ => bits | (1 << 63),
    }
}
