//! Filters, highlights, columns, profile and timeline, as a person uses them: by dialog, by
//! pointer and by keyboard.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;

use crate::{
    page::until,
    stand::{Stand, batch, frames, stand, started, started_with},
};

fn first_column(stand: &Stand) -> Vec<String> {
    stand.texts("[role=gridcell][aria-colindex='1']")
}

fn names(stand: &Stand) -> Vec<String> {
    stand.texts("[role=columnheader] .grid-head-name")
}

async fn ask(stand: &Stand, button: &str, column: &str, test: &str, value: &str) {
    stand.click("button", button).await;
    stand.choose("Column", column).await;
    // Options are numbered; a person reads their words.
    let option = stand.named("option", test).get_attribute("value");
    stand.choose("Condition", &option.expect("a value")).await;
    stand.choose("Value", value).await;
}

async fn submit(stand: &Stand) {
    stand.find("dialog button[type=submit]").click();
    frames(3).await;
}

#[wasm_bindgen_test]
async fn filters_compare_contain_and_match_expressions() {
    let stand = stand().await;
    let rows = "data: [[9007199254740992,1,\"alpha\"],[9007199254740993,2,\"beta\"],\
                [18446744073709551615,3,\"gamma\"]]\n\n";
    stand.play(&(started() + rows)).await;
    // Exact beyond what a browser's number tells apart.
    ask(&stand, "Add filter", "u", "above", "9007199254740992").await;
    submit(&stand).await;
    assert_eq!(
        first_column(&stand),
        ["9007199254740993", "18446744073709551615"]
    );
    ask(&stand, "Add filter", "s", "contains", "ET").await;
    submit(&stand).await;
    assert_eq!(first_column(&stand), ["9007199254740993"]);
    stand.click("button", "Remove u > 9007199254740992").await;
    stand.click("button", "Remove s contains ET").await;
    ask(&stand, "Add filter", "s", "matches expression", "^(alpha").await;
    submit(&stand).await;
    assert_eq!(
        stand.texts("dialog .field-error"),
        ["Not a valid regular expression."]
    );
    stand.choose("Value", "^(alpha|g.*a)$").await;
    submit(&stand).await;
    assert_eq!(
        first_column(&stand),
        ["9007199254740992", "18446744073709551615"]
    );
    assert_eq!(stand.figure("matching"), "2 of 3 rows match");
}

#[wasm_bindgen_test]
async fn a_highlight_is_written_in_the_dialog() {
    let stand = stand().await;
    stand.play(&(started() + &batch(1, 0..5))).await;
    ask(&stand, "Highlight", "s", "matches expression", "[13]$").await;
    let colour = stand.named("dialog label", "Color 3");
    let radio = colour
        .query_selector("input")
        .expect("selector")
        .expect("radio");
    radio.unchecked_into::<HtmlElement>().click();
    submit(&stand).await;
    assert_eq!(stand.texts(".grid-cell.mark-3"), ["row 1", "row 3"]);
    assert_eq!(first_column(&stand).len(), 5, "nothing is left out");
}

fn middle(stand: &Stand, column: &str) -> (f64, f64) {
    let head = stand.find(&format!("[role=columnheader][aria-colindex='{column}']"));
    let (grid, place) = (
        stand.grid().get_bounding_client_rect(),
        head.get_bounding_client_rect(),
    );
    (place.left() - grid.left() + place.width() / 2.0, 10.0)
}

#[wasm_bindgen_test]
async fn a_header_is_dragged_to_another_place_and_wider() {
    let stand = stand().await;
    stand.play(&(started() + &batch(1, 0..3))).await;
    let grid = stand.grid();
    stand
        .drag(&grid, middle(&stand, "3"), middle(&stand, "1"))
        .await;
    assert_eq!(names(&stand), ["s", "u", "i"]);
    assert!(stand.texts("[role=menu]").is_empty(), "no click");
    let width = || {
        let head = stand.find("[role=columnheader][aria-colindex='1']");
        head.get_bounding_client_rect().width()
    };
    let before = width();
    stand
        .drag(&grid, (before - 1.0, 10.0), (before + 59.0, 10.0))
        .await;
    assert_eq!(width(), before + 60.0);
    assert_eq!(names(&stand), ["s", "u", "i"]);
}

