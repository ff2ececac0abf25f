use std::{borrow::Cow, cmp::Ordering, net::IpAddr};

use super::text::{contains, contains_in_any_case, glob, number_part, text_of};
use crate::{
    cell::Cell,
    format::{Format, Zone},
    json,
    moment::{Moment, Reading},
    number::Exact,
    time::Time,
};

/// What a cell is compared with: a text that is also the number or the moment it can be read as.
#[derive(Debug, Clone)]
pub struct Operand {
    text: String,
    moment: Option<Moment>,
    address: Option<IpAddr>,
    nan: bool,
}

impl Operand {
    pub fn new(text: impl Into<String>, reading: &Reading) -> Self {
        let text = text.into();
        Self {
            moment: Moment::parse(&text, reading),
            address: None,
            nan: is_nan(&text),
            text,
        }
    }

    /// Compared with addresses by value: `10.0.0.9` is below `10.0.0.10`.
    #[must_use]
    pub fn of_addresses(mut self) -> Self {
        self.address = self.text.parse().ok();
        self
    }
}

/// A time is in UTC.
impl From<&str> for Operand {
    fn from(text: &str) -> Self {
        Self::new(text, &Reading::default())
    }
}

fn is_nan(text: &str) -> bool {
    text.trim().parse().is_ok_and(f64::is_nan)
}

/// What a cell's text or value must be. Null and missing cells only meet the tests for them.
pub enum Test {
    Contains {
        needle: String,
        match_case: bool,
    },
    /// Numbers equal in value (`1.0` is `1`), anything else in text.
    Equals(Operand),
    Compare(Comparison, Operand),
    Null,
    /// The row ended before the column.
    Missing,
    /// Null or missing.
    Absent,
    /// The whole text; `*` stands for any text, `?` for one character.
    Glob(String),
    /// The caller's own test of the text, for example the browser's regular expressions.
    Custom(Box<dyn Fn(&str) -> bool>),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Comparison {
    Below,
    AtMost,
    AtLeast,
    Above,
}

impl Comparison {
    fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Below => order.is_lt(),
            Self::AtMost => order.is_le(),
            Self::AtLeast => order.is_ge(),
            Self::Above => order.is_gt(),
        }
    }
}

/// A test whose text has been read once for many cells.
pub(super) struct Prepared<'a> {
    test: &'a Test,
    shown: &'a Format,
    needle: String,
    /// What is contained as numbers have it; `None` where none can.
    in_numbers: Option<String>,
    /// What is contained could stand in a time as it is sent.
    in_times: bool,
    number: Option<Exact<'a>>,
    /// The operand where it is an array or an object, whose blanks do not count.
    document: Option<Cow<'a, str>>,
}

impl Test {
    /// `shown`: how times look, for the tests of text.
    pub(super) fn prepare<'a>(&'a self, shown: &'a Format) -> Prepared<'a> {
        let (needle, number) = match self {
            Self::Contains {
                needle,
                match_case: false,
            } => (needle.to_lowercase(), None),
            Self::Contains { needle, .. } => (needle.clone(), None),
            Self::Equals(operand) | Self::Compare(_, operand) => {
                (String::new(), Exact::parse(&operand.text))
            }
            Self::Glob(_) | Self::Null | Self::Missing | Self::Absent | Self::Custom(_) => {
                (String::new(), None)
            }
        };
        let document = match self {
            Self::Equals(operand) | Self::Compare(_, operand) => {
                let text = operand.text.trim();
                text.starts_with(['[', '{']).then(|| json::compact(text))
            }
            _ => None,
        };
        let only = |bytes: &[u8]| needle.bytes().all(|byte| bytes.contains(&byte));
        Prepared {
            test: self,
            shown,
            in_numbers: number_part(&needle, shown.group).map(Cow::into_owned),
            in_times: only(b"0123456789-+:.tTzZ ") || !matches!(shown.zone, Zone::AsSent),
            needle,
            number,
            document,
        }
    }
}

