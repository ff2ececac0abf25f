//! What can be done with a column or with rows: opened by a header, the right button or Shift+F10.

use leptos::{ev::KeyboardEvent, html, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;
use weir_live::{Cell, export};

use super::{
    arrange::{
        Operator, Rule, Sort,
        rule::{shorten, value_of},
    },
    grid::Asked,
    rule_dialog::Wanted,
    session::Session,
    side::Side,
};
use crate::ui::{clipboard, number, use_toasts};

/// Where the choices lead.
#[derive(Clone, Copy)]
pub struct Targets {
    pub side: RwSignal<Option<Side>>,
    pub wanted: RwSignal<Option<Wanted>>,
    /// Rows to be edited and ingested again, as JSON lines.
    pub again: RwSignal<Option<String>>,
}

#[component]
pub fn GridMenu(
    session: Session,
    asked: RwSignal<Option<Asked>>,
    targets: Targets,
) -> impl IntoView {
    move || {
        asked
            .get()
            .map(|asked_now| view! { <Open session asked_now asked targets /> })
    }
}

type Item = (String, Callback<()>);

#[component]
fn Open(
    session: Session,
    asked_now: Asked,
    asked: RwSignal<Option<Asked>>,
    targets: Targets,
) -> impl IntoView {
    let node = NodeRef::<html::Div>::new();
    let before = StoredValue::new_local(None::<HtmlElement>);
    node.on_load(move |menu| {
        before.set_value(document().active_element().map(JsCast::unchecked_into));
        if let Ok(Some(first)) = menu.query_selector("[role=menuitem]") {
            let _ = first.unchecked_ref::<HtmlElement>().focus();
        }
    });
    let close = move || {
        if let Some(Some(before)) = before.try_get_value() {
            let _ = before.focus();
        }
        asked.set(None);
    };
    let keys = move |event: KeyboardEvent| {
        let Some(menu) = node.get_untracked() else {
            return;
        };
        let way = match event.key().as_str() {
            "ArrowDown" => 1,
            "ArrowUp" => -1,
            "Escape" | "Tab" => {
                event.prevent_default();
                return close();
            }
            _ => return,
        };
        event.prevent_default();
        step(&menu, way);
    };
    let left = move |event: web_sys::FocusEvent| {
        let to = event.related_target().map(JsCast::unchecked_into);
        // The focus also leaves when the menu goes, and then there is nothing to close.
        let inside = node
            .try_get_untracked()
            .flatten()
            .is_some_and(|menu| menu.contains(to.as_ref()));
        if !inside {
            asked.try_set(None);
        }
    };
    let (x, y) = asked_now.at;
    // Near the right or lower edge it opens towards the middle.
    let side = |at: f64, size: f64, near: &str, far: &str| {
        if at > size * 0.6 {
            format!("{far}:{}px;", (size - at).max(4.0))
        } else {
            format!("{near}:{}px;", at.max(4.0))
        }
    };
    let size = |value: Result<wasm_bindgen::JsValue, _>| {
        value.ok().and_then(|v| v.as_f64()).unwrap_or(800.0)
    };
    let place = side(x, size(window().inner_width()), "left", "right")
        + &side(y, size(window().inner_height()), "top", "bottom");
    let column_too = {
        let header = Asked {
            cell: None,
            rows: Vec::new(),
            ..asked_now.clone()
        };
        Callback::new(move |()| asked.set(Some(header.clone())))
    };
    let groups = match asked_now.cell {
        Some(_) => rows_menu(session, &asked_now, targets, column_too),
        None => column_menu(session, asked_now.column, targets),
    };
    let items = groups
        .into_iter()
        .map(|group| {
            let items = group
                .into_iter()
                .map(|(words, act)| {
                    let choose = move |_| {
                        close();
                        act.run(());
                    };
                    view! { <button type="button" role="menuitem" tabindex="-1" on:click=choose>{words}</button> }
                })
                .collect_view();
            view! { <div role="group" class="menu-group">{items}</div> }
        })
        .collect_view();
    view! {
        <div
            node_ref=node
            class="grid-menu"
            role="menu"
            aria-label="Actions"
            tabindex="-1"
            style=place
            on:keydown=keys
            on:focusout=left
        >
            {items}
        </div>
    }
    .into_any()
}

fn step(menu: &HtmlElement, way: i32) {
    let Ok(items) = menu.query_selector_all("[role=menuitem]") else {
        return;
    };
    let count = items.length() as i32;
    let active = document().active_element();
    let now = (0..count).find(|at| {
        let item = items.item(*at as u32);
        item.as_ref() == active.as_ref().map(|element| element.unchecked_ref())
    });
    let to = now.map_or(0, |now| (now + way).rem_euclid(count.max(1)));
    if let Some(item) = items.item(to as u32) {
        let _ = item.unchecked_ref::<HtmlElement>().focus();
    }
}

fn column_menu(session: Session, column: usize, targets: Targets) -> Vec<Vec<Item>> {
    let arrangement = session.arrangement;
    let names = session.read(|core| {
        let columns = core.rows.shown().columns().iter();
        columns
            .map(|column| column.name.clone())
            .collect::<Vec<_>>()
    });
    let Some(name) = names.get(column).cloned() else {
        return Vec::new();
    };
    let sort = |words: &str, descending| {
        let column = name.clone();
        let act = move |()| {
            let column = column.clone();
            arrangement.update(|all| all.sort = Some(Sort { column, descending }));
        };
        (words.to_string(), Callback::new(act))
    };
    let wanted = |words: &str, make: fn(Rule) -> Wanted| {
        let rule = Rule {
            column: Some(name.clone()),
            ..Rule::default()
        };
        let act = move |()| targets.wanted.set(Some(make(rule.clone())));
        (words.to_string(), Callback::new(act))
    };
    let shift = |words: &str, right: bool| {
        let (all, name) = (names.clone(), name.clone());
        let act =
            move |()| arrangement.update(|arranged| arranged.columns.shift(&all, &name, right));
        (words.to_string(), Callback::new(act))
    };
    let pinned = arrangement.with_untracked(|all| all.columns.is_pinned(&name));
    let sorted = arrangement.with_untracked(|all| all.sort.is_some());
    let pin = {
        let name = name.clone();
        let words = if pinned { "Unpin" } else { "Pin to the left" };
        let act = move |()| arrangement.update(|all| all.columns.pin(&name, !pinned));
        (words.to_string(), Callback::new(act))
    };
    let hide = {
        let name = name.clone();
        let act = move |()| arrangement.update(|all| all.columns.hide(&name));
        ("Hide column".to_string(), Callback::new(act))
    };
    let profile = {
        let act = move |()| targets.side.set(Some(Side::Profile(column)));
        ("Column profile".to_string(), Callback::new(act))
    };
    let mut sorts = vec![sort("Sort ascending", false), sort("Sort descending", true)];
    if sorted {
        let act = move |()| arrangement.update(|all| all.sort = None);
        sorts.push(("In order of arrival".to_string(), Callback::new(act)));
    }
    vec![
        sorts,
        vec![
            wanted("Filter …", Wanted::Filter),
            wanted("Highlight …", Wanted::Highlight),
            profile,
        ],
        vec![
            shift("Move left", false),
            shift("Move right", true),
            pin,
            hide,
        ],
    ]
}

/// `column_too` opens what can be done with the cell's column: headers have no focus of their own.
fn rows_menu(
    session: Session,
    asked: &Asked,
    targets: Targets,
    column_too: Callback<()>,
) -> Vec<Vec<Item>> {
    let Some(cell) = asked.cell else {
        return Vec::new();
    };
    let (toasts, arrangement) = (use_toasts(), session.arrangement);
    let base = session.read(|core| core.rows.base());
    let rows = match asked.rows.is_empty() {
        true => vec![cell.row.saturating_sub(base)],
        false => asked.rows.clone(),
    };
    let count = rows.len() as u64;
    let these = if count == 1 {
        "row".to_string()
    } else {
        format!("{} rows", number::count(count))
    };
    let item = |words: String, act: Box<dyn Fn() + Send + Sync>| -> Item {
        (words, Callback::new(move |()| act()))
    };
    let copy = |kind: &'static str, write: fn(Session, &[u64]) -> String| {
        let rows = rows.clone();
        let act = move || {
            let (text, kind) = (write(session, &rows), kind);
            leptos::task::spawn_local(async move {
                if clipboard(&text).await {
                    toasts.success(format!("Copied as {kind}"));
                } else {
                    toasts.error("The browser blocked copying.");
                }
            });
        };
        item(format!("Copy {these} as {kind}"), Box::new(act))
    };
    let (name, value) = session.read(|core| {
        let (ring, base) = (core.rows.shown(), core.rows.base());
        let name = ring
            .columns()
            .get(cell.column)
            .map(|column| column.name.clone());
        let value = cell
            .row
            .checked_sub(base)
            .map(|row| ring.cell(row, cell.column));
        let chosen = value.map(|cell| match cell {
            Cell::Null => (Operator::Null, Operator::NotNull, String::new()),
            Cell::Missing => (Operator::Missing, Operator::NotNull, String::new()),
            cell => (Operator::Equals, Operator::EqualsNot, value_of(&cell)),
        });
        (name.unwrap_or_default(), chosen)
    });
    let mut filters = Vec::new();
    if let Some((only, without, text)) = value {
        let pick = |words: &str, operator: Operator| {
            let rule = Rule::of(&name, operator, text.clone());
            let act = move || arrangement.update(|all| all.add(rule.clone()));
            item(words.to_string(), Box::new(act))
        };
        filters.push(pick("Only rows with this value", only));
        filters.push(pick("Without rows of this value", without));
    }
    let open = |words: &str, side: Side| {
        item(
            words.to_string(),
            Box::new(move || targets.side.set(Some(side))),
        )
    };
    let mut shows = vec![
        open("Open cell", Side::Cell(cell)),
        open("Open row", Side::Row(cell.row)),
    ];
    if let [a, b] = *rows {
        shows.push(open("Compare rows", Side::Compare(base + a, base + b)));
    }
    shows.push(open("Column profile", Side::Profile(cell.column)));
    let again = {
        let rows = rows.clone();
        let act = move || targets.again.set(Some(as_lines(session, &rows)));
        item(format!("Edit and ingest {these} again …"), Box::new(act))
    };
    vec![
        shows,
        vec![
            copy("JSON", as_lines),
            copy("CSV", as_csv),
            copy("Markdown", as_markdown),
            copy("INSERT", as_insert),
        ],
        filters,
        vec![again],
        vec![(format!("Column {} …", shorten(&name)), column_too)],
    ]
}

