//! The page that installs the example and removes it.

use std::collections::BTreeMap;

use leptos::{prelude::*, task::spawn_local};
use weir_api::ApiError;

use super::{entries, install, look, remove};
use crate::{
    as_code::{apply::Outcome, gather::remote, plan::Step},
    connections::{Connection, Connections, use_connection, use_may_change},
    paths,
    registry::sections,
    text::capital,
    ui::{
        Button, ButtonKind, Confirm, ErrorBanner, State, Tone,
        table::{Head, ShortTable},
        use_confirm,
    },
};

pub fn page() -> AnyView {
    let connection = use_connection();
    (move || {
        connection
            .get()
            .map(|connection| view! { <Example connection /> })
    })
    .into_any()
}

#[component]
fn Example(connection: Connection) -> impl IntoView {
    let connections = expect_context::<Connections>();
    let (permit, confirm) = (use_may_change(), use_confirm());
    let id = StoredValue::new(connection.id.clone());
    let url = connection.url.clone();
    let connection = StoredValue::new(connection);
    let steps = RwSignal::new(Vec::<Step>::new());
    let outcomes = RwSignal::new(BTreeMap::<usize, Outcome>::new());
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<ApiError>);
    let again = move || {
        spawn_local(async move {
            if let Some(remote) = remote(connections, &connection.get_value()).await {
                // The page may be left meanwhile.
                match look(&remote).await {
                    Ok(found) => drop(steps.try_set(found)),
                    Err(error) => drop(failed.try_set(Some(ApiError::from(error)))),
                }
            }
            busy.try_set(false);
        });
    };
    again();
    let tell = move |at: usize, outcome: Outcome| {
        outcomes.try_update(|all| all.insert(at, outcome));
    };
    let base = StoredValue::new(base(&url));
    let put = move || {
        busy.set(true);
        outcomes.set(BTreeMap::new());
        spawn_local(async move {
            if let Some(remote) = remote(connections, &connection.get_value()).await {
                install(&remote, &base.get_value(), tell).await;
            }
            again();
        });
    };
    let take_away = move || {
        let question = Confirm {
            title: "Remove example?".into(),
            consequences: vec![
                "Its dashboard, alert, delivery, views, source and streams are deleted with their rows.".into(),
            ],
            action: "Remove example".into(),
            danger: true,
            type_name: None,
        };
        confirm.ask(question, move || {
            busy.set(true);
            outcomes.set(BTreeMap::new());
            spawn_local(async move {
                if let Some(remote) = remote(connections, &connection.get_value()).await {
                    remove(&remote, tell).await;
                }
                again();
            });
        });
    };
    let there =
        Memo::new(move |_| steps.with(|all| all.iter().filter(|it| it.key.is_some()).count()));
    let all = entries().len();
    let rows = move || {
        let lines = entries().into_iter().enumerate().map(|(at, entry)| {
            let segment = sections().find(|section| section.one == entry.kind);
            let key = steps.with(|all| all.get(at).and_then(|step| step.key.clone()));
            let name = entry.name.clone();
            let named = match (key, segment) {
                (Some(key), Some(section)) => {
                    let href = id.with_value(|id| paths::item(id, section.segment, &key));
                    view! { <a href=href>{name}</a> }.into_any()
                }
                _ => name.into_any(),
            };
            let there = steps.with(|all| all.get(at).is_some_and(|step| step.key.is_some()));
            let state = move || match outcomes.with(|all| all.get(&at).cloned()) {
                Some(Outcome::Failed(words)) => {
                    view! { <State tone=Tone::Bad word="Failed" />" "{words} }.into_any()
                }
                _ if there => view! { <State tone=Tone::Good word="Installed" /> }.into_any(),
                _ => view! { <State tone=Tone::Neutral word="Not installed" /> }.into_any(),
            };
            let about = entry
                .definition
                .get("description")
                .and_then(|it| it.as_str());
            let about = about.unwrap_or_default().to_string();
            view! {
                <tr>
                    <td>{capital(&entry.kind)}</td>
                    <th scope="row">{named}</th>
                    <td class="plan-what">{about}</td>
                    <td>{state}</td>
                </tr>
            }
        });
        lines.collect_view()
    };
    let disabled = Signal::derive(move || permit.denied.get());
    view! {
        <div class="page">
            <header class="page-head">
                <h1>"Example"</h1>
                <p class="page-count" role="status">{move || format!("{} of {all} installed", there.get())}</p>
                <div class="page-actions">
                    <Show when=move || there.get() < all>
                        <Button kind=ButtonKind::Primary busy disabled=disabled reason=permit.reason on_click=put>"Install example"</Button>
                    </Show>
                    {move || (there.get() > 0).then(|| view! {
                        <Button busy disabled=disabled reason=permit.reason on_click=take_away>"Remove example"</Button>
                    })}
                </div>
            </header>
            <ErrorBanner error=Signal::derive(move || failed.get()) />
            <p class="lead">"A complete pipeline from source to delivery on this machine's metrics. Open, edit or export each part like any other resource."</p>
            <ShortTable label="Parts of the example" heads=&[Head::Text("Kind"), Head::Text("Name"), Head::Text("Description"), Head::Text("State")]>
                {rows}
            </ShortTable>
        </div>
    }
    .into_any()
}

/// Where the backend reaches its own API.
fn base(url: &str) -> String {
    let origin = match url {
        "" => window().location().origin().unwrap_or_default(),
        url => url.trim_end_matches('/').into(),
    };
    format!("{origin}/default/api")
}
