//! The applications that call, and their secrets.

use leptos::prelude::*;
use weir_api::dataworks::{
    Paging,
    application::{self, Application},
};

use crate::{
    connections::{system::Target, use_connection, use_may_change},
    kit::{notice::Waiting, use_call_with_toast, use_load},
    ui::{
        Button, ButtonKind, CopyButton, Empty, ErrorBanner,
        table::{Head::Text, ShortTable},
    },
};

#[component]
pub fn Applications() -> impl IntoView {
    let connection = use_connection();
    let all = RwSignal::new(Vec::<Application>::new());
    let accept = Callback::new(move |body: Vec<u8>| {
        all.set(application::listed(&body)?.items);
        Ok(())
    });
    let request = move || {
        let project = connection.with(|connection| match &connection.as_ref()?.target {
            Target::DataWorks(target) => target.project.parse().ok(),
            _ => None,
        });
        application::list(&[project.unwrap_or_default()], Paging::first())
    };
    let load = use_load(Signal::derive(request), None, accept);
    view! {
        <div class="access">
        <p>
            "Applications call published APIs. Their secrets are shown on request and not stored by this page."
        </p>
        <ErrorBanner error=load.page_error() />
        {move || {
            if !load.ready.get() {
                return view! { <Waiting load /> }.into_any();
            }
            if all.with(Vec::is_empty) {
                return view! { <Empty title="No applications" hint="DataWorks cannot create applications." /> }.into_any();
            }
            let rows = all.get().into_iter().map(|one| view! { <ApplicationRow one /> }).collect_view();
            view! {
                <ShortTable
                    label="Applications"
                    heads=&[Text("Application"), Text("Id"), Text("Workspace"), Text("Secrets")]
                >
                    {rows}
                </ShortTable>
            }
                .into_any()
        }}
        </div>
    }
}

#[component]
fn ApplicationRow(one: Application) -> impl IntoView {
    let (permit, call) = (use_may_change(), use_call_with_toast());
    let told = RwSignal::new(None::<Application>);
    let id = one.application_id;
    let reveal = move || {
        call.read(Ok(application::get(id)), application::got, move |shown| {
            // The page may be left meanwhile.
            let _ = told.try_set(Some(shown));
        });
    };
    let secrets = move || match told.get() {
        None => view! {
            <Button
                label=format!("Show secrets of application {id}")
                disabled=permit.denied
                reason=permit.reason
                on_click=reveal
            >
                "Show"
            </Button>
        }
        .into_any(),
        Some(shown) => {
            let all = [
                ("Code", shown.application_code),
                ("Key", shown.application_key),
                ("Secret", shown.application_secret),
            ];
            let rows = all.map(|(term, value)| {
                view! {
                    <div>
                        <dt>{term}</dt>
                        <dd class="mono">{value.clone()} <CopyButton text=value label=format!("Copy {}", term.to_lowercase()) /></dd>
                    </div>
                }
            });
            view! {
                <dl class="settings">{rows.into_iter().collect_view()}</dl>
                <Button kind=ButtonKind::Quiet on_click=move || told.set(None)>"Hide"</Button>
            }
            .into_any()
        }
    };
    view! {
        <tr>
            <th scope="row">{one.application_name}</th>
            <td>{id}</td>
            <td>{one.project_id}</td>
            <td>{secrets}</td>
        </tr>
    }
}
