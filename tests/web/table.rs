use std::{collections::HashSet, sync::Arc};

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use weir::ui::{
    IconName,
    table::{
        Cell, Column, Figures, GroupHead, Row, RowAction, RowActionKind, Rows, Sort, Table,
        TableState,
    },
};

use crate::page::{Page, settle, show, until};

const MANY: usize = 10_000;

fn rows() -> Rows {
    let row = |n: usize| {
        Arc::new(Row {
            key: format!("s{n}"),
            href: format!("/s/{n}"),
            cells: vec![
                Cell::Text(format!("s{n}")),
                Cell::Number(n as f64, format!("{n} rows")),
            ],
            ..Default::default()
        })
    };
    Arc::new((0..MANY).map(row).collect())
}

struct Shown {
    page: Page,
    state: TableState,
    on_screen: RwSignal<Vec<String>>,
}

fn table(rows: RwSignal<Rows>) -> Shown {
    let sort = Sort {
        column: 0,
        descending: false,
    };
    let state = TableState {
        hidden: RwSignal::new(Vec::new()),
        columns: StoredValue::new(vec![
            Column::text("name", "Name", 100),
            Column::number("rows", "Rows", 100),
            Column::number("late", "Late", 100).late(),
        ]),
        sort: RwSignal::new(sort),
        figures: Figures::new(),
        selected: RwSignal::new(HashSet::new()),
        select: true,
        row_actions: Callback::new(|_| Vec::new()),
        star: None,
        fold: Callback::new(|_| ()),
    };
    let on_screen = RwSignal::new(Vec::new());
    let page = show(move || {
        let told = Callback::new(move |keys| on_screen.set(keys));
        let search = Signal::stored(String::new());
        view! {
            <div style="height:300px;display:flex;flex-direction:column">
                <style>".table-box{overflow:auto;height:300px}.table td,.table th{height:28px;padding:0}"</style>
                <Table label="Streams" state rows=rows.into() search on_window=told />
            </div>
        }
        .into_any()
    });
    Shown {
        page,
        state,
        on_screen,
    }
}

#[wasm_bindgen_test]
async fn only_rows_on_the_screen_are_in_the_document() {
    let shown = table(RwSignal::new(rows()));
    settle().await;
    let table = shown.page.find("table");
    assert_eq!(
        table.get_attribute("aria-rowcount").as_deref(),
        Some("10001")
    );
    let drawn = table.query_selector_all("tbody th").expect("rows").length();
    assert!((10..200).contains(&drawn), "{drawn} rows drawn");
    assert_eq!(shown.on_screen.get_untracked()[0], "s0");

    shown.page.find(".table-box").set_scroll_top(28 * 5_000);
    // A few rows above the screen are drawn too.
    let first = || shown.page.find("tbody a").inner_text() == "s4992";
    until("the rows scrolled to", first).await;
    let index = shown.page.find("tbody tr[aria-rowindex]");
    assert_eq!(
        index.get_attribute("aria-rowindex").as_deref(),
        Some("4994")
    );
    assert!(
        shown
            .on_screen
            .get_untracked()
            .contains(&"s5000".to_string())
    );
}

fn boxes(page: &Page) -> u32 {
    let table = page.find("table");
    let boxes = table.query_selector_all("tbody input[type=checkbox]");
    boxes.expect("boxes").length()
}

#[wasm_bindgen_test]
async fn rows_that_fly_by_show_their_words_and_stay_when_the_list_stands_still() {
    let shown = table(RwSignal::new(rows()));
    settle().await;
    let whole = boxes(&shown.page);
    let scroll = |to: i32| {
        let node = shown.page.find(".table-box");
        node.set_scroll_top(to);
        let event = web_sys::Event::new("scroll").expect("an event");
        node.dispatch_event(&event).expect("sent");
    };
    scroll(28 * 5_000);
    settle().await;
    assert_eq!(boxes(&shown.page), 0);
    let row = shown.page.find("tbody tr[aria-rowindex]").inner_text();
    assert!(row.contains("s4992") && row.contains("4992 rows"), "{row}");
    until("the rows drawn whole", || boxes(&shown.page) >= whole).await;
    // Rows passed slowly are whole at once.
    scroll(28 * 5_000 + 40);
    settle().await;
    assert!(boxes(&shown.page) >= whole);
}

