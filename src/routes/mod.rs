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
    },
    deliveries::DeliveriesPage,
    example, overview,
    shell::{NotFound, gate},
    ui::lazy::{Lazy, lazy},
};

const CONNECTIONS: Lazy<()> = lazy!(connections: () => |()| ConnectionListPage().into_any());

const NEW_CONNECTION: Lazy<()> = lazy!(new in connection_form: (), AnyView => |()| {
    ConnectionCreatePage().into_any()
});

const EDIT_CONNECTION: Lazy<()> = lazy!(edit in connection_form: (), AnyView => |()| {
    view! { <ConnectionEditPage missing=|| NotFound() /> }.into_any()
});

const DELIVERIES: Lazy<()> = lazy!(deliveries: () => |()| DeliveriesPage().into_any());

const OVERVIEW: Lazy<()> = lazy!(overview: () => |()| overview::page());

const ALL_SYSTEMS: Lazy<()> = lazy!(overview: () => |()| overview::all::page());

const ACCOUNT: Lazy<()> = lazy!(account: () => |()| account::page());

const ACTIVITY: Lazy<()> = lazy!(activity: () => |()| activity::page::page());

const EXAMPLE: Lazy<()> = lazy!(as_code: () => |()| example::page::page());

const EXPORT: Lazy<()> = lazy!(as_code: () => |()| as_code::export::page());

const IMPORT: Lazy<()> = lazy!(as_code: () => |()| as_code::import::page());

/// `:connection` is read with `use_connection`, other parameters with `use_params_map`. What a
/// section is, says [`crate::registry`].
#[component]
pub fn Routes() -> impl IntoView {
    view! {
        <FlatRoutes fallback=NotFound>
            <Route path=path!("/") view=Home />
            <Route path=path!("/connections") view=|| CONNECTIONS.show(()) />
            <Route path=path!("/connections/new") view=|| NEW_CONNECTION.show(()) />
            <Route path=path!("/connections/:connection/edit") view=|| EDIT_CONNECTION.show(()) />
            <Route path=path!("/overview") view=|| ALL_SYSTEMS.show(()) />
            <Route path=path!("/deliveries") view=|| DELIVERIES.show(()) />
            <Route path=path!("/c/:connection") view=|| gate(|| OVERVIEW.show(())) />
            // Shown instead of the console (`app`), which goes when this address comes.
            <Route path=path!("/c/:connection/sign-in") view=|| ().into_any() />
            <Route path=path!("/c/:connection/account") view=|| gate(|| ACCOUNT.show(())) />
            <Route path=path!("/c/:connection/activity") view=|| gate(|| ACTIVITY.show(())) />
            <Route path=path!("/c/:connection/example") view=|| gate(|| EXAMPLE.show(())) />
            <Route path=path!("/c/:connection/export") view=|| gate(|| EXPORT.show(())) />
            <Route path=path!("/c/:connection/import") view=|| gate(|| IMPORT.show(())) />
            <Route path=path!("/c/:connection/new/:kind") view=|| gate(sections::create) />
            <Route path=path!("/c/:connection/:section") view=|| gate(sections::list) />
            <Route path=path!("/c/:connection/:section/:key") view=|| gate(sections::detail) />
            <Route path=path!("/c/:connection/:section/:key/edit") view=|| gate(sections::edit) />
        </FlatRoutes>
    }
    .into_any()
}
