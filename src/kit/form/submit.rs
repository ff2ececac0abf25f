//! From what was typed to what the server says of it.

use leptos::prelude::*;
use weir_api::{ApiError, ApiRequest, FieldError};

use super::{
    super::use_call_with,
    Form, Meanwhile,
    errors::{field_errors, of_step},
    notes::overwrites,
};
use crate::{
    connections::use_may_change,
    http::{self, Endpoint},
    ui::{field::FormErrors, leave, use_confirm},
};

/// What a form shows of its calls.
#[derive(Clone, Copy)]
pub(super) struct Submission {
    pub(super) busy: Signal<bool>,
    /// What stands at no field.
    pub(super) failed: RwSignal<Option<ApiError>>,
    /// Wrong fields that the form does not have.
    pub(super) homeless: RwSignal<Vec<FieldError>>,
    /// Begins.
    pub(super) submit: Callback<()>,
}

/// `errors` are those of the form's fields; `to_top` brings what was said above them into sight.
pub(super) fn use_submission(
    form: &Form,
    errors: FormErrors,
    to_top: impl Fn() + Copy + Send + Sync + 'static,
) -> Submission {
    let Form {
        dirty,
        discard,
        requests,
        done,
        taken,
        steps,
        ..
    } = *form;
    let permit = use_may_change();
    let saved = RwSignal::new(false);
    let failed = RwSignal::new(None::<ApiError>);
    let homeless = RwSignal::new(Vec::<FieldError>::new());
    leave::guard(Signal::derive(move || dirty.get() && !saved.get()), discard);
    let show = move |fields: Vec<FieldError>, rest: Option<ApiError>| {
        homeless.set(errors.set(fields));
        failed.set(rest);
        if errors.any() {
            errors.focus_first();
        } else {
            to_top();
        }
    };
    let call = use_call_with(Callback::new(move |error| {
        let (fields, rest) = field_errors(error, taken);
        show(fields, rest);
    }));
    let busy = call.busy;
    let confirm = use_confirm();
    let question = StoredValue::new(form.question.clone());
    let meanwhile = StoredValue::new(form.meanwhile.clone());
    let go = move |requests: Vec<ApiRequest>| {
        call.run(
            move |endpoint| send(endpoint, requests, steps),
            move |body| {
                saved.set(true);
                discard.run(());
                done.run(body);
            },
        );
    };
    let submit = Callback::new(move |()| {
        if busy.get_untracked() || permit.denied.get_untracked() {
            return;
        }
        let requests = match requests.run(()) {
            Ok(requests) => requests,
            Err(fields) => return show(fields, None),
        };
        show(Vec::new(), None);
        let ask = move |changes: Option<Vec<String>>| {
            let question = question.get_value();
            match changes.map_or(question.clone(), |all| Some(overwrites(all, question))) {
                Some(question) => confirm.ask(question, move || go(requests.clone())),
                None => go(requests),
            }
        };
        match meanwhile.get_value() {
            None => ask(None),
            Some(Meanwhile { request, changed }) => call.run(
                move |endpoint| async move { http::send(&endpoint, request).await },
                move |body| ask(changed.run(body)),
            ),
        }
    });
    Submission {
        busy: busy.into(),
        failed,
        homeless,
        submit,
    }
}

/// One after the other until one is refused; the last answer.
async fn send(
    endpoint: Endpoint,
    requests: Vec<ApiRequest>,
    steps: &'static str,
) -> Result<Vec<u8>, ApiError> {
    let (mut answer, last) = (Vec::new(), requests.len().saturating_sub(1));
    for (at, request) in requests.into_iter().enumerate() {
        let sent = http::send(&endpoint, request).await;
        answer = sent.map_err(|error| match steps.is_empty() || at == last {
            true => error,
            false => of_step(error, steps, at),
        })?;
    }
    Ok(answer)
}
