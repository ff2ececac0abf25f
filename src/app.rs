//! The application: its contexts around its routes.

use leptos::prelude::*;
use leptos_router::components::Router;

use crate::{
    activity::journal,
    connections::{Connections, elsewhere},
    http,
    links::Links,
    paths,
    routes::Routes,
    shell::Shell,
    ui::{Confirmer, Toasts, leave, script, time, zone},
};

#[component]
pub fn App() -> impl IntoView {
    let connections = Connections::new();
    provide_context(connections);
    provide_context(Toasts::new());
    provide_context(Confirmer::new());
    time::provide_clock();
    zone::follow_others();
    script::read_with(|path| Box::pin(http::asset(path)));
    elsewhere::listen(connections);
    http::observe(move |endpoint, outcome| connections.learn(endpoint, outcome));
    http::observe_changes(journal::keep);
    http::observe_pauses(move |endpoint, seconds| connections.pause(endpoint, seconds));
    leptos::task::spawn_local(connections.load());
    leave::listen();
    let links = Links::listen();
    view! {
        <Router base=paths::base()>
            {links.connect()}
            <Shell>
                <Routes />
            </Shell>
        </Router>
    }
}
