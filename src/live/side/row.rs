//! One row in full: every column with its exact value. The steps lead to the rows before and
//! after it as they are shown.

use leptos::prelude::*;
use weir_live::{Cell, export};

use super::{Side, frame, gone};
use crate::{
    live::{gaps::Line, grid::At, session::Session},
    text::visible,
    ui::{Button, ButtonKind, CopyButton, Icon, IconName, number},
};

/// Characters of a value in the list; the cell's own page has the rest.
const SHOWN: usize = 400;

/// The shown row before or behind this one.
fn neighbour(session: Session, number: u64, down: bool) -> Option<u64> {
    session.read(|core| {
        let layout = core.layout();
        let mut line = layout.index(number);
        loop {
            line = if down { line + 1 } else { line.checked_sub(1)? };
            match layout.line(line)? {
                Line::Row(row) => return Some(row),
                Line::Skipped(_) => return None,
                Line::Gap(_) => {}
            }
        }
    })
}

/// How a value is shown where there is little room, and whether it is all of it.
pub fn brief(cell: &Cell<'_>) -> (String, &'static str) {
    let class = match cell {
        Cell::Null => return ("null".into(), "is-null"),
        Cell::Missing => return ("missing".into(), "is-missing"),
        Cell::Text("") => return ("empty".into(), "is-empty"),
        _ => "",
    };
    let text = cell.text();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => (format!("{}…", &text[..end]), class),
        None => (text, class),
    }
}

pub fn row(session: Session, number: u64, side: RwSignal<Option<Side>>) -> Option<AnyView> {
    let (cells, json) = session.read(|core| {
        let (ring, base) = (core.rows.shown(), core.rows.base());
        let Some(row) = number.checked_sub(base).and_then(|at| ring.row(at)) else {
            return (Vec::new(), String::new());
        };
        let columns: Vec<usize> = (0..ring.columns().len()).collect();
        let mut json = String::new();
        export::write_object(ring, &columns, row, &mut json);
        let cells = columns.iter().map(|column| {
            let definition = &ring.columns()[*column];
            let (text, class) = brief(&row.cell(*column));
            let kind = definition.data_type.to_string();
            (
                *column,
                visible(&definition.name).into_owned(),
                kind,
                text,
                class,
            )
        });
        (cells.collect(), json)
    });
    let held = !cells.is_empty();
    let go = move |down: bool| {
        if let Some(other) = neighbour(session, number, down) {
            session.hold();
            side.set(Some(Side::Row(other)));
        }
    };
    let tools = view! {
        <Button kind=ButtonKind::Quiet label="Previous row" on_click=move || go(false)>
            <span class="turned up"><Icon name=IconName::Chevron /></span>
        </Button>
        <Button kind=ButtonKind::Quiet label="Next row" on_click=move || go(true)>
            <Icon name=IconName::Chevron />
        </Button>
        <CopyButton text=json label="Copy row as JSON" />
    };
    let list = cells.into_iter().map(|(column, name, kind, text, class)| {
        let open = move |_| side.set(Some(Side::Cell(At { row: number, column })));
        view! {
            <dt>
                <button type="button" class="link" title=format!("{kind}; show it in full") on:click=open>{name}</button>
            </dt>
            <dd class=format!("mono {class}")>{text}</dd>
        }
    });
    let body = if held {
        view! { <dl class="row-values" tabindex="0">{list.collect_view()}</dl> }.into_any()
    } else {
        gone()
    };
    let title = format!("Row {}", number::count(number + 1));
    Some(frame(side, "Row", title.into_any(), tools.into_any(), body))
}
