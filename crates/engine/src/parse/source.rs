//! Tokens with their places, and the text between two places.

use sqlparser::{
    keywords::Keyword,
    tokenizer::{Location, Span, Token, TokenWithSpan, Tokenizer, Word},
};

use super::dialect::Timeplus;
use crate::SqlError;

/// Longer statements are refused before they are parsed.
const MAX_BYTES: usize = 1 << 20;

/// Operators that may follow each other at one place: deeper trees could exhaust the stack.
const MAX_OPERATORS: usize = 300;

pub(crate) struct Source<'a> {
    sql: &'a str,
    /// Byte offset of each line's start.
    lines: Vec<usize>,
}

impl<'a> Source<'a> {
    pub(crate) fn new(sql: &'a str) -> Self {
        let newlines = sql.match_indices('\n').map(|(index, _)| index + 1);
        Self {
            sql,
            lines: std::iter::once(0).chain(newlines).collect(),
        }
    }

    /// Every token with white space and comments.
    pub(crate) fn all_tokens(&self) -> Result<Vec<TokenWithSpan>, SqlError> {
        if self.sql.len() > MAX_BYTES {
            return Err(SqlError::new("the statement is longer than 1 MiB"));
        }
        Tokenizer::new(&Timeplus, self.sql)
            .tokenize_with_location()
            .map_err(|error| SqlError::at(error.message, error.location.span_to(error.location)))
    }

    /// The tokens that mean something.
    pub(crate) fn tokens(&self) -> Result<Vec<TokenWithSpan>, SqlError> {
        let mut tokens = self.all_tokens()?;
        tokens.retain(|token| !matches!(token.token, Token::Whitespace(_) | Token::EOF));
        check_depth(&tokens)?;
        Ok(tokens)
    }

    /// The text from the start of the first to the end of the last of `tokens`.
    pub(crate) fn slice(&self, tokens: &[TokenWithSpan]) -> &'a str {
        match (tokens.first(), tokens.last()) {
            (Some(first), Some(last)) => {
                &self.sql[self.offset(first.span.start)..self.offset(last.span.end)]
            }
            _ => "",
        }
    }

    pub(crate) fn text(&self, span: Span) -> &'a str {
        &self.sql[self.offset(span.start)..self.offset(span.end)]
    }

    fn offset(&self, at: Location) -> usize {
        let line = usize::try_from(at.line.saturating_sub(1)).unwrap_or(usize::MAX);
        let Some(start) = self.lines.get(line).copied() else {
            return self.sql.len();
        };
        let column = usize::try_from(at.column.saturating_sub(1)).unwrap_or(usize::MAX);
        self.sql[start..]
            .char_indices()
            .nth(column)
            .map_or(self.sql.len(), |(index, _)| start + index)
    }
}

/// Chains of operators become trees as deep as the chain is long.
fn check_depth(tokens: &[TokenWithSpan]) -> Result<(), SqlError> {
    let mut levels = vec![0usize];
    let mut total = 0usize;
    for token in tokens {
        match &token.token {
            Token::LParen | Token::LBracket => levels.push(0),
            Token::RParen | Token::RBracket => {
                total -= levels.pop().unwrap_or(0);
                if levels.is_empty() {
                    levels.push(0);
                }
            }
            Token::Comma => {
                if let Some(level) = levels.last_mut() {
                    total -= *level;
                    *level = 0;
                }
            }
            other if is_operator(other) => {
                if let Some(level) = levels.last_mut() {
                    *level += 1;
                    total += 1;
                }
                if total > MAX_OPERATORS {
                    return Err(SqlError::at(
                        format!("more than {MAX_OPERATORS} operators in one expression"),
                        token.span,
                    ));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn is_operator(token: &Token) -> bool {
    match token {
        Token::Word(Word { keyword, .. }) => matches!(
            keyword,
            Keyword::AND
                | Keyword::OR
                | Keyword::XOR
                | Keyword::NOT
                | Keyword::IS
                | Keyword::IN
                | Keyword::LIKE
                | Keyword::ILIKE
                | Keyword::BETWEEN
                | Keyword::UNION
                | Keyword::EXCEPT
                | Keyword::INTERSECT
                | Keyword::COLLATE
                | Keyword::DIV
        ),
        Token::Number(..) | Token::SingleQuotedString(_) | Token::Period | Token::SemiColon => {
            false
        }
        Token::DoubleQuotedString(_) | Token::Colon => false,
        _ => true,
    }
}

/// Whether `token` is this word, unquoted, in any case.
pub(crate) fn is_word(token: &Token, word: &str) -> bool {
    matches!(token, Token::Word(w) if w.quote_style.is_none() && w.value.eq_ignore_ascii_case(word))
}
