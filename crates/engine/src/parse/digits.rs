//! Numbers in other bases, and texts as hexadecimal digits: `0xFF`, `0b101`, `x'FF'`.

use num_bigint::BigUint;
use sqlparser::{
    keywords::Keyword,
    tokenizer::{Token, TokenWithSpan},
};

use super::{source::Source, word};
use crate::SqlError;

/// The tokens with decimal digits, and with `unhex('FF')` for `x'FF'`.
pub(super) fn take(
    source: &Source<'_>,
    tokens: Vec<TokenWithSpan>,
) -> Result<Vec<TokenWithSpan>, SqlError> {
    let other = |token: &TokenWithSpan| {
        matches!(&token.token, Token::HexStringLiteral(_))
            || matches!(&token.token, Token::Number(digits, _) if digits == "0")
    };
    if !tokens.iter().any(other) {
        return Ok(tokens);
    }
    let mut out = Vec::with_capacity(tokens.len());
    let mut tokens = tokens.into_iter().peekable();
    while let Some(mut token) = tokens.next() {
        let span = token.span;
        let failed = || {
            let words = "a number of more than 256 bits";
            SqlError::at(words, span)
        };
        match &token.token {
            Token::HexStringLiteral(digits) if source.text(span).starts_with("0x") => {
                token.token = decimal(digits, 16).ok_or_else(failed)?;
            }
            Token::HexStringLiteral(digits) => {
                let digits = Token::SingleQuotedString(digits.clone());
                out.push(word("unhex", Keyword::NoKeyword, span));
                let inside = [Token::LParen, digits, Token::RParen];
                out.extend(inside.map(|token| TokenWithSpan::new(token, span)));
                continue;
            }
            Token::Number(zero, false) if zero == "0" => {
                let behind = tokens.peek().filter(|next| next.span.start == span.end);
                let binary = behind.and_then(|next| match &next.token {
                    Token::Word(word) => word.value.strip_prefix('b'),
                    _ => None,
                });
                if let Some(digits) = binary.filter(|digits| is_binary(digits)) {
                    token.token = decimal(digits, 2).ok_or_else(failed)?;
                    token.span = span.union(&tokens.next().map_or(span, |next| next.span));
                }
            }
            _ => {}
        }
        out.push(token);
    }
    Ok(out)
}

fn is_binary(digits: &str) -> bool {
    !digits.is_empty() && digits.bytes().all(|digit| matches!(digit, b'0' | b'1'))
}

fn decimal(digits: &str, base: u32) -> Option<Token> {
    let fits = digits.len() <= 256 && !digits.is_empty();
    let number = BigUint::parse_bytes(digits.as_bytes(), base).filter(|_| fits)?;
    Some(Token::Number(number.to_string(), false))
}
