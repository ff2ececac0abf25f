//! Streams and their columns beside the editor; a click puts a name at the cursor.

use leptos::prelude::*;
use weir_api::timeplus::{quote, stream::Stream};

use crate::{
    sql::{relation::relation, streams::Streams},
    ui::{Button, ButtonKind, Icon, IconName, number},
};

/// Streams listed at once; the search finds the others.
const LISTED: usize = 200;

#[component]
pub fn SideList(streams: Streams, #[prop(into)] on_insert: Callback<String>) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let found = Memo::new(move |_| {
        let wanted = search.get().to_lowercase();
        streams.all.with(|all| {
            let hits = all
                .iter()
                .filter(|stream| stream.name.to_lowercase().contains(&wanted));
            let total = hits.clone().count();
            (hits.take(LISTED).cloned().collect::<Vec<_>>(), total)
        })
    });
    let note = move || {
        if let Some(error) = streams.load.page_error().get() {
            return Some(crate::errors::words(&error).sentence());
        }
        let total = found.with(|(_, total)| *total);
        match total {
            _ if !streams.load.ready.get() => None,
            0 if search.with(String::is_empty) => Some("There are no streams yet.".into()),
            0 => Some("No matching streams.".into()),
            more if more > LISTED => Some(format!(
                "{} more: use the search.",
                number::count((more - LISTED) as u64)
            )),
            _ => None,
        }
    };
    view! {
        <aside class="side-list" aria-label="Streams">
            <div class="side-search">
                <input
                    type="search"
                    class="input"
                    aria-label="Find a stream"
                    placeholder="Find a stream"
                    prop:value=move || search.get()
                    on:input:target=move |event| search.set(event.target().value())
                />
                <Button kind=ButtonKind::Quiet label="Reload streams" on_click=move || streams.reload()>
                    <Icon name=IconName::Reload />
                </Button>
            </div>
            <ul>
                <For each=move || found.with(|(found, _)| found.clone()) key=key let:stream>
                    <SideStream stream on_insert />
                </For>
            </ul>
            <p class="side-note">{note}</p>
        </aside>
    }
    .into_any()
}

fn key(stream: &Stream) -> (String, usize) {
    (stream.name.clone(), stream.columns.len())
}

#[component]
fn SideStream(stream: Stream, on_insert: Callback<String>) -> impl IntoView {
    let open = RwSignal::new(false);
    let name = stream.name.clone();
    let insert_name = relation(&stream.name);
    let columns = StoredValue::new(stream.columns);
    let fold_label = format!("Columns of {name}");
    view! {
        <li>
            <div class="side-stream">
                <button
                    type="button"
                    class="side-fold"
                    aria-label=fold_label
                    aria-expanded=move || if open.get() { "true" } else { "false" }
                    on:click=move |_| open.update(|open| *open = !*open)
                >
                    <Icon name=IconName::Chevron />
                </button>
                <button
                    type="button"
                    class="side-name mono"
                    title=format!("Put {name} at the cursor")
                    on:click=move |_| on_insert.run(insert_name.clone())
                >
                    {name.clone()}
                </button>
            </div>
            <Show when=move || open.get()>
                <ul class="side-columns">
                    {columns.with_value(|columns| columns.iter().map(|column| {
                        let insert = quote::name(&column.name);
                        view! {
                            <li>
                                <button
                                    type="button"
                                    class="side-name mono"
                                    title=format!("Put {} at the cursor", column.name)
                                    on:click=move |_| on_insert.run(insert.clone())
                                >
                                    {column.name.clone()} " "
                                    <span class="type">{column.data_type.clone()}</span>
                                </button>
                            </li>
                        }
                    }).collect_view())}
                </ul>
            </Show>
        </li>
    }
    .into_any()
}
