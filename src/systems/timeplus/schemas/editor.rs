//! The text of a schema: to edit, with what the server says about it at its place, and to read.

use leptos::prelude::*;

use super::draft::{self, Draft};
use crate::ui::{
    CopyButton,
    editor::{EditorControl, Language},
    field::{Bound, Code, Field, use_wiring},
};

#[component]
pub fn ContentEditor(draft: RwSignal<Draft>) -> impl IntoView {
    view! {
        <Field label="Content" name="content" required=true bare=true help="A schema is a single file; it can import the types of google/protobuf.">
            <Editor draft />
        </Field>
    }
    .into_any()
}

#[component]
fn Editor(draft: RwSignal<Draft>) -> impl IntoView {
    let control = EditorControl::new();
    let error = use_wiring().error;
    Effect::new(move || {
        let message = error.get().unwrap_or_default();
        let place = draft::position(&message)
            .and_then(|place| draft.with_untracked(|draft| draft::range(&draft.content, place)));
        match place {
            Some(at) => control.mark(at, &message),
            None => control.mark(0..0, ""),
        }
    });
    view! {
        <Code
            value=Bound::part(draft, |draft| &mut draft.content)
            control
            class="code-field"
            label="Content"
            language=Language::Protobuf
        />
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
