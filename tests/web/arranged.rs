//! What a person does with the rows held: each of it through the page as it is used.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::{HtmlElement, HtmlInputElement, PointerEvent, PointerEventInit};
use weir::live::arrange::{Mark, Operator, Rule};

use crate::stand::{Stand, batch, frames, stand, started, started_with};

fn first_column(stand: &Stand) -> Vec<String> {
    stand.texts("[role=gridcell][aria-colindex='1']")
}

async fn type_into(element: &HtmlElement, text: &str) {
    element.unchecked_ref::<HtmlInputElement>().set_value(text);
    let event = web_sys::Event::new("input").expect("event");
    let _ = element.dispatch_event(&event);
    frames(3).await;
}

/// A press and its release on the middle of a header.
async fn click_header(stand: &Stand, column: &str) {
    let head = stand.find(&format!("[role=columnheader][aria-colindex='{column}']"));
    let place = head.get_bounding_client_rect();
    let options = PointerEventInit::new();
    options.set_bubbles(true);
    options.set_client_x((place.left() + place.width() / 2.0) as i32);
    options.set_client_y((place.top() + 10.0) as i32);
    for kind in ["pointerdown", "pointerup"] {
        let event = PointerEvent::new_with_event_init_dict(kind, &options).expect("event");
        let _ = head.dispatch_event(&event);
    }
    frames(3).await;
}

#[wasm_bindgen_test]
async fn a_search_shows_the_rows_that_match_and_goes_on_with_those_that_come() {
    let stand = stand().await;
    stand.play(&(started() + &batch(1, 0..500))).await;
    type_into(&stand.find("input[type=search]"), "ROW 49").await;
    // Ten lines fit, and the newest are in view.
    let shown: Vec<String> = (490..500).map(|n: u64| n.to_string()).collect();
    assert_eq!(first_column(&stand), shown);
    assert_eq!(stand.figure("matching"), "11 of 500 rows match");
    stand.scroll(0).await;
    assert_eq!(first_column(&stand)[..2], ["49", "490"]);
    stand.scroll(10_000).await;
    stand.play(&batch(2, 4_900..4_901)).await;
    assert_eq!(
        first_column(&stand).last().map(String::as_str),
        Some("4900")
    );
    assert_eq!(stand.figure("received"), "501");
    type_into(&stand.find("input[type=search]"), "").await;
    assert_eq!(stand.figure("matching"), "");
}

#[wasm_bindgen_test]
async fn a_header_opens_what_can_be_done_with_the_column_and_sorts_by_it() {
    let stand = stand().await;
    stand.play(&(started() + &batch(1, 0..5))).await;
    click_header(&stand, "1").await;
    stand.click("[role=menuitem]", "Sort descending").await;
    assert_eq!(first_column(&stand), ["4", "3", "2", "1", "0"]);
    let head = stand.find("[role=columnheader][aria-colindex='1']");
    assert_eq!(
        head.get_attribute("aria-sort").as_deref(),
        Some("descending")
    );
    // Sorted rows stand still; what comes waits and is sorted in on request.
    stand.play(&batch(2, 9..10)).await;
    assert_eq!(first_column(&stand).len(), 5);
    stand.click(".new-rows", "1 new row").await;
    assert_eq!(first_column(&stand), ["9", "4", "3", "2", "1", "0"]);
    stand.click("button", "Clear all").await;
    assert_eq!(first_column(&stand)[0], "0");
}

