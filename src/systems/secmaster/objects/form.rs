//! Controls made of the fields of a class.

use leptos::prelude::*;
use weir_api::secmaster::data_class::{Field, Kind};

use super::draft::{Draft, offered};
use crate::ui::field::{Bound, Choice, Select, TextArea, TextField};

/// `path` is where the object stands in the request.
pub fn controls(
    fields: &[Field],
    draft: RwSignal<Draft>,
    new: bool,
    path: &'static str,
) -> AnyView {
    let shown = fields.iter().filter(|field| offered(field, new));
    let all: Vec<AnyView> = shown.map(|field| control(field, draft, path)).collect();
    all.into_any()
}

fn bound(draft: RwSignal<Draft>, key: String) -> Bound {
    let read = key.clone();
    Bound::new(
        move || draft.with(|draft| draft.text(&read).to_owned()),
        move |text| {
            draft.update(|draft| {
                match text.is_empty() {
                    true => draft.texts.remove(&key),
                    false => draft.texts.insert(key.clone(), text),
                };
            });
        },
    )
}

fn control(field: &Field, draft: RwSignal<Draft>, path: &str) -> AnyView {
    let label = field.label().to_owned();
    let name = format!("{path}.{}", field.field_key);
    let value = bound(draft, field.field_key.clone());
    let required = field.required;
    let told = match field.field_tooltip.as_str() {
        "" => field.description.clone(),
        tooltip => tooltip.to_owned(),
    };
    let help = |hint: &str| match told.is_empty() {
        true => hint.to_owned(),
        false => told.clone(),
    };
    let options = |all: Vec<String>| {
        let mut choices = vec![Choice::new("", "Not set")];
        choices.extend(all.into_iter().map(|one| Choice::new(one.clone(), one)));
        choices
    };
    match field.kind() {
        Kind::Choice => {
            let (choices, help) = (options(field.options()), help(""));
            view! { <Select label name value choices required help /> }.into_any()
        }
        Kind::Flag => {
            let choices = options(vec!["true".into(), "false".into()]);
            let help = help("");
            view! { <Select label name value choices required help /> }.into_any()
        }
        Kind::Json => {
            let help = help("JSON.");
            view! { <TextArea label name value required mono=true rows=3 help /> }.into_any()
        }
        Kind::Time => {
            let help = help("For example 2026-11-23T17:00:00Z.");
            view! { <TextField label name value required mono=true help /> }.into_any()
        }
        Kind::Texts => {
            let help = help("Separated by commas.");
            view! { <TextField label name value required help /> }.into_any()
        }
        Kind::Secret => {
            let help = help("");
            view! { <TextField label name value required kind="password" help /> }.into_any()
        }
        Kind::Text if field.field_key == "description" => {
            let help = help("");
            view! { <TextArea label name value required rows=3 help /> }.into_any()
        }
        Kind::Text | Kind::Whole | Kind::Number => {
            let help = help("");
            view! { <TextField label name value required help /> }.into_any()
        }
    }
}

/// Fields that the class does not know.
pub fn more(draft: RwSignal<Draft>, path: &'static str) -> AnyView {
    let value = Bound::part(draft, |draft| &mut draft.more);
    view! {
        <TextArea
            label="Other fields"
            name=format!("{path}.more")
            value
            mono=true
            rows=5
            help="A JSON object with fields that the class does not list."
        />
    }
    .into_any()
}