#[wasm_bindgen_test]
async fn refreshed_rows_keep_scroll_selection_and_figures() {
    let all = RwSignal::new(rows());
    let shown = table(all);
    settle().await;
    let box_ = shown.page.find(".table-box");
    box_.set_scroll_top(28 * 100);
    let first = || shown.page.find("tbody a").inner_text() == "s92";
    until("the rows scrolled to", first).await;
    until("the rows drawn whole", || boxes(&shown.page) > 0).await;
    shown.page.find("tbody input[type=checkbox]").click();
    settle().await;
    assert!(shown.state.selected.with_untracked(|s| s.contains("s92")));
    shown
        .state
        .figures
        .set("s92", vec![Cell::Number(7.0, "7 late".into())]);
    all.set(rows());
    settle().await;
    assert_eq!(box_.scroll_top(), 28 * 100);
    let row = shown.page.find("tbody tr[aria-rowindex]");
    assert_eq!(row.get_attribute("aria-selected").as_deref(), Some("true"));
    assert!(row.inner_text().contains("7 late"), "{}", row.inner_text());
}

#[wasm_bindgen_test]
async fn figures_sort_from_the_largest_and_names_from_a() {
    let shown = table(RwSignal::new(rows()));
    settle().await;
    shown.page.button("Rows").click();
    settle().await;
    let sort = shown.state.sort.get_untracked();
    assert_eq!((sort.column, sort.descending), (1, true));
    let sorted = shown.page.find("th[aria-sort]");
    assert_eq!(
        sorted.get_attribute("aria-sort").as_deref(),
        Some("descending")
    );
    shown.page.button("Name").click();
    settle().await;
    assert!(!shown.state.sort.get_untracked().descending);
}

#[wasm_bindgen_test]
async fn the_head_of_a_group_is_no_row() {
    let head = Arc::new(Row {
        key: "group".into(),
        cells: vec![Cell::Text("orders".into())],
        head: Some(GroupHead {
            id: "orders".into(),
            count: 2,
            open: true,
        }),
        ..Row::default()
    });
    let all = rows();
    let some: Vec<Arc<Row>> = std::iter::once(head)
        .chain(all.iter().take(2).cloned())
        .collect();
    let shown = table(RwSignal::new(Arc::new(some)));
    settle().await;
    assert_eq!(shown.on_screen.get_untracked(), ["s0", "s1"]);
    let fold = shown.page.find(".group-fold");
    assert_eq!(fold.get_attribute("aria-expanded").as_deref(), Some("true"));
    assert_eq!(fold.inner_text().trim(), "orders 2");
    let chosen = shown.page.all("tbody input[type=checkbox]");
    assert_eq!(chosen.len(), 2, "a head cannot be selected");
}

/// A table wider than its frame, with the console's style, where `phones` is what windows of phones
/// are: that of the test is always the same.
async fn wide_table(phones: &'static str) -> Page {
    let columns: Vec<Column> = ["a", "b", "c", "d"]
        .map(|id| Column::text(id, id, 300))
        .to_vec();
    let rows = RwSignal::new(Rows::from(vec![Arc::new(Row {
        key: "s".into(),
        href: "/s".into(),
        cells: vec![Cell::Text("a text".into()); 4],
        ..Default::default()
    })]));
    let action = |_: String| {
        vec![RowAction {
            label: "Open elsewhere".into(),
            icon: IconName::Play,
            kind: RowActionKind::Open("/elsewhere".into()),
        }]
    };
    let sort = Sort {
        column: 0,
        descending: false,
    };
    let state = TableState {
        hidden: RwSignal::new(Vec::new()),
        columns: StoredValue::new(columns),
        sort: RwSignal::new(sort),
        figures: Figures::new(),
        selected: RwSignal::new(HashSet::new()),
        select: false,
        row_actions: Callback::new(action),
        star: None,
        fold: Callback::new(|_| ()),
    };
    let page = show(move || {
        let search = Signal::stored(String::new());
        view! {
            <div style="width:500px;height:200px;display:flex;flex-direction:column">
                <style>{include_str!("../../style/kit.css").replace("(max-width: 800px)", phones)}</style>
                <Table label="Streams" state rows=rows.into() search on_window=Callback::new(|_| ()) />
            </div>
        }
        .into_any()
    });
    settle().await;
    let frame = page.find(".table-box");
    assert!(frame.scroll_width() > frame.client_width() + 300);
    page
}

