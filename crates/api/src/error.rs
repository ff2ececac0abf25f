/// A server's complaint about one field of a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// Path of the field in the request body, for example `columns[2].type`.
    pub field: String,
    pub message: String,
}

impl FieldError {
    pub fn new(field: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            field: field.into(),
            message: message.into(),
        }
    }
}

/// An answer outside 200–299.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusError {
    pub status: u16,
    /// The system's own error code where it sends one.
    pub code: Option<i64>,
    /// The system's words; empty when the answer had no body.
    pub message: String,
    pub request_id: Option<String>,
    pub fields: Vec<FieldError>,
}

/// Bytes of a body that are kept as its words; who shows them shows a part first.
const MOST_WORDS: usize = 4 << 20;

/// A body of no known shape, as text.
pub(crate) fn text_of(body: &[u8]) -> String {
    let body = &body[..body.len().min(MOST_WORDS)];
    String::from_utf8_lossy(body).trim().to_string()
}

/// Everything that can go wrong with a call.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ApiError {
    /// No answer: wrong address, no network, or a refused cross-origin call (a browser does not
    /// say which).
    Network(String),
    Status(StatusError),
    /// The answer came but is not what the specification says.
    Decode(String),
    /// The caller stopped waiting.
    Cancelled,
}

impl ApiError {
    pub fn status(&self) -> Option<u16> {
        match self {
            Self::Status(error) => Some(error.status),
            _ => None,
        }
    }

    /// An answer outside 200–299 that says no more than its status and a sentence.
    pub fn with_status(status: u16, message: impl Into<String>) -> Self {
        Self::Status(StatusError {
            status,
            code: None,
            message: message.into(),
            request_id: None,
            fields: Vec::new(),
        })
    }
}
