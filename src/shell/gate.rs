//! Pages of a connection wait here until it is known and somebody is signed in.

use std::time::Duration;

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_location};

use crate::{
    connections::{
        Auth, Connections,
        again::{self, SignInDialog},
        expiry::TokenEnds,
        keep, session,
        status::Access,
        use_connection_id,
    },
    paths,
    query::use_query,
};

#[derive(Clone, PartialEq)]
enum Gate {
    Waiting,
    NoSuchConnection,
    SignIn(String),
    Open(String),
}

/// `page` is built anew when the connection changes, and stays while somebody signs in again.
pub fn gate(page: fn() -> AnyView) -> AnyView {
    let connections = expect_context::<Connections>();
    let id = use_connection_id();
    let state = Memo::new(move |_| {
        let Some(id) = id.get() else {
            return Gate::NoSuchConnection;
        };
        if connections.all.with(Option::is_none) {
            return Gate::Waiting;
        }
        let Some(connection) = connections.find(&id) else {
            return Gate::NoSuchConnection;
        };
        match connections.statuses.get(&id).access {
            Access::Unknown => Gate::Waiting,
            Access::SignedOut => Gate::SignIn(id),
            Access::Open | Access::Expired => Gate::Open(connection.id),
        }
    });
    Effect::new(move |_| {
        if state.get() == Gate::Waiting
            && let Some(connection) = id.get().and_then(|id| connections.find(&id))
        {
            leptos::task::spawn_local(session::enter(connections, connection));
        }
    });
    (move || match state.get() {
        Gate::Waiting => view! { <Waiting /> }.into_any(),
        Gate::NoSuchConnection => view! { <UnknownConnection /> }.into_any(),
        Gate::SignIn(id) => view! { <ToSignIn id /> }.into_any(),
        Gate::Open(id) => {
            keep::set_last_connection(&id);
            view! {
                <TokenEnds id=id.clone() />
                {page()}
                <SignInAgain id />
            }
            .into_any()
        }
    })
    .into_any()
}

/// Words appear only where waiting takes long enough to be noticed.
#[component]
pub fn Waiting() -> impl IntoView {
    let long = RwSignal::new(false);
    set_timeout(
        move || {
            long.try_set(true);
        },
        Duration::from_millis(200),
    );
    move || {
        long.get()
            .then(|| view! { <p class="page waiting" role="status">"Connecting…"</p> })
    }
}

#[component]
fn UnknownConnection() -> impl IntoView {
    view! {
        <div class="page narrow">
            <h1>"Connection not found"</h1>
            <p class="lead">
                "Connections are stored per browser. Add it here, or ask the administrator of this console to add it to config.json."
            </p>
            <div class="actions">
                <a class="button primary" href=paths::new_connection()>"Add connection"</a>
                <a class="button" href=paths::connections()>"All connections"</a>
            </div>
        </div>
    }
    .into_any()
}

#[component]
fn ToSignIn(id: String) -> impl IntoView {
    let location = use_location();
    let here = format!(
        "{}{}",
        location.pathname.get_untracked(),
        use_query().get_untracked()
    );
    let navigate = paths::use_navigate();
    Effect::new(move |_| {
        let replace = NavigateOptions {
            replace: true,
            ..Default::default()
        };
        navigate(&paths::sign_in(&id, Some(&here)), replace);
    });
}

/// Over the page, so that what was typed in it stays.
#[component]
fn SignInAgain(id: String) -> impl IntoView {
    let connections = expect_context::<Connections>();
    let open = RwSignal::new(false);
    let watched = id.clone();
    let asked = Memo::new(move |_| {
        let status = connections.statuses.get(&watched);
        // Where nobody signs in nothing ends: the page says what the server wants.
        let auth = connections.find(&watched)?.auth;
        (status.access == Access::Expired && auth != Auth::None).then_some(status.refusals)
    });
    Effect::new(move |_| match asked.get() {
        Some(_) => again::open(open, move || asked.try_get_untracked().flatten().is_some()),
        None => open.set(false),
    });
    view! {
        <SignInDialog
            id
            open
            title="Sign in again"
            words="The session has expired. Your input is kept."
            provider=true
        />
    }
    .into_any()
}
