//! Functions computed here from the values of their arguments, called as their signature says.
//!
//! A signature is `name|alias(kind, …[, optional kind]) -> type`; an ellipsis after the last kind
//! lets it come any number of times. Arguments are converted to their kinds, and the result is NULL where one of
//! them is. A result named like a kind has the type of the first argument of that kind.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use rusqlite::{
    Connection,
    functions::Context,
    types::{Value, ValueRef},
};
use serde_json::value::RawValue;
use weir_api::DataType;

use super::{Call, collection, parsed, scalar, size, text_arg};
use crate::{
    typed::{Literal, Typed, escape},
    types,
    value::{self, Num},
    working::{self, Charge},
};

/// Longer texts are not made: they would be of no use to anybody but an attacker.
pub(super) const MAX_TEXT: usize = 16 << 20;
/// Longer arrays are not made.
pub(super) const MAX_ITEMS: usize = 1_000_000;

pub(crate) struct Native {
    pub(super) signature: &'static str,
    pub(super) help: &'static str,
    pub(super) run: Run,
}

pub(super) type Run = fn(&Args<'_>) -> Result<Out, String>;

pub(super) const fn native(signature: &'static str, help: &'static str, run: Run) -> Native {
    Native {
        signature,
        help,
        run,
    }
}

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
            Self::Time => super::time::shift::time(call, index),
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
    pub(super) names: Vec<&'static str>,
    /// `(…) -> type` as written.
    pub(super) rest: &'static str,
    /// Least and most arguments.
    pub(super) arguments: (usize, usize),
    kinds: Vec<Kind>,
    result: &'static str,
}

impl Signature {
    pub(super) fn parse(text: &'static str) -> Result<Self, String> {
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
    fn takes_null(&self, index: usize) -> bool {
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
    }

    /// SQLite text of a call.
    pub(super) fn build(&self, call: &Call<'_>) -> Result<Typed, String> {
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

/// The arguments of one call, none of them NULL.
pub(super) struct Args<'a> {
    context: &'a Context<'a>,
    /// Of the result, then of the arguments.
    types: &'a [DataType],
}

impl<'a> Args<'a> {
    pub(super) fn len(&self) -> usize {
        self.context.len() - 1
    }

    pub(super) fn raw(&self, index: usize) -> ValueRef<'a> {
        self.context.get_raw(index + 1)
    }

    pub(super) fn result(&self) -> &'a DataType {
        &self.types[0]
    }

    pub(super) fn data_type(&self, index: usize) -> &'a DataType {
        &self.types[index + 1]
    }

    /// Of the items of an array.
    pub(super) fn item_type(&self, index: usize) -> &'a DataType {
        match self.data_type(index) {
            DataType::Array(item) => item,
            other => other,
        }
    }

    pub(super) fn text(&self, index: usize) -> Result<&'a str, String> {
        Ok(text_arg(self.context, index + 1)?.unwrap_or_default())
    }

    /// An argument that may be left out.
    pub(super) fn text_or(&self, index: usize, default: &'a str) -> Result<&'a str, String> {
        if index < self.len() {
            self.text(index)
        } else {
            Ok(default)
        }
    }

    /// Also of text that is not UTF-8.
    pub(super) fn bytes(&self, index: usize) -> &'a [u8] {
        match self.raw(index) {
            ValueRef::Text(bytes) | ValueRef::Blob(bytes) => bytes,
            _ => &[],
        }
    }

    pub(super) fn number(&self, index: usize) -> Result<Num, String> {
        Num::read(self.raw(index))?.ok_or_else(|| "NULL".to_string())
    }

    pub(super) fn int(&self, index: usize) -> Result<i128, String> {
        let number = self.number(index)?;
        number
            .whole()
            .ok_or_else(|| format!("argument {} is too large", index + 1))
    }

    pub(super) fn int_or(&self, index: usize, default: i128) -> Result<i128, String> {
        if index < self.len() {
            self.int(index)
        } else {
            Ok(default)
        }
    }

    pub(super) fn float(&self, index: usize) -> Result<f64, String> {
        Ok(self.number(index)?.float())
    }

    pub(super) fn items(&self, index: usize) -> Result<Vec<&'a RawValue>, String> {
        Ok(collection::items(self.text(index)?))
    }

    /// The items of an array of texts.
    pub(super) fn texts(&self, index: usize) -> Result<Vec<String>, String> {
        let items = self.items(index)?;
        Ok(items
            .into_iter()
            .map(|item| collection::plain(item.get()))
            .collect())
    }

    /// As a person would write it.
    pub(super) fn shown(&self, index: usize) -> Result<String, String> {
        value::text(self.raw(index), self.data_type(index))
    }

    pub(super) fn json(&self, index: usize) -> String {
        collection::encode(self.raw(index), self.data_type(index))
    }
}

