//! Turns what only Timeplus writes into tokens that the general grammar reads, at the same places:
//! `5s` becomes `INTERVAL 5 SECOND`, and the type after `::` or `CAST(… AS` becomes one word.

mod brackets;
mod rules;
mod shape;

use std::collections::{HashMap, HashSet};

use sqlparser::tokenizer::{Span, Token, TokenWithSpan};

use self::{
    brackets::{Brackets, as_inside},
    rules::RULES,
};
use super::source::{Source, is_word};
use crate::SqlError;

pub(crate) fn rewrite(
    source: &Source<'_>,
    tokens: &[TokenWithSpan],
) -> Result<Vec<TokenWithSpan>, SqlError> {
    let brackets = Brackets::new(tokens);
    let mut written = Rewriting {
        casts: cast_types(tokens, &brackets),
        queries: named_queries(tokens),
        out: Vec::with_capacity(tokens.len() + 8),
        listed: HashSet::new(),
        wrapped: HashSet::new(),
        source,
        tokens,
        brackets,
    };
    let mut index = 0;
    while let Some(token) = tokens.get(index) {
        let mut read = None;
        for rule in RULES {
            read = rule(&mut written, index)?;
            if read.is_some() {
                break;
            }
        }
        index += read.unwrap_or_else(|| {
            written.out.push(token.clone());
            1
        });
    }
    Ok(written.out)
}

/// Writes other tokens for those at an index; how many it read, or none where it does not apply.
type Rule = fn(&mut Rewriting<'_, '_>, usize) -> Result<Option<usize>, SqlError>;

struct Rewriting<'s, 't> {
    source: &'s Source<'s>,
    tokens: &'t [TokenWithSpan],
    brackets: Brackets,
    /// Start and end of the types in `CAST(… AS type)`.
    casts: HashMap<usize, usize>,
    /// What WITH names.
    queries: HashSet<&'t str>,
    /// Closing brackets of lists that get round ones.
    listed: HashSet<usize>,
    /// Those of subscripts that get round ones inside.
    wrapped: HashSet<usize>,
    out: Vec<TokenWithSpan>,
}

impl<'t> Rewriting<'_, 't> {
    fn at(&self, index: usize) -> &'t TokenWithSpan {
        &self.tokens[index]
    }

    fn next(&self, index: usize) -> Option<&'t TokenWithSpan> {
        self.tokens.get(index + 1)
    }

    fn before(&self, index: usize) -> Option<&'t TokenWithSpan> {
        self.tokens.get(index.checked_sub(1)?)
    }

    fn behind_in(&self, index: usize) -> bool {
        self.before(index)
            .is_some_and(|token| is_word(&token.token, "IN"))
    }

    /// Writes tokens where the one of the statement stands.
    fn write<const N: usize>(&mut self, tokens: [Token; N], span: Span) {
        let placed = tokens.map(|token| TokenWithSpan::new(token, span));
        self.out.extend(placed);
    }
}

/// The names of `name AS (SELECT …)`.
fn named_queries(tokens: &[TokenWithSpan]) -> HashSet<&str> {
    let begins = |token: &Token| is_word(token, "SELECT") || is_word(token, "WITH");
    let named = tokens.windows(4).filter(|words| {
        is_word(&words[1].token, "AS") && words[2].token == Token::LParen && begins(&words[3].token)
    });
    named
        .filter_map(|words| match &words[0].token {
            Token::Word(name) => Some(name.value.as_str()),
            _ => None,
        })
        .collect()
}

/// Start and end of the type in each `CAST(… AS type)`.
fn cast_types(tokens: &[TokenWithSpan], brackets: &Brackets) -> HashMap<usize, usize> {
    tokens
        .windows(2)
        .enumerate()
        .filter(|(_, pair)| {
            (is_word(&pair[0].token, "CAST") || is_word(&pair[0].token, "TRY_CAST"))
                && pair[1].token == Token::LParen
        })
        .filter_map(|(index, _)| as_inside(tokens, brackets, index + 1))
        .map(|(found, close)| (found + 1, close))
        .filter(|(start, end)| start < end)
        .collect()
}
