use leptos::prelude::*;

use crate::text::capital;

/// What a colour stands for; the words beside it say the same.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Tone {
    #[default]
    Neutral,
    Accent,
    Good,
    Warn,
    Bad,
}

impl Tone {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Neutral => "neutral",
            Self::Accent => "accent",
            Self::Good => "good",
            Self::Warn => "warn",
            Self::Bad => "bad",
        }
    }
}

/// A word in a frame, for kinds and marks.
#[component]
pub fn Badge(#[prop(optional)] tone: Tone, #[prop(into)] text: Signal<String>) -> impl IntoView {
    view! { <span class="badge" data-tone=tone.as_str()>{move || text.get()}</span> }.into_any()
}

/// A state as a word with a dot, in sentence case: servers send theirs in small letters.
#[component]
pub fn State(
    #[prop(into)] tone: Signal<Tone>,
    #[prop(into)] word: Signal<String>,
) -> impl IntoView {
    view! { <span class="state" data-tone=move || tone.get().as_str()>{move || capital(&word.get())}</span> }.into_any()
}
