//! Column types of Timeplus, as written in stream definitions and result headers.

mod parse;

use std::fmt;

use self::parse::parse;

/// Levels of a type: `array(int8)` has two. Whatever walks a type needs so much stack at most.
pub const MAX_DEPTH: usize = 32;

/// Types inside a type, itself among them.
pub const MAX_PARTS: usize = 1000;

/// Types are case-insensitive when read and lower case when written.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum DataType {
    Bool,
    /// Signed integer of 8, 16, 32, 64, 128 or 256 bits.
    Int(u16),
    /// Unsigned integer of 8, 16, 32, 64, 128 or 256 bits.
    UInt(u16),
    Float32,
    Float64,
    Decimal {
        precision: u8,
        scale: u8,
    },
    String,
    FixedString(u32),
    Uuid,
    Ipv4,
    Ipv6,
    /// `enum8` or `enum16` with its definition kept as written, for example `enum8('a' = 1)`.
    Enum(String),
    /// Days since 1970-01-01.
    Date,
    /// Seconds since 1970-01-01; the zone only matters for display.
    DateTime {
        zone: Option<String>,
    },
    /// `precision` decimal digits of a second.
    DateTime64 {
        precision: u8,
        zone: Option<String>,
    },
    Json,
    Array(Box<DataType>),
    Map(Box<DataType>, Box<DataType>),
    /// Field name (empty when unnamed) and type.
    Tuple(Vec<(String, DataType)>),
    Nullable(Box<DataType>),
    LowCardinality(Box<DataType>),
}

impl DataType {
    /// The message of an error names the part that is not a type.
    pub fn parse(text: &str) -> Result<Self, String> {
        parse(text.trim())
    }

    /// Whether it has no more than [`MAX_DEPTH`] levels and [`MAX_PARTS`] parts, as every type
    /// that is read has. For types that are made of others.
    pub fn is_bounded(&self) -> bool {
        fn walk(data_type: &DataType, depth: usize, parts: &mut usize) -> bool {
            *parts += 1;
            if depth > MAX_DEPTH || *parts > MAX_PARTS {
                return false;
            }
            match data_type {
                DataType::Array(item)
                | DataType::Nullable(item)
                | DataType::LowCardinality(item) => walk(item, depth + 1, parts),
                DataType::Map(key, value) => {
                    walk(key, depth + 1, parts) && walk(value, depth + 1, parts)
                }
                DataType::Tuple(fields) => fields
                    .iter()
                    .all(|(_, field)| walk(field, depth + 1, parts)),
                _ => true,
            }
        }
        walk(self, 1, &mut 0)
    }

    /// The type without `nullable` and `low_cardinality` around it.
    pub fn inner(&self) -> &Self {
        match self {
            Self::Nullable(inner) | Self::LowCardinality(inner) => inner.inner(),
            other => other,
        }
    }

    pub fn is_nullable(&self) -> bool {
        match self {
            Self::Nullable(_) => true,
            Self::LowCardinality(inner) => inner.is_nullable(),
            _ => false,
        }
    }

    /// Shown right-aligned and usable as a chart's series.
    pub fn is_numeric(&self) -> bool {
        matches!(
            self.inner(),
            Self::Int(_) | Self::UInt(_) | Self::Float32 | Self::Float64 | Self::Decimal { .. }
        )
    }

    pub fn is_time(&self) -> bool {
        matches!(
            self.inner(),
            Self::Date | Self::DateTime { .. } | Self::DateTime64 { .. }
        )
    }
}

impl fmt::Display for DataType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool => f.write_str("bool"),
            Self::Int(bits) => write!(f, "int{bits}"),
            Self::UInt(bits) => write!(f, "uint{bits}"),
            Self::Float32 => f.write_str("float32"),
            Self::Float64 => f.write_str("float64"),
            Self::Decimal { precision, scale } => write!(f, "decimal({precision}, {scale})"),
            Self::String => f.write_str("string"),
            Self::FixedString(length) => write!(f, "fixed_string({length})"),
            Self::Uuid => f.write_str("uuid"),
            Self::Ipv4 => f.write_str("ipv4"),
            Self::Ipv6 => f.write_str("ipv6"),
            Self::Enum(definition) => f.write_str(definition),
            Self::Date => f.write_str("date"),
            Self::DateTime { zone: None } => f.write_str("datetime"),
            Self::DateTime { zone: Some(zone) } => write!(f, "datetime('{zone}')"),
            Self::DateTime64 {
                precision,
                zone: None,
            } => write!(f, "datetime64({precision})"),
            Self::DateTime64 {
                precision,
                zone: Some(zone),
            } => {
                write!(f, "datetime64({precision}, '{zone}')")
            }
            Self::Json => f.write_str("json"),
            Self::Array(item) => write!(f, "array({item})"),
            Self::Map(key, value) => write!(f, "map({key}, {value})"),
            Self::Tuple(fields) => {
                f.write_str("tuple(")?;
                for (index, (name, field)) in fields.iter().enumerate() {
                    if index > 0 {
                        f.write_str(", ")?;
                    }
                    let plain = |c: char| c.is_alphanumeric() || c == '_';
                    match name.as_str() {
                        "" => {}
                        name if name.chars().all(plain) => write!(f, "{name} ")?,
                        name => write!(f, "`{}` ", name.replace('`', "``"))?,
                    }
                    write!(f, "{field}")?;
                }
                f.write_str(")")
            }
            Self::Nullable(inner) => write!(f, "nullable({inner})"),
            Self::LowCardinality(inner) => write!(f, "low_cardinality({inner})"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_reads_back_as_it_is_written() {
        for text in [
            "bool",
            "int8",
            "int256",
            "uint64",
            "float32",
            "float64",
            "decimal(38, 9)",
            "string",
            "fixed_string(16)",
            "uuid",
            "ipv4",
            "ipv6",
            "date",
            "datetime",
            "datetime('Europe/Berlin')",
            "datetime64(3)",
            "datetime64(6, 'UTC')",
            "json",
            "array(array(nullable(int64)))",
            "map(string, array(uint64))",
            "tuple(a int8, b tuple(string, float64))",
            "tuple(`a b` int8)",
            "tuple(`a``b` int8, ```` string, `\"` string, ` ``` string)",
            "low_cardinality(nullable(string))",
            "enum8('a' = 1, 'b,(' = 2)",
        ] {
            let parsed = DataType::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(parsed.to_string(), text);
        }
    }
}
