//! Turns what only Timeplus writes into tokens that the general grammar reads, at the same places:
//! `5s` becomes `INTERVAL 5 SECOND`, and the type after `::` or `CAST(… AS` becomes one word.

use std::collections::{HashMap, HashSet};

use sqlparser::{
    keywords::Keyword,
    tokenizer::{Span, Token, TokenWithSpan, Word},
};

use super::{
    source::{Source, dollar_quoted, is_word},
    word,
};
use crate::SqlError;

pub(crate) fn rewrite(
    source: &Source<'_>,
    tokens: &[TokenWithSpan],
) -> Result<Vec<TokenWithSpan>, SqlError> {
    let brackets = Brackets::new(tokens);
    let casts = cast_types(tokens, &brackets);
    let queries = named_queries(tokens);
    let mut out = Vec::with_capacity(tokens.len() + 8);
    // Closing brackets of lists that get round ones, and of subscripts that get them inside.
    let (mut listed, mut wrapped) = (HashSet::new(), HashSet::new());
    let mut index = 0;
    while index < tokens.len() {
        let token = &tokens[index];
        if let Some(end) = casts.get(&index).copied() {
            out.push(type_word(source, &tokens[index..end]));
            index = end;
            continue;
        }
        match (&token.token, tokens.get(index + 1)) {
            (Token::Number(number, false), Some(next)) if touches(token, next) => {
                let unit = match &next.token {
                    Token::Word(word) if word.quote_style.is_none() => unit(&word.value),
                    _ => None,
                };
                let Some(unit) = unit else {
                    return Err(SqlError::at(
                        format!(
                            "'{number}{}' is neither a number nor a duration like 5s",
                            next.token
                        ),
                        token.span,
                    ));
                };
                out.push(word("INTERVAL", Keyword::INTERVAL, token.span));
                out.push(token.clone());
                out.push(word(unit.0, unit.1, next.span));
                index += 2;
            }
            // `f(x, y -> x + y, a, b)` is `f((x, y) -> x + y, a, b)`
            (Token::LParen, Some(_)) if names_of_lambda(tokens, index + 1).is_some() => {
                let arrow = names_of_lambda(tokens, index + 1).unwrap_or(index + 1);
                out.extend([token.clone(), token.clone()]);
                out.extend_from_slice(&tokens[index + 1..arrow]);
                out.push(TokenWithSpan::new(Token::RParen, tokens[arrow].span));
                index = arrow;
            }
            // `* EXCEPT a` is `* EXCEPT (a)`
            (Token::Word(except), Some(column))
                if except.keyword == Keyword::EXCEPT
                    && index > 0
                    && tokens[index - 1].token == Token::Mul
                    && matches!(&column.token, Token::Word(word) if word.keyword != Keyword::SELECT) =>
            {
                let at = |token| TokenWithSpan::new(token, column.span);
                out.extend([
                    token.clone(),
                    at(Token::LParen),
                    column.clone(),
                    at(Token::RParen),
                ]);
                index += 2;
            }
            // `x IN [1, 2]` and `x IN tuple(1, 2)` are `x IN (1, 2)`
            (Token::Word(list), Some(next))
                if index > 0
                    && is_word(&tokens[index - 1].token, "IN")
                    && next.token == Token::LParen
                    && ["tuple", "array"]
                        .iter()
                        .any(|name| is_word(&token.token, name))
                    && list.quote_style.is_none() =>
            {
                index += 1;
            }
            // `x IN t` of `WITH t AS (SELECT …)` is `x IN (SELECT * FROM t)`
            (Token::Word(name), _)
                if index > 0
                    && is_word(&tokens[index - 1].token, "IN")
                    && queries.contains(name.value.as_str()) =>
            {
                let at = |token| TokenWithSpan::new(token, tokens[index].span);
                out.extend([
                    at(Token::LParen),
                    word("SELECT", Keyword::SELECT, token.span),
                    at(Token::Mul),
                    word("FROM", Keyword::FROM, token.span),
                    token.clone(),
                    at(Token::RParen),
                ]);
                index += 1;
            }
            (Token::LBracket, _)
                if index > 0
                    && is_word(&tokens[index - 1].token, "IN")
                    && brackets.closing(index).is_some() =>
            {
                listed.insert(brackets.closing(index).unwrap_or(index));
                out.push(TokenWithSpan::new(Token::LParen, token.span));
                index += 1;
            }
            (Token::RBracket, _) if listed.contains(&index) => {
                out.push(TokenWithSpan::new(Token::RParen, token.span));
                index += 1;
            }
            // The grammar reads only one operand between the brackets of a subscript.
            (Token::LBracket, _)
                if index > 0
                    && is_subscript(&tokens[index - 1].token)
                    && computed(tokens, &brackets, index) =>
            {
                wrapped.insert(brackets.closing(index).unwrap_or(index));
                out.push(token.clone());
                out.push(TokenWithSpan::new(Token::LParen, token.span));
                index += 1;
            }
            (Token::RBracket, _) if wrapped.contains(&index) => {
                out.push(TokenWithSpan::new(Token::RParen, token.span));
                out.push(token.clone());
                index += 1;
            }
            // `t.1` is `t[1L]`, which only a tuple has.
            (Token::Number(number, false), _)
                if number.starts_with('.')
                    && index > 0
                    && behind_value(&tokens[index - 1], token) =>
            {
                let at = |token| TokenWithSpan::new(token, tokens[index].span);
                for place in number.split('.').filter(|place| !place.is_empty()) {
                    out.push(at(Token::LBracket));
                    out.push(at(Token::Number(place.to_string(), true)));
                    out.push(at(Token::RBracket));
                }
                index += 1;
            }
            // `a MOD b` is `a % b`
            (Token::Word(_), Some(next))
                if is_word(&token.token, "MOD")
                    && index > 0
                    && operand(&tokens[index - 1].token)
                    && operand(&next.token)
                    && next.token != Token::RParen =>
            {
                out.push(TokenWithSpan::new(Token::Mod, token.span));
                index += 1;
            }
            (Token::DoubleColon, Some(_)) => {
                out.push(token.clone());
                let end = type_end(tokens, &brackets, index + 1);
                if end > index + 1 {
                    out.push(type_word(source, &tokens[index + 1..end]));
                }
                index = end;
            }
            // `$$text$$` is a text like any other.
            (Token::DollarQuotedString(_), _) => {
                let text = dollar_quoted(source.text(token.span)).unwrap_or_default();
                let quoted = Token::SingleQuotedString(text.to_string());
                out.push(TokenWithSpan::new(quoted, token.span));
                index += 1;
            }
            // Calls of functions whose names the grammar gives a form of their own.
            (Token::Word(w), Some(next))
                if w.keyword != Keyword::NoKeyword
                    && next.token == Token::LParen
                    && is_plain_call(source, tokens, &brackets, index, w) =>
            {
                out.push(word(&w.value, Keyword::NoKeyword, token.span));
                index += 1;
            }
            _ => {
                out.push(token.clone());
                index += 1;
            }
        }
    }
    Ok(out)
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

/// The place of the arrow behind two names or more, if they stand at `start` without brackets.
fn names_of_lambda(tokens: &[TokenWithSpan], start: usize) -> Option<usize> {
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
fn is_subscript(before: &Token) -> bool {
    matches!(
        before,
        Token::Word(_) | Token::RParen | Token::RBracket | Token::SingleQuotedString(_)
    )
}

/// Whether operators stand directly inside the bracket at `open`, and neither commas nor colons.
fn computed(tokens: &[TokenWithSpan], brackets: &Brackets, open: usize) -> bool {
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
fn behind_value(before: &TokenWithSpan, number: &TokenWithSpan) -> bool {
    let value = match &before.token {
        Token::Word(_) | Token::RParen | Token::RBracket => true,
        Token::Number(place, false) => place.starts_with('.'),
        _ => false,
    };
    value && before.span.end == number.span.start
}

/// What an operand ends with, and what only one begins with.
fn operand(token: &Token) -> bool {
    match token {
        Token::Number(..) | Token::RParen => true,
        Token::Word(word) => word.keyword == Keyword::NoKeyword,
        _ => false,
    }
}

fn touches(token: &TokenWithSpan, next: &TokenWithSpan) -> bool {
    token.span.end == next.span.start && matches!(next.token, Token::Word(_))
}

fn type_word(source: &Source<'_>, tokens: &[TokenWithSpan]) -> TokenWithSpan {
    let span = tokens.first().map_or(Span::empty(), |token| token.span);
    word(source.slice(tokens), Keyword::NoKeyword, span)
}

/// Upper case M is a month, lower case m a minute.
fn unit(suffix: &str) -> Option<(&'static str, Keyword)> {
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
fn type_end(tokens: &[TokenWithSpan], brackets: &Brackets, start: usize) -> usize {
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

/// Which brackets belong together, so that none is searched for twice.
struct Brackets(HashMap<usize, usize>);

impl Brackets {
    fn new(tokens: &[TokenWithSpan]) -> Self {
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

    fn closing(&self, open: usize) -> Option<usize> {
        self.0.get(&open).copied()
    }

    /// Tokens directly inside the bracket at `open`.
    fn inside<'t>(
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
fn as_inside(tokens: &[TokenWithSpan], brackets: &Brackets, open: usize) -> Option<(usize, usize)> {
    let close = brackets.closing(open)?;
    let inside = brackets.inside(tokens, open);
    let found = inside.filter(|(_, token)| is_word(token, "AS")).last();
    found.map(|(index, _)| (index, close))
}

/// Whether the word before the bracket at `index + 1` is the name of a function, called with
/// arguments and nothing else: `cast(x, 'type')`, not `CAST(x AS type)`.
fn is_plain_call(
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
