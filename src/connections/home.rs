use leptos::prelude::*;
use leptos_router::NavigateOptions;

use super::{Auth, Connections, keep};
use crate::paths;

/// `/` leads to the connection used last, or to the only one or the embedded backend, or to the
/// choice.
#[component]
pub fn Home() -> impl IntoView {
    let connections = expect_context::<Connections>();
    let navigate = paths::use_navigate();
    Effect::new(move |_| {
        let Some(all) = connections.all.get() else {
            return;
        };
        let last = keep::last_connection().filter(|id| all.iter().any(|c| c.id == *id));
        let only = || all.first().filter(|_| all.len() == 1);
        // The embedded backend offers itself: a newcomer starts there.
        let session = || all.first().filter(|first| first.auth == Auth::Session);
        let first = || only().or_else(session).map(|c| c.id.clone());
        let to = last
            .or_else(first)
            .map_or_else(paths::connections, |id| paths::home(&id));
        navigate(
            &to,
            NavigateOptions {
                replace: true,
                ..Default::default()
            },
        );
    });
}
