//! `${name}`: parameters of a query. Values take their places as literals among the tokens, so no
//! value is ever read as SQL.

use std::collections::HashMap;

use sqlparser::{
    keywords::Keyword,
    tokenizer::{Span, Token, TokenWithSpan, Word},
};

use super::{
    Select, Statement,
    source::{IsFunction, Source},
    statement,
};
use crate::SqlError;

/// What a parameter is given.
#[derive(Debug, Clone, PartialEq)]
pub enum Given {
    Null,
    Text(String),
    Int(i64),
    Float(f64),
    Bool(bool),
    /// For `IN ${name}` and `IN (${name})`.
    List(Vec<Given>),
}

/// Names in the order in which they first stand in `sql`.
pub(crate) fn parameters(sql: &str, is_function: IsFunction) -> Result<Vec<String>, SqlError> {
    let source = Source::new(sql, is_function);
    let tokens = source.tokens()?;
    let mut names: Vec<String> = Vec::new();
    let mut index = 0;
    while index < tokens.len() {
        match parameter(&tokens[index..])? {
            Some((name, _)) => {
                if names.iter().all(|known| *known != name) {
                    names.push(name);
                }
                index += TOKENS;
            }
            None => index += 1,
        }
    }
    Ok(names)
}

/// Reads one SELECT whose parameters have these values; a closing semicolon is allowed.
pub(crate) fn bind(
    sql: &str,
    given: &[(String, Given)],
    is_function: IsFunction,
) -> Result<Select, SqlError> {
    let source = Source::new(sql, is_function);
    let mut tokens = source.tokens()?;
    while tokens.last().is_some_and(|t| t.token == Token::SemiColon) {
        tokens.pop();
    }
    // The first of a name holds.
    let places: HashMap<&str, &Given> = given
        .iter()
        .rev()
        .map(|(name, value)| (name.as_str(), value))
        .collect();
    let mut bound = Vec::with_capacity(tokens.len());
    let mut index = 0;
    while index < tokens.len() {
        let Some((name, span)) = parameter(&tokens[index..])? else {
            bound.push(tokens[index].clone());
            index += 1;
            continue;
        };
        let value = places.get(name.as_str());
        let Some(value) = value else {
            return Err(SqlError::at(
                format!("parameter '{name}' is not declared"),
                span,
            ));
        };
        let inside = bound
            .last()
            .is_some_and(|before: &TokenWithSpan| before.token == Token::LParen);
        let literal = literal(value, inside)
            .map_err(|message| SqlError::at(format!("parameter '{name}': {message}"), span))?;
        bound.extend(
            literal
                .into_iter()
                .map(|token| TokenWithSpan::new(token, span)),
        );
        index += TOKENS;
    }
    match statement(&source, &bound)? {
        Statement::Select(select) => Ok(*select),
        Statement::Ddl(..) | Statement::Insert(_) => Err(SqlError::new("expected a SELECT")),
    }
}

/// `$`, `{`, the name, `}`.
const TOKENS: usize = 4;

/// The parameter at the start of `tokens`.
fn parameter(tokens: &[TokenWithSpan]) -> Result<Option<(String, Span)>, SqlError> {
    let first = &tokens[0];
    match &first.token {
        Token::Placeholder(mark) if mark == "$" => {}
        Token::SingleQuotedString(text) if text.contains("${") => {
            let words = "a parameter does not stand in quotes: its value is a literal already";
            return Err(SqlError::at(words, first.span));
        }
        _ => return Ok(None),
    }
    let wrong = || SqlError::at("a parameter is written ${name}", first.span);
    let (Some(open), Some(name), Some(close)) = (tokens.get(1), tokens.get(2), tokens.get(3))
    else {
        return Err(wrong());
    };
    let adjacent = first.span.end == open.span.start
        && open.token == Token::LBrace
        && close.token == Token::RBrace;
    match &name.token {
        Token::Word(word) if adjacent && word.quote_style.is_none() => {
            Ok(Some((word.value.clone(), first.span.union(&close.span))))
        }
        _ => Err(wrong()),
    }
}

/// `inside`: right behind an opening bracket.
fn literal(value: &Given, inside: bool) -> Result<Vec<Token>, String> {
    let word = |text: &str, keyword| {
        Token::Word(Word {
            value: text.into(),
            quote_style: None,
            keyword,
        })
    };
    let number = |text: String| match text.strip_prefix('-') {
        // In brackets, so that no operator before it changes what it means.
        Some(positive) => vec![
            Token::LParen,
            Token::Minus,
            Token::Number(positive.into(), false),
            Token::RParen,
        ],
        None => vec![Token::Number(text, false)],
    };
    Ok(match value {
        Given::Null => vec![word("NULL", Keyword::NULL)],
        Given::Text(text) => vec![Token::SingleQuotedString(text.clone())],
        Given::Int(value) => number(value.to_string()),
        Given::Float(value) if value.is_finite() => number(format!("{value:?}")),
        Given::Float(_) => return Err("is not a number".into()),
        Given::Bool(true) => vec![word("TRUE", Keyword::TRUE)],
        Given::Bool(false) => vec![word("FALSE", Keyword::FALSE)],
        Given::List(items) => {
            let mut tokens = Vec::new();
            for item in items {
                if matches!(item, Given::List(_)) {
                    return Err("holds a list inside a list".into());
                }
                if !tokens.is_empty() {
                    tokens.push(Token::Comma);
                }
                tokens.extend(literal(item, false)?);
            }
            if !inside {
                tokens.insert(0, Token::LParen);
                tokens.push(Token::RParen);
            }
            tokens
        }
    })
}