fn write(session: Session, write: impl FnOnce(&weir_live::Ring, &[usize], &mut String)) -> String {
    session.read(|core| {
        let ring = core.rows.shown();
        let columns: Vec<usize> = (0..ring.columns().len()).collect();
        let mut text = String::new();
        write(ring, &columns, &mut text);
        text
    })
}

fn as_lines(session: Session, rows: &[u64]) -> String {
    write(session, |ring, columns, out| {
        export::write_ndjson(ring, columns, rows.iter().copied(), out);
    })
}

fn as_csv(session: Session, rows: &[u64]) -> String {
    let csv = session
        .arrangement
        .with_untracked(|all| all.look.null.csv());
    write(session, |ring, columns, out| {
        csv.write_header(ring, columns, out);
        csv.write_rows(ring, columns, rows.iter().copied(), out);
    })
}

fn as_markdown(session: Session, rows: &[u64]) -> String {
    write(session, |ring, columns, out| {
        export::write_markdown(ring, columns, rows.iter().copied(), out);
    })
}

/// Into the stream the query reads, where there is just one.
fn as_insert(session: Session, rows: &[u64]) -> String {
    let stream = source(session).unwrap_or_else(|| "stream".into());
    write(session, |ring, columns, out| {
        export::write_insert(ring, &stream, columns, rows.iter().copied(), out);
    })
}

/// Name of the one stream that the statement reads from.
pub fn source(session: Session) -> Option<String> {
    session.read(|core| {
        let columns = &core.query.as_ref()?.analysis.required_columns;
        let first = columns.iter().find(|column| !column.is_view)?;
        let one = columns.iter().all(|column| column.table == first.table);
        one.then(|| first.table.clone())
    })
}
