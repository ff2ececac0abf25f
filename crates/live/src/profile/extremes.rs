use crate::{cell::Cell, number::Exact, time::Time};

/// A smallest or largest value as it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Extreme {
    pub text: String,
    /// The nearest double of a number or time.
    pub value: Option<f64>,
}

#[derive(Debug, Default)]
pub(super) struct Extremes {
    pub(super) min: Option<Extreme>,
    pub(super) max: Option<Extreme>,
}

impl Extremes {
    /// `number` is the cell's [`Cell::as_f64`].
    pub(super) fn add(&mut self, cell: &Cell<'_>, number: Option<f64>) {
        if number.is_some_and(f64::is_nan) {
            return;
        }
        let below = self
            .min
            .as_ref()
            .is_none_or(|min| less(cell, number, min, false));
        let above = self
            .max
            .as_ref()
            .is_none_or(|max| less(cell, number, max, true));
        if !below && !above {
            return;
        }
        let extreme = Extreme {
            text: cell.text(),
            value: number,
        };
        if above {
            self.max = Some(extreme.clone());
        }
        if below {
            self.min = Some(extreme);
        }
    }
}

/// Whether the cell lies beyond the extreme. Rounding to doubles keeps the order, so only equal
/// doubles need the exact comparison.
fn less(cell: &Cell<'_>, number: Option<f64>, extreme: &Extreme, reversed: bool) -> bool {
    let order = match (number, extreme.value) {
        (Some(a), Some(b)) if a != b => a.total_cmp(&b),
        (Some(_), Some(_)) => match (cell, cell.as_exact(), Exact::parse(&extreme.text)) {
            (_, Some(a), Some(b)) => a.compare(&b),
            (Cell::Time(time), ..) => {
                let other = Time::parse(extreme.text.as_bytes()).map(Time::seconds);
                Some(time.seconds()).cmp(&other)
            }
            _ => return false,
        },
        // Numbers come before whatever else the column holds.
        (Some(_), None) => std::cmp::Ordering::Less,
        (None, Some(_)) => std::cmp::Ordering::Greater,
        (None, None) => match cell.as_str() {
            Some(text) => text.cmp(extreme.text.as_str()),
            None => cell.text().cmp(&extreme.text),
        },
    };
    if reversed {
        order.is_gt()
    } else {
        order.is_lt()
    }
}
