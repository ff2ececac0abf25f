//! One cell in full: beside the grid, with nested values laid out. A value of megabytes is shown
//! piece by piece.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use weir_live::{Cell, format};

use super::{grid::At, pretty, session::Session};
use crate::ui::{Button, ButtonKind, CopyButton, Icon, IconName, number};

/// Characters put on the page at once.
const PIECE: usize = 50_000;

#[derive(Clone, PartialEq)]
struct Shown {
    name: String,
    data_type: String,
    row: u64,
    kind: &'static str,
    text: String,
    /// Exact, as it is copied.
    exact: String,
}

fn shown(session: Session, at: At) -> Option<Shown> {
    session.read(|core| {
        let (ring, base) = (core.rows.shown(), core.rows.base());
        let column = ring.columns().get(at.column)?;
        let cell = ring.cell(at.row.checked_sub(base)?, at.column);
        let exact = cell.text();
        let (kind, text) = match cell {
            Cell::Missing => ("not held any more", String::new()),
            Cell::Null => ("null", String::new()),
            Cell::Text("") => ("empty text", String::new()),
            Cell::Json(_) => ("", format::pretty(&exact)),
            _ => (
                "",
                pretty::json_in_text(&exact).unwrap_or_else(|| exact.clone()),
            ),
        };
        Some(Shown {
            name: column.name.clone(),
            data_type: column.data_type.to_string(),
            row: at.row,
            kind,
            text,
            exact,
        })
    })
}

#[component]
pub fn CellDetail(session: Session, open: RwSignal<Option<At>>) -> impl IntoView {
    let shown = Memo::new(move |_| open.get().and_then(|at| shown(session, at)));
    // Another result has other columns: what was open means nothing there.
    Effect::new(move |before: Option<u64>| {
        let header = session.header.get();
        if before.is_some_and(|before| before != header) {
            open.set(None);
        }
        header
    });
    move || shown.get().map(|cell| view! { <Detail cell open /> })
}

#[component]
fn Detail(cell: Shown, open: RwSignal<Option<At>>) -> impl IntoView {
    let length = cell.text.chars().count();
    let pieces = RwSignal::new(1usize);
    let text = StoredValue::new(cell.text);
    let part = move || {
        let wanted = pieces.get() * PIECE;
        text.with_value(|text| match text.char_indices().nth(wanted) {
            Some((end, _)) => text[..end].to_string(),
            None => text.clone(),
        })
    };
    let node = NodeRef::<leptos::html::Aside>::new();
    // The focus goes back to where it was: the grid.
    let before = StoredValue::new_local(None::<HtmlElement>);
    node.on_load(move |aside| {
        before.set_value(document().active_element().map(JsCast::unchecked_into));
        let _ = aside.focus();
    });
    on_cleanup(move || {
        if let Some(Some(before)) = before.try_get_value() {
            let _ = before.focus();
        }
    });
    view! {
        <aside
            node_ref=node
            class="cell-detail"
            tabindex="-1"
            aria-label="Cell"
            on:keydown=move |event| {
                if event.key() == "Escape" {
                    open.set(None);
                }
            }
        >
            <header>
                <h2>{cell.name} " " <span class="type mono">{cell.data_type}</span></h2>
                <CopyButton text=cell.exact label="Copy value" />
                <Button kind=ButtonKind::Quiet label="Close cell" on_click=move || open.set(None)>
                    <Icon name=IconName::Close />
                </Button>
            </header>
            <p class="cell-facts">
                {format!("Row {}", number::count(cell.row + 1))}
                {(length > 0).then(|| format!(" · {}", number::plural(length as u64, "character", "characters")))}
                {(!cell.kind.is_empty()).then(|| format!(" · {}", cell.kind))}
            </p>
            <pre class="cell-text" tabindex="0">{part}</pre>
            <Show when=move || { length > pieces.get() * PIECE }>
                <div class="actions">
                    <Button on_click=move || pieces.update(|pieces| *pieces += 1)>"Show more"</Button>
                </div>
            </Show>
        </aside>
    }
    .into_any()
}
