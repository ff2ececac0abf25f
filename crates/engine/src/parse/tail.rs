//! `EMIT …` and `SETTINGS …` at the end of a query.

use sqlparser::{
    keywords::Keyword,
    tokenizer::{Span, Token, TokenWithSpan},
};

use super::{
    cursor::Cursor,
    interval,
    source::{Source, is_word},
};
use crate::SqlError;

/// When an aggregating streaming query sends its rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Emit {
    /// Milliseconds between two results.
    Periodic(i64),
    /// When the watermark, this many milliseconds behind the newest event, passes a window's end.
    AfterWatermark(i64),
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Tail {
    pub(crate) emit: Option<(Emit, Span)>,
    pub(crate) seek_to: Option<(String, Span)>,
}

const EMIT_WORDS: [&str; 9] = [
    "STREAM",
    "CHANGELOG",
    "PERIODIC",
    "AFTER",
    "ON",
    "LAST",
    "TIMEOUT",
    "PER",
    "REPEAT",
];

/// Splits the tokens of a query from its tail.
pub(crate) fn split<'t>(
    source: &Source<'_>,
    tokens: &'t [TokenWithSpan],
) -> Result<(&'t [TokenWithSpan], Tail), SqlError> {
    let mut depth = 0usize;
    for index in 0..tokens.len() {
        match &tokens[index].token {
            Token::LParen => depth += 1,
            Token::RParen => depth = depth.saturating_sub(1),
            _ if starts_tail(tokens, index) => {
                if depth > 0 {
                    return Err(SqlError::unsupported(
                        format!(
                            "{} inside a subquery",
                            source.text(tokens[index].span).to_uppercase()
                        ),
                        tokens[index].span,
                    ));
                }
                return Ok((&tokens[..index], read(source, &tokens[index..])?));
            }
            _ => {}
        }
    }
    Ok((tokens, Tail::default()))
}

fn starts_tail(tokens: &[TokenWithSpan], index: usize) -> bool {
    let next = |offset: usize| tokens.get(index + offset).map(|t| &t.token);
    let after_operand = index > 0
        && match &tokens[index - 1].token {
            Token::Word(word) => !matches!(
                word.keyword,
                Keyword::SELECT | Keyword::AS | Keyword::FROM | Keyword::BY | Keyword::WHERE
            ),
            Token::RParen | Token::RBracket | Token::Number(..) | Token::SingleQuotedString(_) => {
                true
            }
            Token::Mul => true,
            _ => false,
        };
    if !after_operand {
        return false;
    }
    let token = &tokens[index].token;
    if is_word(token, "SETTINGS") {
        matches!(next(1), Some(Token::Word(_))) && next(2) == Some(&Token::Eq)
    } else {
        is_word(token, "EMIT")
            && next(1).is_some_and(|t| EMIT_WORDS.iter().any(|word| is_word(t, word)))
    }
}

fn read(source: &Source<'_>, tokens: &[TokenWithSpan]) -> Result<Tail, SqlError> {
    let mut tail = Tail::default();
    let mut cursor = Cursor::new(source, tokens);
    let span = cursor.span();
    if cursor.accept_word("EMIT") {
        tail.emit = Some((emit(&mut cursor)?, span));
    }
    if cursor.accept_word("SETTINGS") {
        loop {
            setting(&mut cursor, &mut tail)?;
            if !cursor.accept(&Token::Comma) {
                break;
            }
        }
    }
    cursor.expect_end()?;
    Ok(tail)
}

fn emit(cursor: &mut Cursor<'_>) -> Result<Emit, SqlError> {
    cursor.accept_word("STREAM");
    if cursor.accept_word("PERIODIC") {
        let span = cursor.span();
        let period = interval::read(cursor)?;
        if !(100..=86_400_000).contains(&period) {
            return Err(SqlError::at("EMIT PERIODIC takes from 100ms to 1d", span));
        }
        return Ok(Emit::Periodic(period));
    }
    if cursor.accept_words(&["AFTER", "WATERMARK"]) {
        let delay = if cursor.accept_words(&["WITH", "DELAY"]) {
            interval::read(cursor)?
        } else {
            0
        };
        return Ok(Emit::AfterWatermark(delay));
    }
    let what = cursor
        .rest()
        .first()
        .map_or("EMIT", |token| cursor.source.text(token.span));
    Err(SqlError::unsupported(
        format!(
            "EMIT {} (PERIODIC and AFTER WATERMARK are)",
            what.to_uppercase()
        ),
        cursor.span(),
    ))
}

fn setting(cursor: &mut Cursor<'_>, tail: &mut Tail) -> Result<(), SqlError> {
    let span = cursor.span();
    let name = cursor.name("a setting's name")?;
    cursor.expect(&Token::Eq)?;
    let value_span = cursor.span();
    match name.to_ascii_lowercase().as_str() {
        "seek_to" => tail.seek_to = Some((cursor.string("a time in quotes")?, value_span)),
        _ => {
            return Err(SqlError::unsupported(
                format!("setting '{name}' (seek_to is)"),
                span,
            ));
        }
    }
    Ok(())
}
