//! The application's shell and its routes.

use leptos::prelude::*;
use leptos_router::{
    components::{Route, Router, Routes},
    path,
};
use weir_api::timeplus::stream;

use crate::{
    connections::{Connections, use_endpoint},
    http,
};

#[component]
pub fn App() -> impl IntoView {
    let connections = Connections::new();
    provide_context(connections);
    leptos::task::spawn_local(connections.load());
    view! {
        <Router>
            <Routes fallback=|| view! { <p>"There is no such page."</p> }>
                <Route path=path!("/c/:connection/streams") view=StreamNames />
            </Routes>
        </Router>
    }
}

#[component]
fn StreamNames() -> impl IntoView {
    let endpoint = use_endpoint();
    let names = LocalResource::new(move || {
        let endpoint = endpoint.get();
        async move {
            let body = http::send(&endpoint?, stream::list()).await.ok()?;
            weir_api::json_response::<Vec<stream::Stream>>(&body).ok()
        }
    });
    view! {
        <ul>
            {move || {
                names
                    .get()
                    .flatten()
                    .unwrap_or_default()
                    .into_iter()
                    .map(|stream| view! { <li>{stream.name}</li> })
                    .collect_view()
            }}
        </ul>
    }
}