/// A result, still to be brought into the storage form of its type.
pub(super) enum Out {
    Null,
    Int(i128),
    Float(f64),
    Text(String),
    /// Shown as hexadecimal digits where they are not UTF-8.
    Bytes(Vec<u8>),
    Value(Value),
}

impl Out {
    fn write(self, data_type: &DataType) -> Result<Value, String> {
        match self {
            Self::Null => Ok(Value::Null),
            Self::Int(number) if data_type.is_time() => i64::try_from(number)
                .map(Value::Integer)
                .map_err(|_| "the time is out of range".to_string()),
            Self::Int(number) => Num::Int(number).write(data_type),
            Self::Float(number) => Num::Float(number).write(data_type),
            Self::Text(text) if text.len() > MAX_TEXT => Err(too_long()),
            Self::Text(text) => Ok(Value::Text(text)),
            Self::Bytes(bytes) if bytes.len() > MAX_TEXT => Err(too_long()),
            Self::Bytes(bytes) => Ok(match String::from_utf8(bytes) {
                Ok(text) => Value::Text(text),
                Err(error) => Value::Blob(error.into_bytes()),
            }),
            Self::Value(value) => Ok(value),
        }
    }

    /// An array of JSON values.
    pub(super) fn array<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> Self {
        let mut text = String::from("[");
        for (index, item) in items.into_iter().enumerate() {
            if index > 0 {
                text.push(',');
            }
            text.push_str(item.as_ref());
        }
        text.push(']');
        Self::Text(text)
    }

    /// An array of texts.
    pub(super) fn texts<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> Self {
        let quote = |item: T| serde_json::Value::from(item.as_ref()).to_string();
        Self::array(items.into_iter().map(quote))
    }
}

/// Asked inside of loops that can be long: SQLite stops a statement between calls only.
pub(super) fn go_on() -> Result<(), String> {
    match working::is_stopped() {
        true => Err("canceled".to_string()),
        false => Ok(()),
    }
}

pub(super) fn too_long() -> String {
    format!("the result is longer than {} MiB", MAX_TEXT >> 20)
}

macro_rules! out {
    ($($from:ty => |$value:ident| $out:expr),* $(,)?) => {
        $(impl From<$from> for Out {
            fn from($value: $from) -> Self {
                $out
            }
        })*
    };
}

out! {
    bool => |value| Self::Int(value.into()),
    i64 => |value| Self::Int(value.into()),
    u64 => |value| Self::Int(value.into()),
    u32 => |value| Self::Int(value.into()),
    i128 => |value| Self::Int(value),
    usize => |value| Self::Int(value as i128),
    f64 => |value| Self::Float(value),
    String => |value| Self::Text(value),
    &str => |value| Self::Text(value.to_string()),
    Vec<u8> => |value| Self::Bytes(value),
    Value => |value| Self::Value(value),
}

impl<T: Into<Out>> From<Option<T>> for Out {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// One call of a function in a statement. SQLite keeps its last result until the next one.
struct Site {
    /// Of the result, then of the arguments.
    types: Vec<DataType>,
    charge: Mutex<Charge>,
    charged: AtomicBool,
}

impl Site {
    fn parse(header: &str) -> Result<Self, String> {
        let types = header.split('\n').map(DataType::parse);
        Ok(Self {
            types: types.collect::<Result<_, _>>()?,
            charge: Mutex::default(),
            charged: AtomicBool::new(false),
        })
    }

    fn holds(&self, value: &Value) -> Result<(), String> {
        let bytes = size(value);
        if bytes < working::STEP && !self.charged.load(Ordering::Relaxed) {
            return Ok(());
        }
        self.charged.store(true, Ordering::Relaxed);
        let mut charge = self.charge.lock().unwrap_or_else(PoisonError::into_inner);
        charge.set(bytes)
    }
}

pub(super) fn register(
    conn: &Connection,
    name: &str,
    signature: &'static Signature,
    run: Run,
) -> rusqlite::Result<()> {
    scalar(conn, &format!("__{name}"), -1, move |context| {
        let null = |index: usize| context.get_raw(index) == ValueRef::Null;
        if (1..context.len()).any(|index| null(index) && !signature.takes_null(index - 1)) {
            return Ok(Value::Null);
        }
        let site = parsed(context, Site::parse)?;
        let args = Args {
            context,
            types: &site.types,
        };
        let value = run(&args)?.write(args.result())?;
        site.holds(&value)?;
        Ok(value)
    })
}
