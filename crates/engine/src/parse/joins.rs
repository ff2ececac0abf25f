//! `LATEST`, `ASOF`, `ANTI`, `SEMI` and `ANY` before `JOIN`. The general grammar would read them as
//! aliases: they are taken out of the tokens, and the place of each join is kept.

use sqlparser::{
    keywords::Keyword,
    tokenizer::{Location, Span, Token, TokenWithSpan},
};

use super::source::is_word;
use crate::SqlError;

/// Which of the right side's rows a row of the left side is joined with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strictness {
    /// Each that fits.
    All,
    /// One that fits.
    Any,
    /// The one that came last.
    Latest,
    /// The nearest by an inequality.
    Asof,
    /// One that fits, if only to keep the left row.
    Semi,
    /// None: rows without a partner are kept.
    Anti,
}

impl Strictness {
    const ALL: [(&'static str, Self); 6] = [
        ("ALL", Self::All),
        ("ANY", Self::Any),
        ("LATEST", Self::Latest),
        ("ASOF", Self::Asof),
        ("SEMI", Self::Semi),
        ("ANTI", Self::Anti),
    ];

    pub(crate) fn word(self) -> &'static str {
        let known = Self::ALL.iter().find(|(_, strictness)| *strictness == self);
        known.map_or("", |(word, _)| word)
    }
}

/// Every `JOIN` of a statement, in order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Joins(Vec<(Location, Strictness)>);

impl Joins {
    /// Of the join whose right side is at `right`.
    pub(crate) fn strictness(&self, right: Span) -> Strictness {
        let before = self.0.iter().rev().find(|(at, _)| *at <= right.start);
        before.map_or(Strictness::All, |(_, strictness)| *strictness)
    }
}

/// The tokens without those words, and what they said.
pub(super) fn take(tokens: &[TokenWithSpan]) -> Result<(Vec<TokenWithSpan>, Joins), SqlError> {
    let mut kept = Vec::with_capacity(tokens.len());
    let mut joins = Joins::default();
    let mut given: Option<(Strictness, Span)> = None;
    for (index, token) in tokens.iter().enumerate() {
        let known = Strictness::ALL
            .iter()
            .find(|(word, _)| is_word(&token.token, word));
        if let Some((_, strictness)) = known
            && leads_to_join(&tokens[index + 1..])
            && !after_as(tokens, index)
        {
            if let Some((other, _)) = given {
                return Err(SqlError::at(
                    format!("{} and {} in one join", other.word(), strictness.word()),
                    token.span,
                ));
            }
            given = Some((*strictness, token.span));
            continue;
        }
        if is_word(&token.token, "JOIN") {
            let strictness = given
                .take()
                .map_or(Strictness::All, |(strictness, _)| strictness);
            joins.0.push((token.span.start, strictness));
        }
        kept.push(token.clone());
    }
    Ok((kept, joins))
}

/// Whether only words of a join stand before the next `JOIN`.
fn leads_to_join(tokens: &[TokenWithSpan]) -> bool {
    for token in tokens {
        let Token::Word(word) = &token.token else {
            return false;
        };
        match word.keyword {
            Keyword::JOIN => return true,
            Keyword::LEFT
            | Keyword::RIGHT
            | Keyword::INNER
            | Keyword::FULL
            | Keyword::OUTER
            | Keyword::CROSS => {}
            _ if Strictness::ALL
                .iter()
                .any(|(known, _)| is_word(&token.token, known)) => {}
            _ => return false,
        }
    }
    false
}

fn after_as(tokens: &[TokenWithSpan], index: usize) -> bool {
    let before = index.checked_sub(1).and_then(|before| tokens.get(before));
    before.is_some_and(|token| is_word(&token.token, "AS") || token.token == Token::Period)
}
