//! One property as the field that fits its kind.

use leptos::prelude::*;
use weir_api::property::{Kind, Property};

use super::TypedBound;
use crate::ui::field::{Bound, Checkbox, Choice, NumberField, Select, TextArea, TextField};

pub(super) fn view(path: &'static str, typed: TypedBound, property: &'static Property) -> AnyView {
    let Property {
        key,
        label,
        kind,
        default,
        required,
        secret,
        help,
    } = *property;
    let (name, value) = (format!("{path}.{key}"), typed.text(key));
    let unchanged = move || typed.get.with(|typed| typed.values.unchanged(key));
    match kind {
        // A secret that the server keeps may be asked for and not typed again.
        Kind::Text if secret => view! {
            {
                let name = StoredValue::new(name);
                let kept = Memo::new(move |_| typed.get.with(|typed| typed.values.kept(key)));
                move || {
                    let placeholder = if kept.get() { "unchanged" } else { "" };
                    let required = required && !kept.get();
                    view! {
                        <TextField label name=name.get_value() value required help placeholder kind="password" autocomplete="new-password" />
                    }
                }
            }
        }
        .into_any(),
        Kind::Text | Kind::Duration => view! {
            <TextField label name value required help placeholder=default mono=true />
        }
        .into_any(),
        Kind::Number => {
            view! { <NumberField label name value required help placeholder=default /> }.into_any()
        }
        Kind::LongText | Kind::List | Kind::Map | Kind::Json => {
            let placeholder =
                Signal::derive(move || if unchanged() { "unchanged" } else { "" }.to_string());
            view! { <TextArea label name value required help placeholder mono=true rows=3 /> }
                .into_any()
        }
        Kind::Bool => {
            let on = Bound::new(
                move || {
                    let text = value.get.get();
                    let on = if text.is_empty() { default } else { &text };
                    on == "true"
                },
                move |on: bool| value.set.run(on.to_string()),
            );
            view! { <Checkbox label value=on help /> }.into_any()
        }
        Kind::Choice(all) => {
            let choices = Signal::derive(move || choices(all, default, required, &value.get.get()));
            view! { <Select label name value choices required help /> }.into_any()
        }
    }
}

/// With an entry for nothing chosen, and with what a server sent besides the known ones.
fn choices(all: &[&str], default: &str, required: bool, chosen: &str) -> Vec<Choice> {
    let mut choices: Vec<Choice> = Vec::new();
    if !all.contains(&"") && (!required || chosen.is_empty()) {
        let words = match default {
            _ if required => "Choose…".into(),
            "" => "–".into(),
            default => format!("Server default: {default}"),
        };
        choices.push(Choice::new("", words));
    }
    let named = |one: &str| Choice::new(one, if one.is_empty() { "none" } else { one });
    choices.extend(all.iter().map(|one| named(one)));
    if !choices.iter().any(|choice| choice.value == chosen) {
        choices.push(named(chosen));
    }
    choices
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(choices: Vec<Choice>) -> Vec<String> {
        choices.into_iter().map(|choice| choice.label).collect()
    }

    #[test]
    fn nothing_chosen_is_offered_where_it_means_something() {
        let all = &["json", "text"];
        assert_eq!(words(choices(all, "json", true, "json")), ["json", "text"]);
        assert_eq!(
            words(choices(all, "", true, "")),
            ["Choose…", "json", "text"]
        );
        assert_eq!(
            words(choices(all, "json", false, "")),
            ["Server default: json", "json", "text"]
        );
        assert_eq!(
            words(choices(&["", "token"], "", true, "")),
            ["none", "token"]
        );
    }

    #[test]
    fn a_choice_only_the_server_knows_is_kept() {
        assert_eq!(
            words(choices(&["json"], "json", true, "xml")),
            ["json", "xml"]
        );
    }
}
