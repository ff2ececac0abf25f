//! Lengths of time: `5s`, `INTERVAL 5 SECOND`, `INTERVAL '5' MINUTE`.

use sqlparser::{
    ast::{DateTimeField, Expr, Interval, UnaryOperator, Value},
    tokenizer::Token,
};

use super::{cursor::Cursor, rewrite};
use crate::{SqlError, typed::Unit};

/// Words that can stand behind a length of time.
const STOPS: [&str; 9] = [
    "SETTINGS",
    "AND",
    "REPEAT",
    "WITH",
    "ON",
    "TIMEOUT",
    "PERIODIC",
    "FORMAT",
    "CHANGELOG",
];

/// Milliseconds of an interval expression of fixed length.
pub(crate) fn read(cursor: &mut Cursor<'_>) -> Result<i64, SqlError> {
    let span = cursor.span();
    let tokens = cursor.until(|token| {
        matches!(token, Token::Comma | Token::SemiColon)
            || STOPS.iter().any(|word| super::source::is_word(token, word))
    });
    let tokens = rewrite::rewrite(cursor.source, tokens)?;
    let mut parser = super::parser(tokens);
    let expr = parser.parse_expr().map_err(super::refused)?;
    super::at_end(&parser)?;
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
    let digits = match &interval.leading_field {
        Some(_) => text.as_str(),
        None => text.split(' ').next().unwrap_or_default(),
    };
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
        return Err("an interval is at least 1ms".to_string());
    }
    Ok(millis)
}