#[wasm_bindgen_test]
async fn columns_are_hidden_moved_and_pinned() {
    let stand = stand().await;
    stand.play(&(started() + &batch(1, 0..3))).await;
    click_header(&stand, "1").await;
    stand.click("[role=menuitem]", "Move right").await;
    let names = || stand.texts("[role=columnheader] .grid-head-name");
    assert_eq!(names(), ["i", "u", "s"]);
    click_header(&stand, "3").await;
    stand.click("[role=menuitem]", "Pin to the left").await;
    assert_eq!(names(), ["s", "i", "u"]);
    click_header(&stand, "2").await;
    stand.click("[role=menuitem]", "Hide column").await;
    assert_eq!(names(), ["s", "u"]);
    assert_eq!(first_column(&stand), ["row 0", "row 1", "row 2"]);
    // A pinned column stays where it is when the rest is scrolled.
    let left = || {
        stand
            .find("[role=columnheader][aria-colindex='1']")
            .get_bounding_client_rect()
            .left()
    };
    let before = left();
    let narrow = stand.find(".live-grid");
    narrow
        .style()
        .set_property("width", "120px")
        .expect("style");
    frames(3).await;
    stand.grid().set_scroll_left(80);
    frames(3).await;
    assert!(stand.grid().scroll_left() > 0);
    assert_eq!(left(), before);
}

#[wasm_bindgen_test]
async fn a_highlight_rule_colours_cells_and_says_so() {
    let stand = stand().await;
    stand.play(&(started() + &batch(1, 0..5))).await;
    let mark = Mark {
        rule: Rule::of("u", Operator::AtLeast, "3"),
        colour: 2,
    };
    stand.session.arrangement.update(|all| all.marks.push(mark));
    frames(3).await;
    assert_eq!(stand.texts(".grid-cell.mark-2"), ["3", "4"]);
    stand.click("button", "Remove Highlight u ≥ 3").await;
    assert!(stand.texts(".grid-cell.mark-2").is_empty());
}

#[wasm_bindgen_test]
async fn two_rows_are_compared_by_keyboard() {
    let stand = stand().await;
    let rows = "data: [[1,-1,\"same\"],[18446744073709551615,-2,\"same\"]]\n\n";
    stand.play(&(started() + rows)).await;
    let grid = stand.grid();
    stand.press(&grid, "Home", false).await;
    stand.press(&grid, "ArrowUp", true).await;
    stand.press(&grid, "F10", true).await;
    stand.click("[role=menuitem]", "Compare rows").await;
    assert_eq!(stand.texts(".compare .differs th"), ["u", "i"]);
    let cells = stand.texts(".compare td");
    assert!(cells.contains(&"18446744073709551615".into()), "{cells:?}");
    stand
        .press(&stand.find(".live-side"), "Escape", false)
        .await;
    assert!(stand.texts(".live-side").is_empty());
}

#[wasm_bindgen_test]
async fn rows_can_be_edited_before_they_are_ingested_again() {
    let stand = stand().await;
    stand
        .play(&(started() + "data: [[18446744073709551615,-1,null]]\n\n"))
        .await;
    let grid = stand.grid();
    stand.press(&grid, "Home", false).await;
    stand.press(&grid, "F10", true).await;
    let named = stand.texts("[role=menuitem]");
    assert!(
        named.contains(&"Edit and ingest row again …".into()),
        "{named:?}"
    );
    assert!(named.contains(&"Copy row as INSERT".into()), "{named:?}");
    stand.click("[role=menuitem]", "Open row").await;
    assert_eq!(stand.texts(".row-values dd")[0], "18446744073709551615");
}

#[wasm_bindgen_test]
async fn a_profile_counts_what_is_held_and_its_values_become_filters() {
    let stand = stand().await;
    let rows = "data: [[1,-1,\"a\"],[2,-2,\"a\"],[3,-3,null],[4,-4,\"b\"]]\n\n";
    stand.play(&(started() + rows)).await;
    click_header(&stand, "3").await;
    stand.click("[role=menuitem]", "Column profile").await;
    let facts = stand.texts(".profile-facts dd");
    assert_eq!(facts[0], "1 · 25.0 %", "nulls");
    assert_eq!(&facts[1..4], ["2", "a", "b"], "distinct, smallest, largest");
    stand.find(".top-value").click();
    frames(3).await;
    assert_eq!(first_column(&stand), ["1", "2"]);
    assert_eq!(stand.texts(".chip span"), ["s = a"]);
}

