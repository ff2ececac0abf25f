//! Columns of the result that a picture is made of.

use weir_api::DataType;
use weir_live::{Aggregate, Ring};

use super::{
    super::{options::Options, pick},
    ROW,
};
use crate::dashboards::kind::Kind;

/// Columns a chart takes its values from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    /// `None`: the rows' numbers.
    pub x: Option<usize>,
    pub y: Vec<usize>,
    pub group: Option<usize>,
}

impl Fields {
    /// As configured; what is not, or is not there, is guessed from the types.
    pub fn of(kind: Kind, options: &Options, ring: &Ring) -> Self {
        let named = |key: &str| options.some(key).and_then(|name| ring.column(&name));
        let names = match kind {
            Kind::SingleValue => options.list("value"),
            _ => options.list("yAxis"),
        };
        let mut y: Vec<usize> = names.iter().filter_map(|name| ring.column(name)).collect();
        let x = named("xAxis");
        let none = options.raw("yAxis").is_some_and(|raw| raw == "[]") && kind != Kind::SingleValue;
        if y.is_empty() && !none {
            let counts = options.aggregate() == Aggregate::Count || kind == Kind::SingleValue;
            let first = (counts && !ring.columns().is_empty()).then_some(0);
            let number = match kind {
                Kind::Scatter => pick::numbers(ring)
                    .filter(|column| Some(*column) != x)
                    .nth(usize::from(x.is_none())),
                _ => None,
            };
            y.extend(number.or_else(|| pick::usual_number(ring)).or(first));
        }
        let by_row = options.text("xAxis") == ROW;
        let guessed = || match kind {
            // Bars are of things before they are of times.
            Kind::Bar | Kind::Column => ring
                .columns()
                .iter()
                .position(|column| !column.data_type.is_numeric() && !column.data_type.is_time())
                .or_else(|| pick::usual_time(ring)),
            Kind::Scatter => pick::numbers(ring)
                .find(|column| !y.contains(column))
                .or_else(|| pick::usual_time(ring)),
            _ => pick::usual_time(ring),
        };
        Self {
            x: x.or_else(|| if by_row { None } else { guessed() }),
            y,
            group: named("color"),
        }
    }
}

pub(super) fn is_time(ring: &Ring, column: Option<usize>) -> bool {
    column.is_some_and(|column| ring.columns()[column].data_type.is_time())
}

pub(super) fn is_date(ring: &Ring, column: Option<usize>) -> bool {
    column.is_some_and(|column| *ring.columns()[column].data_type.inner() == DataType::Date)
}
