//! Which connection the page belongs to, and the way to another one.

use leptos::prelude::*;
use leptos_router::hooks::use_location;

use crate::{
    connections::{Connection, Connections, use_connection},
    paths,
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
                let href = paths::same_page(&path.read(), &connection.id, connection.system);
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
                    <a class="menu-item apart" href=paths::CONNECTIONS>"Manage connections"</a>
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
            {connection.production.then(|| view! { <span class="production-mark">"PRODUCTION"</span> })}
        </span>
    }
    .into_any()
}
