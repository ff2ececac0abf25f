//! The zone in which the whole console shows its times.

use leptos::prelude::*;

use crate::{
    text::{pasted, visible},
    ui::{
        Menu, unique,
        zone::{self, Choice},
    },
};

#[component]
pub fn ZoneMenu() -> impl IntoView {
    let chosen = Memo::new(|_| zone::chosen());
    let name = Memo::new(move |_| chosen.get().clock().name);
    let group = unique("console-zone");
    let browser = zone::local_name();
    let options = [
        (Choice::Utc, "UTC".to_string()),
        (Choice::Browser, format!("This browser's zone ({browser})")),
    ];
    let options = options.map(|(choice, words)| {
        let own = choice.clone();
        view! {
            <label class="menu-check">
                <input
                    type="radio"
                    name=group.clone()
                    prop:checked=move || chosen.with(|chosen| *chosen == own)
                    on:change=move |_| zone::choose(choice.clone())
                />
                " " {words}
            </label>
        }
    });
    let label = Signal::derive(move || format!("Time zone: {}", name.get()));
    view! {
        <Menu label face=move || view! { <span class="zone-name">{name}</span> } right=true>
            <div class="columns-menu" on:click=|event| event.stop_propagation()>
                {options}
                <Named chosen />
                <p>"Lists, charts, dashboards and results show times in this zone."</p>
            </div>
        </Menu>
    }
    .into_any()
}

/// A zone by its name; the browser's list of them is fetched when the field is first used.
#[component]
fn Named(chosen: Memo<Choice>) -> impl IntoView {
    let names = RwSignal::new(Vec::<String>::new());
    let (list, error) = (unique("console-zones"), unique("console-zone-error"));
    let (list_id, described) = (list.clone(), error.clone());
    let unknown = RwSignal::new(None::<String>);
    let named = move || match chosen.get() {
        Choice::Named(name) => name,
        _ => String::new(),
    };
    let choose = move |text: String| {
        let choice = match Choice::of_text(&pasted(&text)) {
            Choice::Named(name) => zone::spelled(&name)
                .map(|name| Choice::of_text(&name))
                .ok_or(name),
            other => Ok(other),
        };
        unknown.set(choice.as_ref().err().map(|name| visible(name).into_owned()));
        if let Ok(choice) = choice {
            zone::choose(choice);
        }
    };
    view! {
        <label class="menu-field">
            "Another zone"
            <input
                class="input"
                list=list
                placeholder="Europe/Berlin"
                autocomplete="off"
                spellcheck="false"
                prop:value=named
                aria-invalid=move || unknown.get().map(|_| "true")
                aria-describedby=described
                on:focus=move |_| {
                    if names.with_untracked(Vec::is_empty) {
                        names.set(zone::names());
                    }
                }
                on:change:target=move |event| choose(event.target().value())
            />
        </label>
        <datalist id=list_id>
            {move || names.get().into_iter().map(|name| view! { <option value=name></option> }).collect_view()}
        </datalist>
        <p class="field-error" id=error role="alert">
            {move || unknown.get().map(|name| format!("Unknown time zone {name}."))}
        </p>
    }
    .into_any()
}
