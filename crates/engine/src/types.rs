//! Result types of operators, and the type that several values have in common.

use weir_api::DataType;

/// Types as other products call them, and what is written here.
const ELSEWHERE: &[(&str, &str)] = &[
    ("varchar", "string"),
    ("nvarchar", "string"),
    ("char", "string"),
    ("text", "string"),
    ("bytea", "string"),
    ("blob", "string"),
    ("tinyint", "int8"),
    ("smallint", "int16"),
    ("bigint", "int64"),
    ("number", "float64"),
    ("double", "float64"),
    ("real", "float32"),
    ("numeric", "decimal(18, 4)"),
    ("boolean", "bool"),
    ("timestamp", "datetime64(3)"),
    ("timestamptz", "datetime64(3, 'UTC')"),
    ("jsonb", "json"),
    ("serial", "uint64"),
];

/// A type by its name; where it is another product's, the error says what is written here.
pub(crate) fn parse(name: &str) -> Result<DataType, String> {
    DataType::parse(name).map_err(|message| {
        let word = name.split(['(', ' ']).next().unwrap_or_default();
        let known = ELSEWHERE
            .iter()
            .find(|(other, _)| word.eq_ignore_ascii_case(other));
        match known {
            Some((_, here)) => format!("{message}: use {here}"),
            None => message,
        }
    })
}

use crate::value::Op;

pub(crate) fn nullable(data_type: DataType) -> DataType {
    if data_type.is_nullable() {
        data_type
    } else {
        DataType::Nullable(Box::new(data_type))
    }
}

pub(crate) fn nullable_if(data_type: DataType, condition: bool) -> DataType {
    if condition {
        nullable(data_type)
    } else {
        data_type
    }
}

pub(crate) fn is_float(data_type: &DataType) -> bool {
    matches!(data_type.inner(), DataType::Float32 | DataType::Float64)
}

/// Stored as text of digits, which only the collation WIDE puts in order.
pub(crate) fn is_wide(data_type: &DataType) -> bool {
    matches!(
        data_type.inner(),
        DataType::Int(128 | 256) | DataType::UInt(128 | 256) | DataType::Decimal { .. }
    )
}

pub(crate) fn is_text(data_type: &DataType) -> bool {
    matches!(
        data_type.inner(),
        DataType::String
            | DataType::FixedString(_)
            | DataType::Enum(_)
            | DataType::Uuid
            | DataType::Ipv4
            | DataType::Ipv6
    )
}

/// Stored as JSON text, which only the collation NESTED puts in order.
pub(crate) fn is_nested(data_type: &DataType) -> bool {
    matches!(data_type.inner(), DataType::Array(_) | DataType::Tuple(_))
}

pub(crate) fn is_array(data_type: &DataType) -> bool {
    matches!(data_type.inner(), DataType::Array(_))
}

/// How many arrays are in one another.
pub(crate) fn depth(data_type: &DataType) -> usize {
    let (mut inside, mut depth) = (data_type, 0);
    while let DataType::Array(item) = inside.inner() {
        inside = item.as_ref();
        depth += 1;
    }
    depth
}

/// Sign and bits; a boolean counts as uint8.
fn int(data_type: &DataType) -> Option<(bool, u16)> {
    match data_type.inner() {
        DataType::Int(bits) => Some((true, *bits)),
        DataType::UInt(bits) => Some((false, *bits)),
        DataType::Bool => Some((false, 8)),
        _ => None,
    }
}

fn integer(signed: bool, bits: u16) -> DataType {
    if signed {
        DataType::Int(bits)
    } else {
        DataType::UInt(bits)
    }
}

/// The type of `left op right` for numbers.
pub(crate) fn arithmetic(op: Op, left: &DataType, right: &DataType) -> Option<DataType> {
    let null = left.is_nullable() || right.is_nullable();
    let (left, right) = (left.inner(), right.inner());
    let number = |t: &DataType| t.is_numeric() || *t == DataType::Bool;
    if !number(left) || !number(right) {
        return None;
    }
    let result = if op == Op::Divide || is_float(left) || is_float(right) {
        DataType::Float64
    } else if let (Some((left_signed, left_bits)), Some((right_signed, right_bits))) =
        (int(left), int(right))
    {
        let bits = left_bits.max(right_bits);
        let signed = left_signed || (op != Op::Modulo && right_signed) || op == Op::Subtract;
        match (op, bits) {
            (Op::Modulo, _) | (_, 64..) => integer(signed, bits),
            _ => integer(signed, bits * 2),
        }
    } else {
        let (left, right) = (scale(left), scale(right));
        let scale = if op == Op::Multiply {
            left.0 + right.0
        } else {
            left.0.max(right.0)
        };
        let precision = left.1.max(right.1).max(scale);
        decimal(precision, scale)
    };
    Some(nullable_if(result, null))
}

