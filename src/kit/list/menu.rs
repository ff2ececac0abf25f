//! Which columns of a list are shown, and the list as a file.

use std::sync::Arc;

use leptos::prelude::*;

use super::files;
use crate::ui::{
    Menu, save,
    table::{Column, Row, Rows},
};

/// Chooses columns, and saves what is shown as a file.
#[component]
pub fn ListMenu(
    title: &'static str,
    columns: Vec<Column>,
    hidden: RwSignal<Vec<usize>>,
    rows: Memo<Rows>,
) -> impl IntoView {
    let all = StoredValue::new(columns.clone());
    let file = move |ending: &str, media_type: &str, write: Write| {
        let text = all.with_value(|columns| {
            rows.with_untracked(|rows| hidden.with_untracked(|hidden| write(columns, hidden, rows)))
        });
        let name = title.to_lowercase().replace(' ', "-");
        save::file(&format!("{name}.{ending}"), media_type, &text);
    };
    let boxes: Vec<_> = columns
        .into_iter()
        .enumerate()
        .skip(1)
        .map(|(at, column)| {
            let on = move || hidden.with(|hidden| !hidden.contains(&at));
            view! {
                // A choice inside closes a menu; several are chosen here.
                <label class="menu-item" on:click=|event| event.stop_propagation()>
                    <input
                        type="checkbox"
                        prop:checked=on
                        on:change=move |_| hidden.update(|hidden| {
                            match hidden.iter().position(|one| *one == at) {
                                Some(place) => { hidden.remove(place); }
                                None => hidden.push(at),
                            }
                            hidden.sort_unstable();
                        })
                    />
                    {column.title}
                </label>
            }
        })
        .collect();
    view! {
        <Menu label="Columns and downloads" face=|| "Columns">
            <div role="group" aria-label="Columns">{boxes}</div>
            <button type="button" class="menu-item" on:click=move |_| file("csv", "text/csv", files::csv)>"Download CSV"</button>
            <button type="button" class="menu-item" on:click=move |_| file("json", "application/json", files::json)>"Download JSON"</button>
        </Menu>
    }
    .into_any()
}

type Write = fn(&[Column], &[usize], &[Arc<Row>]) -> String;
