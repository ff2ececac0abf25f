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
    /// Milliseconds between two results, sent if anything has changed.
    Periodic(i64),
    /// The same, sent in any case.
    Repeated(i64),
    /// The groups that have changed, at most so often (ms).
    Updates(i64),
    /// When the watermark, this many milliseconds behind the newest event, passes a window's end.
    AfterWatermark(i64),
}

#[derive(Debug, Clone, Default)]
pub(crate) struct Tail {
    pub(crate) emit: Option<(Emit, Span)>,
    pub(crate) seek_to: Option<(String, Span)>,
    /// `query_mode = 'table'`: every stream is read as it is now.
    pub(crate) table_mode: bool,
    /// What was asked for and changes nothing here.
    pub(crate) notices: Vec<String>,
}

/// Settings that make a query faster or safer elsewhere, and never change its rows.
const TUNING: [&str; 24] = [
    "checkpoint_interval",
    "checkpoint_settings",
    "default_hash_join",
    "default_hash_table",
    "enable_optimize_predicate_expression",
    "group_by_two_level_threshold",
    "group_by_two_level_threshold_bytes",
    "join_algorithm",
    "join_max_buffered_bytes",
    "log_queries",
    "max_block_size",
    "max_bytes_before_external_group_by",
    "max_bytes_before_external_sort",
    "max_hot_keys",
    "max_insert_threads",
    "max_memory_usage",
    "max_read_buffer_size",
    "max_threads",
    "optimize_move_to_prewhere",
    "optimize_read_in_order",
    "preferred_block_size_bytes",
    "priority",
    "send_logs_level",
    "use_uncompressed_cache",
];

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

/// Splits the tokens of a query from its tail. Settings inside brackets are taken out of them: they
/// are those of the whole query.
pub(crate) fn split(
    source: &Source<'_>,
    tokens: &[TokenWithSpan],
) -> Result<(Vec<TokenWithSpan>, Tail), SqlError> {
    let mut tail = Tail::default();
    let mut kept = Vec::with_capacity(tokens.len());
    let (mut depth, mut index) = (0usize, 0);
    while index < tokens.len() {
        match &tokens[index].token {
            Token::LParen => depth += 1,
            Token::RParen => depth = depth.saturating_sub(1),
            _ if starts_tail(tokens, index) => {
                let mut cursor = Cursor::new(source, &tokens[index..]);
                if depth == 0 {
                    read(&mut cursor, &mut tail)?;
                    cursor.expect_end()?;
                    return Ok((kept, tail));
                }
                if !cursor.accept_word("SETTINGS") {
                    return Err(SqlError::unsupported(
                        "EMIT inside a subquery",
                        tokens[index].span,
                    ));
                }
                settings(&mut cursor, &mut tail)?;
                if cursor.peek() != Some(&Token::RParen) {
                    return Err(cursor.expected("the end of the subquery"));
                }
                index = tokens.len() - cursor.rest().len();
                continue;
            }
            _ => {}
        }
        kept.push(tokens[index].clone());
        index += 1;
    }
    Ok((kept, tail))
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

fn read(cursor: &mut Cursor<'_>, tail: &mut Tail) -> Result<(), SqlError> {
    let span = cursor.span();
    if cursor.accept_word("EMIT") {
        tail.emit = Some((emit(cursor)?, span));
    }
    if cursor.accept_word("SETTINGS") {
        settings(cursor, tail)?;
    }
    Ok(())
}

fn settings(cursor: &mut Cursor<'_>, tail: &mut Tail) -> Result<(), SqlError> {
    loop {
        setting(cursor, tail)?;
        if !cursor.accept(&Token::Comma) {
            return Ok(());
        }
    }
}

fn emit(cursor: &mut Cursor<'_>) -> Result<Emit, SqlError> {
    cursor.accept_word("STREAM");
    if cursor.accept_word("PERIODIC") {
        let span = cursor.span();
        let period = interval::read(cursor)?;
        if !(100..=86_400_000).contains(&period) {
            return Err(SqlError::at("EMIT PERIODIC takes from 100ms to 1d", span));
        }
        return Ok(match cursor.accept_word("REPEAT") {
            true => Emit::Repeated(period),
            false => Emit::Periodic(period),
        });
    }
    if cursor.accept_words(&["AFTER", "WATERMARK"])
        || cursor.accept_words(&["AFTER", "WINDOW", "CLOSE"])
    {
        let delay = if cursor.accept_words(&["WITH", "DELAY"]) || cursor.accept_word("DELAY") {
            interval::read(cursor)?
        } else {
            0
        };
        return Ok(Emit::AfterWatermark(delay));
    }
    if cursor.accept_words(&["ON", "UPDATE"]) {
        let batch = if cursor.accept_words(&["WITH", "BATCH"]) {
            interval::read(cursor)?
        } else {
            0
        };
        return Ok(Emit::Updates(batch));
    }
    let what = cursor
        .rest()
        .first()
        .map_or("EMIT", |token| cursor.source.text(token.span));
    Err(SqlError::unsupported(
        format!(
            "EMIT {} (PERIODIC [REPEAT], AFTER WINDOW CLOSE [WITH DELAY] and ON UPDATE [WITH BATCH] \
             are)",
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
        "query_mode" => {
            tail.table_mode = match cursor.string("'table' or 'streaming'")?.as_str() {
                "table" => true,
                "streaming" => false,
                other => {
                    let message = format!("query_mode is 'table' or 'streaming', not '{other}'");
                    return Err(SqlError::at(message, value_span));
                }
            };
        }
        tuning if TUNING.contains(&tuning) => {
            value(cursor)?;
            tail.notices
                .push(format!("setting {tuning} has no effect here"));
        }
        _ => {
            return Err(SqlError::unsupported(
                format!("setting '{name}' (seek_to, query_mode and what only tunes are)"),
                span,
            ));
        }
    }
    Ok(())
}

/// A number, a text or a word.
fn value(cursor: &mut Cursor<'_>) -> Result<(), SqlError> {
    let tokens = cursor
        .until(|token| *token == Token::Comma || *token == Token::RParen || is_word(token, "EMIT"));
    match tokens {
        [only] if !matches!(only.token, Token::Comma) => Ok(()),
        [minus, _] if minus.token == Token::Minus => Ok(()),
        _ => Err(cursor.expected("a value")),
    }
}
