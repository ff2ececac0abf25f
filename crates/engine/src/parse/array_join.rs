//! `[LEFT] ARRAY JOIN array [AS x]`, as a join with the relation of the array's elements.

use sqlparser::{
    keywords::Keyword,
    tokenizer::{Token, TokenWithSpan},
};

use super::{source::is_word, word};
use crate::SqlError;

/// The name of that relation.
pub(crate) const FUNCTION: &str = "array_join";

/// Turns each `ARRAY JOIN a AS x` into `CROSS JOIN array_join(a) AS x`.
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
        if inside.iter().any(|token| token.token == Token::Comma) && top_comma(inside) {
            let what = "ARRAY JOIN of several arrays (array_zip puts them together)";
            return Err(SqlError::unsupported(what, tokens[index].span));
        }
        let alias = inside.iter().rposition(|token| is_word(&token.token, "AS"));
        let alias = alias.or_else(|| implicit_alias(inside));
        let (array, alias) = inside.split_at(alias.unwrap_or(inside.len()));
        out.push(word("CROSS", Keyword::CROSS, place));
        out.push(word("JOIN", Keyword::JOIN, place));
        out.push(word(FUNCTION, Keyword::NoKeyword, place));
        out.push(at(Token::LParen));
        if left {
            // An empty array gives one row, of the type's zero.
            out.push(word("empty_array_to_single", Keyword::NoKeyword, place));
            out.push(at(Token::LParen));
        }
        out.extend_from_slice(array);
        if left {
            out.push(at(Token::RParen));
        }
        out.push(at(Token::RParen));
        match (alias, array) {
            ([], [name]) if left => out.push(name.clone()),
            _ => out.extend_from_slice(alias),
        }
        index = end;
    }
    Ok(out)
}

/// The place of a name right behind the array.
fn implicit_alias(inside: &[TokenWithSpan]) -> Option<usize> {
    let [.., before, name] = inside else {
        return None;
    };
    let value = matches!(
        before.token,
        Token::Word(_) | Token::RParen | Token::RBracket
    );
    (value && matches!(name.token, Token::Word(_))).then(|| inside.len() - 1)
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

/// Whether a comma stands outside brackets.
fn top_comma(tokens: &[TokenWithSpan]) -> bool {
    let mut depth = 0i64;
    tokens.iter().any(|token| {
        match token.token {
            Token::LParen | Token::LBracket => depth += 1,
            Token::RParen | Token::RBracket => depth -= 1,
            Token::Comma => return depth == 0,
            _ => {}
        }
        false
    })
}
