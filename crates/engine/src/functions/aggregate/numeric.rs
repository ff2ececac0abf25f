//! Counts, sums and statistics.

use num_bigint::BigInt;
use rusqlite::types::{Value, ValueRef};
use serde::{Deserialize, Serialize};
use weir_api::DataType;

use super::{
    Accumulator,
    state::{self, Bits},
};
use crate::{types, value::Num};

#[derive(Default)]
pub(super) struct Count(u64);

impl Accumulator for Count {
    fn add(&mut self, _: &[ValueRef<'_>]) -> Result<(), String> {
        self.0 += 1;
        Ok(())
    }

    fn finish(&self) -> Result<Value, String> {
        Num::Int(self.0.into()).write(&DataType::UInt(64))
    }

    fn save(&self) -> Result<serde_json::Value, String> {
        state::save(&self.0)
    }

    fn restore(&mut self, saved: serde_json::Value) -> Result<(), String> {
        self.0 = state::restore(saved)?;
        Ok(())
    }
}

/// A total with its digits as text, which JSON does not limit.
#[derive(Serialize, Deserialize)]
enum SavedTotal {
    Int(String),
    Wide(String, u32),
    Float(Bits),
}

/// Exact for integers and decimals.
enum Total {
    Int(i128),
    Wide { digits: BigInt, scale: u32 },
    Float(f64),
}

impl Total {
    fn new(data_type: &DataType) -> Self {
        match data_type.inner() {
            _ if types::is_float(data_type) => Self::Float(0.0),
            DataType::Decimal { scale, .. } => Self::Wide {
                digits: BigInt::ZERO,
                scale: u32::from(*scale),
            },
            _ if types::is_wide(data_type) => Self::Wide {
                digits: BigInt::ZERO,
                scale: 0,
            },
            _ => Self::Int(0),
        }
    }

    fn add(&mut self, value: ValueRef<'_>) -> Result<(), String> {
        match (&mut *self, value) {
            (Self::Int(total), ValueRef::Integer(number)) => {
                *total = total
                    .checked_add(number.into())
                    .ok_or("the sum does not fit 128 bits")?;
            }
            (Self::Float(total), ValueRef::Real(number)) => *total += number,
            (total, value) => {
                let Some(number) = Num::read(value)? else {
                    return Ok(());
                };
                match (total, number) {
                    (Self::Float(total), number) => *total += number.float(),
                    (Self::Int(total), Num::Int(number)) => {
                        *total = total
                            .checked_add(number)
                            .ok_or("the sum does not fit 128 bits")?;
                    }
                    (Self::Wide { digits, scale }, number) => {
                        let (more, from) = number.scaled().ok_or("a float among exact numbers")?;
                        *digits += more * BigInt::from(10).pow(scale.saturating_sub(from));
                    }
                    (Self::Int(_), _) => return Err("a fraction among whole numbers".to_string()),
                }
            }
        }
        Ok(())
    }

    fn number(&self) -> Num {
        match self {
            Self::Int(total) => Num::Int(*total),
            Self::Float(total) => Num::Float(*total),
            Self::Wide { digits, scale } => Num::Wide {
                digits: digits.clone(),
                scale: *scale,
            },
        }
    }

    fn save(&self) -> SavedTotal {
        match self {
            Self::Int(total) => SavedTotal::Int(total.to_string()),
            Self::Wide { digits, scale } => SavedTotal::Wide(digits.to_string(), *scale),
            Self::Float(total) => SavedTotal::Float(Bits(*total)),
        }
    }

    fn restore(saved: SavedTotal) -> Result<Self, String> {
        let damaged = |text: &str| format!("saved state of an aggregate: '{text}' is no number");
        Ok(match saved {
            SavedTotal::Int(text) => Self::Int(text.parse().map_err(|_| damaged(&text))?),
            SavedTotal::Wide(text, scale) => Self::Wide {
                digits: text.parse().map_err(|_| damaged(&text))?,
                scale,
            },
            SavedTotal::Float(total) => Self::Float(total.0),
        })
    }
}

pub(super) struct Sum {
    total: Total,
    result: DataType,
    any: bool,
}

impl Sum {
    pub(super) fn new(result: &DataType) -> Self {
        Self {
            total: Total::new(result),
            result: result.clone(),
            any: false,
        }
    }
}

impl Accumulator for Sum {
    fn add(&mut self, args: &[ValueRef<'_>]) -> Result<(), String> {
        self.any = true;
        self.total.add(args[0])
    }

    fn finish(&self) -> Result<Value, String> {
        if !self.any {
            return Ok(Value::Null);
        }
        let total = self.total.number().write(&self.result);
        total.map_err(|message| format!("sum: {message}; cast to a wider type before summing"))
    }

    fn save(&self) -> Result<serde_json::Value, String> {
        state::save(&(self.total.save(), self.any))
    }

    fn restore(&mut self, saved: serde_json::Value) -> Result<(), String> {
        let (total, any) = state::restore(saved)?;
        self.total = Total::restore(total)?;
        self.any = any;
        Ok(())
    }
}

pub(super) struct Average {
    total: Total,
    count: u64,
}

impl Average {
    pub(super) fn new(input: &DataType) -> Self {
        Self {
            total: Total::new(input),
            count: 0,
        }
    }
}

impl Accumulator for Average {
    fn add(&mut self, args: &[ValueRef<'_>]) -> Result<(), String> {
        self.count += 1;
        self.total.add(args[0])
    }

    fn finish(&self) -> Result<Value, String> {
        if self.count == 0 {
            return Ok(Value::Null);
        }
        Num::Float(self.total.number().float() / self.count as f64).write(&DataType::Float64)
    }

    fn save(&self) -> Result<serde_json::Value, String> {
        state::save(&(self.total.save(), self.count))
    }

    fn restore(&mut self, saved: serde_json::Value) -> Result<(), String> {
        let (total, count) = state::restore(saved)?;
        self.total = Total::restore(total)?;
        self.count = count;
        Ok(())
    }
}
