//! What is written another way, each by a rule of its own.

use sqlparser::{keywords::Keyword, tokenizer::Token};

use super::{
    super::{
        source::{dollar_quoted, is_word},
        word,
    },
    Rewriting, Rule,
    shape::{
        behind_value, computed, is_plain_call, is_subscript, names_of_lambda, operand, touches,
        type_end, type_word, unit,
    },
};
use crate::SqlError;

/// The first that applies is taken.
pub(super) const RULES: [Rule; 13] = [
    cast_type,
    duration,
    lambda,
    star_except,
    list_call,
    named_query,
    square_list,
    subscript,
    tuple_element,
    modulo,
    type_behind_colons,
    dollar_text,
    plain_call,
];

type Read = Result<Option<usize>, SqlError>;

/// `CAST(x AS some type)`
fn cast_type(r: &mut Rewriting<'_, '_>, index: usize) -> Read {
    let Some(end) = r.casts.get(&index).copied() else {
        return Ok(None);
    };
    r.out.push(type_word(r.source, &r.tokens[index..end]));
    Ok(Some(end - index))
}

/// `5s` is `INTERVAL 5 SECOND`
fn duration(r: &mut Rewriting<'_, '_>, index: usize) -> Read {
    let token = r.at(index);
    let (Token::Number(number, false), Some(next)) = (&token.token, r.next(index)) else {
        return Ok(None);
    };
    if !touches(token, next) {
        return Ok(None);
    }
    let unit = match &next.token {
        Token::Word(word) if word.quote_style.is_none() => unit(&word.value),
        _ => None,
    };
    let Some(unit) = unit else {
        let behind = &next.token;
        let words = format!("'{number}{behind}' is neither a number nor a duration like 5s");
        return Err(SqlError::at(words, token.span));
    };
    r.out.push(word("INTERVAL", Keyword::INTERVAL, token.span));
    r.out.push(token.clone());
    r.out.push(word(unit.0, unit.1, next.span));
    Ok(Some(2))
}

/// `f(x, y -> x + y, a, b)` is `f((x, y) -> x + y, a, b)`
fn lambda(r: &mut Rewriting<'_, '_>, index: usize) -> Read {
    let open = r.at(index);
    if open.token != Token::LParen {
        return Ok(None);
    }
    let Some(arrow) = names_of_lambda(r.tokens, index + 1) else {
        return Ok(None);
    };
    r.out.extend([open.clone(), open.clone()]);
    r.out.extend_from_slice(&r.tokens[index + 1..arrow]);
    r.write([Token::RParen], r.at(arrow).span);
    Ok(Some(arrow - index))
}

/// `* EXCEPT a` is `* EXCEPT (a)`
fn star_except(r: &mut Rewriting<'_, '_>, index: usize) -> Read {
    let except = r.at(index);
    let star = r
        .before(index)
        .is_some_and(|token| token.token == Token::Mul);
    let column = match r.next(index) {
        Some(column) if star && is_word(&except.token, "EXCEPT") => column,
        _ => return Ok(None),
    };
    if !matches!(&column.token, Token::Word(word) if word.keyword != Keyword::SELECT) {
        return Ok(None);
    }
    r.out.push(except.clone());
    r.write(
        [Token::LParen, column.token.clone(), Token::RParen],
        column.span,
    );
    Ok(Some(2))
}

/// `x IN [1, 2]`, `x IN array(1, 2)` and `x IN tuple(1, 2)` are `x IN (1, 2)`: here the word goes.
fn list_call(r: &mut Rewriting<'_, '_>, index: usize) -> Read {
    let named = ["tuple", "array"]
        .iter()
        .any(|name| is_word(&r.at(index).token, name));
    let called = r
        .next(index)
        .is_some_and(|next| next.token == Token::LParen);
    Ok((named && called && r.behind_in(index)).then_some(1))
}

/// `x IN t` of `WITH t AS (SELECT …)` is `x IN (SELECT * FROM t)`
fn named_query(r: &mut Rewriting<'_, '_>, index: usize) -> Read {
    let token = r.at(index);
    let Token::Word(name) = &token.token else {
        return Ok(None);
    };
    if !r.behind_in(index) || !r.queries.contains(name.value.as_str()) {
        return Ok(None);
    }
    r.write([Token::LParen], token.span);
    r.out.push(word("SELECT", Keyword::SELECT, token.span));
    r.write([Token::Mul], token.span);
    r.out.push(word("FROM", Keyword::FROM, token.span));
    r.out.push(token.clone());
    r.write([Token::RParen], token.span);
    Ok(Some(1))
}

