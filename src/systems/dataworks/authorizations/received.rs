//! What other workspaces have authorized this one for.

use leptos::prelude::*;
use weir_api::{
    ApiRequest,
    dataworks::{
        Paging,
        answer::part,
        authority::{self, Received},
    },
};

use super::{
    super::{apis::list, moment, pick},
    EVERY, Until,
};
use crate::{
    kit::{notice::Waiting, use_load_all},
    ui::{
        Empty, ErrorBanner, State, Time,
        table::{Head::Text, ShortTable},
    },
};

#[component]
pub fn ReceivedTab() -> impl IntoView {
    let all = RwSignal::new(Vec::<Received>::new());
    let accept = Callback::new(move |parts: Vec<Vec<u8>>| {
        all.set(pick::items(&parts, authority::listed_received)?);
        Ok(())
    });
    let request = || authority::list_received("", Paging::first());
    let more = |_: &ApiRequest, body: &[u8]| {
        part(authority::listed_received(body), |next| {
            authority::list_received("", next)
        })
    };
    let load = use_load_all(Signal::derive(request), more, Some(EVERY), accept);
    let row = |received: Received| {
        let (tone, word) = list::state(received.api_status);
        view! {
            <tr>
                <th scope="row">{received.api_name.clone()}</th>
                <td><State tone=Signal::stored(tone) word=Signal::stored(word) /></td>
                <td class="mono">{received.api_path.clone()}</td>
                <td>{received.project_id}</td>
                <td><Until time=received.grant_end_time.clone() /></td>
                <td><Time iso=moment(&received.grant_created_time) /> " " {received.grant_operator_id.clone()}</td>
            </tr>
        }
    };
    view! {
        <div class="access">
        <p>"APIs of other workspaces that applications of this workspace can call."</p>
        <ErrorBanner error=load.page_error() />
        {move || {
            if !load.ready.get() {
                return view! { <Waiting load /> }.into_any();
            }
            if all.with(Vec::is_empty) {
                return view! { <Empty title="No other workspace has authorized this one" /> }.into_any();
            }
            let rows = all.get().into_iter().map(row).collect_view();
            view! {
                <ShortTable
                    label="Received"
                    heads=&[
                        Text("API"), Text("State"), Text("Path"), Text("Of workspace"),
                        Text("Until"), Text("Granted"),
                    ]
                >
                    {rows}
                </ShortTable>
            }
                .into_any()
        }}
        </div>
    }
}
