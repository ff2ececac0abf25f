//! What ClickHouse lets people leave out or write as a call: `USING k`, `and(a, b)`, `GLOBAL IN`.

use std::collections::HashMap;

use sqlparser::{
    keywords::Keyword,
    tokenizer::{Token, TokenWithSpan, Word},
};

use super::{source::is_word, word};

/// The tokens as the grammar reads them.
pub(super) fn take(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let tokens = calls(tokens);
    let mut out = Vec::with_capacity(tokens.len() + 4);
    let mut index = 0;
    while let Some(token) = tokens.get(index) {
        let next = tokens.get(index + 1).map(|next| &next.token);
        if is_word(&token.token, "GLOBAL") && next.is_some_and(is_spread) {
            // There is one node.
            index += 1;
            continue;
        }
        out.push(match next {
            // A column whose name is a type's, before a path into JSON: `json:a`.
            Some(Token::Colon) => plain(token),
            _ => token.clone(),
        });
        index += 1;
        if is_word(&token.token, "USING") && next.is_some_and(is_column) {
            let end = columns_end(&tokens, index);
            let at = |token| TokenWithSpan::new(token, tokens[index].span);
            out.push(at(Token::LParen));
            out.extend_from_slice(&tokens[index..end]);
            out.push(at(Token::RParen));
            index = end;
        }
    }
    out
}

/// A word as a name, whatever it is elsewhere.
fn plain(token: &TokenWithSpan) -> TokenWithSpan {
    match &token.token {
        Token::Word(name) if name.quote_style.is_none() => {
            word(&name.value, Keyword::NoKeyword, token.span)
        }
        _ => token.clone(),
    }
}

/// Words behind `GLOBAL`, which says how other nodes are asked.
fn is_spread(token: &Token) -> bool {
    const WORDS: [&str; 10] = [
        "IN", "NOT", "JOIN", "LEFT", "INNER", "RIGHT", "FULL", "ANY", "ALL", "ASOF",
    ];
    WORDS.iter().any(|word| is_word(token, word))
}

fn is_column(token: &Token) -> bool {
    const OTHERS: [Keyword; 15] = [
        Keyword::FROM,
        Keyword::WHERE,
        Keyword::GROUP,
        Keyword::ORDER,
        Keyword::HAVING,
        Keyword::LIMIT,
        Keyword::UNION,
        Keyword::AS,
        Keyword::AND,
        Keyword::OR,
        Keyword::IN,
        Keyword::IS,
        Keyword::LIKE,
        Keyword::BETWEEN,
        Keyword::SELECT,
    ];
    matches!(token, Token::Word(word) if !OTHERS.contains(&word.keyword))
}

/// Behind the last of the columns that begin at `start`.
fn columns_end(tokens: &[TokenWithSpan], start: usize) -> usize {
    let column = |index: usize| {
        let token = tokens.get(index);
        token.is_some_and(|token| is_column(&token.token))
    };
    let mut end = start + 1;
    while tokens.get(end).map(|token| &token.token) == Some(&Token::Comma) && column(end + 1) {
        end += 2;
    }
    end
}

/// `and(a, b, c)` is `((a) AND (b) AND (c))`, `or` likewise.
fn calls(tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let is_call = |index: usize| {
        let name = &tokens[index].token;
        (is_word(name, "AND") || is_word(name, "OR"))
            && tokens.get(index + 1).map(|next| &next.token) == Some(&Token::LParen)
            && index
                .checked_sub(1)
                .is_none_or(|before| !ends_operand(&tokens[before].token))
    };
    let begins: Vec<usize> = (0..tokens.len()).filter(|index| is_call(*index)).collect();
    if begins.is_empty() {
        return tokens;
    }
    // The operator of each bracket that is open, where it is such a call's.
    let mut open: Vec<Option<Word>> = Vec::new();
    let mut called: HashMap<usize, Word> = HashMap::new();
    let mut out = Vec::with_capacity(tokens.len() + 6 * begins.len());
    for (index, token) in tokens.iter().enumerate() {
        let at = |other| TokenWithSpan::new(other, token.span);
        match &token.token {
            Token::Word(operator) if begins.binary_search(&index).is_ok() => {
                called.insert(index + 1, operator.clone());
            }
            Token::LParen => {
                let operator = called.remove(&index);
                if operator.is_some() {
                    out.push(token.clone());
                }
                open.push(operator);
                out.push(token.clone());
            }
            Token::LBracket | Token::LBrace => {
                open.push(None);
                out.push(token.clone());
            }
            Token::RParen | Token::RBracket | Token::RBrace => {
                if open.pop().flatten().is_some() {
                    out.push(token.clone());
                }
                out.push(token.clone());
            }
            Token::Comma => match open.last() {
                Some(Some(operator)) => {
                    out.push(at(Token::RParen));
                    out.push(word(&operator.value, operator.keyword, token.span));
                    out.push(at(Token::LParen));
                }
                _ => out.push(token.clone()),
            },
            _ => out.push(token.clone()),
        }
    }
    out
}

/// Whether an operand ends here, so that an operator stands behind it.
fn ends_operand(token: &Token) -> bool {
    const BEFORE: [Keyword; 14] = [
        Keyword::SELECT,
        Keyword::DISTINCT,
        Keyword::WHERE,
        Keyword::HAVING,
        Keyword::ON,
        Keyword::BY,
        Keyword::AND,
        Keyword::OR,
        Keyword::NOT,
        Keyword::WHEN,
        Keyword::THEN,
        Keyword::ELSE,
        Keyword::WITH,
        Keyword::CASE,
    ];
    match token {
        Token::Word(word) => word.quote_style.is_some() || !BEFORE.contains(&word.keyword),
        Token::Number(..)
        | Token::SingleQuotedString(_)
        | Token::RParen
        | Token::RBracket
        | Token::RBrace => true,
        _ => false,
    }
}
