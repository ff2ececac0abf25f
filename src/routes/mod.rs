//! Every address and the page it shows.

mod sections;

use leptos::prelude::*;
use leptos_router::{
    components::{FlatRoutes, Route},
    path,
};

use crate::{
    account, activity, as_code,
    connections::{
        form_page::{ConnectionCreatePage, ConnectionEditPage},
        home::Home,
        list::ConnectionListPage,
        sign_in::SignInPage,
    },
    deliveries::DeliveriesPage,
    example, overview,
    shell::{NotFound, gate},
};

/// `:connection` is read with `use_connection`, other parameters with `use_params_map`. What a
/// section is, says [`crate::registry`].
#[component]
pub fn Routes() -> impl IntoView {
    view! {
        <FlatRoutes fallback=NotFound>
            <Route path=path!("/") view=Home />
            <Route path=path!("/connections") view=ConnectionListPage />
            <Route path=path!("/connections/new") view=ConnectionCreatePage />
            <Route path=path!("/connections/:connection/edit") view=|| view! { <ConnectionEditPage missing=|| NotFound() /> } />
            <Route path=path!("/overview") view=overview::all::page />
            <Route path=path!("/deliveries") view=DeliveriesPage />
            <Route path=path!("/c/:connection") view=|| gate(overview::page) />
            <Route path=path!("/c/:connection/sign-in") view=|| view! { <SignInPage missing_page=|| NotFound() /> } />
            <Route path=path!("/c/:connection/account") view=|| gate(account::page) />
            <Route path=path!("/c/:connection/activity") view=|| gate(activity::page::page) />
            <Route path=path!("/c/:connection/example") view=|| gate(example::page::page) />
            <Route path=path!("/c/:connection/export") view=|| gate(as_code::export::page) />
            <Route path=path!("/c/:connection/import") view=|| gate(as_code::import::page) />
            <Route path=path!("/c/:connection/new/:kind") view=|| gate(sections::create) />
            <Route path=path!("/c/:connection/:section") view=|| gate(sections::list) />
            <Route path=path!("/c/:connection/:section/:key") view=|| gate(sections::detail) />
            <Route path=path!("/c/:connection/:section/:key/edit") view=|| gate(sections::edit) />
        </FlatRoutes>
    }
    .into_any()
}
