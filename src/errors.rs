//! What went wrong, in words. The only place where errors become sentences.

use weir_api::{ApiError, FieldError};

use crate::text;

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Words {
    /// A short sentence without full stop.
    pub title: String,
    /// The server's own words or what to do next; may be empty.
    pub detail: String,
    /// To find the call in the server's log.
    pub request_id: Option<String>,
}

impl Words {
    /// Title and detail in one line, for toasts, cells and fields: of a megabyte only the beginning.
    pub fn sentence(&self) -> String {
        if self.detail.is_empty() {
            return self.title.clone();
        }
        let end = self.detail.char_indices().nth(LONGEST).map(|(end, _)| end);
        match end {
            Some(end) => format!("{}: {}…", self.title, &self.detail[..end]),
            None => format!("{}: {}", self.title, self.detail),
        }
    }
}

/// Characters of a detail in a sentence.
const LONGEST: usize = 1_000;

/// What is said where an answer does not begin for some seconds.
pub const HELD_BACK: &str =
    "No response yet. The server is busy, or a proxy holds back its response.";

/// For a form whose request could not even be written.
pub fn unsent(error: ApiError) -> Vec<FieldError> {
    vec![FieldError::new("", words(&error).sentence())]
}

pub fn words(error: &ApiError) -> Words {
    match error {
        ApiError::Network(_) => plain(
            "The server did not respond",
            "Check the network, the connection's base URL, the server's certificate, and whether it allows requests from this page.",
        ),
        ApiError::Decode(reason) => plain("Unexpected response from the server", reason),
        ApiError::Cancelled => plain("Canceled", ""),
        ApiError::Status(error) => Words {
            title: title(error.status),
            detail: detail(&error.message),
            request_id: error.request_id.clone(),
        },
    }
}

/// Why a text is no JSON, and where, for the end of a sentence: `it ends inside a string at
/// line 2, character 7`.
pub fn json(error: &serde_json::Error) -> String {
    let (line, character) = (error.line(), error.column());
    let what = json_fault(error);
    match line {
        0 => what,
        _ => format!("{what} at line {line}, character {character}"),
    }
}

/// The same without the place.
pub fn json_fault(error: &serde_json::Error) -> String {
    const WORDS: [(&str, &str); 16] = [
        ("EOF while parsing a string", "it ends inside a string"),
        ("EOF while parsing", "it ends before it is complete"),
        ("expected value", "a value is missing or not quoted"),
        ("expected ident", "a value is missing or not quoted"),
        ("expected `:`", "a colon is missing after a name"),
        ("expected `,`", "a comma or closing bracket is missing"),
        ("trailing comma", "nothing after a comma"),
        ("trailing characters", "unexpected text after the end"),
        ("key must be a string", "a name is not in double quotes"),
        ("expected `\"`", "a name is not in double quotes"),
        (
            "control character",
            "a string contains an unescaped line break or control character",
        ),
        ("invalid escape", "invalid escape after a backslash"),
        ("lone leading surrogate", "incomplete character escape"),
        ("unexpected end of hex", "incomplete character escape"),
        ("invalid number", "incomplete number"),
        ("recursion limit", "it is nested too deeply"),
    ];
    let own = error.to_string();
    let known = WORDS.iter().find(|(theirs, _)| own.starts_with(theirs));
    match known {
        Some((_, words)) => (*words).to_string(),
        None => own
            .split(" at line ")
            .next()
            .unwrap_or_default()
            .to_string(),
    }
}

fn plain(title: &str, detail: &str) -> Words {
    Words {
        title: title.into(),
        detail: detail.into(),
        request_id: None,
    }
}

/// In the place of a status: the server answered, and its query failed while it ran.
pub const QUERY: u16 = 0;

/// In the place of a status: the console itself found what is wrong.
pub const UNSENT: u16 = 1;

fn title(status: u16) -> String {
    let words = match status {
        400 | 422 => "The server rejected the request",
        401 => "Not signed in",
        403 => "Not allowed",
        404 => "Not found",
        408 | 504 => "The request timed out",
        409 => "Conflicts with what exists",
        413 => "Too large for the server",
        429 => "Too many requests",
        502 | 503 => "The server is not available",
        500..=599 => "The server failed",
        QUERY => "The query failed",
        UNSENT => "Not sent",
        _ => return format!("The server responded with {status}"),
    };
    words.into()
}

/// A proxy's error page says nothing to a person.
fn detail(message: &str) -> String {
    if message.trim_start().starts_with('<') {
        "The server returned a web page instead of an API response.".into()
    } else {
        text::coded(message)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_servers_words_and_request_id_are_kept() {
        let body = br#"{"code":57,"message":"stream iot exists"}"#;
        let words = words(&weir_api::timeplus::error(409, Some("r-1".into()), body));
        assert_eq!(
            words.sentence(),
            "Conflicts with what exists: stream iot exists"
        );
        assert_eq!(words.request_id.as_deref(), Some("r-1"));
        let long = super::words(&ApiError::with_status(500, "ä".repeat(1_000_000)));
        assert!(long.sentence().chars().count() < 1_100 && long.sentence().ends_with('…'));
        assert_eq!(
            long.detail.chars().count(),
            1_000_000,
            "all of it is at hand"
        );
    }

    #[test]
    fn a_proxys_error_page_is_not_shown() {
        let words = words(&ApiError::with_status(502, "<html><h1>Bad gateway</h1>"));
        assert_eq!(words.title, "The server is not available");
        assert!(!words.detail.contains('<'), "{}", words.detail);
    }

    #[test]
    fn what_is_no_json_is_told_in_words() {
        let told = |text: &str| {
            let error = serde_json::from_str::<serde_json::Value>(text);
            json(&error.expect_err(text))
        };
        for (text, words) in [
            ("", "it ends before it is complete at line 1, character 0"),
            (
                "{\"a\":",
                "it ends before it is complete at line 1, character 5",
            ),
            (
                "{\"a\":\"x",
                "it ends inside a string at line 1, character 7",
            ),
            (
                "[1,\n2",
                "it ends before it is complete at line 2, character 1",
            ),
            (
                "{a:1}",
                "a name is not in double quotes at line 1, character 2",
            ),
            (
                "[tru]",
                "a value is missing or not quoted at line 1, character 5",
            ),
            ("[1,]", "nothing after a comma at line 1, character 4"),
            (
                "[1 2]",
                "a comma or closing bracket is missing at line 1, character 4",
            ),
            (
                "{\"a\" 1}",
                "a colon is missing after a name at line 1, character 6",
            ),
            (
                "1 2",
                "unexpected text after the end at line 1, character 3",
            ),
            (
                "\"a\nb\"",
                "a string contains an unescaped line break or control character at line 2, character 0",
            ),
        ] {
            assert_eq!(told(text), words, "{text}");
        }
    }

    #[test]
    fn an_unknown_status_is_named() {
        assert_eq!(
            words(&ApiError::with_status(418, "")).sentence(),
            "The server responded with 418"
        );
        assert_eq!(
            words(&ApiError::with_status(QUERY, "1 does not fit int8")).sentence(),
            "The query failed: 1 does not fit int8"
        );
        assert_eq!(
            words(&ApiError::with_status(UNSENT, "Choose a value")).sentence(),
            "Not sent: Choose a value"
        );
    }
}
