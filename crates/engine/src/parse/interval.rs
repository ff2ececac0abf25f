//! Lengths of time: `5s`, `INTERVAL 5 SECOND`, `INTERVAL '5' MINUTE`.

use sqlparser::{
    ast::{DateTimeField, Expr, Interval, UnaryOperator, Value},
    parser::Parser,
    tokenizer::Token,
};

use super::{cursor::Cursor, dialect::Timeplus, rewrite};
use crate::SqlError;

/// A count of calendar or clock units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Unit {
    Nanosecond,
    Microsecond,
    Millisecond,
    Second,
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Quarter,
    Year,
}

impl Unit {
    pub(crate) fn parse(name: &str) -> Option<Self> {
        let lower = name.to_ascii_lowercase();
        let one = if lower.len() > 2 {
            lower.strip_suffix('s').unwrap_or(&lower)
        } else {
            &lower
        };
        Some(match one {
            "nanosecond" | "ns" => Self::Nanosecond,
            "microsecond" | "us" => Self::Microsecond,
            "millisecond" | "ms" => Self::Millisecond,
            "second" | "s" => Self::Second,
            "minute" | "m" => Self::Minute,
            "hour" | "h" => Self::Hour,
            "day" | "d" => Self::Day,
            "week" | "w" => Self::Week,
            "month" => Self::Month,
            "quarter" | "q" => Self::Quarter,
            "year" | "y" => Self::Year,
            _ => return None,
        })
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Nanosecond => "nanosecond",
            Self::Microsecond => "microsecond",
            Self::Millisecond => "millisecond",
            Self::Second => "second",
            Self::Minute => "minute",
            Self::Hour => "hour",
            Self::Day => "day",
            Self::Week => "week",
            Self::Month => "month",
            Self::Quarter => "quarter",
            Self::Year => "year",
        }
    }

    /// Nanoseconds, or `None` for units of varying length.
    pub(crate) fn nanos(self) -> Option<i64> {
        Some(match self {
            Self::Nanosecond => 1,
            Self::Microsecond => 1_000,
            Self::Millisecond => 1_000_000,
            Self::Second => 1_000_000_000,
            Self::Minute => 60_000_000_000,
            Self::Hour => 3_600_000_000_000,
            Self::Day => 86_400_000_000_000,
            Self::Week => 604_800_000_000_000,
            Self::Month | Self::Quarter | Self::Year => return None,
        })
    }
}

/// Milliseconds of an interval expression of fixed length.
pub(crate) fn read(cursor: &mut Cursor<'_>) -> Result<i64, SqlError> {
    let span = cursor.span();
    let tokens = cursor.until(|token| {
        matches!(token, Token::Comma | Token::SemiColon)
            || super::source::is_word(token, "SETTINGS")
            || super::source::is_word(token, "AND")
    });
    let tokens = rewrite::rewrite(cursor.source, tokens)?;
    let expr = Parser::new(&Timeplus)
        .with_tokens_with_locations(tokens)
        .parse_expr()?;
    match &expr {
        Expr::Interval(interval) => millis(interval).map_err(|message| SqlError::at(message, span)),
        _ => Err(SqlError::at("expected an interval like 5s", span)),
    }
}

/// Whole count and unit of an interval literal.
pub(crate) fn count(interval: &Interval) -> Result<(i64, Unit), String> {
    let text = match interval.value.as_ref() {
        Expr::Value(value) => match &value.value {
            Value::Number(text, _) | Value::SingleQuotedString(text) => text.clone(),
            other => return Err(format!("an interval's length is a number, not {other}")),
        },
        Expr::UnaryOp {
            op: UnaryOperator::Minus,
            expr,
        } => format!("-{expr}"),
        other => return Err(format!("an interval's length is a number, not {other}")),
    };
    let unit = match &interval.leading_field {
        Some(field) => field_unit(field),
        // `INTERVAL '5 minutes'`
        None => text
            .split_once(' ')
            .and_then(|(_, unit)| Unit::parse(unit.trim())),
    };
    let unit = unit.ok_or("an interval takes a unit from nanosecond to year")?;
    let digits = text.split(' ').next().unwrap_or_default();
    let number = digits
        .parse()
        .map_err(|_| format!("an interval's length is a whole number, not '{digits}'"))?;
    Ok((number, unit))
}

fn field_unit(field: &DateTimeField) -> Option<Unit> {
    Unit::parse(&field.to_string())
}

/// Milliseconds of an interval literal of fixed length, at least one.
pub(crate) fn millis(interval: &Interval) -> Result<i64, String> {
    let (number, unit) = count(interval)?;
    let nanos = unit
        .nanos()
        .ok_or_else(|| format!("{} has no fixed length: use days or less", unit.name()))?;
    let millis = number
        .checked_mul(nanos)
        .ok_or("the interval is too long")?
        / 1_000_000;
    if millis < 1 {
        return Err("an interval here is at least 1ms".to_string());
    }
    Ok(millis)
}