#[wasm_bindgen_test]
async fn a_stretch_of_the_timeline_becomes_a_filter() {
    let stand = stand().await;
    let header = r#"[{"name":"n","type":"int64"},{"name":"_tp_time","type":"datetime64(3)"}]"#;
    let query = format!(
        "event: query\ndata: {{\"id\":\"q\",\"status\":\"running\",\"result\":{{\"header\":{header}}}}}\n\n"
    );
    let rows: Vec<String> = (0..10)
        .map(|n| format!("[{n},\"2026-01-01T00:00:0{n}.000Z\"]"))
        .collect();
    stand
        .play(&format!("{query}data: [{}]\n\n", rows.join(",")))
        .await;
    stand.timeline.set(true);
    frames(3).await;
    let strip = stand.find("[role=slider]");
    assert!(stand.texts(".timeline-words")[0].contains("10 rows"));
    stand.press(&strip, "Home", false).await;
    stand.press(&strip, "Enter", false).await;
    assert_eq!(first_column(&stand), ["0"]);
    stand.click("button", "All times").await;
    assert_eq!(first_column(&stand).len(), 10);
}

#[wasm_bindgen_test]
async fn a_value_of_megabytes_is_shown_piece_by_piece() {
    let stand = stand().await;
    let long = "x".repeat(5 << 20);
    stand
        .play(&(started() + &format!("data: [[1,1,\"{long}\"]]\n\n")))
        .await;
    let cell = stand.texts("[role=gridcell][aria-colindex='3']");
    assert!(
        cell[0].len() < 400,
        "{} characters in a cell",
        cell[0].len()
    );
    let grid = stand.grid();
    stand.press(&grid, "End", false).await;
    stand.press(&grid, "ArrowRight", false).await;
    stand.press(&grid, "ArrowRight", false).await;
    stand.press(&grid, "Enter", false).await;
    assert_eq!(stand.texts(".cell-text")[0].len(), 50_000);
    stand.click("button", "Show more").await;
    assert_eq!(stand.texts(".cell-text")[0].len(), 100_000);
}

#[wasm_bindgen_test]
async fn a_paused_view_goes_on_row_by_row() {
    let stand = stand().await;
    stand.play(&(started() + &batch(1, 0..2))).await;
    stand.session.pause();
    stand.play(&batch(2, 2..5)).await;
    stand.session.step();
    frames(3).await;
    assert_eq!(first_column(&stand), ["0", "1", "2"]);
    assert_eq!(stand.texts(".new-rows"), ["2 new rows"]);
    assert_eq!(stand.figure("state"), "Paused");
}

#[wasm_bindgen_test]
async fn a_sort_in_force_does_not_hide_the_next_result() {
    let stand = stand().await;
    stand.play(&(started() + &batch(1, 0..3))).await;
    click_header(&stand, "1").await;
    stand.click("[role=menuitem]", "Sort descending").await;
    assert_eq!(first_column(&stand), ["2", "1", "0"]);
    stand.session.begin_replay();
    stand.play(&(started() + &batch(1, 5..9))).await;
    stand.session.end_replay();
    frames(3).await;
    assert_eq!(first_column(&stand), ["8", "7", "6", "5"]);
    assert_eq!(
        (stand.figure("received"), stand.figure("shown")),
        ("4".into(), "4".into())
    );
}

#[wasm_bindgen_test]
async fn columns_of_one_name_are_arranged_each_by_itself() {
    let stand = stand().await;
    let header = r#"[{"name":"a","type":"int8"},{"name":"a","type":"int8"}]"#;
    stand
        .play(&(started_with(header) + "data: [[1,9],[2,8],[3,7]]\n\n"))
        .await;
    let names = || stand.texts("[role=columnheader] .grid-head-name");
    assert_eq!(names(), ["a", "a (2)"]);
    click_header(&stand, "2").await;
    stand.click("[role=menuitem]", "Sort ascending").await;
    assert_eq!(first_column(&stand), ["3", "2", "1"]);
    click_header(&stand, "2").await;
    stand.click("[role=menuitem]", "Hide column").await;
    assert_eq!(names(), ["a"]);
    assert_eq!(first_column(&stand), ["3", "2", "1"]);
}
