//! Signatures: what a function takes, and what it gives.

use weir_api::DataType;

use super::super::Call;
use crate::{
    typed::{Literal, Typed, escape},
    types,
};

/// What an argument is read as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Text,
    Whole,
    Number,
    Float,
    Bool,
    Time,
    Array,
    Map,
    Any,
    /// Any, and NULL is a value as others are.
    Value,
}

impl Kind {
    fn parse(name: &str) -> Option<Self> {
        Some(match name {
            "string" => Self::Text,
            "integer" => Self::Whole,
            "number" => Self::Number,
            "float" => Self::Float,
            "bool" => Self::Bool,
            "time" => Self::Time,
            "array" => Self::Array,
            "map" => Self::Map,
            "any" => Self::Any,
            "value" => Self::Value,
            _ => return None,
        })
    }

    fn read(self, call: &Call<'_>, index: usize) -> Result<Typed, String> {
        let arg = &call.args[index];
        let data_type = arg.data_type.inner();
        let failed = |wanted: &str| {
            Err(format!(
                "argument {} is {wanted}, not {data_type}",
                index + 1
            ))
        };
        if arg.literal == Literal::Null && !matches!(self, Self::Any | Self::Value) {
            return Ok(arg.clone());
        }
        let number = data_type.is_numeric() || *data_type == DataType::Bool;
        match self {
            Self::Text => arg.cast(&DataType::String),
            Self::Whole if !number || types::is_float(data_type) => failed("a whole number"),
            Self::Number | Self::Float if !number => failed("a number"),
            Self::Time => super::super::time::shift::time(call, index),
            Self::Array if !matches!(data_type, DataType::Array(_)) => failed("an array"),
            Self::Map if !matches!(data_type, DataType::Map(..)) => failed("a map"),
            Self::Bool => Ok(Typed::new(
                crate::typed::condition(arg)?,
                types::nullable_if(DataType::Bool, arg.data_type.is_nullable()),
            )),
            _ => arg.clone().value(),
        }
    }
}

/// A signature taken apart.
pub(crate) struct Signature {
    pub(in crate::functions) names: Vec<&'static str>,
    /// `(…) -> type` as written.
    pub(in crate::functions) rest: &'static str,
    /// Least and most arguments.
    pub(in crate::functions) arguments: (usize, usize),
    kinds: Vec<Kind>,
    result: &'static str,
}

impl Signature {
    pub(in crate::functions) fn parse(text: &'static str) -> Result<Self, String> {
        let open = text.find('(').ok_or("a bracket expected")?;
        let (params, result) = text[open + 1..]
            .rsplit_once(") -> ")
            .ok_or("a result expected")?;
        let required = params.split('[').next().unwrap_or_default();
        let counts = |kind: &&str| !kind.trim().is_empty() && !kind.contains('…');
        let least = required.split(',').filter(counts).count();
        let variadic = params.contains('…');
        let kinds: Option<Vec<_>> = params
            .split([',', '[', ']', '…', ' '])
            .filter(|kind| !kind.is_empty())
            .map(Kind::parse)
            .collect();
        let kinds = kinds.ok_or_else(|| format!("a kind of {text} is unknown"))?;
        let most = if variadic { 100 } else { kinds.len() };
        Ok(Self {
            names: text[..open].split('|').collect(),
            rest: &text[open..],
            arguments: (least, most),
            kinds,
            result,
        })
    }

    fn kind(&self, index: usize) -> Kind {
        let last = self.kinds.last().copied().unwrap_or(Kind::Any);
        self.kinds.get(index).copied().unwrap_or(last)
    }

    /// Whether NULL is an argument as others are, and does not make the result NULL.
    pub(super) fn takes_null(&self, index: usize) -> bool {
        self.kind(index) == Kind::Value
    }

    fn result(&self, args: &[Typed]) -> Result<DataType, String> {
        let of = |kind: Kind| {
            let index = (0..args.len()).find(|index| self.kind(*index) == kind);
            let arg = index.and_then(|index| args.get(index));
            arg.map_or(DataType::String, |arg| arg.data_type.inner().clone())
        };
        let element = || match of(Kind::Array) {
            DataType::Array(item) => *item,
            other => other,
        };
        Ok(match (self.result, Kind::parse(self.result)) {
            ("element", _) => element(),
            // Arrays within arrays as one.
            ("flat", _) => {
                let mut data_type = of(Kind::Array);
                while let DataType::Array(inner) = &data_type
                    && let DataType::Array(_) = inner.as_ref()
                {
                    data_type = inner.as_ref().clone();
                }
                data_type
            }
            // Of both, signed where one is.
            ("integers", _) => {
                let types = args.iter().map(|arg| arg.data_type.inner());
                let width = |data_type: &DataType| match data_type {
                    DataType::Int(bits) | DataType::UInt(bits) => *bits,
                    _ => 8,
                };
                let bits = types.clone().map(width).max().unwrap_or(8);
                match types.clone().any(|one| matches!(one, DataType::Int(_))) {
                    true => DataType::Int(bits),
                    false => DataType::UInt(bits),
                }
            }
            ("array(integer)", _) => DataType::Array(Box::new(of(Kind::Whole))),
            ("array(any)", _) => DataType::Array(Box::new(of(Kind::Any))),
            ("array(array)", _) => DataType::Array(Box::new(of(Kind::Array))),
            ("string" | "bool", _) | (_, None) => DataType::parse(self.result)?,
            (_, Some(kind)) => of(kind),
        })
        .map(|data_type| match (self.result, data_type) {
            // A bit is a number where numbers come out.
            ("integer", DataType::Bool) => DataType::UInt(8),
            (_, data_type) => data_type,
        })
    }

    /// SQLite text of a call.
    pub(in crate::functions) fn build(&self, call: &Call<'_>) -> Result<Typed, String> {
        let args = (0..call.args.len())
            .map(|index| self.kind(index).read(call, index))
            .collect::<Result<Vec<_>, _>>()?;
        let result = self.result(&args)?;
        let mut given = args.iter().enumerate();
        let null = given.any(|(index, arg)| arg.data_type.is_nullable() && !self.takes_null(index));
        let mut header = result.inner().to_string();
        let mut list = String::new();
        for arg in &args {
            header.push('\n');
            header.push_str(&arg.data_type.inner().to_string());
            list.push_str(", ");
            list.push_str(&arg.sql);
        }
        let name = self.names.first().copied().unwrap_or_default();
        Ok(Typed::new(
            format!("__{name}('{}'{list})", escape(&header)),
            types::nullable_if(result, null),
        ))
    }
}
