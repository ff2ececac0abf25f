//! Tokens with their places, and the text between two places.

use sqlparser::{
    keywords::Keyword,
    tokenizer::{Location, Span, Token, TokenWithSpan, Tokenizer},
};

use weir_api::unseen::is_unseen;

use super::{bounds, dialect::Timeplus, digits, session_range};
use crate::{Limits, SqlError, error::token_words};

/// Whether a function has this name, in any case.
pub(crate) type IsFunction = fn(&str) -> bool;

pub(crate) struct Source<'a> {
    sql: &'a str,
    is_function: IsFunction,
    lines: Vec<Line>,
}

/// Where a line is, for places given in characters.
struct Line {
    /// Byte offsets of every [`MARK`]-th character, the first being the line's start.
    marks: Vec<usize>,
}

const MARK: usize = 128;

impl<'a> Source<'a> {
    pub(crate) fn new(sql: &'a str, is_function: IsFunction) -> Self {
        let mut lines = Vec::new();
        let mut start = 0;
        for line in sql
            .split_inclusive('\n')
            .chain(sql.is_empty().then_some(""))
        {
            let chars = line.char_indices().step_by(MARK);
            let mut marks: Vec<usize> = chars.map(|(index, _)| start + index).collect();
            if marks.is_empty() {
                marks.push(start);
            }
            lines.push(Line { marks });
            start += line.len();
        }
        Self {
            sql,
            is_function,
            lines,
        }
    }

    pub(crate) fn is_function(&self, name: &str) -> bool {
        (self.is_function)(name)
    }

    /// Every token with white space and comments.
    pub(crate) fn all_tokens(&self) -> Result<Vec<TokenWithSpan>, SqlError> {
        let most = Limits::get().statement_bytes;
        if self.sql.len() > most {
            return Err(SqlError::new(format!(
                "the statement has {} bytes, more than {most}",
                self.sql.len()
            )));
        }
        Tokenizer::new(&Timeplus, self.sql)
            .tokenize_with_location()
            .map_err(|error| {
                let place = error.location.span_to(error.location);
                SqlError::at(token_words(&error.message), place)
            })
    }

    /// The tokens that mean something.
    pub(crate) fn tokens(&self) -> Result<Vec<TokenWithSpan>, SqlError> {
        let mut tokens = self.all_tokens()?;
        tokens.retain(|token| !matches!(token.token, Token::Whitespace(_) | Token::EOF));
        let mut tokens = digits::take(self, tokens)?;
        odd(&tokens)?;
        bounds::check(&tokens)?;
        for token in &mut tokens {
            match &mut token.token {
                Token::SingleQuotedString(_) => self.bytes(token)?,
                // `1_000` is 1000.
                Token::Number(text, _) => text.retain(|c| c != '_'),
                _ => {}
            }
        }
        session_range::take(view_parameters(self, tokens))
    }

    /// What backslashes in a text stand for, as the vendor reads them: before a character that has
    /// no meaning of its own a backslash stays (`'\d+'` is a digit and more), which the tokenizer
    /// would take away.
    fn bytes(&self, token: &mut TokenWithSpan) -> Result<(), SqlError> {
        let text = self.text(token.span);
        if !text.contains('\\') {
            return Ok(());
        }
        let failed = || {
            let words = "\\x in a text is followed by two hexadecimal digits, and all of them are \
                         UTF-8 (unhex('FF') has other bytes)";
            SqlError::at(words, token.span)
        };
        let inside = text.strip_prefix('\'').and_then(|t| t.strip_suffix('\''));
        let mut rest = inside.ok_or_else(failed)?.as_bytes();
        let mut plain = Vec::with_capacity(rest.len());
        while let Some((first, behind)) = rest.split_first() {
            rest = match (first, behind) {
                (b'\\', [b'x', high, low, behind @ ..]) => {
                    let digit = |byte: &u8| char::from(*byte).to_digit(16);
                    let (high, low) = digit(high).zip(digit(low)).ok_or_else(failed)?;
                    plain.push((high << 4 | low) as u8);
                    behind
                }
                (b'\\', [b'x', ..]) => return Err(failed()),
                (b'\\', [next, behind @ ..]) => {
                    match escaped(*next) {
                        Some(byte) => plain.push(byte),
                        None => plain.extend([b'\\', *next]),
                    }
                    behind
                }
                (b'\'', [b'\'', behind @ ..]) => {
                    plain.push(b'\'');
                    behind
                }
                _ => {
                    plain.push(*first);
                    behind
                }
            };
        }
        let plain = String::from_utf8(plain).map_err(|_| failed())?;
        token.token = Token::SingleQuotedString(plain);
        Ok(())
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
        let index = |number: u64| usize::try_from(number.saturating_sub(1)).unwrap_or(usize::MAX);
        let column = index(at.column);
        let mark = self
            .lines
            .get(index(at.line))
            .and_then(|line| line.marks.get(column / MARK).copied());
        let Some(mark) = mark else {
            return self.sql.len();
        };
        self.sql[mark..]
            .char_indices()
            .nth(column % MARK)
            .map_or(self.sql.len(), |(index, _)| mark + index)
    }
}

