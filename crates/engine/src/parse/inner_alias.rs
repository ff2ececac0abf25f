//! `f(x AS y)`, `ORDER BY f(x) AS y`: names inside expressions, which stand for what is before them
//! in the rest of their query. They are taken out of the tokens.

use std::{collections::HashMap, sync::Arc};

use sqlparser::{
    ast::Expr,
    tokenizer::{Token, TokenWithSpan},
};

use super::{
    named::{Named, Queries},
    source::{Source, is_word},
};
use crate::SqlError;

/// More of them in one statement are left to the grammar, which refuses them.
const MOST: usize = 500;

/// What is open: a bracket, or the clause outside all of them.
struct Level {
    /// Whether what is in it are expressions and no more.
    expressions: bool,
    /// Where in the result the expression begins that is being read.
    start: usize,
    /// Names of its expressions are those of what comes out: `json_encode(x AS key)`.
    named: bool,
    /// The query that it stands in, and whether it is the bracket around it.
    query: usize,
    whole: bool,
}

/// A name, what it stands for, and its query.
type Found = (String, Expr, usize);

pub(super) fn take(
    source: &Source<'_>,
    tokens: Vec<TokenWithSpan>,
    names: &mut Vec<Named>,
) -> Result<Vec<TokenWithSpan>, SqlError> {
    let Some(first) = tokens.first() else {
        return Ok(tokens);
    };
    let mut queries = Queries::default();
    let (mut known, mut found): (HashMap<(String, usize), String>, Vec<Found>) = Default::default();
    let mut levels = vec![Level {
        expressions: false,
        start: 0,
        named: false,
        query: queries.begin(first.span.start),
        whole: true,
    }];
    let mut out: Vec<TokenWithSpan> = Vec::with_capacity(tokens.len());
    let mut index = 0;
    while let Some(token) = tokens.get(index) {
        index += 1;
        let next = tokens.get(index).map(|next| &next.token);
        match &token.token {
            Token::LParen | Token::LBracket | Token::LBrace => {
                let whole = token.token == Token::LParen && next.is_some_and(begins_query);
                let expressions = match token.token {
                    Token::LParen => !whole && !out.last().is_some_and(is_other),
                    Token::LBracket => true,
                    _ => false,
                };
                let around = levels.last().map_or(0, |level| level.query);
                let named = out.last().is_some_and(|before| {
                    let is = |word: &&str| is_word(&before.token, word);
                    ["json_encode", "json_cast"].iter().any(is)
                });
                out.push(token.clone());
                levels.push(Level {
                    expressions,
                    start: out.len(),
                    named,
                    query: match whole {
                        true => queries.begin(token.span.start),
                        false => around,
                    },
                    whole,
                });
                continue;
            }
            Token::RParen | Token::RBracket | Token::RBrace if levels.len() > 1 => {
                if let Some(level) = levels.pop().filter(|level| level.whole) {
                    queries.end(level.query, token.span.end);
                }
            }
            Token::Comma | Token::Arrow => {
                out.push(token.clone());
                if let Some(level) = levels.last_mut() {
                    level.start = out.len();
                }
                continue;
            }
            other => {
                if let (Some(expressions), Some(level)) = (clause(other), levels.last_mut()) {
                    if level.whole && is_word(other, "UNION") {
                        queries.end(level.query, token.span.start);
                        level.query = queries.begin(token.span.start);
                    }
                    out.push(token.clone());
                    level.expressions = expressions;
                    level.start = out.len();
                    continue;
                }
            }
        }
        let level = levels.last().filter(|level| level.expressions);
        if let (Some(level), Some(Token::Word(name))) = (level, next)
            && is_word(&token.token, "AS")
            && level.start < out.len()
            && found.len() < MOST
            && ends(tokens.get(index + 1).map(|behind| &behind.token))
        {
            let expr = super::expression(source, &out[level.start..])?;
            let text = expr.to_string();
            let key = (name.value.clone(), level.query);
            let other = known.get(&key).is_some_and(|known| *known != text);
            if other || names.iter().any(|named| named.name == name.value) {
                let words = format!("'{}' names two different things", name.value);
                return Err(SqlError::at(words, tokens[index].span));
            }
            if known.insert(key, text).is_none() {
                found.push((name.value.clone(), expr, level.query));
            }
            if level.named {
                out.truncate(level.start);
                out.push(tokens[index].clone());
            }
            index += 1;
            continue;
        }
        out.push(token.clone());
    }
    let queries = Arc::new(queries);
    let found = found.into_iter();
    names.extend(found.map(|(name, expr, query)| Named::inside(name, expr, &queries, query)));
    Ok(out)
}

fn begins_query(token: &Token) -> bool {
    is_word(token, "SELECT") || is_word(token, "WITH")
}

/// Words behind which a bracket holds more than expressions.
fn is_other(before: &TokenWithSpan) -> bool {
    const WORDS: [&str; 12] = [
        "FROM", "JOIN", "CAST", "TRY_CAST", "REPLACE", "EXCEPT", "OVER", "WITH", "USING", "WINDOW",
        "VALUES", "COLUMNS",
    ];
    WORDS.iter().any(|word| is_word(&before.token, word))
}

/// Whether a clause that begins so holds expressions whose names the grammar does not know.
fn clause(token: &Token) -> Option<bool> {
    const EXPRESSIONS: [&str; 5] = ["WHERE", "PREWHERE", "HAVING", "BY", "QUALIFY"];
    const OTHERS: [&str; 10] = [
        "SELECT",
        "FROM",
        "JOIN",
        "WITH",
        "LIMIT",
        "GROUP",
        "ORDER",
        "UNION",
        "WINDOW",
        "PARTITION",
    ];
    let is = |words: &[&str]| words.iter().any(|word| is_word(token, word));
    match () {
        () if is(&EXPRESSIONS) => Some(true),
        () if is(&OTHERS) => Some(false),
        () => None,
    }
}

/// Whether an expression is over behind its name.
fn ends(behind: Option<&Token>) -> bool {
    const WORDS: [&str; 15] = [
        "GROUP",
        "HAVING",
        "ORDER",
        "LIMIT",
        "QUALIFY",
        "ASC",
        "DESC",
        "NULLS",
        "UNION",
        "WITH",
        "WINDOW",
        "OFFSET",
        "FETCH",
        "PARTITION",
        "SHUFFLE",
    ];
    match behind {
        None | Some(Token::Comma | Token::RParen | Token::RBracket) => true,
        Some(token) => WORDS.iter().any(|word| is_word(token, word)),
    }
}
