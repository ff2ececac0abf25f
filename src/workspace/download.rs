//! The rows shown as a file, written piece by piece with exact values.

use leptos::prelude::*;
use wasm_bindgen::JsValue;
use weir_live::export;

use crate::{
    live::{Session, frame::Turns},
    ui::{Button, ButtonKind, FileKind, Icon, IconName, Saving, number, use_toasts},
};

/// Rows written at once.
const PIECE: u64 = 2_000;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    /// CSV in which no text is a formula.
    Spreadsheet,
    /// One object per line.
    Json,
}

impl Format {
    fn file(self) -> FileKind {
        match self {
            Self::Csv => FileKind {
                name: "results.csv",
                media_type: "text/csv",
            },
            Self::Spreadsheet => FileKind {
                name: "results-for-spreadsheets.csv",
                media_type: "text/csv",
            },
            Self::Json => FileKind {
                name: "results.ndjson",
                media_type: "application/x-ndjson",
            },
        }
    }
}

#[component]
pub fn Downloads(session: Session) -> impl IntoView {
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let empty = Signal::derive(move || session.facts.with(|facts| facts.shown == 0));
    let start = move |format: Format| {
        busy.set(true);
        leptos::task::spawn_local(async move {
            let following = session.following.get_untracked();
            // What is written must not be dropped meanwhile.
            session.hold();
            let done = save(session, format).await;
            if session.gone() {
                return;
            }
            if following && !session.paused.get_untracked() {
                session.follow();
            }
            busy.set(false);
            match done {
                Ok(Some(rows)) => {
                    let rows = number::plural(rows, "row", "rows");
                    toasts.success(format!("{rows} written to {}.", format.file().name));
                }
                Ok(None) => {}
                Err(_) => toasts.error("The browser could not write the file."),
            }
        });
    };
    let button = move |format: Format, name: &'static str, title: &'static str| {
        view! {
            <span title=title>
            <Button
                kind=ButtonKind::Quiet
                busy
                disabled=empty
                reason="No rows"
                on_click=move || start(format)
            >
                {(format == Format::Csv).then(|| view! { <Icon name=IconName::Download /> })}
                <span class="visually-hidden">"Download "</span>
                {name}
            </Button>
            </span>
        }
    };
    view! {
        <div class="downloads">
            {button(
                Format::Csv,
                "CSV",
                "Exact values. Spreadsheets run texts that begin with =, +, - or @ as formulas.",
            )}
            {button(
                Format::Spreadsheet,
                "Spreadsheet",
                "CSV with a ' before texts that a spreadsheet would run as formulas.",
            )}
            {button(Format::Json, "JSON", "One object per line, exact values.")}
        </div>
    }
    .into_any()
}

/// Rows written; `None` when the person thought better of it.
async fn save(session: Session, format: Format) -> Result<Option<u64>, JsValue> {
    let held = session.facts.with_untracked(|facts| facts.bytes);
    let Some(mut file) = Saving::open(format.file(), held).await? else {
        return Ok(None);
    };
    let mut turns = Turns::new()?;
    // What is shown: filtered, sorted, without hidden columns.
    let csv = session
        .arrangement
        .with_untracked(|all| all.look.null.csv());
    let (columns, count) = session.read(|core| {
        let ring = core.rows.shown();
        let names: Vec<String> = ring.columns().iter().map(|c| c.name.clone()).collect();
        let (columns, _) = core.applied.arrangement().columns.shown(&names);
        (columns, core.applied.picked(&core.rows).count())
    });
    let (mut text, mut next, mut written) = (String::new(), 0, 0);
    let delimited = match format {
        Format::Csv => Some(csv),
        Format::Spreadsheet => Some(export::Delimited {
            null: csv.null,
            ..export::SPREADSHEET
        }),
        Format::Json => None,
    };
    if let Some(delimited) = delimited {
        session.read(|core| delimited.write_header(core.rows.shown(), &columns, &mut text));
    }
    while next < count {
        let places = next..(next + PIECE).min(count);
        next = places.end;
        if session.gone() {
            return Ok(None);
        }
        written += session.read(|core| {
            let (ring, base) = (core.rows.shown(), core.rows.base());
            let picked = core.applied.picked(&core.rows);
            let rows = places.filter_map(|place| picked.row(place)?.checked_sub(base));
            match delimited {
                Some(delimited) => delimited.write_rows(ring, &columns, rows, &mut text),
                None => export::write_ndjson(ring, &columns, rows, &mut text),
            }
        });
        file.write(&text).await?;
        text.clear();
        turns.give().await;
    }
    file.write(&text).await?;
    file.finish().await?;
    Ok(Some(written))
}
