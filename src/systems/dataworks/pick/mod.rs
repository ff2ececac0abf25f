//! What fields offer to choose from.

mod lists;

use leptos::prelude::*;
use weir_api::dataworks::codes::{self, Codes};

pub use self::lists::{
    apis, columns, data_sources, folders, gateway_groups, groups, items, projects, resource_groups,
    tables,
};
use crate::{
    errors,
    kit::{Load, notice::incomplete},
    ui::{
        field::{Bound, Choice, Select, TextField},
        unique,
    },
};

/// What there is to choose, as far as it could be loaded.
#[derive(Clone, Copy)]
pub struct Picked {
    pub choices: Signal<Vec<Choice>>,
    load: Load,
}

impl Picked {
    /// Why not everything is there to choose.
    fn failed(self) -> Option<String> {
        if let Some(error) = self.load.error.get() {
            return Some(errors::words(&error).sentence());
        }
        let stopped = self.load.stopped.get();
        stopped.map(|stopped| incomplete(&stopped, "entries"))
    }
}

/// In place of a value: it is typed.
const TYPED: &str = "\u{0}";

/// A choice among what there is. Where the list cannot be had, and whenever somebody wants to, it is
/// typed.
#[component]
pub fn PickField(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    value: Bound,
    picked: Picked,
    /// What stands there while nothing is chosen.
    none: &'static str,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let typing = RwSignal::new(false);
    let chosen = value.get;
    let choices = with_chosen(picked.choices, chosen, none);
    let choices = Signal::derive(move || {
        let mut all = choices.get();
        all.push(Choice::new(TYPED, "Enter an id…"));
        all
    });
    let choose = Bound::new(
        move || chosen.get(),
        move |text: String| match text.as_str() {
            TYPED => typing.set(true),
            _ => value.set.run(text),
        },
    );
    let failed = Memo::new(move |_| picked.failed());
    (move || {
        let (label, name) = (label.clone(), name.clone());
        match (failed.get(), typing.get()) {
            (None, false) => {
                view! { <Select label name required value=choose choices /> }.into_any()
            }
            (failed, _) => {
                let help = match failed {
                    Some(why) => format!("Enter the id: the list cannot be loaded. {why}"),
                    None => "Enter the id.".to_string(),
                };
                view! { <SuggestField label name value picked help required /> }.into_any()
            }
        }
    })
    .into_any()
}

/// Text with what there is as suggestions.
#[component]
pub fn SuggestField(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    value: Bound,
    picked: Picked,
    #[prop(optional, into)] help: String,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let list = unique("choices");
    view! {
        <TextField label name value help required mono=true list=list.clone() />
        <Suggestions id=list picked />
    }
    .into_any()
}

/// What a text field suggests, by the list's id, and why there is nothing.
#[component]
pub fn Suggestions(id: String, picked: Picked) -> impl IntoView {
    let options = move || {
        let choices = picked.choices.get().into_iter();
        choices
            .map(|choice| view! { <option value=choice.value>{choice.label}</option> })
            .collect_view()
    };
    let failed = Memo::new(move |_| picked.failed());
    view! {
        <datalist id=id>{options}</datalist>
        {move || failed.get().map(|why| view! {
            <p class="field-help" role="status">{format!("No suggestions. {why}")}</p>
        })}
    }
    .into_any()
}

/// The chosen value stays among the choices, also when the server does not know it (any more).
pub fn with_chosen(
    choices: Signal<Vec<Choice>>,
    chosen: Signal<String>,
    none: &'static str,
) -> Signal<Vec<Choice>> {
    Signal::derive(move || {
        let chosen = chosen.get();
        let mut all = vec![Choice::new("", none)];
        all.extend(choices.get());
        if all.iter().all(|choice| choice.value != chosen) {
            all.push(Choice::new(chosen.clone(), chosen));
        }
        all
    })
}

/// Some of the numbers, with their words.
pub fn coded(codes: Codes, possible: &[i32]) -> Vec<Choice> {
    let choice = |code: &i32| Choice::new(code.to_string(), codes::word(codes, *code));
    possible.iter().map(choice).collect()
}

pub fn all_coded(codes: Codes) -> Vec<Choice> {
    codes
        .iter()
        .map(|(code, word)| Choice::new(code.to_string(), *word))
        .collect()
}
