//! The application: its contexts, and either the page to sign in or the console.

use leptos::prelude::*;
use leptos_router::{components::Router, hooks::use_location};

use crate::{
    connections::{Connections, elsewhere, sign_in::SignInPage},
    http,
    links::Links,
    paths,
    routes::Routes,
    shell::{NotFound, Shell, SignInFrame},
    ui::{
        Toasts,
        lazy::{Lazy, lazy},
        leave,
    },
};

/// Somebody who has to sign in first waits for nothing else.
const SIGN_IN: Lazy<()> = lazy!(sign_in: () => |()| {
    view! {
        <SignInFrame>
            <SignInPage missing_page=|| NotFound() />
        </SignInFrame>
    }
    .into_any()
});

const CONSOLE: Lazy<()> = lazy!(console: () => |()| {
    view! {
        <Shell>
            <Routes />
        </Shell>
    }
    .into_any()
});

#[component]
pub fn App() -> impl IntoView {
    let connections = Connections::new();
    provide_context(connections);
    provide_context(Toasts::new());
    elsewhere::listen(connections);
    http::observe(move |endpoint, outcome| connections.learn(endpoint, outcome));
    http::observe_pauses(move |endpoint, seconds| connections.pause(endpoint, seconds));
    http::observe_late(move |endpoint, late| connections.late(endpoint, late));
    leptos::task::spawn_local(connections.load());
    leave::listen();
    let links = Links::listen();
    view! {
        <Router base=paths::base()>
            {links.connect()}
            <Pages />
        </Router>
    }
}

#[component]
fn Pages() -> impl IntoView {
    let path = use_location().pathname;
    let signs_in = Memo::new(move |_| path.with(|path| paths::is_sign_in(path)));
    move || match signs_in.get() {
        true => SIGN_IN.show(()),
        false => CONSOLE.show(()),
    }
}