/// Scale and precision.
fn scale(data_type: &DataType) -> (u8, u8) {
    match data_type {
        DataType::Decimal { precision, scale } => (*scale, *precision),
        DataType::Int(128 | 256) | DataType::UInt(128 | 256) => (0, 76),
        _ => (0, 20),
    }
}

/// Results have room to grow: 38 digits, or 76 where an operand needs them.
fn decimal(precision: u8, scale: u8) -> DataType {
    DataType::Decimal {
        precision: if precision > 38 { 76 } else { 38 },
        scale: scale.min(76),
    }
}

/// The type that holds the values of both.
pub(crate) fn common(left: &DataType, right: &DataType) -> Result<DataType, String> {
    let null = left.is_nullable() || right.is_nullable();
    let (a, b) = (left.inner(), right.inner());
    let failed = || format!("{a} and {b} have no type in common");
    let result = match (a, b) {
        _ if a == b => a.clone(),
        _ if is_text(a) && is_text(b) => DataType::String,
        (DataType::Json, other) | (other, DataType::Json) if is_text(other) => DataType::String,
        (DataType::Array(a), DataType::Array(b)) => DataType::Array(Box::new(common(a, b)?)),
        (DataType::Map(ak, av), DataType::Map(bk, bv)) => {
            DataType::Map(Box::new(common(ak, bk)?), Box::new(common(av, bv)?))
        }
        (DataType::Tuple(a), DataType::Tuple(b)) if a.len() == b.len() => {
            let fields = a.iter().zip(b).map(|((a_name, a), (b_name, b))| {
                let name = if a_name == b_name {
                    a_name.as_str()
                } else {
                    ""
                };
                Ok((name.to_string(), common(a, b)?))
            });
            DataType::Tuple(fields.collect::<Result<_, String>>()?)
        }
        _ if a.is_time() && b.is_time() => finest(a, b),
        _ => numbers(a, b).ok_or_else(failed)?,
    };
    Ok(nullable_if(result, null))
}

/// The finer of both, in the zone of the first that has one.
fn finest(a: &DataType, b: &DataType) -> DataType {
    let zone = match (a, b) {
        (
            DataType::DateTime { zone: Some(zone) }
            | DataType::DateTime64 {
                zone: Some(zone), ..
            },
            _,
        )
        | (
            _,
            DataType::DateTime { zone: Some(zone) }
            | DataType::DateTime64 {
                zone: Some(zone), ..
            },
        ) => Some(zone.clone()),
        _ => None,
    };
    let digits = |t: &DataType| match t {
        DataType::DateTime64 { precision, .. } => Some(*precision),
        _ => None,
    };
    match digits(a).max(digits(b)) {
        Some(precision) => DataType::DateTime64 { precision, zone },
        None if *a == DataType::Date && *b == DataType::Date => DataType::Date,
        None => DataType::DateTime { zone },
    }
}

fn numbers(a: &DataType, b: &DataType) -> Option<DataType> {
    let number = |t: &DataType| t.is_numeric() || *t == DataType::Bool;
    if !number(a) || !number(b) {
        return None;
    }
    if is_float(a) || is_float(b) {
        return Some(DataType::Float64);
    }
    let (Some((a_signed, a_bits)), Some((b_signed, b_bits))) = (int(a), int(b)) else {
        let (a, b) = (scale(a), scale(b));
        return Some(decimal(a.1.max(b.1), a.0.max(b.0)));
    };
    if a_signed == b_signed {
        return Some(integer(a_signed, a_bits.max(b_bits)));
    }
    let (signed, unsigned) = if a_signed {
        (a_bits, b_bits)
    } else {
        (b_bits, a_bits)
    };
    Some(DataType::Int(signed.max((unsigned * 2).min(256))))
}
