//! Bounds that are checked on tokens, before anything walks them: how deep brackets stand inside
//! each other, how long lists and chains of operators are.

use sqlparser::{
    keywords::Keyword,
    tokenizer::{Token, TokenWithSpan, Word},
};

use crate::{Limits, SqlError};

/// Levels of the general grammar's own recursion: a bracket takes up to three, and so do a `CASE`
/// or a `NOT` without brackets.
pub(super) fn parser_levels() -> usize {
    Limits::get().depth * 3
}

pub(super) fn too_deep() -> String {
    format!(
        "the statement has more than {} levels inside each other",
        Limits::get().depth
    )
}

#[derive(Default)]
struct Level {
    operators: usize,
    items: usize,
}

pub(super) fn check(tokens: &[TokenWithSpan]) -> Result<(), SqlError> {
    let limits = Limits::get();
    let mut levels = vec![Level::default()];
    // Of all open levels: chains of operators become trees as deep as the chain is long.
    let mut operators = 0;
    // What stands inside each other without brackets.
    let (mut prefixes, mut cases) = (0, 0usize);
    let mut constructs = 0;
    let mut before = None;
    for token in tokens {
        constructs += weight(before, &token.token);
        before = Some(&token.token);
        if constructs > limits.constructs {
            let words = format!(
                "more than {} calls and queries in one statement",
                limits.constructs
            );
            return Err(SqlError::at(words, token.span));
        }
        prefixes = match is_prefix(&token.token) {
            true => prefixes + 1,
            false => 0,
        };
        match &token.token {
            Token::Word(word) if word.keyword == Keyword::CASE => cases += 1,
            Token::Word(word) if word.keyword == Keyword::END => cases = cases.saturating_sub(1),
            _ => {}
        }
        if prefixes > limits.depth || cases > limits.depth {
            return Err(SqlError::at(too_deep(), token.span));
        }
        match &token.token {
            Token::LParen | Token::LBracket | Token::LBrace => {
                if levels.len() > limits.depth {
                    return Err(SqlError::at(too_deep(), token.span));
                }
                levels.push(Level::default());
            }
            Token::RParen | Token::RBracket | Token::RBrace => {
                operators -= levels.pop().map_or(0, |level| level.operators);
                if levels.is_empty() {
                    levels.push(Level::default());
                }
            }
            Token::Comma => {
                let inside = levels.len() > 1;
                if let Some(level) = levels.last_mut() {
                    operators -= std::mem::take(&mut level.operators);
                    level.items += 1;
                    if inside && level.items >= limits.list_items {
                        return Err(SqlError::at(
                            format!("more than {} items in one list", limits.list_items),
                            token.span,
                        ));
                    }
                }
            }
            other if is_operator(other) => {
                if let Some(level) = levels.last_mut() {
                    level.operators += 1;
                    operators += 1;
                }
                if operators > limits.operators {
                    return Err(SqlError::at(
                        format!("more than {} operators in one expression", limits.operators),
                        token.span,
                    ));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

/// Of what takes thousands of bytes once it is read, however short it is written: a call, a step
/// into what stands before it, and a query, which takes as much as several of them. Elements of
/// lists and rows of an `INSERT` are less.
fn weight(before: Option<&Token>, token: &Token) -> usize {
    match (before, token) {
        (_, Token::Word(word)) if word.keyword == Keyword::SELECT => 10,
        (_, Token::Period) => 1,
        (
            Some(Token::Word(_) | Token::RParen | Token::RBracket),
            Token::LParen | Token::LBracket,
        ) => 1,
        _ => 0,
    }
}

fn is_prefix(token: &Token) -> bool {
    match token {
        Token::Word(word) => word.keyword == Keyword::NOT,
        Token::Plus | Token::Minus | Token::Tilde => true,
        _ => false,
    }
}

/// Whatever the grammar reads between or behind operands, so that one more makes a deeper tree.
fn is_operator(token: &Token) -> bool {
    match token {
        Token::Word(Word { keyword, .. }) => matches!(
            keyword,
            Keyword::AND
                | Keyword::OR
                | Keyword::XOR
                | Keyword::NOT
                | Keyword::NOTNULL
                | Keyword::IS
                | Keyword::IN
                | Keyword::AT
                | Keyword::LIKE
                | Keyword::ILIKE
                | Keyword::RLIKE
                | Keyword::REGEXP
                | Keyword::MATCH
                | Keyword::GLOB
                | Keyword::SIMILAR
                | Keyword::MEMBER
                | Keyword::OVERLAPS
                | Keyword::OPERATOR
                | Keyword::BETWEEN
                | Keyword::UNION
                | Keyword::EXCEPT
                | Keyword::INTERSECT
                | Keyword::MINUS
                | Keyword::COLLATE
                | Keyword::DIV
        ),
        Token::Number(..) | Token::SingleQuotedString(_) | Token::Period | Token::SemiColon => {
            false
        }
        Token::DoubleQuotedString(_) | Token::Colon => false,
        _ => true,
    }
}
