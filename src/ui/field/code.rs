use leptos::prelude::*;

use super::{Bound, use_wiring};
use crate::ui::editor::{CodeEditor, EditorControl, LABEL, Language, Words};

/// An editor as the control of the [`Field`](super::Field) around it.
#[component]
pub fn Code(
    value: Bound,
    control: EditorControl,
    /// Of the box that gives the editor its height.
    class: &'static str,
    #[prop(into, default = LABEL.into())] label: String,
    #[prop(optional)] language: Language,
    #[prop(optional, into)] words: Signal<Words>,
) -> impl IntoView {
    let wiring = use_wiring();
    let (id, described) = (wiring.id.clone(), format!("{0}-error {0}-help", wiring.id));
    let text = RwSignal::new(value.get.get_untracked());
    Effect::new(move || {
        let typed = text.get();
        if value.get.with_untracked(|kept| *kept != typed) {
            wiring.touched();
            value.set.run(typed);
        }
    });
    // The form can put back what was there.
    let kept = Memo::new(move |_| value.get.get());
    Effect::new(move || {
        let kept = kept.get();
        if text.with_untracked(|text| *text != kept) {
            text.set(kept);
        }
    });
    view! {
        // The form moves the focus to the field with an error.
        <div class=class id=id tabindex="-1" on:focus=move |_| control.focus()>
            <CodeEditor text control label description=described language words />
        </div>
    }
    .into_any()
}
