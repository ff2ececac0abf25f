//! The page of a list that is short: all rows stand there, each can be deleted and nothing more.

use std::time::Duration;

use leptos::{context::Provider, prelude::*};
use serde::de::DeserializeOwned;
use weir_api::{ApiRequest, list_response};

use super::{
    Deletion,
    delete::use_named_deletion,
    notice::{Failed, Unread, Waiting},
    use_load,
};
use crate::{
    connections::{use_connection_id, use_may_change},
    paths,
    ui::{
        ButtonKind, ChangeLink, Empty, ErrorBanner,
        table::{Head, ShortTable},
    },
};

const EVERY: Duration = Duration::from_secs(30);

/// What the page shows, of items of the type `T`.
pub struct ShortList<T> {
    pub title: &'static str,
    /// As `paths::new` takes it.
    pub kind: &'static str,
    /// Where there are none yet.
    pub hint: &'static str,
    pub list: fn() -> ApiRequest,
    pub deletion: Deletion,
    /// The key by which one is deleted.
    pub key: fn(&T) -> &str,
    /// What people call it.
    pub name: fn(&T) -> &str,
    pub heads: &'static [Head],
    /// The callback deletes the keys given.
    pub row: fn(T, Callback<Vec<String>>) -> AnyView,
}

pub fn short_list<T>(of: ShortList<T>) -> AnyView
where
    T: DeserializeOwned + Clone + Send + Sync + 'static,
{
    let all = RwSignal::new(Vec::<T>::new());
    let accept = Callback::new(move |body: Vec<u8>| {
        all.set(list_response(&body)?);
        Ok(())
    });
    let load = use_load(Signal::derive(of.list), Some(EVERY), accept);
    let (permit, failures) = (use_may_change(), RwSignal::new(Vec::new()));
    let name = Callback::new(move |key: String| {
        all.with_untracked(|all| {
            let found = all.iter().find(|one| (of.key)(one) == key);
            found.map_or_else(|| key.clone(), |one| (of.name)(one).to_string())
        })
    });
    let done = Callback::new(move |_| load.reload());
    let remove = use_named_deletion(of.deletion, failures, done, name);
    let connection = use_connection_id().get_untracked().unwrap_or_default();
    let href = paths::new(&connection, of.kind);
    let create = move || {
        let (href, text) = (href.clone(), format!("Create {}", of.deletion.one));
        view! {
            <Provider value=permit>
                <ChangeLink kind=ButtonKind::Primary href text />
            </Provider>
        }
    };
    let first = create.clone();
    view! {
        <div class="page">
            <header class="page-head">
                <h1>{of.title}</h1>
                <div class="page-actions">{create()}</div>
            </header>
            <ErrorBanner error=load.page_error() />
            <Failed failures />
            <Unread parts=load.unread />
            {move || {
                if !load.ready.get() {
                    return view! { <Waiting load /> }.into_any();
                }
                if all.with(Vec::is_empty) {
                    let title = format!("No {} yet", of.deletion.many);
                    let first = first.clone();
                    return view! { <Empty title hint=of.hint>{first()}</Empty> }.into_any();
                }
                let rows = move || all.get().into_iter().map(|one| (of.row)(one, remove)).collect_view();
                // Their buttons look for the permit when they are made.
                view! {
                    <Provider value=permit>
                        <ShortTable label=of.title heads=of.heads>{rows}</ShortTable>
                    </Provider>
                }
                    .into_any()
            }}
        </div>
    }
    .into_any()
}
