//! Every address and the page it shows.

mod sections;

use leptos::prelude::*;
use leptos_router::{
    components::{FlatRoutes, Redirect, Route},
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
    paths, registry,
    shell::{NotFound, gate},
};

/// `:connection` is read with `use_connection`, other parameters with `use_params_map`. What a
/// section is, says [`registry`].
#[component]
pub fn Routes() -> impl IntoView {
    view! {
        <FlatRoutes fallback=NotFound>
            <Route path=path!("/") view=Home />
            <Route path=path!("/connections") view=ConnectionListPage />
            <Route path=path!("/connections/new") view=ConnectionCreatePage />
            <Route path=path!("/connections/:connection/edit") view=|| view! { <ConnectionEditPage missing=|| NotFound() /> } />
            <Route path=path!("/deliveries") view=DeliveriesPage />
            <Route path=path!("/c/:connection") view=ToFirstPage />
            <Route path=path!("/c/:connection/sign-in") view=|| view! { <SignInPage missing_page=|| NotFound() /> } />
            <Route path=path!("/c/:connection/new/:kind") view=|| gate(sections::create) />
            <Route path=path!("/c/:connection/:section") view=|| gate(sections::list) />
            <Route path=path!("/c/:connection/:section/:key") view=|| gate(sections::detail) />
            <Route path=path!("/c/:connection/:section/:key/edit") view=|| gate(sections::edit) />
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
        let first = connections
            .find(&id)
            .and_then(|it| registry::first(it.system()));
        match first {
            Some(section) => {
                view! { <Redirect path=paths::section(&id, section.segment) /> }.into_any()
            }
            None if known => view! { <NotFound /> }.into_any(),
            None => ().into_any(),
        }
    }
}
