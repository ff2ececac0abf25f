//! What the audit log says about a request.

use axum::response::Response;

/// Handlers attach it to their response where method and path do not tell what was changed.
#[derive(Debug, Clone)]
pub enum Change {
    /// Nothing that belongs in the audit log.
    None,
    /// What was changed; its row in the table of operations says the rest.
    Named(String),
    /// Where the row does not say what was done.
    Made {
        action: &'static str,
        kind: &'static str,
        name: String,
        /// Follows method and path, where these do not tell everything.
        detail: String,
    },
}

impl Change {
    pub fn named(name: impl Into<String>) -> Self {
        Self::Named(name.into())
    }

    pub fn made(action: &'static str, kind: &'static str, name: impl Into<String>) -> Self {
        Self::Made {
            action,
            kind,
            name: name.into(),
            detail: String::new(),
        }
    }

    #[must_use]
    pub fn with_detail(mut self, words: String) -> Self {
        if let Self::Made { detail, .. } = &mut self {
            *detail = words;
        }
        self
    }

    pub fn on(self, mut response: Response) -> Response {
        response.extensions_mut().insert(self);
        response
    }
}

/// What a resource was before and after a change, for the audit log: JSON without secrets, empty
/// where there is none. Handlers need not attach it, see [`crate::operations`].
#[derive(Debug, Clone, Default)]
pub struct Definitions {
    pub before: String,
    pub after: String,
}
