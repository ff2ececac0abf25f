//! A form as data.

use leptos::prelude::*;
use weir_api::{ApiRequest, FieldError};

use super::super::{Written, drafts::Restored};
use crate::ui::Confirm;

/// A part of a form under its own heading.
#[derive(Clone)]
pub struct FieldGroup {
    /// Empty where the form needs no heading.
    pub title: &'static str,
    /// Folded until it is wanted.
    pub advanced: bool,
    pub fields: ViewFn,
}

impl FieldGroup {
    pub fn new(title: &'static str, fields: impl Into<ViewFn>) -> Self {
        Self {
            title,
            advanced: false,
            fields: fields.into(),
        }
    }

    #[must_use]
    pub fn advanced(mut self) -> Self {
        self.advanced = true;
        self
    }
}

/// How to find out whether somebody else has changed what is edited.
#[derive(Clone)]
pub struct Meanwhile {
    pub request: ApiRequest,
    /// Of the answer: what was changed, a sentence each; `None` where nothing was.
    pub changed: Callback<Vec<u8>, Option<Vec<String>>>,
}

/// A form without knowledge of what it edits.
#[derive(Clone)]
pub struct Form {
    pub title: String,
    /// For example `Create stream`.
    pub action: String,
    /// Where the form leads without saving.
    pub cancel: String,
    pub sections: Vec<FieldGroup>,
    /// Something typed is not saved.
    pub dirty: Signal<bool>,
    /// Gives the typed input up.
    pub discard: Callback<()>,
    /// Gives it up and begins anew on this page.
    pub start_over: Callback<()>,
    pub restored: Restored,
    /// Checks what was typed and says what to send; errors carry paths of fields.
    pub requests: Callback<(), Result<Vec<ApiRequest>, Vec<FieldError>>>,
    /// The server has taken it.
    pub done: Callback<Vec<u8>>,
    /// The field that a name already in use belongs to.
    pub taken: &'static str,
    /// The field of the steps that are sent before the last request, each by a request; empty where
    /// there are none.
    pub steps: &'static str,
    /// Beside the form, for example what will be sent.
    pub aside: Option<ViewFn>,
    /// What would be sent, as code, where it defines something.
    pub written: Option<Written>,
    /// Asked before it is sent.
    pub question: Option<Confirm>,
    /// What depends on what is edited, a sentence each.
    pub depends: Signal<Vec<String>>,
    /// Asked before what is there is overwritten.
    pub meanwhile: Option<Meanwhile>,
}
