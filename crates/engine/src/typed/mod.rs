//! Compiled expressions: SQLite text and the type of its value. Functions and plans are made of them.

mod compare;
mod quote;
mod unit;

use rusqlite::types::Value;
use weir_api::DataType;

pub(crate) use self::{
    compare::{comparable, compare, condition, equal, unified},
    quote::{escape, quote_name, sql_literal},
    unit::Unit,
};
use crate::{types, value};

#[derive(Debug, Clone)]
pub(crate) struct Typed {
    pub(crate) sql: String,
    pub(crate) data_type: DataType,
    pub(crate) literal: Literal,
}

/// What is known of a value before any row is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Literal {
    None,
    Null,
    /// `[]`, whose elements are of any type, or arrays of nothing else such as `[[], []]`.
    Empty,
    Text(String),
    Number(String),
    Interval(i64, Unit),
}

impl Typed {
    pub(crate) fn new(sql: impl Into<String>, data_type: DataType) -> Self {
        Self {
            sql: sql.into(),
            data_type,
            literal: Literal::None,
        }
    }

    pub(crate) fn null() -> Self {
        Self {
            literal: Literal::Null,
            ..Self::new("NULL", types::nullable(DataType::String))
        }
    }

    pub(crate) fn text(text: &str) -> Self {
        Self {
            literal: Literal::Text(text.to_string()),
            ..Self::new(
                sql_literal(&Value::Text(text.to_string())),
                DataType::String,
            )
        }
    }

    /// The smallest type that holds the number exactly.
    pub(crate) fn number(text: &str) -> Result<Self, String> {
        let (data_type, value) = number_type(text)?;
        Ok(Self {
            literal: Literal::Number(text.to_string()),
            ..Self::new(sql_literal(&value), data_type)
        })
    }

    /// As a value of `to`; text literals are checked here, before any row is read.
    pub(crate) fn cast(&self, to: &DataType) -> Result<Self, String> {
        if self.literal == Literal::Null {
            return Ok(Self {
                data_type: types::nullable(to.clone()),
                ..self.clone()
            });
        }
        if let Literal::Interval(..) = self.literal {
            return Err("an interval can only be added to or subtracted from a time".to_string());
        }
        if self.literal == Literal::Empty && types::depth(to) >= types::depth(&self.data_type) {
            return Ok(Self {
                data_type: to.clone(),
                ..self.clone()
            });
        }
        let from = self.data_type.inner();
        let target = to.inner();
        let data_type = types::nullable_if(
            target.clone(),
            self.data_type.is_nullable() || to.is_nullable(),
        );
        if let (Literal::Text(text), false) = (&self.literal, *target == DataType::String) {
            let value = value::literal(text, target)?;
            return Ok(Self::new(sql_literal(&value), data_type));
        }
        if let (Literal::Number(text), true) = (&self.literal, target.is_numeric()) {
            let number =
                value::Num::parse(text).ok_or_else(|| format!("'{text}' is not a number"))?;
            return Ok(Self {
                literal: self.literal.clone(),
                ..Self::new(sql_literal(&number.write(target)?), data_type)
            });
        }
        if let (DataType::Enum(definition), true) = (from, target.is_numeric()) {
            let number = types::nullable_if(DataType::Int(16), self.data_type.is_nullable());
            return Self::new(self.enum_number(definition), number).cast(to);
        }
        let sql = if same_storage(from, target) {
            self.sql.clone()
        } else {
            format!(
                "_cast('{}', {})",
                escape(&format!("{from}\n{target}")),
                self.sql
            )
        };
        Ok(Self::new(sql, data_type))
    }

    /// For comparison and order.
    pub(crate) fn ordered(&self) -> String {
        match self.data_type.inner() {
            wide if types::is_wide(wide) => format!("{} COLLATE WIDE", self.sql),
            nested if types::is_nested(nested) => format!("{} COLLATE NESTED", self.sql),
            DataType::Enum(definition) => self.enum_number(definition),
            _ => self.sql.clone(),
        }
    }

    /// The number by which an enum's name is ordered.
    pub(crate) fn enum_number(&self, definition: &str) -> String {
        format!("_enum_number('{}', {})", escape(definition), self.sql)
    }

    /// Intervals are no values.
    pub(crate) fn value(self) -> Result<Self, String> {
        match self.literal {
            Literal::Interval(..) => self.cast(&DataType::String),
            _ => Ok(self),
        }
    }
}

/// Whether values of `from` are values of `to` as they are stored.
fn same_storage(from: &DataType, to: &DataType) -> bool {
    use DataType::{Bool, Int, Json, String, UInt};
    match (from, to) {
        _ if from == to => true,
        (DataType::Float32, DataType::Float64) => true,
        (Int(a @ 8..=64), Int(b @ 8..=64)) | (UInt(a @ 8..=64), UInt(b @ 8..=64)) => a <= b,
        (UInt(a @ 8..=64), Int(b @ 8..=64)) => a < b,
        (Bool, Int(8..=64) | UInt(8..=64)) => true,
        (Int(128), Int(256)) | (UInt(128), UInt(256) | Int(256)) => true,
        (DataType::DateTime { .. }, DataType::DateTime { .. }) => true,
        (DataType::DateTime64 { precision: a, .. }, DataType::DateTime64 { precision: b, .. }) => {
            a == b
        }
        (other, String) => types::is_text(other) || *other == Json,
        _ => false,
    }
}

fn number_type(text: &str) -> Result<(DataType, Value), String> {
    let wrong = || format!("'{text}' is not a number");
    if text.contains(['.', 'e', 'E']) {
        let number: f64 = text.parse().map_err(|_| wrong())?;
        return Ok((DataType::Float64, Value::Real(number)));
    }
    let candidates = if text.starts_with('-') {
        [8, 16, 32, 64, 128, 256].map(DataType::Int)
    } else {
        [8, 16, 32, 64, 128, 256].map(DataType::UInt)
    };
    let number = value::Num::parse(text).ok_or_else(wrong)?;
    for data_type in candidates {
        if let Ok(value) = number.write(&data_type) {
            return Ok((data_type, value));
        }
    }
    Err(format!("{text} does not fit any integer type"))
}
