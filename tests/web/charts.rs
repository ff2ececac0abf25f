//! The chart of a result, built by choosing fields.

use std::cell::RefCell;

use leptos::{prelude::*, wasm_bindgen::JsCast, web_sys::HtmlSelectElement};
use wasm_bindgen_test::wasm_bindgen_test;
use weir::{
    live::Session,
    workspace::{chart_choice::ChartChoice, chart_panel::ChartPanel},
};

use crate::page::{Page, settle, show, until};

thread_local! {
    static SESSION: RefCell<Option<Session>> = const { RefCell::new(None) };
    static CHOICE: RefCell<Option<RwSignal<ChartChoice>>> = const { RefCell::new(None) };
}

fn query(columns: &str) -> String {
    format!(
        "event: query\ndata: {{\"id\":\"q\",\"status\":\"running\",\"result\":{{\"header\":{columns}}}}}\n\n"
    )
}

const COLUMNS: &str = r#"[{"name":"at","type":"datetime64(3)"},{"name":"host","type":"string"},{"name":"load","type":"uint64"},{"name":"temp","type":"float64"}]"#;

const ROWS: &str = "data: [[\"2026-01-01T00:00:00.000Z\",\"a\",18446744073709551615,1.5],\
                    [\"2026-01-01T00:00:01.000Z\",\"b\",5,2.5],\
                    [\"2026-01-01T00:00:02.000Z\",\"a\",7,3]]\n\n";

async fn panel(stream: String) -> Page {
    let page = show(|| {
        let (session, choice) = (Session::new(), RwSignal::new(ChartChoice::default()));
        SESSION.with(|slot| slot.borrow_mut().replace(session));
        CHOICE.with(|slot| slot.borrow_mut().replace(choice));
        view! { <ChartPanel session choice /> }.into_any()
    });
    settle().await;
    let session = SESSION.with(|slot| slot.borrow().expect("a session"));
    session.replay(stream.as_bytes());
    until("the rows", || {
        session.facts.with_untracked(|facts| facts.shown > 0)
    })
    .await;
    settle().await;
    page
}

fn choice() -> ChartChoice {
    CHOICE.with(|slot| slot.borrow().expect("a choice").get_untracked())
}

async fn choose(page: &Page, label: &str, value: &str) {
    let select = page.find(&format!("select[aria-label='{label}']"));
    select.unchecked_ref::<HtmlSelectElement>().set_value(value);
    page.fire(&select, "change");
    settle().await;
}

fn label(page: &Page) -> String {
    let figure = page.find(".figure[role=img]");
    figure.get_attribute("aria-label").unwrap_or_default()
}

#[wasm_bindgen_test]
async fn fields_are_guessed_and_chosen() {
    let page = panel(query(COLUMNS) + ROWS).await;
    assert!(label(&page).starts_with("Line chart load by at"));
    choose(&page, "Series by", "host").await;
    choose(&page, "Chart", "column").await;
    // Bars are of things before they are of times.
    assert!(label(&page).starts_with("Columns (vertical) chart load by host by host"));
    choose(&page, "X", "at").await;
    choose(&page, "Values", "avg").await;
    assert_eq!(
        choice().to_text(),
        r#"column{"color":"host","xAxis":"at","aggregate":"avg"}"#
    );
    choose(&page, "Chart", "scatter").await;
    assert!(page.try_find("select[aria-label='Values']").is_none());
    choose(&page, "X", "temp").await;
    assert!(label(&page).starts_with("Scatter chart load by temp by host"));
}

#[wasm_bindgen_test]
async fn a_single_value_is_exact() {
    let page = panel(query(COLUMNS) + ROWS).await;
    choose(&page, "Chart", "singleValue").await;
    choose(&page, "Values", "sum").await;
    assert_eq!(
        page.find(".single-value").inner_text(),
        "18,446,744,073,709,551,627"
    );
    choose(&page, "Values", "max").await;
    assert_eq!(
        page.find(".single-value").inner_text(),
        "18,446,744,073,709,551,615"
    );
}

#[wasm_bindgen_test]
async fn texts_can_be_counted() {
    let columns = r#"[{"name":"level","type":"string"}]"#;
    let rows = "data: [[\"info\"],[\"error\"],[\"info\"]]\n\n";
    let page = panel(query(columns) + rows).await;
    assert!(page.text().contains("Nothing to chart"));
    page.button("Count rows instead").click();
    settle().await;
    assert!(label(&page).starts_with("Columns (vertical) chart"));
    assert_eq!(choice().to_text(), r#"column{"aggregate":"count"}"#);
}
