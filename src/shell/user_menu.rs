//! Who is signed in, and the way out.

use leptos::prelude::*;
use leptos_router::NavigateOptions;

use super::notify::NotifySwitch;
use crate::{
    connections::{Auth, Connections, session, status::Access, use_connection},
    paths,
    ui::{Icon, IconName, Menu, leave, use_toasts},
};

/// Signs out of the page's connection, after what is unsaved was asked about.
pub(crate) fn use_sign_out() -> Callback<()> {
    let (connections, connection) = (expect_context::<Connections>(), use_connection());
    let navigate = StoredValue::new_local(paths::use_navigate());
    let toasts = use_toasts();
    let sign_out = Callback::new(move |()| {
        let Some(connection) = connection.get_untracked() else {
            return;
        };
        // First away from the page, which would ask to come back to itself.
        navigate.with_value(|go| {
            go(
                &paths::sign_in(&connection.id, None),
                NavigateOptions::default(),
            )
        });
        leptos::task::spawn_local(async move {
            match session::sign_out(connections, &connection).await {
                Ok(address) => session::leave_to(address),
                Err(error) => toasts.api_error(&error),
            }
        });
    });
    Callback::new(move |()| leave::then(sign_out))
}

#[component]
pub fn UserMenu() -> impl IntoView {
    let connections = expect_context::<Connections>();
    let connection = use_connection();
    let user = Memo::new(move |_| {
        let connection = connection.get()?;
        let status = connections.statuses.get(&connection.id);
        if status.access != Access::Open || connection.auth == Auth::None {
            return None;
        }
        Some((status.name.or(status.user), connection.id, connection.auth))
    });
    let sign_out = use_sign_out();
    move || {
        let (user, id, auth) = user.get()?;
        let (how, who) = match user {
            Some(user) => ("Signed in as ", user),
            None => ("Signed in with ", "API key".into()),
        };
        let label = format!("{how}{who}");
        let shown = who.clone();
        let face = move || {
            view! {
                <Icon name=IconName::Person />
                <span class="wide">{shown.clone()}</span>
            }
        };
        Some(view! {
            <Menu label face right=true>
                <p class="menu-note">{how} <strong>{who}</strong></p>
                <NotifySwitch />
                {(auth == Auth::Session).then(|| view! { <a class="menu-item" href=paths::account(&id)>"Account"</a> })}
                <button type="button" class="menu-item" on:click=move |_| sign_out.run(())>"Sign out"</button>
            </Menu>
        })
    }
}
