//! Streams, views and whatever else can be read, with their columns, beside the editor; a click puts a name at the cursor.

use leptos::prelude::*;
use weir_api::timeplus::quote;

use crate::{
    sql::{
        relation::relation,
        relations::{Kind, Relation},
        streams::Streams,
    },
    ui::{Button, ButtonKind, Icon, IconName, number},
};

/// Streams listed at once; the search finds the others.
const LISTED: usize = 200;

#[component]
pub fn SideList(streams: Streams, #[prop(into)] on_insert: Callback<String>) -> impl IntoView {
    let search = RwSignal::new(String::new());
    let found = Memo::new(move |_| {
        let wanted = search.get().to_lowercase();
        streams.relations.all.with(|all| {
            let hits = all
                .iter()
                .filter(|stream| stream.name.to_lowercase().contains(&wanted));
            let total = hits.clone().count();
            (hits.take(LISTED).cloned().collect::<Vec<_>>(), total)
        })
    });
    let note = move || {
        if let Some(error) = streams.relations.load.page_error().get() {
            return Some(crate::errors::words(&error).sentence());
        }
        let total = found.with(|(_, total)| *total);
        match total {
            _ if !streams.relations.load.ready.get() => None,
            0 if search.with(String::is_empty) => Some("No streams or views yet.".into()),
            0 => Some("No matching streams or views.".into()),
            more if more > LISTED => Some(format!(
                "{} more. Search to narrow.",
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
                    aria-label="Search streams"
                    placeholder="Search streams"
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

/// Changes with what is shown of one.
fn key(one: &Relation) -> (String, &'static str, usize) {
    (one.name.clone(), one.kind.label(), one.columns.len())
}

#[component]
fn SideStream(stream: Relation, on_insert: Callback<String>) -> impl IntoView {
    let open = RwSignal::new(false);
    let name = stream.name.clone();
    let insert_name = relation(&stream.name);
    let kind = stream.kind;
    let columns = StoredValue::new(stream.columns);
    let fold_label = format!("Columns of {name}");
    view! {
        <li>
            <div class="side-stream">
                {if columns.with_value(Vec::is_empty) {
                    view! { <span class="side-fold"></span> }.into_any()
                } else {
                    view! {
                        <button
                            type="button"
                            class="side-fold"
                            aria-label=fold_label
                            aria-expanded=move || if open.get() { "true" } else { "false" }
                            on:click=move |_| open.update(|open| *open = !*open)
                        >
                            <Icon name=IconName::Chevron />
                        </button>
                    }.into_any()
                }}
                <button
                    type="button"
                    class="side-name mono"
                    title=format!("Insert {name}")
                    on:click=move |_| on_insert.run(insert_name.clone())
                >
                    <Icon name=kind.icon() />
                    <span>{name.clone()}</span>
                    // A stream is what is expected.
                    {(kind != Kind::Stream).then(|| view! { <span class="visually-hidden">", "{kind.label()}</span> })}
                </button>
            </div>
            <Show when=move || open.get()>
                <ul class="side-columns">
                    {columns.with_value(|columns| columns.iter().map(|(column, data_type)| {
                        let insert = quote::name(column);
                        view! {
                            <li>
                                <button
                                    type="button"
                                    class="side-name mono"
                                    title=format!("Insert {}", column)
                                    on:click=move |_| on_insert.run(insert.clone())
                                >
                                    {column.clone()} " "
                                    <span class="type">{data_type.clone()}</span>
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
