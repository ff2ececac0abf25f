//! One cell in full, with nested values laid out. A value of megabytes is shown piece by piece.

use leptos::prelude::*;
use weir_live::{Cell, format};

use super::{Side, frame, gone, pretty};
use crate::{
    live::{grid::At, session::Session},
    text::visible,
    ui::{Button, CopyButton, number},
};

/// Characters put on the page at once.
const PIECE: usize = 50_000;

struct Shown {
    name: String,
    data_type: String,
    kind: &'static str,
    /// Laid out over lines.
    pretty: String,
    /// Exact, as it is copied.
    exact: String,
}

fn shown(session: Session, at: At) -> Option<Shown> {
    session.read(|core| {
        let (ring, base) = (core.rows.shown(), core.rows.base());
        let column = ring.columns().get(at.column)?;
        let cell = ring.cell(at.row.checked_sub(base)?, at.column);
        let exact = cell.text();
        let (kind, pretty) = match cell {
            Cell::Missing => ("missing: the row has fewer cells", String::new()),
            Cell::Null => ("null", String::new()),
            Cell::Text("") => ("empty text", String::new()),
            Cell::Json(_) => ("", format::pretty(&exact)),
            _ => (
                "",
                pretty::json_in_text(&exact).unwrap_or_else(|| exact.clone()),
            ),
        };
        Some(Shown {
            name: visible(&column.name).into_owned(),
            data_type: column.data_type.to_string(),
            kind,
            pretty,
            exact,
        })
    })
}

pub fn cell(session: Session, at: At, side: RwSignal<Option<Side>>) -> Option<AnyView> {
    let cell = shown(session, at)?;
    let title = view! { {cell.name} " " <span class="type mono">{cell.data_type}</span> };
    let tools = view! { <CopyButton text=cell.exact.clone() label="Copy value" /> };
    let nested = cell.pretty != cell.exact;
    let kind = cell.kind;
    let raw = RwSignal::new(false);
    let length = cell.exact.chars().count();
    let row = format!("Row {}", number::count(at.row + 1));
    let texts = StoredValue::new((cell.pretty, cell.exact));
    let body = view! {
        <p class="side-facts">
            {row}
            {(length > 0).then(|| format!(" · {}", number::plural(length as u64, "character", "characters")))}
            {(!kind.is_empty()).then(|| format!(" · {kind}"))}
        </p>
        {nested.then(|| view! {
            <label class="side-choice">
                <input type="checkbox" prop:checked=raw on:change:target=move |event| raw.set(event.target().checked()) />
                " As sent"
            </label>
        })}
        {move || {
            let raw = raw.get();
            let text = texts.with_value(|(pretty, exact)| if raw { exact.clone() } else { pretty.clone() });
            view! { <Text text /> }
        }}
    };
    let body = if kind.starts_with("missing") && session.read(|core| at.row < core.rows.base()) {
        gone()
    } else {
        body.into_any()
    };
    Some(frame(
        side,
        "Cell",
        title.into_any(),
        tools.into_any(),
        body,
    ))
}

#[component]
fn Text(text: String) -> impl IntoView {
    let length = text.chars().count();
    let pieces = RwSignal::new(1usize);
    let text = StoredValue::new(text);
    let part = move || {
        let wanted = pieces.get() * PIECE;
        text.with_value(|text| match text.char_indices().nth(wanted) {
            Some((end, _)) => text[..end].to_string(),
            None => text.clone(),
        })
    };
    view! {
        <pre class="cell-text" tabindex="0">{part}</pre>
        <Show when=move || { length > pieces.get() * PIECE }>
            <div class="actions">
                <Button on_click=move || pieces.update(|pieces| *pieces += 1)>"Show more"</Button>
            </div>
        </Show>
    }
    .into_any()
}
