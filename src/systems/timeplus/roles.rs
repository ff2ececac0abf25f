//! Roles: what each may do. They come with the server; nobody makes new ones.

use leptos::prelude::*;
use weir_api::{json_response, timeplus::role};

use crate::{
    kit::{notice::Waiting, use_load},
    ui::ErrorBanner,
};

/// What a role may do, one sentence.
pub fn summary(role: &str) -> &'static str {
    match role {
        "admin" => "everything, including users and API keys",
        "read_only" => "view everything and run queries, without changes",
        _ => "defined by the server; unknown to this console",
    }
}

/// What, and whether admin and read_only may.
const RIGHTS: [(&str, [bool; 2]); 8] = [
    (
        "View all resources, their state and statistics",
        [true, true],
    ),
    (
        "Run SELECT, format and analyze SQL, preview sources",
        [true, true],
    ),
    ("Cancel and delete own queries", [true, true]),
    ("Cancel and delete queries of others", [true, false]),
    (
        "Create, change and delete streams, views and all other resources",
        [true, false],
    ),
    ("Write rows: ingest and INSERT", [true, false]),
    (
        "Start and stop sources, sinks, alerts and materialized views",
        [true, false],
    ),
    (
        "Manage users, invitations, API keys and the workspace",
        [true, false],
    ),
];

pub fn page() -> AnyView {
    let roles = RwSignal::new(Vec::<String>::new());
    let accept = Callback::new(move |body: Vec<u8>| {
        roles.set(json_response(&body)?);
        Ok(())
    });
    let load = use_load(Signal::derive(role::list), None, accept);
    let known = |name: &str| match name {
        "admin" => Some(0),
        "read_only" => Some(1),
        _ => None,
    };
    let table = move || {
        let roles = roles.get();
        let heads = roles
            .iter()
            .map(|role| view! { <th scope="col">{role.clone()}</th> })
            .collect_view();
        let rows = RIGHTS.map(|(what, may)| {
            let cells =
                roles.iter().map(|role| {
                    let word = known(role).map_or("defined by the server", |at| {
                        if may[at] { "yes" } else { "no" }
                    });
                    view! { <td>{word}</td> }
                });
            view! { <tr><th scope="row">{what}</th>{cells.collect_view()}</tr> }
        });
        view! {
            <div class="table-box" tabindex="0" role="group" aria-label="Roles">
                <table class="table" aria-label="Roles">
                    <thead><tr><th scope="col">"Permission"</th>{heads}</tr></thead>
                    <tbody>{rows.collect_view()}</tbody>
                </table>
            </div>
        }
    };
    view! {
        <div class="page">
            <header class="page-head"><h1>"Roles"</h1></header>
            <p>"Every user has one role. An API key has the permissions of its owner's role, or fewer if its own are restricted."</p>
            <ErrorBanner error=load.page_error() />
            {move || if load.ready.get() { table().into_any() } else { view! { <Waiting load /> }.into_any() }}
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_never_may_more_than_an_admin() {
        assert!(RIGHTS.iter().all(|(_, [admin, reader])| *admin || !reader));
        assert!(RIGHTS.iter().any(|(_, [_, reader])| !reader));
    }
}