/// The brackets of `x IN [1, 2]`.
fn square_list(r: &mut Rewriting<'_, '_>, index: usize) -> Read {
    let token = r.at(index);
    let round = match token.token {
        Token::LBracket if r.behind_in(index) => {
            let Some(closing) = r.brackets.closing(index) else {
                return Ok(None);
            };
            r.listed.insert(closing);
            Token::LParen
        }
        Token::RBracket if r.listed.contains(&index) => Token::RParen,
        _ => return Ok(None),
    };
    r.write([round], token.span);
    Ok(Some(1))
}

/// The grammar reads only one operand between the brackets of a subscript.
fn subscript(r: &mut Rewriting<'_, '_>, index: usize) -> Read {
    let token = r.at(index);
    match token.token {
        Token::LBracket => {
            let behind_value = r
                .before(index)
                .is_some_and(|before| is_subscript(&before.token));
            if !behind_value || !computed(r.tokens, &r.brackets, index) {
                return Ok(None);
            }
            r.wrapped.insert(r.brackets.closing(index).unwrap_or(index));
            r.write([Token::LBracket, Token::LParen], token.span);
        }
        Token::RBracket if r.wrapped.contains(&index) => {
            r.write([Token::RParen, Token::RBracket], token.span);
        }
        _ => return Ok(None),
    }
    Ok(Some(1))
}

/// `t.1` is `t[1L]`, which only a tuple has.
fn tuple_element(r: &mut Rewriting<'_, '_>, index: usize) -> Read {
    let token = r.at(index);
    let number = match &token.token {
        Token::Number(number, false) if number.starts_with('.') => number,
        _ => return Ok(None),
    };
    if !r
        .before(index)
        .is_some_and(|before| behind_value(before, token))
    {
        return Ok(None);
    }
    for place in number.split('.').filter(|place| !place.is_empty()) {
        let element = Token::Number(place.to_string(), true);
        r.write([Token::LBracket, element, Token::RBracket], token.span);
    }
    Ok(Some(1))
}

/// `a MOD b` is `a % b`
fn modulo(r: &mut Rewriting<'_, '_>, index: usize) -> Read {
    let token = r.at(index);
    let between = match (r.before(index), r.next(index)) {
        (Some(left), Some(right)) => {
            operand(&left.token) && operand(&right.token) && right.token != Token::RParen
        }
        _ => false,
    };
    if !between || !is_word(&token.token, "MOD") {
        return Ok(None);
    }
    r.write([Token::Mod], token.span);
    Ok(Some(1))
}

/// `x::some type`
fn type_behind_colons(r: &mut Rewriting<'_, '_>, index: usize) -> Read {
    let token = r.at(index);
    if token.token != Token::DoubleColon || r.next(index).is_none() {
        return Ok(None);
    }
    r.out.push(token.clone());
    let (start, end) = (index + 1, type_end(r.tokens, &r.brackets, index + 1));
    if end > start {
        r.out.push(type_word(r.source, &r.tokens[start..end]));
    }
    Ok(Some(end - index))
}

/// `$$text$$` is a text like any other.
fn dollar_text(r: &mut Rewriting<'_, '_>, index: usize) -> Read {
    let token = r.at(index);
    if !matches!(token.token, Token::DollarQuotedString(_)) {
        return Ok(None);
    }
    let text = dollar_quoted(r.source.text(token.span)).unwrap_or_default();
    r.write([Token::SingleQuotedString(text.to_string())], token.span);
    Ok(Some(1))
}

/// Calls of functions whose names the grammar gives a form of their own.
fn plain_call(r: &mut Rewriting<'_, '_>, index: usize) -> Read {
    let token = r.at(index);
    let name = match &token.token {
        Token::Word(name) if name.keyword != Keyword::NoKeyword => name,
        _ => return Ok(None),
    };
    let called = r
        .next(index)
        .is_some_and(|next| next.token == Token::LParen);
    if !called || !is_plain_call(r.source, r.tokens, &r.brackets, index, name) {
        return Ok(None);
    }
    r.out
        .push(word(&name.value, Keyword::NoKeyword, token.span));
    Ok(Some(1))
}
