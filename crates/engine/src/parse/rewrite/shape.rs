//! What the rules look for.

use sqlparser::{
    keywords::Keyword,
    tokenizer::{Span, Token, TokenWithSpan, Word},
};

use super::{
    super::{
        source::{Source, is_word},
        word,
    },
    brackets::Brackets,
};

/// The place of the arrow behind two names or more, if they stand at `start` without brackets.
pub(super) fn names_of_lambda(tokens: &[TokenWithSpan], start: usize) -> Option<usize> {
    let mut at = start;
    loop {
        let Token::Word(_) = tokens.get(at)?.token else {
            return None;
        };
        match tokens.get(at + 1)?.token {
            Token::Comma => at += 2,
            Token::Arrow if at > start => return Some(at + 1),
            _ => return None,
        }
    }
}

/// Whether a bracket behind this opens a subscript.
pub(super) fn is_subscript(before: &Token) -> bool {
    matches!(
        before,
        Token::Word(_) | Token::RParen | Token::RBracket | Token::SingleQuotedString(_)
    )
}

/// Whether operators stand directly inside the bracket at `open`, and neither commas nor colons.
pub(super) fn computed(tokens: &[TokenWithSpan], brackets: &Brackets, open: usize) -> bool {
    let mut operators = 0;
    for (index, token) in brackets.inside(tokens, open) {
        match token {
            Token::Comma | Token::Colon => return false,
            Token::Plus | Token::Minus | Token::Mul | Token::Div | Token::Mod
                if index > open + 1 =>
            {
                operators += 1;
            }
            Token::StringConcat | Token::Eq | Token::Lt | Token::Gt | Token::DoubleColon => {
                operators += 1;
            }
            Token::Word(word) if matches!(word.keyword, Keyword::DIV | Keyword::CASE) => {
                operators += 1;
            }
            _ => {}
        }
    }
    operators > 0
}

/// Whether an element's number follows a value directly.
pub(super) fn behind_value(before: &TokenWithSpan, number: &TokenWithSpan) -> bool {
    let value = match &before.token {
        Token::Word(_) | Token::RParen | Token::RBracket => true,
        Token::Number(place, false) => place.starts_with('.'),
        _ => false,
    };
    value && before.span.end == number.span.start
}

/// What an operand ends with, and what only one begins with.
pub(super) fn operand(token: &Token) -> bool {
    match token {
        Token::Number(..) | Token::RParen => true,
        Token::Word(word) => word.keyword == Keyword::NoKeyword,
        _ => false,
    }
}

pub(super) fn touches(token: &TokenWithSpan, next: &TokenWithSpan) -> bool {
    token.span.end == next.span.start && matches!(next.token, Token::Word(_))
}

pub(super) fn type_word(source: &Source<'_>, tokens: &[TokenWithSpan]) -> TokenWithSpan {
    let span = tokens.first().map_or(Span::empty(), |token| token.span);
    word(source.slice(tokens), Keyword::NoKeyword, span)
}

/// Upper case M is a month, lower case m a minute.
pub(super) fn unit(suffix: &str) -> Option<(&'static str, Keyword)> {
    Some(match suffix {
        "M" => ("MONTH", Keyword::MONTH),
        _ => match suffix.to_ascii_lowercase().as_str() {
            "ns" => ("NANOSECOND", Keyword::NANOSECOND),
            "us" => ("MICROSECOND", Keyword::MICROSECOND),
            "ms" => ("MILLISECOND", Keyword::MILLISECOND),
            "s" => ("SECOND", Keyword::SECOND),
            "m" => ("MINUTE", Keyword::MINUTE),
            "h" => ("HOUR", Keyword::HOUR),
            "d" => ("DAY", Keyword::DAY),
            "w" => ("WEEK", Keyword::WEEK),
            "q" => ("QUARTER", Keyword::QUARTER),
            "y" => ("YEAR", Keyword::YEAR),
            _ => return None,
        },
    })
}

/// A type is a word, perhaps followed by brackets.
pub(super) fn type_end(tokens: &[TokenWithSpan], brackets: &Brackets, start: usize) -> usize {
    if !matches!(tokens.get(start).map(|t| &t.token), Some(Token::Word(_))) {
        return start;
    }
    match tokens.get(start + 1) {
        Some(next) if next.token == Token::LParen => {
            brackets.closing(start + 1).map_or(start + 1, |c| c + 1)
        }
        _ => start + 1,
    }
}

/// Whether the word before the bracket at `index + 1` is the name of a function, called with
/// arguments and nothing else: `cast(x, 'type')`, not `CAST(x AS type)`.
pub(super) fn is_plain_call(
    source: &Source<'_>,
    tokens: &[TokenWithSpan],
    brackets: &Brackets,
    index: usize,
    word: &Word,
) -> bool {
    let form = |(_, token): (usize, &Token)| {
        let words = ["AS", "FROM", "FOR", "IN"];
        words.iter().any(|word| is_word(token, word))
    };
    // `x = ANY (SELECT …)`
    let query = tokens
        .get(index + 2)
        .is_some_and(|token| is_word(&token.token, "SELECT") || is_word(&token.token, "WITH"));
    if query && matches!(word.keyword, Keyword::ANY | Keyword::ALL) {
        return false;
    }
    if !source.is_function(&word.value) || brackets.inside(tokens, index + 1).any(form) {
        return false;
    }
    // `x LIKE (…)` is an operator.
    let operator = matches!(word.keyword, Keyword::LIKE | Keyword::ILIKE);
    !operator
        || match index.checked_sub(1).map(|before| &tokens[before].token) {
            None | Some(Token::Comma | Token::LParen) => true,
            Some(Token::Word(before)) => matches!(
                before.keyword,
                Keyword::SELECT
                    | Keyword::WHERE
                    | Keyword::AND
                    | Keyword::OR
                    | Keyword::WHEN
                    | Keyword::BY
            ),
            Some(_) => false,
        }
}
