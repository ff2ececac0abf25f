//! The text of a schema: to edit, with what the server says about it at its place, and to read.

use leptos::prelude::*;

use super::draft::{self, Draft};
use crate::ui::{
    CopyButton,
    editor::{CodeEditor, EditorControl, Language},
    field::{Field, use_wiring},
};

#[component]
pub fn ContentEditor(draft: RwSignal<Draft>) -> impl IntoView {
    view! {
        <Field label="Content" name="content" required=true bare=true help="The types of google/protobuf can be imported; one schema is one file.">
            <Editor draft />
        </Field>
    }
    .into_any()
}

#[component]
fn Editor(draft: RwSignal<Draft>) -> impl IntoView {
    let wiring = use_wiring();
    let control = EditorControl::new();
    let text = RwSignal::new(draft.with_untracked(|draft| draft.content.clone()));
    let touched = wiring.clone();
    Effect::new(move || {
        let now = text.get();
        if draft.with_untracked(|draft| draft.content != now) {
            draft.update(|draft| draft.content = now);
            touched.touched();
        }
    });
    // The form can put back what was there.
    Effect::new(move || {
        let now = draft.with(|draft| draft.content.clone());
        if text.with_untracked(|text| *text != now) {
            text.set(now);
        }
    });
    let error = wiring.error;
    Effect::new(move || {
        let message = error.get().unwrap_or_default();
        let place = draft::position(&message)
            .and_then(|place| text.with_untracked(|text| draft::range(text, place)));
        match place {
            Some(at) => control.mark(at, &message),
            None => control.mark(0..0, ""),
        }
    });
    let described = format!("{0}-error {0}-help", wiring.id);
    view! {
        // The form moves the focus to the field with an error.
        <div class="code-field" id=wiring.id tabindex="-1" on:focus=move |_| control.focus()>
            <CodeEditor
                text
                control
                label="Content"
                description=described
                language=Language::Protobuf
            />
        </div>
    }
    .into_any()
}

#[component]
pub fn Source(content: Signal<String>) -> impl IntoView {
    let text = Memo::new(move |_| content.get());
    view! {
        <section class="sql-aside" aria-label="Content of the schema">
            <header><h2>"Protobuf"</h2> <CopyButton text=text label="Copy schema" /></header>
            <pre tabindex="0">{text}</pre>
        </section>
    }
    .into_any()
}
