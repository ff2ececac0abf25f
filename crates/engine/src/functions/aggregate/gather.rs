//! Aggregates that need every row of their group before they can say anything.

macro_rules! rule {
    ($name:ident, $result:expr, $finish:expr) => {
        pub(in super::super) const $name: Rule = Rule {
            result: $result,
            finish: $finish,
        };
    };
}

mod bits;
mod events;
mod histogram;
mod lists;
mod quantile;
mod sequences;
mod series;
mod statistics;

use rusqlite::types::{Value, ValueRef};
use weir_api::DataType;

use super::{
    Accumulator, MAX_VALUES, Spec,
    key::Order,
    memory,
    state::{self, Cell},
};
use crate::{
    functions::collection,
    typed::Typed,
    value::{Num, owned},
};

pub(super) use self::bits::{BIT_AND, BIT_OR, BIT_XOR, MAX_MAP, MIN_MAP, SUM_MAP};
pub(super) use self::events::{
    MOVING_EXPONENTIAL, QUANTILE_EXACT_WEIGHTED, RETENTION, TOP_K_WEIGHTED, UNIQUE_UP_TO,
    WINDOW_FUNNEL,
};
pub(super) use self::histogram::HISTOGRAM;
pub(super) use self::lists::{
    ANY_HEAVY, CONCAT, LAST, MAX_K, MIN_K, MOVING_AVG, MOVING_SUM, SAMPLE, SINGLE, SORTED,
};
pub(super) use self::quantile::{
    QUANTILE_EXACT, QUANTILE_EXACT_HIGH, QUANTILE_EXACT_LOW, QUANTILE_EXCLUSIVE,
    QUANTILE_INCLUSIVE, QUANTILES, QUANTILES_EXACT,
};
pub(super) use self::sequences::{SEQUENCE_COUNT, SEQUENCE_MATCH};
pub(super) use self::series::{AVG_TIME, DELTA_SUM, LTTB, MEDIAN_TIME, XIRR};
pub(super) use self::statistics::{
    AVG_WEIGHTED, CORR, COVAR_POP, COVAR_SAMP, ENTROPY, KURT_POP, KURT_SAMP, REGRESSION, SKEW_POP,
    SKEW_SAMP, SUM_COUNT,
};

/// What such an aggregate gives.
pub(super) struct Rule {
    /// The type, from the arguments.
    pub(super) result: fn(&[Typed]) -> Result<DataType, String>,
    /// The value, from rows of which there is at least one.
    pub(super) finish: fn(&Rows<'_>) -> Result<Value, String>,
}

/// The arguments of every row, constants among them.
pub(super) struct Rows<'a> {
    pub(super) rows: &'a [Vec<Value>],
    pub(super) input: &'a DataType,
    /// Of the second argument.
    pub(super) order: &'a DataType,
    pub(super) result: &'a DataType,
}

impl Rows<'_> {
    fn number(&self, row: &[Value], column: usize) -> Result<f64, String> {
        let value = row.get(column).ok_or("an argument is missing")?;
        Ok(Num::read(value.into())?.map_or(f64::NAN, |number| number.float()))
    }

    fn numbers(&self, column: usize) -> Result<Vec<f64>, String> {
        self.rows
            .iter()
            .map(|row| self.number(row, column))
            .collect()
    }

    /// A constant argument.
    fn constant(&self, column: usize) -> Option<f64> {
        let row = self.rows.first()?;
        let value = row.get(column)?;
        Num::read(value.into()).ok()?.map(|number| number.float())
    }

    fn length(&self, column: usize) -> usize {
        self.constant(column)
            .map_or(usize::MAX, |length| length.max(0.0) as usize)
    }

    /// The values of the first column in order.
    fn sorted(&self) -> Vec<&Value> {
        let order = Order::of(self.input);
        let mut values: Vec<&Value> = self.rows.iter().filter_map(|row| row.first()).collect();
        values.sort_by(|left, right| order.compare((*left).into(), (*right).into()));
        values
    }

    fn item_type(&self) -> &DataType {
        match self.result {
            DataType::Array(item) => item,
            other => other,
        }
    }

    fn array<'v>(&self, values: impl IntoIterator<Item = &'v Value>) -> Value {
        let item = self.item_type();
        let items: Vec<_> = values
            .into_iter()
            .map(|value| collection::encode(value.into(), item))
            .collect();
        Value::Text(format!("[{}]", items.join(",")))
    }
}

pub(super) struct Gathered {
    rule: &'static Rule,
    spec: Spec,
    rows: Vec<Vec<Value>>,
    bytes: usize,
}

impl Gathered {
    pub(super) fn new(rule: &'static Rule, spec: &Spec) -> Self {
        Self {
            rule,
            spec: spec.clone(),
            rows: Vec::new(),
            bytes: 0,
        }
    }
}

impl Accumulator for Gathered {
    fn add(&mut self, args: &[ValueRef<'_>]) -> Result<(), String> {
        if self.rows.len() >= MAX_VALUES {
            return Err(format!(
                "more than {MAX_VALUES} values in one group's state"
            ));
        }
        let row: Vec<Value> = args.iter().map(|arg| owned(*arg)).collect();
        self.bytes += row_bytes(&row);
        self.rows.push(row);
        Ok(())
    }

    fn finish(&self) -> Result<Value, String> {
        if self.rows.is_empty() {
            return Ok(Value::Null);
        }
        (self.rule.finish)(&Rows {
            rows: &self.rows,
            input: &self.spec.input,
            order: &self.spec.order,
            result: &self.spec.result,
        })
    }

    fn bytes(&self) -> usize {
        self.bytes
    }

    fn save(&self) -> Result<serde_json::Value, String> {
        let rows = self
            .rows
            .iter()
            .map(|row| row.iter().map(Cell::from).collect::<Vec<_>>());
        state::save(&rows.collect::<Vec<_>>())
    }

    fn restore(&mut self, saved: serde_json::Value) -> Result<(), String> {
        let rows: Vec<Vec<Cell>> = state::restore(saved)?;
        self.rows = rows
            .into_iter()
            .map(|row| row.into_iter().map(Value::from).collect())
            .collect();
        self.bytes = self.rows.iter().map(|row| row_bytes(row)).sum();
        Ok(())
    }
}

fn row_bytes(row: &[Value]) -> usize {
    let values = row.iter().map(memory::bytes).sum::<usize>();
    values + size_of::<Vec<Value>>() + size_of_val(row)
}

pub(super) fn inner(args: &[Typed]) -> Result<DataType, String> {
    let first = args.first().ok_or("arguments are missing")?;
    Ok(first.data_type.inner().clone())
}

pub(super) fn numeric(args: &[Typed], count: usize) -> Result<DataType, String> {
    for arg in args.iter().take(count) {
        if !arg.data_type.is_numeric() && *arg.data_type.inner() != DataType::Bool {
            return Err(format!("takes a number, not {}", arg.data_type));
        }
    }
    Ok(DataType::Float64)
}

pub(super) fn array(item: DataType) -> DataType {
    DataType::Array(Box::new(item))
}

pub(super) fn float(number: f64) -> Result<Value, String> {
    Num::Float(number).write(&DataType::Float64)
}
