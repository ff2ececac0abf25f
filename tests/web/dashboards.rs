//! Dashboards: panels moved by keys, and what a panel of each kind shows of its rows.

use std::cell::RefCell;

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use weir::dashboards::{
    board::Board,
    feed::{Feed, Lanes},
    frame::PanelActions,
    grid::PanelGrid,
    panel::{Inside, body},
};
use weir_api::timeplus::dashboard::{Dashboard, Panel};

use crate::page::{Page, press, press_with, settle, show, until};

fn dashboard(panels: &str) -> Dashboard {
    let text = format!(r#"{{"id":"1","name":"Host","panels":{panels}}}"#);
    serde_json::from_str(&text).expect("a dashboard")
}

thread_local! {
    static BOARD: RefCell<Option<Board>> = const { RefCell::new(None) };
    static FEED: RefCell<Option<Feed>> = const { RefCell::new(None) };
}

#[wasm_bindgen_test]
async fn arrow_keys_move_and_resize_a_panel_and_say_so() {
    let page = show(|| {
        let board = Board::new(dashboard(
            r#"[{"title":"CPU","position":{"x":0,"y":0,"w":6,"h":2},"viz_type":"markdown","viz_config":{"mdString":"a"}},
                {"title":"Net","position":{"x":6,"y":0,"w":6,"h":2},"viz_type":"markdown","viz_config":{"mdString":"b"}}]"#,
        ));
        board.editing.set(true);
        BOARD.with(|slot| slot.borrow_mut().replace(board));
        let nothing = Callback::new(|_: u32| ());
        let panel_actions = PanelActions {
            edit: nothing,
            delete: nothing,
        };
        view! { <PanelGrid board panel_actions /> }.into_any()
    });
    settle().await;
    let board = BOARD.with(|slot| slot.borrow().expect("a board"));
    assert!(!board.dirty());
    let cpu = page.find("[data-panel=CPU]");
    press(&cpu, "ArrowRight");
    settle().await;
    let said = || page.find("[data-spoken]").inner_text();
    assert_eq!(said(), "CPU: column 2, row 1, 6 wide, 2 high");
    let style = |name: &str| {
        let style = page.find("[data-panel=Net]").style();
        style.get_property_value(name).expect("a style")
    };
    // The other one has made way.
    assert_eq!((style("--x"), style("--y")), ("6".into(), "2".into()));
    press_with(&cpu, "ArrowDown", &["shiftKey"]);
    settle().await;
    assert_eq!(said(), "CPU: column 2, row 1, 6 wide, 3 high");
    assert!(board.dirty());
    let label = cpu.get_attribute("aria-label").expect("a label");
    assert_eq!(label, "CPU, column 2, row 1, 6 wide, 3 high");
}

const ROWS: &str = concat!(
    "event: query\ndata: {\"id\":\"q1\",\"status\":\"running\",\"result\":{\"header\":[",
    r#"{"name":"_tp_time","type":"datetime64(3)"},{"name":"host","type":"string"},{"name":"v","type":"float64"},"#,
    r#"{"name":"lat","type":"float64"},{"name":"lon","type":"float64"}"#,
    "]}}\n\n",
    r#"data: [["2026-01-01T00:00:00.000Z","<b>a</b>",1.5,47.5,7.6],["2026-01-01T00:00:01.000Z","b",4.25,46.9,7.4]]"#,
    "\n\n"
);

