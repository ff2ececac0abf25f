//! Workspaces that were authorized to call APIs of this one.

use leptos::{context::Provider, prelude::*};
use weir_api::{
    ApiRequest,
    dataworks::{
        Paging,
        answer::part,
        authority::{self, Granted},
    },
};

use super::{
    super::{apis::list, moment, pick},
    EVERY, Until,
    authorize::Authorize,
};
use crate::{
    connections::{use_connection_id, use_may_change},
    kit::{Act, Actor, notice::Waiting, use_act, use_load_all},
    paths,
    ui::{
        Button, ButtonKind, Confirm, Dialog, Empty, ErrorBanner, Icon, IconName, State, Time,
        table::{
            Head::{Hidden, Text},
            ShortTable,
        },
    },
};

#[component]
pub fn GrantedTab() -> impl IntoView {
    let all = RwSignal::new(Vec::<Granted>::new());
    let accept = Callback::new(move |parts: Vec<Vec<u8>>| {
        all.set(pick::items(&parts, authority::listed)?);
        Ok(())
    });
    let request = || authority::list("", Paging::first());
    let more = |_: &ApiRequest, body: &[u8]| {
        part(authority::listed(body), |next| authority::list("", next))
    };
    let load = use_load_all(Signal::derive(request), more, Some(EVERY), accept);
    let (actor, permit) = (use_act(load), use_may_change());
    let connection = use_connection_id().get_untracked().unwrap_or_default();
    let open = RwSignal::new(false);
    view! {
        <div class="access">
        <p>"Other workspaces whose applications can call APIs of this workspace until a given time."</p>
        <div class="actions">
            <Button
                kind=ButtonKind::Primary
                disabled=permit.denied
                reason=permit.reason
                on_click=move || open.set(true)
            >
                "Authorize workspace…"
            </Button>
        </div>
        <Dialog open title="Authorize workspace" children=move || view! { <Authorize open load /> } />
        <ErrorBanner error=load.page_error() />
        {move || {
            if !load.ready.get() {
                return view! { <Waiting load /> }.into_any();
            }
            let rows: Vec<AnyView> = all
                .get()
                .iter()
                .flat_map(|granted| {
                    let connection = connection.clone();
                    let records = &granted.authorization_records;
                    // A server may name an API without saying to whom it is granted.
                    let untold = records.is_empty().then_some(None);
                    let rows = records.iter().map(Some).chain(untold);
                    rows.map(move |grant| granted_row(&connection, granted, grant, actor))
                        .collect::<Vec<_>>()
                })
                .collect();
            if rows.is_empty() {
                return view! { <Empty title="No other workspace is authorized" /> }.into_any();
            }
            view! {
                <Provider value=permit>
                    <ShortTable
                        label="Granted"
                        heads=&[
                            Text("API"), Text("State"), Text("Path"), Text("Workspace"),
                            Text("Until"), Text("Granted"), Hidden("Actions"),
                        ]
                    >
                        {rows}
                    </ShortTable>
                </Provider>
            }
                .into_any()
        }}
        </div>
    }
}

fn granted_row(
    connection: &str,
    granted: &Granted,
    grant: Option<&authority::Grant>,
    actor: Actor,
) -> AnyView {
    let (tone, word) = list::state(granted.api_status);
    let (id, name) = (granted.api_id, granted.api_name.clone());
    let revoke = move |project: i64| {
        actor.run(Act {
            request: authority::delete(id, project),
            done: format!("Workspace {project} can no longer call {name}"),
            question: Some(Confirm {
                title: format!("Revoke the authorization of workspace {project}?"),
                consequences: vec![format!("Its applications can no longer call {name}.")],
                action: "Revoke".into(),
                danger: true,
                type_name: Some(name.clone()),
            }),
        });
    };
    let button = grant.map(|grant| {
        let project = grant.project_id;
        let label = format!("Revoke {} of workspace {project}", granted.api_name);
        let revoke = move || revoke(project);
        view! {
            <Button kind=ButtonKind::Quiet label on_click=revoke><Icon name=IconName::Delete /></Button>
        }
    });
    let grant = grant.cloned().unwrap_or_default();
    let workspace = button.is_some().then_some(grant.project_id);
    let href = paths::item(connection, "data-apis", &id.to_string());
    view! {
        <tr>
            <th scope="row"><a href=href>{granted.api_name.clone()}</a></th>
            <td><State tone=Signal::stored(tone) word=Signal::stored(word) /></td>
            <td class="mono">{granted.api_path.clone()}</td>
            <td>{workspace}</td>
            <td><Until time=grant.end_time.clone() /></td>
            <td><Time iso=moment(&grant.created_time) /> " " {grant.creator_id.clone()}</td>
            <td class="row_actions">{button}</td>
        </tr>
    }
    .into_any()
}
