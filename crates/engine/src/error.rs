//! What is wrong with a statement, in words, and where.

use std::fmt;

use sqlparser::{
    parser::ParserError,
    tokenizer::{Location, Span},
};

/// 1-based, in the SQL as sent; columns count characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    pub line: u64,
    pub column: u64,
}

/// A statement that cannot be run, or that failed while running.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct SqlError {
    pub message: String,
    pub position: Option<Position>,
}

impl fmt::Display for SqlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        match self.position {
            Some(Position { line, column }) => write!(f, " at line {line}, column {column}"),
            None => Ok(()),
        }
    }
}

/// Characters.
const MAX_MESSAGE: usize = 600;

impl SqlError {
    /// A long message is cut: it can quote what somebody wrote.
    pub fn new(message: impl Into<String>) -> Self {
        let mut message: String = message.into();
        if let Some((end, _)) = message.char_indices().nth(MAX_MESSAGE) {
            message.truncate(end);
            message.push('…');
        }
        Self {
            message,
            position: None,
        }
    }

    pub(crate) fn at(message: impl Into<String>, span: Span) -> Self {
        Self::new(message).or_at(span)
    }

    /// Places an error that has no position yet.
    pub(crate) fn or_at(mut self, span: Span) -> Self {
        if self.position.is_none() {
            self.position = position(span.start);
        }
        self
    }

    /// `what` is a construct, or a construct and what to write instead: `TOP … PERCENT; use TOP n`.
    pub(crate) fn unsupported(what: impl fmt::Display, span: Span) -> Self {
        let what = what.to_string();
        let message = match what.split_once("; ") {
            Some((construct, instead)) => format!("{construct} is not supported: {instead}"),
            None => format!("{what} is not supported"),
        };
        Self::at(message, span)
    }
}

fn position(location: Location) -> Option<Position> {
    (location.line > 0).then_some(Position {
        line: location.line,
        column: location.column,
    })
}

impl From<rusqlite::Error> for SqlError {
    fn from(error: rusqlite::Error) -> Self {
        Self::new(match error {
            rusqlite::Error::SqliteFailure(_, Some(message)) => message,
            other => other.to_string(),
        })
    }
}

impl From<ParserError> for SqlError {
    /// The parser puts the place into its message, and its own words for tokens.
    fn from(error: ParserError) -> Self {
        let text = match error {
            ParserError::TokenizerError(text) | ParserError::ParserError(text) => text,
            // Known with its bound where the parser is called.
            ParserError::RecursionLimitExceeded => "too many levels inside each other".to_string(),
        };
        let Some((message, place)) = text.split_once(" at Line: ") else {
            return Self::new(words(&text));
        };
        let mut numbers = place
            .split(|c: char| !c.is_ascii_digit())
            .filter(|n| !n.is_empty());
        let mut number = || numbers.next().and_then(|n| n.parse().ok()).unwrap_or(0);
        let (line, column) = (number(), number());
        Self {
            position: position(Location { line, column }),
            ..Self::new(words(message))
        }
    }
}

/// Characters of somebody's text that an error repeats.
const QUOTED: usize = 40;

/// Somebody's text, cut, in quotes.
pub(crate) fn quoted(text: &str) -> String {
    match text.char_indices().nth(QUOTED) {
        Some((end, _)) => format!("'{}…'", &text[..end]),
        None => format!("'{text}'"),
    }
}

/// What the tokenizer says of characters that are no token, as a person would say it.
pub(crate) fn token_words(message: &str) -> String {
    if let Some(found) = message.strip_prefix("Unexpected character ") {
        return format!(
            "unexpected {found}: a name that begins with a digit, or has other characters \
             than letters, digits and _, is written in backticks"
        );
    }
    if let Some(rest) = message.strip_prefix("Expected close delimiter ") {
        let mark = rest.split_whitespace().next().unwrap_or_default();
        return format!("the name that begins here is not closed: {mark} is missing");
    }
    let lower = message.to_ascii_lowercase();
    if lower.contains("comment") {
        return "the comment that begins here is not closed: */ is missing".to_string();
    }
    if lower.contains("dollar") {
        return "the text that begins here is not closed: $$ is missing".to_string();
    }
    if lower.contains("string literal") || lower.contains("unterminated") {
        return "the text that begins here is not closed: ' is missing".to_string();
    }
    lower_first(message)
}

/// The parser's message as a person would say it.
fn words(message: &str) -> String {
    if let Some(rest) = message.strip_prefix("Expected: ") {
        let (wanted, found) = rest.split_once(", found: ").unwrap_or((rest, ""));
        let wanted = match wanted.trim() {
            "end of statement" | "EOF" => "the end of the statement".to_string(),
            "an expression" | "an expression:" => "an expression".to_string(),
            other => lower_first(other),
        };
        return match found {
            "" => format!("expected {wanted}"),
            "EOF" => format!("expected {wanted}, found the end"),
            found => format!("expected {wanted}, found {}", quoted(found)),
        };
    }
    // The parser's names of its own parts.
    let inner = ["No infix parser", "Token", "Word {", "Word("];
    match inner.iter().any(|part| message.contains(part)) {
        true => "something is missing or does not belong here".to_string(),
        false => lower_first(message),
    }
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => {
            let text: String = first.to_lowercase().chain(chars).collect();
            text.replace("found: EOF", "found: the end")
        }
        None => String::new(),
    }
}