/// A panel with these settings over the rows above.
async fn panel(kind: &str, config: &str) -> Page {
    let text = match kind {
        "markdown" => format!(r#"{{"viz_type":"markdown","viz_config":{config}}}"#),
        "selector" | "text" => format!(
            r#"{{"viz_type":"control","viz_config":{{"chartType":"{kind}","config":{config}}}}}"#
        ),
        _ => format!(
            r#"{{"title":"P","viz_type":"chart","viz_config":{{"chartType":"{kind}","config":{config}}}}}"#
        ),
    };
    let page = show(move || {
        let panel: Panel = serde_json::from_str(&text).expect("a panel");
        let board = Board::new(dashboard("[]"));
        let (lanes, active) = (Lanes::new(), Signal::stored(true));
        let feed = Feed::new(lanes, Signal::stored(Ok(String::new())), active);
        FEED.with(|slot| slot.borrow_mut().replace(feed));
        BOARD.with(|slot| slot.borrow_mut().replace(board));
        body(Inside::new(
            board,
            lanes,
            Signal::stored(panel),
            feed,
            active,
        ))
    });
    settle().await;
    let feed = FEED.with(|slot| slot.borrow().expect("a feed"));
    feed.session.replay(ROWS.as_bytes());
    until("the rows", || {
        feed.session.facts.with_untracked(|facts| facts.shown == 2)
    })
    .await;
    settle().await;
    page
}

#[wasm_bindgen_test]
async fn charts_of_each_kind_have_a_name() {
    for (kind, word) in [
        ("line", "Line"),
        ("area", "Area"),
        ("bar", "Bars (horizontal)"),
        ("column", "Columns (vertical)"),
        ("scatter", "Scatter"),
        ("ohlc", "Open, high, low, close"),
    ] {
        let page = panel(kind, "{}").await;
        let label = page.find(".figure[role=img]").get_attribute("aria-label");
        let label = label.expect("a label");
        assert!(label.starts_with(&format!("{word} chart P")), "{label}");
    }
}

#[wasm_bindgen_test]
async fn a_single_value_has_unit_change_and_line() {
    let config = r#"{"value":"v","unit":{"value":"%"},"delta":true,"sparkline":true}"#;
    let page = panel("singleValue", config).await;
    assert_eq!(page.find(".single-value").inner_text(), "4.25%");
    let delta = page.find(".single-delta.up").inner_text();
    assert!(delta.ends_with("+2.75%"), "{delta}");
    page.find(".single-spark svg path");
}

#[wasm_bindgen_test]
async fn a_table_shows_data_as_text() {
    let page = panel(
        "table",
        r#"{"tableStyles":{"v":{"name":"Value","trend":true}}}"#,
    )
    .await;
    assert!(page.text().contains("Value"));
    let rows = page.find("tbody").inner_text();
    assert!(rows.contains("<b>a</b>") && rows.contains("4.25"), "{rows}");
    assert!(page.try_find("tbody b").is_none());
    page.find("td .trend.up");
}

#[wasm_bindgen_test]
async fn a_map_has_points_and_zooms() {
    let page = panel("geo", r#"{"latitude":"lat","longitude":"lon"}"#).await;
    until("a point", || page.try_find(".geo-point").is_some()).await;
    let map = page.find("[role=application]");
    assert_eq!(
        map.get_attribute("aria-label").as_deref(),
        Some("Map with 2 points")
    );
    let before = map.get_attribute("viewBox");
    page.button("Zoom in").click();
    settle().await;
    assert_ne!(map.get_attribute("viewBox"), before);
}

#[wasm_bindgen_test]
async fn markdown_becomes_elements_and_values_become_text() {
    let content = r##"{"updateKey":"host","content":"# Now {{v}}\n\n- **{{host}}** <i>x</i>\n- {{@<b>a</b>::v}}"}"##;
    let page = panel("md", content).await;
    assert_eq!(page.find("h3").inner_text(), "Now 4.25");
    let list = page.find("ul").inner_text();
    assert!(
        list.contains("b <i>x</i>") && list.contains("1.5"),
        "{list}"
    );
    assert!(page.try_find("i").is_none());
    let note = panel(
        "markdown",
        r#"{"mdString":"[x](javascript:alert) and [y](https://y.example)"}"#,
    )
    .await;
    let link = note.find("a");
    assert_eq!(
        link.get_attribute("href").as_deref(),
        Some("https://y.example")
    );
    assert_eq!(
        link.get_attribute("rel").as_deref(),
        Some("noopener noreferrer")
    );
}

#[wasm_bindgen_test]
async fn a_choice_sets_its_variable() {
    let page = panel(
        "selector",
        r#"{"target":"host","label":"Host","inlineValues":"a,b"}"#,
    )
    .await;
    assert!(page.text().contains("Host"));
    let options = page.find("select").inner_text();
    assert_eq!(options.split_whitespace().collect::<Vec<_>>(), ["a", "b"]);
    let select: web_sys::HtmlSelectElement =
        wasm_bindgen::JsCast::unchecked_into(page.find("select"));
    select.set_value("b");
    let event = web_sys::Event::new("change").expect("an event");
    select.dispatch_event(&event).expect("dispatched");
    settle().await;
    let board = BOARD.with(|slot| slot.borrow().expect("a board"));
    let chosen = board.chosen.get_untracked();
    assert_eq!(chosen.get("host").map(String::as_str), Some("b"));
}

#[wasm_bindgen_test]
async fn a_panel_of_a_newer_console_is_kept_and_says_so() {
    let page = panel("grammar", "{}").await;
    assert!(
        page.text()
            .contains("does not support panels of the kind “grammar”")
    );
}
