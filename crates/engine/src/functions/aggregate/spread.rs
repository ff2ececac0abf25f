//! Variances and quantiles.

use rusqlite::types::{Value, ValueRef};
use weir_api::DataType;

use super::{
    Accumulator,
    state::{self, Bits},
};
use crate::value::Num;

/// Welford's method: stable for large values of small variance.
pub(super) struct Variance {
    sample: bool,
    root: bool,
    count: u64,
    mean: f64,
    squares: f64,
}

impl Variance {
    pub(super) fn new(sample: bool, root: bool) -> Self {
        Self {
            sample,
            root,
            count: 0,
            mean: 0.0,
            squares: 0.0,
        }
    }
}

impl Accumulator for Variance {
    fn add(&mut self, args: &[ValueRef<'_>]) -> Result<(), String> {
        if let Some(number) = Num::read(args[0])? {
            let number = number.float();
            self.count += 1;
            let delta = number - self.mean;
            self.mean += delta / self.count as f64;
            self.squares += delta * (number - self.mean);
        }
        Ok(())
    }

    fn finish(&self) -> Result<Value, String> {
        let count = self.count.saturating_sub(u64::from(self.sample));
        if count == 0 {
            return Ok(Value::Null);
        }
        let variance = self.squares / count as f64;
        let result = if self.root { variance.sqrt() } else { variance };
        Num::Float(result).write(&DataType::Float64)
    }

    fn save(&self) -> Result<serde_json::Value, String> {
        state::save(&(self.count, Bits(self.mean), Bits(self.squares)))
    }

    fn restore(&mut self, saved: serde_json::Value) -> Result<(), String> {
        let (count, Bits(mean), Bits(squares)) = state::restore(saved)?;
        (self.count, self.mean, self.squares) = (count, mean, squares);
        Ok(())
    }
}

/// Exact up to this many values, then a uniform sample of so many.
const SAMPLE: usize = 65_536;

pub(super) struct Quantile {
    level: f64,
    values: Vec<f64>,
    seen: u64,
    random: u64,
}

impl Quantile {
    pub(super) fn new(level: f64) -> Self {
        // A fixed seed: the same rows give the same result.
        Self {
            level,
            values: Vec::new(),
            seen: 0,
            random: 0x9e37_79b9_7f4a_7c15,
        }
    }
}

impl Accumulator for Quantile {
    fn add(&mut self, args: &[ValueRef<'_>]) -> Result<(), String> {
        let Some(number) = Num::read(args[0])?
            .map(|number| number.float())
            .filter(|n| !n.is_nan())
        else {
            return Ok(());
        };
        self.seen += 1;
        if self.values.len() < SAMPLE {
            self.values.push(number);
            return Ok(());
        }
        // xorshift64
        self.random ^= self.random << 13;
        self.random ^= self.random >> 7;
        self.random ^= self.random << 17;
        let slot = usize::try_from(self.random % self.seen).unwrap_or(usize::MAX);
        if let Some(value) = self.values.get_mut(slot) {
            *value = number;
        }
        Ok(())
    }

    fn finish(&self) -> Result<Value, String> {
        let mut values = self.values.clone();
        values.sort_unstable_by(f64::total_cmp);
        let Some(last) = values.len().checked_sub(1) else {
            return Ok(Value::Null);
        };
        let place = self.level * last as f64;
        let (low, high) = (place.floor() as usize, place.ceil() as usize);
        let (low_value, high_value) = (values[low.min(last)], values[high.min(last)]);
        let result = if low_value == high_value {
            low_value
        } else {
            low_value + (high_value - low_value) * place.fract()
        };
        Num::Float(result).write(&DataType::Float64)
    }

    fn bytes(&self) -> usize {
        size_of::<f64>() * self.values.capacity()
    }

    fn save(&self) -> Result<serde_json::Value, String> {
        let values: Vec<Bits> = self.values.iter().copied().map(Bits).collect();
        state::save(&(values, self.seen, self.random))
    }

    fn restore(&mut self, saved: serde_json::Value) -> Result<(), String> {
        let values: Vec<Bits>;
        (values, self.seen, self.random) = state::restore(saved)?;
        self.values = values.into_iter().map(|value| value.0).collect();
        Ok(())
    }
}
