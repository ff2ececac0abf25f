//! `/connections/new` and `/connections/{id}/edit`.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::{
    Connection, Connections,
    form::ConnectionForm,
    system::{Target, Timeplus},
};

#[component]
pub fn ConnectionCreatePage() -> impl IntoView {
    let connections = expect_context::<Connections>();
    let start = Connection {
        target: Target::Timeplus(Timeplus {
            workspace: "default".into(),
            ..Timeplus::default()
        }),
        auth: super::Auth::ApiKey,
        ..Connection::default()
    };
    view! {
        <div class="page narrow">
            <h1>"Add connection"</h1>
            // The names taken are known once the offered connections are.
            {move || connections.all.with(Option::is_some).then(|| view! { <ConnectionForm start=start.clone() /> })}
        </div>
    }
    .into_any()
}

#[component]
pub fn ConnectionEditPage(
    /// Shown where there is no such connection.
    #[prop(into)]
    missing: ViewFn,
) -> impl IntoView {
    let connections = expect_context::<Connections>();
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("connection").unwrap_or_default());
    let loaded = Memo::new(move |_| connections.all.with(Option::is_some));
    move || {
        if !loaded.get() {
            return ().into_any();
        }
        match connections.find_untracked(&id.get()) {
            Some(connection) => view! { <Edit connection /> }.into_any(),
            None => missing.run(),
        }
    }
}

#[component]
fn Edit(connection: Connection) -> impl IntoView {
    view! {
        <div class="page narrow">
            <h1>"Edit " {connection.name.clone()}</h1>
            <ConnectionForm id=Some(connection.id.clone()) start=connection />
        </div>
    }
    .into_any()
}
