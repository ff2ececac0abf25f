//! Which brackets of a statement belong together.

use std::collections::HashMap;

use sqlparser::tokenizer::{Token, TokenWithSpan};

use super::super::source::is_word;

/// Which brackets belong together, so that none is searched for twice.
pub(super) struct Brackets(HashMap<usize, usize>);

impl Brackets {
    pub(super) fn new(tokens: &[TokenWithSpan]) -> Self {
        let (mut round, mut square, mut pairs) = (Vec::new(), Vec::new(), HashMap::new());
        for (index, token) in tokens.iter().enumerate() {
            let start = match token.token {
                Token::LParen => {
                    round.push(index);
                    None
                }
                Token::LBracket => {
                    square.push(index);
                    None
                }
                Token::RParen => round.pop(),
                Token::RBracket => square.pop(),
                _ => None,
            };
            if let Some(start) = start {
                pairs.insert(start, index);
            }
        }
        Self(pairs)
    }

    pub(super) fn closing(&self, open: usize) -> Option<usize> {
        self.0.get(&open).copied()
    }

    /// Tokens directly inside the bracket at `open`.
    pub(super) fn inside<'t>(
        &self,
        tokens: &'t [TokenWithSpan],
        open: usize,
    ) -> impl Iterator<Item = (usize, &'t Token)> {
        let end = self.closing(open).unwrap_or(open);
        let mut index = open + 1;
        std::iter::from_fn(move || {
            if index >= end {
                return None;
            }
            let here = index;
            index = self.closing(here).map_or(here + 1, |close| close + 1);
            Some((here, &tokens[here].token))
        })
    }
}

/// The last `AS` directly inside the bracket at `open`, and the bracket that closes it.
pub(super) fn as_inside(
    tokens: &[TokenWithSpan],
    brackets: &Brackets,
    open: usize,
) -> Option<(usize, usize)> {
    let close = brackets.closing(open)?;
    let inside = brackets.inside(tokens, open);
    let found = inside.filter(|(_, token)| is_word(token, "AS")).last();
    found.map(|(index, _)| (index, close))
}
