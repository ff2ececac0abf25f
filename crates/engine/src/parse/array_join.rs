//! `[LEFT] ARRAY JOIN array [AS x], …`, as a join with the relation of the arrays' elements.

use sqlparser::{
    keywords::Keyword,
    tokenizer::{Span, Token, TokenWithSpan},
};

use super::{source::is_word, word};
use crate::SqlError;

/// The name of that relation.
pub(crate) const FUNCTION: &str = "array_join";

/// Turns each `ARRAY JOIN a AS x` into `CROSS JOIN array_join(a) AS x`, and one of several arrays
/// into `CROSS JOIN array_join(a, b) AS array_join (x, y)`.
pub(super) fn take(tokens: Vec<TokenWithSpan>) -> Result<Vec<TokenWithSpan>, SqlError> {
    let starts = |index: usize| {
        let next = tokens.get(index + 1);
        is_word(&tokens[index].token, "ARRAY")
            && next.is_some_and(|next| is_word(&next.token, "JOIN"))
    };
    if !(0..tokens.len()).any(starts) {
        return Ok(tokens);
    }
    let mut out = Vec::with_capacity(tokens.len() + 4);
    let mut index = 0;
    while index < tokens.len() {
        let left =
            is_word(&tokens[index].token, "LEFT") && index + 1 < tokens.len() && starts(index + 1);
        index += usize::from(left);
        if !starts(index) {
            out.push(tokens[index].clone());
            index += 1;
            continue;
        }
        let place = tokens[index].span;
        let at = |token| TokenWithSpan::new(token, place);
        let end = clause_end(&tokens, index + 2);
        let inside = &tokens[index + 2..end];
        let arrays: Vec<_> = parts(inside).into_iter().map(named).collect();
        out.push(word("CROSS", Keyword::CROSS, place));
        out.push(word("JOIN", Keyword::JOIN, place));
        out.push(word(FUNCTION, Keyword::NoKeyword, place));
        out.push(at(Token::LParen));
        for (number, (array, _)) in arrays.iter().enumerate() {
            if number > 0 {
                out.push(at(Token::Comma));
            }
            if left {
                // An empty array gives one row, of the type's zero.
                out.push(word("empty_array_to_single", Keyword::NoKeyword, place));
                out.push(at(Token::LParen));
            }
            out.extend_from_slice(array);
            if left {
                out.push(at(Token::RParen));
            }
        }
        out.push(at(Token::RParen));
        match arrays.as_slice() {
            [(_, Some(name))] => {
                out.push(word("AS", Keyword::AS, place));
                out.push((*name).clone());
            }
            [([name], None)] if left => out.push(name.clone()),
            [_] => {}
            several => aliases(&mut out, several, place)?,
        }
        index = end;
    }
    Ok(out)
}

/// An array and the name that its elements get.
type Array<'t> = (&'t [TokenWithSpan], Option<&'t TokenWithSpan>);

fn named(tokens: &[TokenWithSpan]) -> Array<'_> {
    match tokens {
        [array @ .., word, name] if is_word(&word.token, "AS") && is_name(name) => {
            (array, Some(name))
        }
        // Right behind it, without AS.
        [array @ .., before, name]
            if is_name(name)
                && matches!(
                    before.token,
                    Token::Word(_) | Token::RParen | Token::RBracket
                ) =>
        {
            (&tokens[..array.len() + 1], Some(name))
        }
        array => (array, None),
    }
}

fn is_name(token: &TokenWithSpan) -> bool {
    matches!(token.token, Token::Word(_))
}

/// `AS arrays (x, y)`
fn aliases(
    out: &mut Vec<TokenWithSpan>,
    arrays: &[Array<'_>],
    place: Span,
) -> Result<(), SqlError> {
    let at = |token| TokenWithSpan::new(token, place);
    out.push(word("AS", Keyword::AS, place));
    out.push(word(FUNCTION, Keyword::NoKeyword, place));
    out.push(at(Token::LParen));
    for (number, array) in arrays.iter().enumerate() {
        if number > 0 {
            out.push(at(Token::Comma));
        }
        out.push(match array {
            (_, Some(name)) => (*name).clone(),
            ([name], None) if is_name(name) => name.clone(),
            (array, _) => {
                let place = array.first().map_or(place, |token| token.span);
                return Err(SqlError::at("ARRAY JOIN of an expression takes AS", place));
            }
        });
    }
    out.push(at(Token::RParen));
    Ok(())
}

fn clause_end(tokens: &[TokenWithSpan], start: usize) -> usize {
    const ENDS: [&str; 15] = [
        "WHERE",
        "PREWHERE",
        "GROUP",
        "HAVING",
        "ORDER",
        "LIMIT",
        "UNION",
        "PARTITION",
        "CLUSTER",
        "JOIN",
        "LEFT",
        "INNER",
        "CROSS",
        "SETTINGS",
        "ARRAY",
    ];
    let (mut depth, mut index) = (0usize, start);
    while let Some(token) = tokens.get(index) {
        match &token.token {
            Token::LParen | Token::LBracket => depth += 1,
            Token::RParen | Token::RBracket if depth == 0 => break,
            Token::RParen | Token::RBracket => depth -= 1,
            other if depth == 0 && ENDS.iter().any(|end| is_word(other, end)) => break,
            _ => {}
        }
        index += 1;
    }
    index
}

/// What stands between the commas outside brackets.
fn parts(tokens: &[TokenWithSpan]) -> Vec<&[TokenWithSpan]> {
    let mut depth = 0i64;
    let parts = tokens.split(|token| {
        match token.token {
            Token::LParen | Token::LBracket => depth += 1,
            Token::RParen | Token::RBracket => depth -= 1,
            Token::Comma => return depth == 0,
            _ => {}
        }
        false
    });
    parts.collect()
}
