//! The page with a form: sections of fields, one banner, errors at their fields, one button.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;
use weir_api::{ApiError, ApiRequest, FieldError};

use super::{
    CodeButton, Written,
    drafts::Restored,
    form_errors::{field_errors, of_step},
    form_notes::{Dependents, Homeless, RestoredNote, overwrites},
    use_call_with,
};
use crate::{
    connections::use_may_change,
    http::{self, Endpoint},
    text::visible,
    ui::{
        Banner, Button, ButtonKind, Confirm, ErrorBanner, Tone, field::FormErrors, leave,
        use_confirm,
    },
};

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

#[component]
pub fn FormView(form: Form) -> impl IntoView {
    let Form {
        title,
        action,
        cancel,
        sections,
        dirty,
        discard,
        start_over,
        restored,
        requests,
        done,
        taken,
        steps,
        aside,
        written,
        question,
        depends,
        meanwhile,
    } = form;
    let errors = FormErrors::new();
    provide_context(errors);
    let permit = use_may_change();
    let node = NodeRef::<html::Form>::new();
    let saved = RwSignal::new(false);
    let failed = RwSignal::new(None::<ApiError>);
    let homeless = RwSignal::new(Vec::<FieldError>::new());
    let restored = RwSignal::new(restored);
    leave::guard(Signal::derive(move || dirty.get() && !saved.get()), discard);
    let show = move |fields: Vec<FieldError>, rest: Option<ApiError>| {
        homeless.set(errors.set(fields));
        failed.set(rest);
        if errors.any() {
            errors.focus_first();
        } else if let Some(form) = node.get_untracked() {
            form.scroll_into_view();
        }
    };
    let call = use_call_with(Callback::new(move |error| {
        let (fields, rest) = field_errors(error, taken);
        show(fields, rest);
    }));
    let busy = call.busy;
    let confirm = use_confirm();
    let question = StoredValue::new(question);
    let meanwhile = StoredValue::new(meanwhile);
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
    let submit = move || {
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
    };
    let keys = move |event: ev::KeyboardEvent| {
        let wanted = event.key() == "Enter" && (event.ctrl_key() || event.meta_key());
        if wanted && !in_dialog(&event) {
            event.prevent_default();
            submit();
        }
    };
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        submit();
    };
    let parts: Vec<AnyView> = sections.into_iter().map(section).collect();
    let has_aside = aside.is_some();
    view! {
        <div class="page">
        <header class="page-head">
            <h1>{visible(&title).into_owned()}</h1>
            <div class="page-actions">{written.map(|written| view! { <CodeButton written /> })}</div>
        </header>
        <form
            class="form"
            class:with-aside=has_aside
            novalidate
            node_ref=node
            on:submit=on_submit
            on:keydown=keys
        >
            <div class="form-main">
                {move || permit.denied.get().then(|| view! { <Banner tone=Tone::Warn>{permit.reason.get()}</Banner> })}
                <ErrorBanner error=failed />
                {move || {
                    let all = homeless.get();
                    (!all.is_empty()).then(|| view! { <Homeless all /> })
                }}
                {move || {
                    let all = depends.get();
                    (!all.is_empty()).then(|| view! { <Dependents all /> })
                }}
                {move || (restored.get() != Restored::No).then(|| view! { <RestoredNote restored start_over /> })}
                <fieldset class="form-guard" disabled=permit.denied>{parts}</fieldset>
            </div>
            {aside.map(|aside| view! { <div class="form-aside">{aside.run()}</div> })}
            <div class="form-actions">
                <Button kind=ButtonKind::Primary submit=true busy disabled=permit.denied reason=permit.reason>{action}</Button>
                <a class="button" href=cancel>"Cancel"</a>
                <span class="keys">"Ctrl + Enter saves"</span>
            </div>
        </form>
        </div>
    }
    .into_any()
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

/// A dialog of the form is not the form.
fn in_dialog(event: &ev::KeyboardEvent) -> bool {
    let target = event
        .target()
        .and_then(|target| target.dyn_into::<web_sys::Element>().ok());
    target.is_some_and(|target| target.closest("dialog").is_ok_and(|found| found.is_some()))
}

/// A part of a form as it stands on the page.
pub fn section(section: FieldGroup) -> AnyView {
    let FieldGroup {
        title,
        advanced,
        fields,
    } = section;
    if advanced {
        view! {
            <details class="form-section">
                <summary><h2>{title}</h2></summary>
                <div class="form-fields">{fields.run()}</div>
            </details>
        }
        .into_any()
    } else {
        view! {
            <section class="form-section">
                {(!title.is_empty()).then(|| view! { <h2>{title}</h2> })}
                <div class="form-fields">{fields.run()}</div>
            </section>
        }
        .into_any()
    }
}
