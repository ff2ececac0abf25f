use std::time::Duration;

use leptos::prelude::*;
use weir_api::{
    json_response,
    timeplus::source::{Stats, StatsError},
};

use super::{StatsRequest, ranges};
use crate::{
    kit::{notice::Waiting, use_load},
    ui::{
        Empty, ErrorBanner, Time,
        field::{Bound, Select},
        number::count,
        table::{
            Head::{Number, Text},
            ShortTable,
        },
    },
};

const EVERY: Duration = Duration::from_secs(5);

/// What went wrong lately.
#[component]
pub fn ErrorsTab(key: Memo<String>, request: StatsRequest) -> impl IntoView {
    let errors = RwSignal::new(Vec::<StatsError>::new());
    let range = RwSignal::new(String::from("1d"));
    let request = Signal::derive(move || request(&key.get(), &range.get(), "1m"));
    let accept = Callback::new(move |body: Vec<u8>| {
        let stats: Stats = json_response(&body)?;
        errors.set(stats.errors);
        Ok(())
    });
    let load = use_load(request, Some(EVERY), accept);
    let choices = ranges(&[
        ("1h", "Last hour"),
        ("1d", "Last day"),
        ("7d", "Last 7 days"),
    ]);
    let rows = move || errors.get().into_iter().map(row).collect_view();
    view! {
        <ErrorBanner error=load.page_error() />
        <div class="stats-range">
            <Select label="Range" value=Bound::from(range) choices />
        </div>
        {move || {
            if !load.ready.get() {
                view! { <Waiting load /> }.into_any()
            } else if errors.with(Vec::is_empty) {
                view! { <Empty title="No errors in this period" /> }.into_any()
            } else {
                view! {
                    <ShortTable
                        label="Errors" class="errors"
                        heads=&[Text("Last seen"), Number("Count"), Text("Message")]
                    >
                        {rows}
                    </ShortTable>
                }
                    .into_any()
            }
        }}
    }
    .into_any()
}

fn row(error: StatsError) -> AnyView {
    view! {
        <tr>
            <td><Time iso=error.time /></td>
            <td class="number">{error.count.map(count)}</td>
            <td class="message">{error.message}</td>
        </tr>
    }
    .into_any()
}
