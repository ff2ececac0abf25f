//! Which connection the page belongs to, and the way to another one.

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use weir_api::System;

use crate::{
    connections::{Connection, Connections, use_connection},
    paths, registry,
    ui::{Icon, IconName, Menu},
};

#[component]
pub fn Switcher() -> impl IntoView {
    let connections = expect_context::<Connections>();
    let connection = use_connection();
    let path = use_location().pathname;
    // The words on the button are part of its name.
    let label = Signal::derive(move || {
        connection.get().map_or_else(String::new, |connection| {
            let mark = if connection.production {
                " PRODUCTION"
            } else {
                ""
            };
            format!("Connection: {}{mark}", connection.name)
        })
    });
    let face = move || {
        view! {
            {move || connection.get().map(|connection| view! { <Name connection /> })}
            <Icon name=IconName::Chevron />
        }
    };
    let links = move || {
        let current = connection.get().map(|connection| connection.id);
        let all = connections.all.get().unwrap_or_default();
        all.into_iter()
            .map(|connection| {
                let href = same_page(&path.read(), &connection.id, connection.system());
                let chosen = current.as_ref() == Some(&connection.id);
                view! {
                    <a class="menu-item" href=href aria-current=chosen.then_some("true")>
                        <Name connection />
                    </a>
                }
            })
            .collect_view()
    };
    let within = Memo::new(move |_| connection.with(Option::is_some));
    move || {
        within.get().then(|| {
            view! {
                <Menu label face>
                    {links}
                    <a class="menu-item apart" href=paths::connections()>"Manage connections"</a>
                </Menu>
            }
        })
    }
}

/// Colour, name and, in words, whether it is a production system.
#[component]
fn Name(connection: Connection) -> impl IntoView {
    view! {
        <span class="connection-name" data-mark=connection.colour.as_str()>
            <span class="dot"></span>
            <span class="name">{connection.name}</span>
            // The blank parts the words for who hears them: without it they are one.
            {connection.production.then(|| view! { " "<span class="production-mark">"PRODUCTION"</span> })}
        </span>
    }
    .into_any()
}

/// The same page of another connection where it has one of its own: not a single stream or query.
fn same_page(path: &str, connection: &str, system: System) -> String {
    let section = paths::inside(path)
        .and_then(|path| path.strip_prefix("/c/"))
        .and_then(|rest| rest.split('/').nth(1));
    let place = section.and_then(registry::section);
    match place.filter(|place| registry::system_of(place) == Some(system)) {
        Some(place) => paths::section(connection, place.segment),
        None => paths::home(connection),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_connection_opens_on_the_same_kind_of_page() {
        let same = |path| same_page(path, "b", System::Timeplus);
        assert_eq!(same("/c/a/streams/orders"), "/c/b/streams");
        assert_eq!(same("/c/a/new/stream"), "/c/b");
        assert_eq!(same("/connections"), "/c/b");
        let other = same_page("/c/a/streams/orders", "b", System::Azion);
        assert_eq!(other, "/c/b", "another system has no streams");
    }
}
