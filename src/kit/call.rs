//! A call that somebody starts on a page: one at a time, and its error is shown in one place.

use std::future::Future;

use leptos::{prelude::*, task::spawn_local};
use weir_api::{ApiError, ApiRequest, FieldError};

use super::form::errors::field_errors;
use crate::{
    connections::use_endpoint,
    http::{self, Endpoint},
    ui::{Toasts, field::FormErrors, use_toasts},
};

/// Nobody else is given a call's error.
#[derive(Clone, Copy)]
enum ErrorPlace {
    Toast(Toasts),
    /// See [`Call::error`].
    Banner,
    /// At the fields that the server names; what is left goes to the banner. `taken` is the field
    /// of a name that exists already.
    Form {
        fields: FormErrors,
        taken: &'static str,
    },
    Own(Callback<ApiError>),
}

#[derive(Clone, Copy)]
pub struct Call {
    /// The call runs: another one is not begun.
    pub busy: RwSignal<bool>,
    /// Of the last call, for the page's banner.
    pub error: RwSignal<Option<ApiError>>,
    place: ErrorPlace,
    endpoint: Memo<Option<Endpoint>>,
}

/// Of what is not on the page for long, for example a button in a row.
pub fn use_call_with_toast() -> Call {
    Call::new(ErrorPlace::Toast(use_toasts()))
}

/// The page has a banner for [`Call::error`].
pub fn use_call() -> Call {
    Call::new(ErrorPlace::Banner)
}

/// A form with these fields and a banner.
pub fn use_form_call(fields: FormErrors, taken: &'static str) -> Call {
    Call::new(ErrorPlace::Form { fields, taken })
}

/// `show` shows the error.
pub fn use_call_with(show: Callback<ApiError>) -> Call {
    Call::new(ErrorPlace::Own(show))
}

impl Call {
    fn new(place: ErrorPlace) -> Self {
        Self {
            busy: RwSignal::new(false),
            error: RwSignal::new(None),
            place,
            endpoint: use_endpoint(),
        }
    }

    /// Does `work` with the page's connection. `then` is told what came of it, unless it failed or
    /// the page was left meanwhile; with a toast, `then` is told even so, for its own toast.
    pub fn run<T: 'static, W>(
        self,
        work: impl FnOnce(Endpoint) -> W,
        then: impl FnOnce(T) + 'static,
    ) where
        W: Future<Output = Result<T, ApiError>> + 'static,
    {
        let free = !self.busy.get_untracked();
        let Some(endpoint) = self.endpoint.get_untracked().filter(|_| free) else {
            return;
        };
        self.busy.set(true);
        self.error.set(None);
        if let ErrorPlace::Form { fields, .. } = self.place {
            fields.set(Vec::new());
        }
        let work = work(endpoint);
        spawn_local(async move {
            let outcome = work.await;
            let left = self.busy.try_set(false).is_some();
            if left && !matches!(self.place, ErrorPlace::Toast(_)) {
                return;
            }
            match outcome {
                Ok(answer) => then(answer),
                Err(error) => self.show(error),
            }
        });
    }

    /// Sends one request, where it could be written.
    pub fn send(self, request: Result<ApiRequest, ApiError>, then: impl FnOnce(Vec<u8>) + 'static) {
        self.run(
            move |endpoint| async move { http::send(&endpoint, request?).await },
            then,
        );
    }

    /// Sends one request and reads its answer.
    pub fn read<T: 'static>(
        self,
        request: Result<ApiRequest, ApiError>,
        read: fn(&[u8]) -> Result<T, ApiError>,
        then: impl FnOnce(T) + 'static,
    ) {
        self.run(
            move |endpoint| async move { read(&http::send(&endpoint, request?).await?) },
            then,
        );
    }

    /// What was typed cannot be sent.
    pub fn refuse(self, wrong: Vec<FieldError>) {
        let left = match self.place {
            ErrorPlace::Form { fields, .. } => {
                let left = fields.set(wrong);
                fields.focus_first();
                left
            }
            _ => wrong,
        };
        let words = left.iter().map(|one| match one.field.as_str() {
            "" => one.message.clone(),
            field => format!("{field}: {}", one.message),
        });
        let words = words.collect::<Vec<_>>().join("; ");
        let error = (!words.is_empty()).then(|| ApiError::with_status(422, words));
        self.error.set(error);
    }

    fn show(self, error: ApiError) {
        match self.place {
            _ if error == ApiError::Cancelled => {}
            ErrorPlace::Toast(toasts) => toasts.api_error(&error),
            ErrorPlace::Banner => self.error.set(Some(error)),
            ErrorPlace::Form { taken, .. } => {
                let (fields, rest) = field_errors(error, taken);
                self.refuse(fields);
                if rest.is_some() {
                    self.error.set(rest);
                }
            }
            ErrorPlace::Own(show) => show.run(error),
        }
    }
}
