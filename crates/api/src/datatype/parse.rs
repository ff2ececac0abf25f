//! Types as they are written.

use crate::DataType;

pub(super) fn parse(text: &str) -> Result<DataType, String> {
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

#[cfg(test)]
mod tests {
    use super::*;

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
