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
    /// Title and detail in one line, for toasts.
    pub fn sentence(&self) -> String {
        if self.detail.is_empty() {
            self.title.clone()
        } else {
            format!("{}: {}", self.title, self.detail)
        }
    }
}

/// For a form whose request could not even be written.
pub fn unsent(error: ApiError) -> Vec<FieldError> {
    vec![FieldError::new("", words(&error).sentence())]
}

pub fn words(error: &ApiError) -> Words {
    match error {
        ApiError::Network(_) => plain(
            "The server did not answer",
            "Check the network, the connection's base URL, the server's certificate, and whether it allows calls from this page.",
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
        400 | 422 => "The server refused the request",
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
        _ => return format!("The server answered {status}"),
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
    }

    #[test]
    fn a_proxys_error_page_is_not_shown() {
        let words = words(&ApiError::with_status(502, "<html><h1>Bad gateway</h1>"));
        assert_eq!(words.title, "The server is not available");
        assert!(!words.detail.contains('<'), "{}", words.detail);
    }

    #[test]
    fn an_unknown_status_is_named() {
        assert_eq!(
            words(&ApiError::with_status(418, "")).sentence(),
            "The server answered 418"
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
