//! The tests there were.

use leptos::prelude::*;
use weir_api::dataworks::test::Test;

use super::result::outcome;
use crate::{
    kit::Load,
    ui::{
        Button, ButtonKind, ErrorBanner, Icon, IconName, State, Time,
        table::{
            Head::{Hidden, Text},
            ShortTable,
        },
        time,
    },
};

#[component]
pub fn Runs(
    runs: RwSignal<Vec<Test>>,
    result: RwSignal<Option<Test>>,
    load: Load,
) -> impl IntoView {
    let row = move |test: Test| {
        let (tone, word) = outcome(&test);
        let label = format!("Show test {}", test.test_id);
        let (created, shown) = (time::iso(test.create_time as f64), test.clone());
        view! {
            <tr>
                <th scope="row">{test.test_id}</th>
                <td><State tone=Signal::stored(tone) word=Signal::stored(word) /></td>
                <td class="mono">{test.param_map.clone()}</td>
                <td class="number">{time::span(test.cost_time as f64)}</td>
                <td><Time iso=created /></td>
                <td class="row_actions"><Button kind=ButtonKind::Quiet label on_click=move || result.set(Some(shown.clone()))><Icon name=IconName::Eye /></Button></td>
            </tr>
        }
    };
    view! {
        <ErrorBanner error=load.page_error() />
        {move || {
            if runs.with(Vec::is_empty) {
                return view! { <p class="field-help">"None yet"</p> }.into_any();
            }
            let rows = runs.get().into_iter().map(row).collect_view();
            view! {
                <ShortTable
                    label="Tests"
                    heads=&[
                        Text("Test"), Text("Outcome"), Text("Parameters"), Text("Duration"),
                        Text("Started"), Hidden("Actions"),
                    ]
                >
                    {rows}
                </ShortTable>
            }
                .into_any()
        }}
    }
}