#[wasm_bindgen_test]
async fn columns_are_arranged_and_resized_by_keyboard() {
    let stand = stand().await;
    stand.play(&(started() + &batch(1, 0..3))).await;
    let grid = stand.grid();
    let focused = || {
        let element = document().active_element().expect("a focus");
        element.unchecked_into::<HtmlElement>()
    };
    // From a cell to its column: the last of what can be done.
    let column_menu = async || {
        grid.focus().expect("focus");
        stand.press(&grid, "F10", true).await;
        stand.press(&focused(), "ArrowUp", false).await;
        assert!(
            focused().inner_text().starts_with("Column "),
            "{}",
            focused().inner_text()
        );
        focused().click();
        frames(3).await;
        assert_eq!(focused().inner_text(), "Sort ascending");
    };
    let choose = async |words: &str| {
        while focused().inner_text() != words {
            stand.press(&focused(), "ArrowDown", false).await;
        }
        focused().click();
        frames(3).await;
    };
    stand.press(&grid, "Home", false).await;
    stand.press(&grid, "ArrowRight", false).await;
    stand.press(&grid, "ArrowRight", false).await;
    column_menu().await;
    choose("Pin to the left").await;
    assert_eq!(names(&stand), ["s", "u", "i"]);
    assert_eq!(
        stand.texts(".grid-head-cell.is-pinned .grid-head-name"),
        ["s"]
    );
    assert_eq!(focused().get_attribute("role").as_deref(), Some("grid"));
    column_menu().await;
    choose("Move left").await;
    assert_eq!(names(&stand), ["s", "i", "u"]);
    column_menu().await;
    choose("Sort descending").await;
    assert_eq!(first_column(&stand), ["row 2", "row 1", "row 0"]);
    let width = || {
        let head = stand.find("[role=columnheader][aria-colindex='3']");
        head.get_bounding_client_rect().width()
    };
    let before = width();
    stand.press_alt(&grid, "ArrowRight").await;
    assert_eq!(width(), before + 16.0);
    stand.press_alt(&grid, "ArrowLeft").await;
    assert_eq!(width(), before);
}

#[wasm_bindgen_test]
async fn a_profile_of_numbers_is_live_and_its_bars_are_filters() {
    let stand = stand().await;
    stand.play(&(started() + &batch(1, 0..240))).await;
    let head = middle(&stand, "1");
    stand.drag(&stand.grid(), head, head).await;
    stand.click("[role=menuitem]", "Column profile").await;
    let fact = |name: &str| {
        let (terms, values) = (
            stand.texts(".profile-facts dt"),
            stand.texts(".profile-facts dd"),
        );
        let at = terms.iter().position(|term| term == name);
        values[at.unwrap_or_else(|| panic!("no {name} in {terms:?}"))].clone()
    };
    for (name, value) in [
        ("Null", "0 · 0.0 %"),
        ("Distinct", "240"),
        ("Smallest", "0"),
        ("Largest", "239"),
        ("Mean", "119.5"),
        ("Median", "119.5"),
    ] {
        assert_eq!(fact(name), value, "{name}");
    }
    for name in ["5 %", "25 %", "75 %", "95 %"] {
        let value: f64 = fact(name).parse().expect("a number");
        let share: f64 = name.trim_end_matches(" %").parse().expect("a share");
        assert!(
            (value - 239.0 * share / 100.0).abs() < 1.5,
            "{name}: {value}"
        );
    }
    assert_eq!(stand.texts(".bin").len(), 24);
    stand.play(&batch(2, 240..250)).await;
    until("the rows that came since", || {
        stand.texts(".side-facts") == ["Of 250 rows in memory"]
    })
    .await;
    assert_eq!(fact("Largest"), "249");
    stand.find(".bin").click();
    frames(3).await;
    assert_eq!(stand.texts(".chip span")[0], "u ≥ 0");
    let shown = first_column(&stand);
    assert_eq!(shown.last().map(String::as_str), Some("10"), "{shown:?}");
    assert_eq!(stand.figure("matching"), "11 of 250 rows match");
}

#[wasm_bindgen_test]
async fn null_missing_and_empty_are_each_one_click_from_their_rows() {
    let stand = stand().await;
    let rows = "data: [[1,-1,\"a\"],[2,-2,null],[3,-3,\"\"],[4]]\n\n";
    stand.play(&(started() + rows)).await;
    let head = middle(&stand, "3");
    stand.drag(&stand.grid(), head, head).await;
    stand.click("[role=menuitem]", "Column profile").await;
    for (nothing, row) in [("Null", "2"), ("Missing", "4"), ("Empty text", "3")] {
        let terms = stand.texts(".profile-facts dt");
        let at = terms
            .iter()
            .position(|term| term == nothing)
            .expect("a fact");
        let value = stand.find(&format!(".profile-facts dd:nth-of-type({})", at + 1));
        let link = value
            .query_selector("button")
            .expect("selector")
            .expect("a button");
        link.unchecked_into::<HtmlElement>().click();
        frames(3).await;
        assert_eq!(first_column(&stand), [row], "{nothing}");
        stand.click("button", "Clear all").await;
    }
}