impl Prepared<'_> {
    pub(super) fn matches(&self, cell: &Cell<'_>, scratch: &mut String) -> bool {
        match (cell, self.test) {
            (Cell::Null, test) => return matches!(test, Test::Null | Test::Absent),
            (Cell::Missing, test) => return matches!(test, Test::Missing | Test::Absent),
            _ => {}
        }
        match self.test {
            Test::Null | Test::Missing | Test::Absent => false,
            Test::Contains { match_case, .. } => {
                // Most cells are told by what they are, before they are written out.
                match cell {
                    Cell::Int(_) | Cell::UInt(_) | Cell::Number(_) => {
                        let number = self.in_numbers.as_ref();
                        return number
                            .is_some_and(|number| contains(text_of(cell, scratch), number));
                    }
                    Cell::Time(_) if !self.in_times => return false,
                    _ => {}
                }
                let text = self.text_of(cell, scratch);
                if *match_case {
                    contains(text, &self.needle)
                } else if text.is_ascii() {
                    contains_in_any_case(text, &self.needle)
                } else {
                    contains(&text.to_lowercase(), &self.needle)
                }
            }
            Test::Equals(operand) => {
                let order = self.order(cell, operand, scratch);
                order.is_some_and(Ordering::is_eq) || (operand.nan && cell_is_nan(cell))
            }
            Test::Compare(comparison, operand) => {
                let order = self.order(cell, operand, scratch);
                order.is_some_and(|order| comparison.holds(order))
            }
            Test::Glob(pattern) => glob(pattern, self.text_of(cell, scratch)),
            Test::Custom(test) => test(self.text_of(cell, scratch)),
        }
    }

    /// Numbers by value, times as moments, text by code points; `None` between two of them.
    fn order(&self, cell: &Cell<'_>, operand: &Operand, scratch: &mut String) -> Option<Ordering> {
        if let Cell::Time(time) = cell {
            return operand.moment.map(|moment| time_order(*time, moment));
        }
        if let Some(number) = cell.as_exact() {
            return Some(number.compare(self.number.as_ref()?));
        }
        let text = self.text_of(cell, scratch);
        if let Some(address) = operand.address
            && let Ok(own) = text.parse::<IpAddr>()
        {
            return Some(own.cmp(&address));
        }
        if let Cell::Json(_) = cell {
            // Neither a number nor any other text says something about `nan`.
            if cell_is_nan(cell) || operand.nan {
                return None;
            }
            if let Some(document) = &self.document {
                return Some(json::compact(text).cmp(document));
            }
            // A time in another form than the column's has.
            if let (Some(moment), Some(own)) =
                (operand.moment, Moment::parse(text, &Reading::default()))
            {
                let moment = (moment.seconds, moment.nanos);
                return Some((own.seconds, own.nanos).cmp(&moment));
            }
        }
        Some(text.cmp(operand.text.as_str()))
    }

    /// The text of a cell as it is shown.
    fn text_of<'b>(&self, cell: &Cell<'b>, scratch: &'b mut String) -> &'b str {
        match cell {
            Cell::Time(_) if !matches!(self.shown.zone, Zone::AsSent) => {
                scratch.clear();
                self.shown.write(cell, scratch);
                scratch
            }
            _ => text_of(cell, scratch),
        }
    }
}

fn cell_is_nan(cell: &Cell<'_>) -> bool {
    matches!(cell, Cell::Json(_)) && cell.as_f64().is_some_and(f64::is_nan)
}

/// A date is the same in every zone: it compares with what the clock shows.
fn time_order(time: Time, moment: Moment) -> Ordering {
    let (seconds, nanos) = time.seconds();
    let of = if time.is_date() {
        moment.wall
    } else {
        moment.seconds
    };
    (seconds, nanos).cmp(&(of, moment.nanos))
}

#[cfg(test)]
mod tests;
