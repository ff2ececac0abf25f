//! The application: its contexts and its routes.

use leptos::prelude::*;
use leptos_router::{
    components::{FlatRoutes, Redirect, Route, Router},
    path,
};

use crate::{
    connections::{
        Connections,
        form_page::{ConnectionCreatePage, ConnectionEditPage},
        home::Home,
        list::ConnectionListPage,
        sign_in::SignInPage,
        use_connection_id,
    },
    deliveries::DeliveriesPage,
    http, paths,
    shell::{NotFound, Shell, gate},
    systems::{pages, registry},
    ui::{Confirmer, Toasts, time},
};

#[component]
pub fn App() -> impl IntoView {
    let connections = Connections::new();
    provide_context(connections);
    provide_context(Toasts::new());
    provide_context(Confirmer::new());
    time::provide_clock();
    http::observe(move |endpoint, outcome| connections.learn(endpoint, outcome));
    http::observe_pauses(move |endpoint, seconds| connections.pause(endpoint, seconds));
    leptos::task::spawn_local(connections.load());
    view! {
        <Router>
            <Shell>
                <Pages />
            </Shell>
        </Router>
    }
}

/// `:connection` is read with `use_connection`, other parameters with `use_params_map`. What a
/// section is, says `systems::registry`.
#[component]
fn Pages() -> impl IntoView {
    view! {
        <FlatRoutes fallback=NotFound>
            <Route path=path!("/") view=Home />
            <Route path=path!("/connections") view=ConnectionListPage />
            <Route path=path!("/connections/new") view=ConnectionCreatePage />
            <Route path=path!("/connections/:connection/edit") view=ConnectionEditPage />
            <Route path=path!("/deliveries") view=DeliveriesPage />
            <Route path=path!("/c/:connection") view=ToFirstPage />
            <Route path=path!("/c/:connection/sign-in") view=SignInPage />
            <Route path=path!("/c/:connection/new/:kind") view=|| gate(pages::create) />
            <Route path=path!("/c/:connection/:section") view=|| gate(pages::list) />
            <Route path=path!("/c/:connection/:section/:key") view=|| gate(pages::detail) />
            <Route path=path!("/c/:connection/:section/:key/edit") view=|| gate(pages::edit) />
        </FlatRoutes>
    }
    .into_any()
}

/// Which page is first depends on the connection's system.
#[component]
fn ToFirstPage() -> impl IntoView {
    let connections = expect_context::<Connections>();
    let id = use_connection_id().get_untracked().unwrap_or_default();
    move || {
        let known = connections.all.with(Option::is_some);
        let place = connections
            .find(&id)
            .and_then(|it| registry::first(it.system));
        match place {
            Some(place) => {
                view! { <Redirect path=paths::section(&id, place.segment) /> }.into_any()
            }
            None if known => view! { <NotFound /> }.into_any(),
            None => ().into_any(),
        }
    }
}