/// The byte that a backslash and this one stand for; `None` where they stand for themselves.
fn escaped(byte: u8) -> Option<u8> {
    Some(match byte {
        b'0' => 0,
        b'a' => 0x07,
        b'b' => 0x08,
        b'e' => 0x1b,
        b'f' => 0x0c,
        b'n' => b'\n',
        b'r' => b'\r',
        b't' => b'\t',
        b'v' => 0x0b,
        b'\\' | b'\'' | b'"' | b'`' | b'/' | b'=' => byte,
        _ => return None,
    })
}

/// What stands between `$$` and `$$`, or `$tag$` and `$tag$`, of a token's text. Not the tokenizer's
/// own copy, which loses a `$` here and there.
pub(crate) fn dollar_quoted(text: &str) -> Option<&str> {
    let end = text.get(1..)?.find('$')? + 2;
    text.get(end..)?.strip_suffix(text.get(..end)?)
}

/// Refuses characters that no statement has, which can often not be seen, and placeholders of
/// templates.
fn odd(tokens: &[TokenWithSpan]) -> Result<(), SqlError> {
    for pair in tokens.windows(2) {
        let both = pair[0].token == Token::LBrace && pair[1].token == Token::LBrace;
        if both && pair[0].span.end == pair[1].span.start {
            let words = "'{{' opens a placeholder of a template: write its value";
            return Err(SqlError::at(words, pair[0].span));
        }
    }
    for token in tokens {
        let Token::Char(found) = token.token else {
            continue;
        };
        let code = format!("U+{:04X}", u32::from(found));
        let quote = matches!(found, '\u{2018}'..='\u{201F}' | '\u{00AB}' | '\u{00BB}');
        let seen = !found.is_control() && !found.is_whitespace() && !is_unseen(found);
        let message = match (quote, seen) {
            (true, _) => format!("'{found}' ({code}) is no quote of SQL: write ' or \""),
            (_, true) => format!("'{found}' ({code}) does not belong here"),
            (_, false) => format!("invisible character ({code}): delete it"),
        };
        return Err(SqlError::at(message, token.span));
    }
    Ok(())
}

/// The function that a parameter of a view is read as.
pub(crate) const VIEW_PARAMETER: &str = "_view_parameter";

/// `{name:type}` as a call of [`VIEW_PARAMETER`].
fn view_parameters(source: &Source<'_>, tokens: Vec<TokenWithSpan>) -> Vec<TokenWithSpan> {
    let plain = |token: &Token| matches!(token, Token::Word(word) if word.quote_style.is_none());
    let parameter = |at: usize| {
        let [open, name, colon, first] = tokens.get(at..at + 4)? else {
            return None;
        };
        let begins = open.token == Token::LBrace
            && plain(&name.token)
            && colon.token == Token::Colon
            && plain(&first.token);
        if !begins {
            return None;
        }
        let brace = |token: &TokenWithSpan| matches!(token.token, Token::LBrace | Token::RBrace);
        let length = tokens[at + 3..].iter().position(brace)?;
        let close = at + 3 + length;
        (tokens[close].token == Token::RBrace).then_some(close)
    };
    if !(0..tokens.len()).any(|at| parameter(at).is_some()) {
        return tokens;
    }
    let mut out = Vec::with_capacity(tokens.len() + 4);
    let mut at = 0;
    while at < tokens.len() {
        let Some(close) = parameter(at) else {
            out.push(tokens[at].clone());
            at += 1;
            continue;
        };
        let span = tokens[at].span;
        let text =
            |tokens: &[TokenWithSpan]| Token::SingleQuotedString(source.slice(tokens).to_string());
        out.push(super::word(VIEW_PARAMETER, Keyword::NoKeyword, span));
        for token in [
            Token::LParen,
            text(&tokens[at + 1..at + 2]),
            Token::Comma,
            text(&tokens[at + 3..close]),
        ] {
            out.push(TokenWithSpan::new(token, span));
        }
        out.push(TokenWithSpan::new(Token::RParen, tokens[close].span));
        at = close + 1;
    }
    out
}

/// Whether `token` is this word, unquoted, in any case.
pub(crate) fn is_word(token: &Token, word: &str) -> bool {
    matches!(token, Token::Word(w) if w.quote_style.is_none() && w.value.eq_ignore_ascii_case(word))
}
