//! Rows as a table.

use leptos::prelude::*;
use weir_api::timeplus::dashboard::Panel;

use super::{Inside, is_colour};
use crate::{
    dashboards::{
        rows::{self, Column, Row, TableCell},
        single::lifted,
    },
    live::{frame::clock, pace::Pace},
    ui::sparkline::Sparkline,
};

pub fn view(inside: Inside) -> AnyView {
    let session = inside.feed.session;
    let options = inside.options;
    let columns = Memo::new(move |_| {
        session.header.track();
        session.read(|core| rows::columns(core.rows.shown(), &options.read()))
    });
    let pace = Pace::new();
    let shown = RwSignal::new(Vec::<Row>::new());
    Effect::new(move || {
        session.facts.track();
        pace.again.track();
        let columns = columns.get();
        let options = options.get();
        let format = session.arrangement.with(|all| all.look.format());
        if !pace.ready() {
            return;
        }
        let since = clock();
        let now = session.read(|core| rows::rows(core.rows.shown(), &options, &columns, &format));
        if shown.with_untracked(|before| *before != now) {
            shown.set(now);
        }
        pace.took(since);
    });
    let wrap = move || options.with(|options| options.flag("tableWrap", false));
    let label = move || {
        let title = inside.panel.with(Panel::title);
        if title.is_empty() {
            "Table".to_string()
        } else {
            title
        }
    };
    // With other columns every row is another one.
    let table = move || {
        let columns = StoredValue::new(columns.get());
        let zone = session.arrangement.with(|all| all.look.note());
        let head = columns.with_value(|columns| {
            columns
                .iter()
                .map(|column| {
                    let width = column.width.map(|px| format!("min-width:{px}px;max-width:{px}px"));
                    let zone = zone.clone().filter(|_| column.zoned);
                    let zone = zone.map(|zone| view! { <span class="dash-zone">{zone}</span> });
                    view! { <th scope="col" class:number=column.numeric style=width>{column.title.clone()} {zone}</th> }
                })
                .collect_view()
        });
        view! {
            <table class="table dash-table" class:wrap=wrap aria-label=label>
                <thead><tr>{head}</tr></thead>
                <tbody>
                    <For each=move || shown.get() key=identity let:row>
                        {columns.with_value(|columns| line(row, columns))}
                    </For>
                </tbody>
            </table>
        }
    };
    // The panel around it is a region of that name already.
    let rows = move || format!("Rows of {}", label());
    view! { <div class="dash-table-box" tabindex="0" role="region" aria-label=rows>{table}</div> }
        .into_any()
}

/// A row that looks the same stays as it is.
fn identity(row: &Row) -> (u64, usize, String) {
    let cells = row.cells.iter();
    let lines = cells.clone().map(|cell| cell.line.len()).sum();
    let marks = cells.map(|cell| {
        format!(
            "{}{}{}",
            cell.trend,
            cell.colour.as_deref().unwrap_or_default(),
            // The same time reads otherwise in another zone.
            if cell.zoned { &cell.text } else { "" },
        )
    });
    (row.number, lines, marks.collect())
}

fn line(row: Row, columns: &[Column]) -> AnyView {
    let colour = background(row.colour.as_deref());
    let cells = row
        .cells
        .into_iter()
        .zip(columns)
        .map(|(shown, column)| cell(shown, column))
        .collect_view();
    view! { <tr style=colour>{cells}</tr> }.into_any()
}

fn cell(shown: TableCell, column: &Column) -> AnyView {
    let (sign, class, own) = match shown.trend {
        1 => ("▲", "trend up", &column.up),
        -1 => ("▼", "trend down", &column.down),
        _ => ("", "trend", &column.up),
    };
    let own = is_colour(own).then(|| format!("color:{own}"));
    let said = if shown.trend > 0 {
        "rising "
    } else {
        "falling "
    };
    let trend = (!sign.is_empty()).then(|| {
        view! {
            <span class="visually-hidden">{said}</span>
            <span class=class style=own aria-hidden="true">{sign}</span>
        }
    });
    let line = (shown.line.len() > 1)
        .then(|| view! { <Sparkline points=lifted(&shown.line) label="Trend" /> });
    let colour = background(shown.colour.as_deref());
    view! {
        <td class:number=column.numeric style=colour title=shown.text.clone()>{trend}{shown.text.clone()}{line}</td>
    }
    .into_any()
}

/// Thinned, so that text stays readable in light and dark.
fn background(colour: Option<&str>) -> Option<String> {
    let colour = colour.filter(|colour| is_colour(colour))?;
    Some(format!(
        "background:color-mix(in srgb, {colour} 22%, var(--surface))"
    ))
}
