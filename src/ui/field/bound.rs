//! What a field shows and changes.

use leptos::prelude::*;

/// Text that a field shows and changes. A checkbox takes [`checked`].
#[derive(Clone, Copy)]
pub struct Bound {
    pub get: Signal<String>,
    pub set: Callback<String>,
}

impl Bound {
    pub fn new(
        get: impl Fn() -> String + Send + Sync + 'static,
        set: impl Fn(String) + Send + Sync + 'static,
    ) -> Self {
        Self {
            get: Signal::derive(get),
            set: Callback::new(set),
        }
    }

    /// The text of a draft that `of` finds.
    pub fn part<D>(draft: RwSignal<D>, of: fn(&mut D) -> &mut String) -> Self
    where
        D: Clone + Send + Sync + 'static,
    {
        Self::new(
            move || draft.with(|draft| std::mem::take(of(&mut draft.clone()))),
            move |text| draft.update(|draft| *of(draft) = text),
        )
    }

    /// The yes or no of a draft that `of` finds, for a checkbox.
    pub fn flag<D>(draft: RwSignal<D>, of: fn(&mut D) -> &mut bool) -> Self
    where
        D: Clone + Send + Sync + 'static,
    {
        Self::new(
            move || checked(draft.with(|draft| *of(&mut draft.clone()))),
            move |on| draft.update(|draft| *of(draft) = on == "true"),
        )
    }
}

impl From<RwSignal<String>> for Bound {
    fn from(signal: RwSignal<String>) -> Self {
        Self {
            get: signal.into(),
            set: Callback::new(move |text| signal.set(text)),
        }
    }
}

/// `true` or empty, as a checkbox has it.
pub fn checked(on: bool) -> String {
    match on {
        true => "true".into(),
        false => String::new(),
    }
}
