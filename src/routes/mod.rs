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
    example,
    kit::PageKind,
    overview,
    shell::{NotFound, gate},
    ui::lazy::{Lazy, lazy},
};

const CONNECTIONS: Lazy<PageKind> = lazy!(connections: PageKind => |kind| match kind {
    PageKind::Create => ConnectionCreatePage().into_any(),
    PageKind::Edit => view! { <ConnectionEditPage missing=|| NotFound() /> }.into_any(),
    _ => ConnectionListPage().into_any(),
});

const DELIVERIES: Lazy<()> = lazy!(deliveries: () => |()| DeliveriesPage().into_any());

const OVERVIEW: Lazy<()> = lazy!(overview: () => |()| overview::page());

const ALL_SYSTEMS: Lazy<()> = lazy!(overview: () => |()| overview::all::page());

const ACCOUNT: Lazy<()> = lazy!(account: () => |()| account::page());

const ACTIVITY: Lazy<()> = lazy!(activity: () => |()| activity::page::page());

const EXAMPLE: Lazy<()> = lazy!(as_code: () => |()| example::page::page());

const EXPORT: Lazy<()> = lazy!(as_code: () => |()| as_code::export::page());

const IMPORT: Lazy<()> = lazy!(as_code: () => |()| as_code::import::page());

const SIGN_IN: Lazy<()> = lazy!(sign_in: () => |()| {
    view! { <SignInPage missing_page=|| NotFound() /> }.into_any()
});

/// `:connection` is read with `use_connection`, other parameters with `use_params_map`. What a
/// section is, says [`crate::registry`].
#[component]
pub fn Routes() -> impl IntoView {
    view! {
        <FlatRoutes fallback=NotFound>
            <Route path=path!("/") view=Home />
            <Route path=path!("/connections") view=|| CONNECTIONS.show(PageKind::List) />
            <Route path=path!("/connections/new") view=|| CONNECTIONS.show(PageKind::Create) />
            <Route path=path!("/connections/:connection/edit") view=|| CONNECTIONS.show(PageKind::Edit) />
            <Route path=path!("/overview") view=|| ALL_SYSTEMS.show(()) />
            <Route path=path!("/deliveries") view=|| DELIVERIES.show(()) />
            <Route path=path!("/c/:connection") view=|| gate(|| OVERVIEW.show(())) />
            <Route path=path!("/c/:connection/sign-in") view=|| SIGN_IN.show(()) />
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
