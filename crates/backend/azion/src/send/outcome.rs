//! What came of sending a batch.

use std::time::Duration;

/// Of one call.
pub(super) const PATIENCE: Duration = Duration::from_secs(30);

/// Bytes of an answer that are read.
pub(super) const ANSWER: usize = 4 << 20;

/// What was taken, with the words of each record that never will be.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Sent {
    pub refused: Vec<String>,
}

/// Try again, perhaps only with some of the records.
#[derive(Debug, Default)]
pub(crate) struct Retry {
    pub words: String,
    pub after: Option<Duration>,
    /// All where it is `None`.
    pub left: Option<Vec<String>>,
    /// Of those that were dealt with.
    pub sent: Sent,
}

impl From<String> for Retry {
    fn from(words: String) -> Self {
        Self {
            words,
            ..Self::default()
        }
    }
}
