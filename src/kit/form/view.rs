//! The form as it stands on the page.

use leptos::{ev, html, prelude::*};
use wasm_bindgen::JsCast;

use super::{
    super::{CodeButton, drafts::Restored},
    FieldGroup, Form,
    notes::{Dependents, Homeless, RestoredNote},
    submit::{Submission, use_submission},
};
use crate::{
    connections::use_may_change,
    text::visible,
    ui::{Banner, Button, ButtonKind, ErrorBanner, Tone, field::FormErrors},
};

#[component]
pub fn FormView(form: Form) -> impl IntoView {
    let errors = FormErrors::new();
    provide_context(errors);
    let permit = use_may_change();
    let node = NodeRef::<html::Form>::new();
    let to_top = move || {
        if let Some(form) = node.get_untracked() {
            form.scroll_into_view();
        }
    };
    let Submission {
        busy,
        failed,
        homeless,
        submit,
    } = use_submission(&form, errors, to_top);
    let Form {
        title,
        action,
        cancel,
        sections,
        start_over,
        restored,
        aside,
        written,
        depends,
        ..
    } = form;
    let restored = RwSignal::new(restored);
    let keys = move |event: ev::KeyboardEvent| {
        let wanted = event.key() == "Enter" && (event.ctrl_key() || event.meta_key());
        if wanted && !in_dialog(&event) {
            event.prevent_default();
            submit.run(());
        }
    };
    let on_submit = move |event: ev::SubmitEvent| {
        event.prevent_default();
        submit.run(());
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
