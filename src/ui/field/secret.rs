use leptos::prelude::*;

use super::{Bound, Field, TextField, use_wiring};
use crate::ui::{Button, ButtonKind};

/// A secret that the server keeps and does not show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum SecretValue {
    /// Stays what it is and is not sent.
    #[default]
    Unchanged,
    Replace(String),
}

/// `stored` says whether the server has one: then it stays unless somebody asks to replace it.
#[component]
pub fn Secret(
    #[prop(into)] label: String,
    #[prop(optional, into)] name: String,
    value: RwSignal<SecretValue>,
    #[prop(into)] stored: Signal<bool>,
    #[prop(optional, into)] help: String,
) -> impl IntoView {
    let typed = Bound::new(
        move || match value.get() {
            SecretValue::Replace(text) => text,
            SecretValue::Unchanged => String::new(),
        },
        move |text: String| {
            let nothing = text.is_empty() && !stored.get_untracked();
            value.set(match nothing {
                true => SecretValue::Unchanged,
                false => SecretValue::Replace(text),
            });
        },
    );
    move || {
        let (label, name, help) = (label.clone(), name.clone(), help.clone());
        let replacing = Memo::new(move |_| matches!(value.get(), SecretValue::Replace(_)));
        if !stored.get() {
            return view! { <TextField label name value=typed help kind="password" autocomplete="new-password" /> }
                .into_any();
        }
        view! {
            {move || {
                let (label, name, help) = (label.clone(), name.clone(), help.clone());
                if replacing.get() {
                    view! {
                        <TextField label name value=typed help kind="password" autocomplete="new-password" autofocus=true />
                        <Button kind=ButtonKind::Quiet on_click=move || value.set(SecretValue::Unchanged)>
                            "Keep the stored value"
                        </Button>
                    }
                        .into_any()
                } else {
                    view! { <Field label name help><Unchanged value /></Field> }.into_any()
                }
            }}
        }
        .into_any()
    }
}

#[component]
fn Unchanged(value: RwSignal<SecretValue>) -> impl IntoView {
    let wiring = use_wiring();
    view! {
        <span class="with-unit">
            <output class="input" id=wiring.id>"•••••••• (unchanged)"</output>
            <Button on_click=move || value.set(SecretValue::Replace(String::new()))>"Replace"</Button>
        </span>
    }
    .into_any()
}