/// However far the table is scrolled.
fn is_in_sight(page: &Page, selector: &str) {
    let frame = page.find(".table-box");
    for left in [0, 150, 10_000] {
        frame.set_scroll_left(left);
        let (action, frame) = (
            page.find(selector).get_bounding_client_rect(),
            frame.get_bounding_client_rect(),
        );
        assert!(action.width() > 10.0, "{selector} is not shown");
        assert!(
            action.left() >= frame.left() && action.right() <= frame.right(),
            "scrolled by {left}: {} to {} in {} to {}",
            action.left(),
            action.right(),
            frame.left(),
            frame.right()
        );
    }
}

#[wasm_bindgen_test]
async fn actions_of_a_row_stay_in_sight_of_a_table_wider_than_its_frame() {
    let page = wide_table("not all").await;
    is_in_sight(&page, "a[aria-label='Open elsewhere']");
    assert_eq!(page.find(".row-more").offset_width(), 0);
}

#[wasm_bindgen_test]
async fn on_a_phone_the_actions_of_a_row_are_behind_one_button_that_stays_in_sight() {
    let page = wide_table("all").await;
    let action = "a[aria-label='Open elsewhere']";
    assert_eq!(page.find(action).offset_width(), 0);
    is_in_sight(&page, ".row-more");
    page.find(".row-more").click();
    settle().await;
    is_in_sight(&page, action);
    // Whoever goes on elsewhere leaves it.
    page.find(action).focus().expect("focus");
    page.find(".table-box").set_tab_index(0);
    page.find(".table-box").focus().expect("focus");
    settle().await;
    assert_eq!(page.find(action).offset_width(), 0);
}

/// What cannot be seen in a name is marked in words that are only heard or pointed at, too.
#[wasm_bindgen_test]
async fn every_word_about_a_row_marks_what_cannot_be_seen() {
    let evil = "a\u{202e}b";
    let row = Arc::new(Row {
        key: "k".into(),
        href: "/s/k".into(),
        cells: vec![
            Cell::Text(evil.into()),
            Cell::Tags(vec![evil.into()], evil.into()),
        ],
        ..Default::default()
    });
    let state = TableState {
        columns: StoredValue::new(vec![
            Column::text("name", "Name", 100),
            Column::text("tags", "Tags", 100),
        ]),
        hidden: RwSignal::new(Vec::new()),
        sort: RwSignal::new(Sort {
            column: 0,
            descending: false,
        }),
        figures: Figures::new(),
        selected: RwSignal::new(HashSet::new()),
        select: true,
        row_actions: Callback::new(move |_| {
            vec![RowAction {
                label: format!("Delete {evil}"),
                icon: IconName::Delete,
                kind: RowActionKind::Run(Callback::new(|()| ())),
            }]
        }),
        star: None,
        fold: Callback::new(|_| ()),
    };
    let rows: Rows = Arc::new(vec![row]);
    let page = show(move || {
        let search = Signal::stored(String::new());
        let told = Callback::new(|_| ());
        view! { <Table label="Users" state rows=Signal::stored(rows) search on_window=told /> }
            .into_any()
    });
    settle().await;
    let html = page.find("tbody").inner_html();
    assert!(!html.contains('\u{202e}'), "{html}");
    for words in ["Select a‹202E›b", "Delete a‹202E›b"] {
        assert!(html.contains(words), "{words}: {html}");
    }
}
