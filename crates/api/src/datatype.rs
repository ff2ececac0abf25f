//! Column types of Timeplus, as written in stream definitions and result headers.

use std::fmt;

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

fn parse(text: &str) -> Result<DataType, String> {
    let (name, arguments) = match text.split_once('(') {
        Some((name, rest)) => {
            let inside = rest
                .trim_end()
                .strip_suffix(')')
                .ok_or_else(|| format!("type '{text}' lacks a closing bracket"))?;
            (name.trim(), Some(split_arguments(inside)))
        }
        None => (text, None),
    };
    let lower = name.to_ascii_lowercase();
    let unknown = || format!("'{text}' is not a known type");
    match (lower.as_str(), arguments) {
        (simple, None) => simple_type(simple).ok_or_else(unknown),
        ("decimal", Some(args)) => match args.as_slice() {
            [precision, scale] => decimal(number(precision, text)?, number(scale, text)?, text),
            [precision] => decimal(number(precision, text)?, 0, text),
            _ => Err(format!("'{text}' takes a precision and a scale")),
        },
        ("fixed_string", Some(args)) => Ok(DataType::FixedString(number(one(&args, text)?, text)?)),
        ("enum8" | "enum16" | "enum", Some(_)) => Ok(DataType::Enum(text.to_string())),
        ("datetime", Some(args)) => Ok(DataType::DateTime {
            zone: Some(unquote(one(&args, text)?)),
        }),
        ("datetime64", Some(args)) => datetime64(&args, text),
        ("array", Some(args)) => Ok(DataType::Array(Box::new(parse(one(&args, text)?)?))),
        ("nullable", Some(args)) => Ok(DataType::Nullable(Box::new(parse(one(&args, text)?)?))),
        ("low_cardinality", Some(args)) => Ok(DataType::LowCardinality(Box::new(parse(one(
            &args, text,
        )?)?))),
        ("map", Some(args)) => match args.as_slice() {
            [key, value] => Ok(DataType::Map(
                Box::new(parse(key)?),
                Box::new(parse(value)?),
            )),
            _ => Err(format!("'{text}' takes a key and a value type")),
        },
        ("tuple", Some(args)) => args
            .iter()
            .map(|field| tuple_field(field))
            .collect::<Result<_, _>>()
            .map(DataType::Tuple),
        _ => Err(unknown()),
    }
}

fn simple_type(name: &str) -> Option<DataType> {
    Some(match name {
        "bool" | "boolean" => DataType::Bool,
        "int8" | "tinyint" => DataType::Int(8),
        "int16" | "smallint" => DataType::Int(16),
        "int32" | "int" | "integer" => DataType::Int(32),
        "int64" | "bigint" => DataType::Int(64),
        "int128" => DataType::Int(128),
        "int256" => DataType::Int(256),
        "uint8" => DataType::UInt(8),
        "uint16" => DataType::UInt(16),
        "uint32" | "uint" => DataType::UInt(32),
        "uint64" => DataType::UInt(64),
        "uint128" => DataType::UInt(128),
        "uint256" => DataType::UInt(256),
        "float32" | "float" | "real" => DataType::Float32,
        "float64" | "double" => DataType::Float64,
        "decimal" => DataType::Decimal {
            precision: 10,
            scale: 0,
        },
        "string" | "varchar" | "text" => DataType::String,
        "uuid" => DataType::Uuid,
        "ipv4" => DataType::Ipv4,
        "ipv6" => DataType::Ipv6,
        "date" => DataType::Date,
        "datetime" => DataType::DateTime { zone: None },
        "datetime64" => DataType::DateTime64 {
            precision: 3,
            zone: None,
        },
        "json" => DataType::Json,
        _ => return None,
    })
}

fn decimal(precision: u8, scale: u8, text: &str) -> Result<DataType, String> {
    if precision == 0 || precision > 76 || scale > precision {
        return Err(format!(
            "'{text}': precision is 1 to 76 and scale at most precision"
        ));
    }
    Ok(DataType::Decimal { precision, scale })
}

fn datetime64(args: &[&str], text: &str) -> Result<DataType, String> {
    let (precision, zone) = match args {
        [precision] => (precision, None),
        [precision, zone] => (precision, Some(unquote(zone))),
        _ => {
            return Err(format!(
                "'{text}' takes a precision and perhaps a time zone"
            ));
        }
    };
    let precision: u8 = number(precision, text)?;
    if precision > 9 {
        return Err(format!("'{text}': precision is 0 to 9"));
    }
    Ok(DataType::DateTime64 { precision, zone })
}

fn tuple_field(field: &str) -> Result<(String, DataType), String> {
    if let Ok(unnamed) = parse(field) {
        return Ok((String::new(), unnamed));
    }
    match field.split_once(char::is_whitespace) {
        Some((name, rest)) => Ok((name.trim_matches('`').to_string(), parse(rest.trim())?)),
        None => parse(field).map(|t| (String::new(), t)),
    }
}

fn one<'a>(args: &[&'a str], text: &str) -> Result<&'a str, String> {
    match args {
        [only] => Ok(only),
        _ => Err(format!("'{text}' takes one argument")),
    }
}

fn number<N: std::str::FromStr>(argument: &str, text: &str) -> Result<N, String> {
    argument
        .parse()
        .map_err(|_| format!("'{argument}' in '{text}' is not a valid number"))
}

fn unquote(text: &str) -> String {
    text.trim_matches(|c| c == '\'' || c == '"').to_string()
}

/// Splits at commas that stand outside brackets and quotes.
fn split_arguments(text: &str) -> Vec<&str> {
    let (mut parts, mut depth, mut quoted, mut start) = (Vec::new(), 0i32, false, 0);
    for (index, c) in text.char_indices() {
        match c {
            '\'' => quoted = !quoted,
            '(' if !quoted => depth += 1,
            ')' if !quoted => depth -= 1,
            ',' if !quoted && depth == 0 => {
                parts.push(text[start..index].trim());
                start = index + 1;
            }
            _ => {}
        }
    }
    parts.push(text[start..].trim());
    parts
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
                    if !name.is_empty() {
                        write!(f, "{name} ")?;
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
            "low_cardinality(nullable(string))",
            "enum8('a' = 1, 'b,(' = 2)",
        ] {
            let parsed = DataType::parse(text).unwrap_or_else(|error| panic!("{text}: {error}"));
            assert_eq!(parsed.to_string(), text);
        }
    }

    #[test]
    fn aliases_and_case_are_accepted() {
        assert_eq!(DataType::parse("BIGINT"), Ok(DataType::Int(64)));
        assert_eq!(DataType::parse(" Double "), Ok(DataType::Float64));
    }

    #[test]
    fn errors_name_the_part_that_is_wrong() {
        for (text, part) in [
            ("strin", "strin"),
            ("array(strin)", "strin"),
            ("decimal(80, 1)", "precision"),
            ("datetime64(12)", "precision"),
            ("array(int8", "closing bracket"),
            ("", "''"),
        ] {
            let error = DataType::parse(text).expect_err(text);
            assert!(error.contains(part), "{text}: {error}");
        }
    }
}
