//! The left navigation: sections of the current connection, or the connections themselves.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::{
    connections::{Connections, use_capabilities, use_connection},
    paths,
    systems::registry::{GROUPS, Group},
    ui::{Icon, IconName},
};

#[component]
pub fn Navigation() -> impl IntoView {
    let connection = use_connection();
    let id = Memo::new(move |_| connection.get().map(|connection| connection.id));
    view! {
        <nav class="navigation" id="navigation" aria-label="Main">
            {move || match id.get() {
                Some(id) => view! { <Sections connection=id /> }.into_any(),
                None => view! { <ConnectionLinks /> }.into_any(),
            }}
            <ul class="navigation-foot">
                <Item label="Connections" href=paths::CONNECTIONS.to_string() icon=IconName::Plug />
            </ul>
        </nav>
    }
    .into_any()
}

#[component]
fn Sections(connection: String) -> impl IntoView {
    let can = use_capabilities();
    let group = move |group: &Group| {
        let offered = group
            .places
            .iter()
            .filter(|place| place.needs.is_none_or(|needed| can.get().has(needed)));
        let items: Vec<_> = offered
            .map(|place| {
                let href = paths::section(&connection, place.segment);
                view! { <Item label=place.label href icon=place.icon creates=place.creates /> }
            })
            .collect();
        (!items.is_empty()).then(|| {
            view! {
                <h2>{group.label}</h2>
                <ul>{items}</ul>
            }
        })
    };
    (move || GROUPS.iter().map(&group).collect_view()).into_any()
}

#[component]
fn ConnectionLinks() -> impl IntoView {
    let connections = expect_context::<Connections>();
    let links = move || {
        let all = connections.all.get().unwrap_or_default();
        all.into_iter()
            .map(|connection| {
                view! {
                    <li>
                        <a href=paths::home(&connection.id) data-mark=connection.colour.as_str()>
                            <span class="dot"></span>
                            {connection.name}
                        </a>
                    </li>
                }
            })
            .collect_view()
    };
    view! {
        <h2>"Open"</h2>
        <ul>{links}</ul>
    }
    .into_any()
}

/// Marked as the current page on the pages below it as well.
#[component]
fn Item(
    label: &'static str,
    href: String,
    icon: IconName,
    #[prop(optional_no_strip)] creates: Option<&'static str>,
) -> impl IntoView {
    let path = use_location().pathname;
    let created = creates.map(|kind| {
        let (connection, _) = href.rsplit_once('/').unwrap_or_default();
        format!("{connection}/new/{kind}")
    });
    let below = format!("{href}/");
    let exact = href.clone();
    let current = move || {
        path.with(|path| {
            if *path == exact {
                Some("page")
            } else if path.starts_with(&below) || created.as_ref() == Some(path) {
                Some("true")
            } else {
                None
            }
        })
    };
    view! {
        <li>
            <a href=href aria-current=current>
                <Icon name=icon />
                {label}
            </a>
        </li>
    }
    .into_any()
}
