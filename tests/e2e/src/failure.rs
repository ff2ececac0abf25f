use std::fmt;

/// Why a test cannot go on, in words. `?` makes one of every error.
pub struct Failure(pub String);

pub type Result<T = ()> = std::result::Result<T, Failure>;

impl<E: std::error::Error> From<E> for Failure {
    fn from(error: E) -> Self {
        let mut words = error.to_string();
        let mut cause = error.source();
        while let Some(inner) = cause {
            words.push_str(&format!(": {inner}"));
            cause = inner.source();
        }
        Self(words)
    }
}

impl fmt::Debug for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// `fail(format!(…))` where a value of any kind is expected.
pub fn fail<T>(words: impl Into<String>) -> Result<T> {
    Err(Failure(words.into()))
}
