//! `condition ? a : b`, as `if(condition, a, b)`.

use std::collections::{HashMap, HashSet};

use sqlparser::{
    keywords::Keyword,
    tokenizer::{Token, TokenWithSpan},
};

use super::{source::is_word, word};

/// More of them in one statement are refused at their place.
const MOST: usize = 200;

/// Words before which a condition cannot begin, and those that end the value for "no".
const BEFORE: [&str; 17] = [
    "SELECT", "DISTINCT", "WHERE", "PREWHERE", "HAVING", "QUALIFY", "ON", "BY", "WHEN", "THEN",
    "ELSE", "CASE", "WITH", "FROM", "LIMIT", "AS", "OFFSET",
];
const BEHIND: [&str; 30] = [
    "AS",
    "FROM",
    "WHERE",
    "PREWHERE",
    "GROUP",
    "HAVING",
    "QUALIFY",
    "ORDER",
    "LIMIT",
    "OFFSET",
    "FETCH",
    "UNION",
    "INTERSECT",
    "EXCEPT",
    "ASC",
    "DESC",
    "NULLS",
    "WITH",
    "WINDOW",
    "PARTITION",
    "WHEN",
    "THEN",
    "ELSE",
    "END",
    "JOIN",
    "INNER",
    "CROSS",
    "FULL",
    "ARRAY",
    "SHUFFLE",
];

/// The tokens as the grammar reads them. What is no whole `? :` stays, and is told by the grammar.
pub(super) fn take(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let marks: Vec<usize> = (0..tokens.len())
        .filter(|index| is_mark(&tokens[*index].token))
        .collect();
    if marks.is_empty() || marks.len() > MOST {
        return tokens;
    }
    let pairs = pairs(&tokens);
    let reading = Reading { tokens, pairs };
    let (mut colons, mut starts, mut ends) = (HashSet::new(), HashMap::new(), HashMap::new());
    // The last one first: its parts belong to nobody else.
    for mark in marks.iter().rev() {
        let Some(colon) = reading.colon(*mark, &colons) else {
            return reading.tokens;
        };
        *starts.entry(reading.start(*mark, &colons)).or_insert(0) += 1;
        colons.insert(colon);
        *ends.entry(reading.end(colon, &colons)).or_insert(0) += 1;
    }
    reading.written(&colons, &starts, &ends)
}

fn is_mark(token: &Token) -> bool {
    matches!(token, Token::Placeholder(text) if text.starts_with('?'))
}

/// Each bracket's other one.
fn pairs(tokens: &[TokenWithSpan]) -> HashMap<usize, usize> {
    let (mut open, mut pairs) = (Vec::new(), HashMap::new());
    for (index, token) in tokens.iter().enumerate() {
        match token.token {
            Token::LParen | Token::LBracket | Token::LBrace => open.push(index),
            Token::RParen | Token::RBracket | Token::RBrace => {
                if let Some(start) = open.pop() {
                    pairs.insert(start, index);
                    pairs.insert(index, start);
                }
            }
            _ => {}
        }
    }
    pairs
}

struct Reading {
    tokens: Vec<TokenWithSpan>,
    pairs: HashMap<usize, usize>,
}

impl Reading {
    /// The colon of the mark at an index: the next one that is no path into JSON, else the next.
    fn colon(&self, mark: usize, taken: &HashSet<usize>) -> Option<usize> {
        let mut first = None;
        let mut index = mark + 1;
        while let Some(token) = self.tokens.get(index) {
            match &token.token {
                Token::LParen | Token::LBracket | Token::LBrace => {
                    index = *self.pairs.get(&index)?;
                }
                Token::Colon if !taken.contains(&index) => {
                    if self.parts(index) {
                        return Some(index);
                    }
                    first.get_or_insert(index);
                }
                token if ends(token) => break,
                _ => {}
            }
            index += 1;
        }
        first
    }

    /// Whether the colon at an index stands between values, and not in a path into JSON.
    fn parts(&self, colon: usize) -> bool {
        let (Some(before), Some(behind)) = (
            colon
                .checked_sub(1)
                .and_then(|index| self.tokens.get(index)),
            self.tokens.get(colon + 1),
        ) else {
            return false;
        };
        let here = self.tokens[colon].span;
        let path = matches!(
            before.token,
            Token::Word(_) | Token::RParen | Token::RBracket
        );
        !path || before.span.end != here.start || here.end != behind.span.start
    }

    /// Where its condition begins.
    fn start(&self, mark: usize, taken: &HashSet<usize>) -> usize {
        let mut start = mark;
        while let Some(index) = start.checked_sub(1) {
            let token = &self.tokens[index].token;
            match token {
                Token::RParen | Token::RBracket | Token::RBrace => {
                    let Some(open) = self.pairs.get(&index) else {
                        return start;
                    };
                    start = *open;
                    continue;
                }
                Token::LParen | Token::LBracket | Token::LBrace => return start,
                Token::Comma | Token::Arrow => return start,
                Token::Colon if !taken.contains(&index) && self.parts(index) => return start,
                token if is_mark(token) => return start,
                token if BEFORE.iter().any(|word| is_word(token, word)) => return start,
                _ => {}
            }
            start = index;
        }
        start
    }

    /// Behind its last value.
    fn end(&self, colon: usize, taken: &HashSet<usize>) -> usize {
        let mut index = colon + 1;
        while let Some(token) = self.tokens.get(index) {
            match &token.token {
                Token::LParen | Token::LBracket | Token::LBrace => {
                    let Some(close) = self.pairs.get(&index) else {
                        return index;
                    };
                    index = *close;
                }
                Token::Colon if !taken.contains(&index) && self.parts(index) => return index,
                token if ends(token) => return index,
                _ => {}
            }
            index += 1;
        }
        index
    }

    fn written(
        self,
        colons: &HashSet<usize>,
        starts: &HashMap<usize, usize>,
        ends: &HashMap<usize, usize>,
    ) -> Vec<TokenWithSpan> {
        let mut out = Vec::with_capacity(self.tokens.len() + 3 * colons.len());
        let last = self.tokens.last().map(|token| token.span);
        let length = self.tokens.len();
        for (index, token) in self.tokens.into_iter().enumerate() {
            let span = token.span;
            let at = |token| TokenWithSpan::new(token, span);
            for _ in 0..ends.get(&index).copied().unwrap_or(0) {
                out.push(at(Token::RParen));
            }
            for _ in 0..starts.get(&index).copied().unwrap_or(0) {
                out.push(word("if", Keyword::NoKeyword, span));
                out.push(at(Token::LParen));
            }
            match token.token {
                Token::Placeholder(text) if text.starts_with('?') => {
                    out.push(at(Token::Comma));
                    // `x ?1:2`
                    let number = &text[1..];
                    if !number.is_empty() {
                        out.push(at(Token::Number(number.to_string(), false)));
                    }
                }
                _ if colons.contains(&index) => out.push(at(Token::Comma)),
                _ => out.push(token),
            }
        }
        if let Some(span) = last {
            for _ in 0..ends.get(&length).copied().unwrap_or(0) {
                out.push(TokenWithSpan::new(Token::RParen, span));
            }
        }
        out
    }
}

/// Whether it ends an expression.
fn ends(token: &Token) -> bool {
    matches!(
        token,
        Token::RParen | Token::RBracket | Token::RBrace | Token::Comma
    ) || BEHIND.iter().any(|word| is_word(token, word))
}
