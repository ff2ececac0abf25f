//! The zone and the way in which times are shown, and how numbers look.

use leptos::prelude::*;

use super::{
    arrange::look::{Look, Null, Style, Times},
    session::Session,
};
use crate::{
    text::pasted,
    ui::{
        Menu, unique,
        zone::{self, Choice},
    },
};

#[component]
pub fn LookMenu(session: Session) -> impl IntoView {
    let arrangement = session.arrangement;
    let look = Memo::new(move |_| arrangement.with(|all| all.look.clone()));
    let change = move |change: Box<dyn FnOnce(&mut Look)>| {
        arrangement.update(|all| change(&mut all.look));
    };
    let group = unique("times");
    let console = Signal::derive(|| match zone::chosen() {
        Choice::Utc => "Console default (as sent, UTC)".to_string(),
        other => format!("Console default ({})", other.clock().name),
    });
    let times = [
        (Times::Console, console),
        (Times::AsSent, Signal::stored("Times as sent".to_string())),
        (Times::Utc, Signal::stored("Times in UTC".to_string())),
        (
            Times::Local,
            Signal::stored("Times in this browser's zone".to_string()),
        ),
    ]
    .map(|(times, words)| {
        let own = times.clone();
        let choose = move |_| {
            let times = times.clone();
            change(Box::new(|look| look.times = times));
        };
        view! {
            <label class="menu-check">
                <input
                    type="radio"
                    name=group.clone()
                    prop:checked=move || look.with(|look| look.times == own)
                    on:change=choose
                />
                " " {words}
            </label>
        }
    });
    let as_sent = Memo::new(move |_| look.with(Look::is_as_sent));
    let styles = Style::ALL.map(|style| {
        view! {
            <option value=style.words() selected=move || look.with(|look| look.style == style)>{style.words()}</option>
        }
    });
    let nulls = Null::ALL.map(|null| {
        view! {
            <option value=null.words() selected=move || look.with(|look| look.null == null)>{null.words()}</option>
        }
    });
    let choose_null = move |words: String| {
        if let Some(null) = Null::ALL.into_iter().find(|null| null.words() == words) {
            change(Box::new(move |look| look.null = null));
        }
    };
    let choose_style = move |words: String| {
        if let Some(style) = Style::ALL.into_iter().find(|style| style.words() == words) {
            change(Box::new(move |look| look.style = style));
        }
    };
    view! {
        <Menu label="Format of values" face=|| "Format".into_any()>
            <div class="columns-menu" on:click=|event| event.stop_propagation()>
                {times}
                <ZoneField session look />
                <label class="menu-field">
                    "Format"
                    <select
                        class="input"
                        prop:disabled=as_sent
                        title=move || as_sent.get().then_some("Times as sent keep the server's format.")
                        on:change:target=move |event| choose_style(event.target().value())
                    >
                        {styles}
                    </select>
                </label>
                <label class="menu-check">
                    <input
                        type="checkbox"
                        prop:checked=move || look.with(|look| look.group)
                        on:change:target=move |event| {
                            let on = event.target().checked();
                            change(Box::new(move |look| look.group = on));
                        }
                    />
                    " Group digits"
                </label>
                <label class="menu-field">
                    "NULL in CSV"
                    <select class="input" on:change:target=move |event| choose_null(event.target().value())>
                        {nulls}
                    </select>
                </label>
                <p>"Copies and downloads contain the values as sent."</p>
            </div>
        </Menu>
    }
    .into_any()
}

/// A zone by its name; the browser's list of them is fetched when the field is first used.
#[component]
fn ZoneField(session: Session, look: Memo<Look>) -> impl IntoView {
    let names = RwSignal::new(Vec::<String>::new());
    let list = unique("zones");
    let error = unique("zone-error");
    let (list_id, described) = (list.clone(), error.clone());
    let named = Memo::new(move |_| {
        look.with(|look| match &look.times {
            Times::In(name) => name.clone(),
            _ => String::new(),
        })
    });
    let unknown =
        Memo::new(move |_| named.with(|name| !name.is_empty() && zone::named(name).is_none()));
    let choose = move |name: String| {
        let name = pasted(&name).into_owned();
        let times = match name.is_empty() {
            true => Times::Console,
            false => Times::In(zone::spelled(&name).unwrap_or(name)),
        };
        session.arrangement.update(|all| all.look.times = times);
    };
    view! {
        <label class="menu-field">
            "Times in zone"
            <input
                class="input"
                list=list
                placeholder="Europe/Berlin"
                autocomplete="off"
                spellcheck="false"
                prop:value=named
                aria-invalid=move || unknown.get().then_some("true")
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
            {move || unknown.get().then_some("Unknown time zone; times are shown as sent.")}
        </p>
    }
    .into_any()
}