#[wasm_bindgen_test]
async fn a_stretch_of_the_timeline_is_dragged_while_rows_come() {
    let stand = stand().await;
    let header = r#"[{"name":"n","type":"int64"},{"name":"_tp_time","type":"datetime64(3)"}]"#;
    let rows = |range: std::ops::Range<u32>| {
        let rows: Vec<String> = range
            .map(|n| format!("[{n},\"2026-01-01T00:00:{n:02}.000Z\"]"))
            .collect();
        format!("data: [{}]\n\n", rows.join(","))
    };
    stand.play(&(started_with(header) + &rows(0..10))).await;
    stand.timeline.set(true);
    frames(3).await;
    let strip = stand.find("[role=slider]");
    strip
        .style()
        .set_css_text("display:flex;width:500px;height:44px");
    let bars = stand.texts(".timeline-bar").len() as f64;
    let bar = |at: f64| (at * 500.0 / bars + 1.0, 20.0);
    let words = stand.texts(".timeline-words").concat();
    assert!(
        words.contains("10 rows from 2026-01-01 00:00:00.000 UTC"),
        "{words}"
    );
    // From the first time to the last are nine seconds.
    let per_second = (bars - 1.0) / 9.0;
    stand
        .drag(&strip, bar(2.0 * per_second), bar(5.0 * per_second))
        .await;
    assert_eq!(first_column(&stand), ["2", "3", "4", "5"]);
    // Choosing holds the view, so that the bars do not move under the pointer.
    assert!(!stand.session.following.get_untracked());
    // What was chosen is looked at closer, and what lies outside is told.
    let words = stand.texts(".timeline-words").concat();
    assert!(
        words.contains("4 rows from 2026-01-01 00:00:02.000 UTC")
            && words.contains("2 rows earlier, 4 rows later"),
        "{words}"
    );
    let closer = stand.texts(".timeline-bar").len();
    stand.play(&rows(10..12)).await;
    assert_eq!(stand.texts(".timeline-bar").len(), closer);
    stand.click("button", "All times").await;
    assert_eq!(first_column(&stand).len(), 10);
}

#[wasm_bindgen_test]
async fn a_time_is_compared_in_its_own_offset_or_in_the_zone_shown() {
    let stand = stand().await;
    let header = r#"[{"name":"t","type":"datetime"},{"name":"n","type":"int8"}]"#;
    let rows = "data: [[\"2026-03-29T00:59:59Z\",1],[\"2026-03-29T01:59:59Z\",2],\
                [\"2026-03-29T21:00:01Z\",3],[\"2026-10-25T00:30:00Z\",4]]\n\n";
    stand.play(&(started_with(header) + rows)).await;
    let numbers = || stand.texts("[role=gridcell][aria-colindex='2']");
    for (value, found) in [
        ("2026-03-29 23:00:00+02:00", &["3", "4"][..]),
        ("2026-03-29 23:00 Europe/Berlin", &["3", "4"]),
        ("2026-03-29T04", &["3", "4"]),
        ("1774749598", &["2", "3", "4"]),
        ("2026-03-29", &["1", "2", "3", "4"]),
    ] {
        ask(&stand, "Add filter", "t", "above", value).await;
        submit(&stand).await;
        assert_eq!(numbers(), found, "{value}");
        stand.click("button", "Clear all").await;
    }
    for nonsense in ["yesterday", "23:00", "2026-03-29 25:00", "2026"] {
        ask(&stand, "Add filter", "t", "above", nonsense).await;
        submit(&stand).await;
        let error = stand.texts("dialog .field-error").concat();
        assert!(error.starts_with("Not a time."), "{nonsense}: {error}");
        stand.click("dialog button", "Cancel").await;
    }
    // What is typed without an offset is on the clocks that are shown, and so is what is searched.
    stand.choose("Times in zone", "Europe/Berlin").await;
    ask(&stand, "Add filter", "t", "at most", "2026-03-29 03:59:59").await;
    submit(&stand).await;
    assert_eq!(numbers(), ["1", "2"]);
    stand.click("button", "Clear all").await;
    ask(&stand, "Add filter", "t", "contains", "02:30:00 +02:00").await;
    submit(&stand).await;
    assert_eq!(numbers(), ["4"]);
}
