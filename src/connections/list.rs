//! `/connections`: what can be administered from here.

use leptos::prelude::*;

use super::{Connection, Connections};
use crate::{
    paths,
    ui::{
        Button, ButtonKind, Confirm, Empty, Icon, IconName,
        table::{
            Head::{Hidden, Text},
            ShortTable,
        },
        use_confirm, use_toasts,
    },
};

#[component]
pub fn ConnectionListPage() -> impl IntoView {
    let connections = expect_context::<Connections>();
    let rows = move || match connections.all.get() {
        None => ().into_any(),
        Some(all) if all.is_empty() => view! {
            <Empty title="No connections yet" hint="Add the embedded backend or a vendor endpoint.">
                <AddConnection />
            </Empty>
        }
        .into_any(),
        Some(all) => {
            let rows = all
                .into_iter()
                .map(|connection| view! { <Row connection /> })
                .collect_view();
            view! { <Table>{rows}</Table> }.into_any()
        }
    };
    view! {
        <div class="page">
            <header class="page-head">
                <h1>"Connections"</h1>
                <div class="actions"><AddConnection /></div>
            </header>
            {rows}
        </div>
    }
    .into_any()
}

#[component]
fn AddConnection() -> impl IntoView {
    view! { <a class="button primary" href=paths::new_connection()><Icon name=IconName::Plus />"Add connection"</a> }
        .into_any()
}

#[component]
fn Table(children: Children) -> impl IntoView {
    view! {
        <ShortTable
            label="Connections"
            heads=&[
                Text("Name"), Text("System"), Text("URL"), Text("Workspace"), Text("Sign-in"),
                Hidden("Actions"),
            ]
        >
            {children()}
        </ShortTable>
    }
    .into_any()
}

#[component]
fn Row(connection: Connection) -> impl IntoView {
    let spec = connection.spec();
    let Connection {
        id,
        name,
        target,
        url,
        auth,
        colour,
        production,
        look_only,
        ..
    } = connection;
    let url = if url.is_empty() {
        "this console's backend".into()
    } else {
        url
    };
    view! {
        <tr>
            <th scope="row">
                <span class="connection-name" data-mark=colour.as_str()>
                    <span class="dot"></span>
                    <a class="name" href=paths::home(&id)>{name.clone()}</a>
                    {production.then(|| view! { <span class="production-mark">"PRODUCTION"</span> })}
                    {look_only.then(|| view! { <span class="production-mark read-only">"READ-ONLY"</span> })}
                </span>
            </th>
            <td>{target.system().words()}</td>
            <td>{url}</td>
            <td class="mono">{target.workspace().to_string()}</td>
            <td>{spec.way(auth).map(|way| way.label)}</td>
            <td class="row-actions">
                <a class="button quiet" href=paths::edit_connection(&id) aria-label=format!("Edit {name}")>"Edit"</a>
                <Remove id name />
            </td>
        </tr>
    }
    .into_any()
}

#[component]
fn Remove(id: String, name: String) -> impl IntoView {
    let connections = expect_context::<Connections>();
    let (confirm, toasts) = (use_confirm(), use_toasts());
    let offered = connections.is_offered(&id);
    let label = format!("Remove {name}");
    let ask = move || {
        let question = Confirm {
            title: format!("Remove {name}?"),
            consequences: vec![
                "The connection and its stored credential are removed from this browser.".into(),
                "Nothing changes on the system itself.".into(),
            ],
            action: "Remove connection".into(),
            danger: true,
            type_name: None,
        };
        let (id, name) = (id.clone(), name.clone());
        confirm.ask(question, move || {
            connections.remove(&id);
            toasts.success(format!("Connection {name} removed"));
        });
    };
    view! {
        <Button
            kind=ButtonKind::Quiet
            label
            text=true
            disabled=offered
            reason="Defined in this console's config.json"
            on_click=ask
        >
            "Remove"
        </Button>
    }
    .into_any()
}
