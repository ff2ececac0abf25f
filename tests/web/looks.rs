//! What cells look like, and that they stay exact: zones, forms, nothing of three kinds, nested
//! values.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::ClipboardEvent;
use weir::live::arrange::Arrangement;
use weir_live::export;

use crate::stand::{Stand, frames, stand, started, started_with};

const TIMES: &str = r#"[{"name":"_tp_time","type":"datetime64(3)"},{"name":"n","type":"uint64"},{"name":"day","type":"date"}]"#;
const ROWS: &str = "data: [[\"2024-01-15T12:00:00.000Z\",18446744073709551615,\"2024-01-15\"],\
                    [\"2024-07-15T12:00:00.000Z\",1,\"2024-07-15\"]]\n\n";

fn column(stand: &Stand, number: u32) -> Vec<String> {
    stand.texts(&format!("[role=gridcell][aria-colindex='{number}']"))
}

async fn tick(stand: &Stand, words: &str) {
    let label = stand.named("label", words);
    let input = label.query_selector("input").expect("selector");
    input
        .expect("an input")
        .unchecked_into::<web_sys::HtmlElement>()
        .click();
    frames(3).await;
}

#[wasm_bindgen_test]
async fn times_are_shown_in_the_zone_and_form_chosen() {
    let stand = stand().await;
    stand.play(&(started_with(TIMES) + ROWS)).await;
    let times = || column(&stand, 1);
    assert_eq!(
        times(),
        ["2024-01-15T12:00:00.000Z", "2024-07-15T12:00:00.000Z"]
    );
    tick(&stand, "Times in UTC").await;
    assert_eq!(
        times(),
        ["2024-01-15 12:00:00.000", "2024-07-15 12:00:00.000"]
    );
    // Winter and summer differ in one and the same column.
    stand.choose("Times in zone", "Europe/Berlin").await;
    assert_eq!(
        times(),
        ["2024-01-15 13:00:00.000", "2024-07-15 14:00:00.000"]
    );
    let heads = stand.texts(".grid-head-type");
    assert_eq!(heads, ["datetime64(3) · Europe/Berlin", "uint64", "date"]);
    assert_eq!(column(&stand, 3), ["2024-01-15", "2024-07-15"]);
    stand.choose("Format", "ISO 8601 with offset").await;
    assert_eq!(
        times(),
        [
            "2024-01-15T13:00:00.000+01:00",
            "2024-07-15T14:00:00.000+02:00"
        ]
    );
    let told = stand
        .session
        .arrangement
        .with_untracked(Arrangement::to_text);
    assert_eq!(told, r#"{"l":{"z":"Europe/Berlin","t":"iso"}}"#);
    stand.choose("Format", "Unix seconds").await;
    assert_eq!(times(), ["1705320000.000", "1721044800.000"]);
    tick(&stand, "Group digits").await;
    assert_eq!(
        column(&stand, 2)[0].split('\u{2009}').collect::<Vec<_>>(),
        ["18", "446", "744", "073", "709", "551", "615"]
    );
    // The file keeps what was sent.
    let csv = stand.session.read(|core| {
        let mut csv = String::new();
        export::CSV.write_rows(core.rows.shown(), &[0, 1], 0..1, &mut csv);
        csv
    });
    assert_eq!(
        csv.trim_end(),
        "2024-01-15T12:00:00.000Z,18446744073709551615"
    );
    // As from an address.
    stand
        .session
        .arrangement
        .set(Arrangement::from_text(r#"{"l":{"z":"Asia/Kathmandu"}}"#));
    frames(3).await;
    assert_eq!(times()[0], "2024-01-15 17:45:00.000");
}

#[wasm_bindgen_test]
async fn the_browsers_own_zone_is_that_of_its_clock_then() {
    let stand = stand().await;
    stand.play(&(started_with(TIMES) + ROWS)).await;
    tick(&stand, "Times in this browser's zone").await;
    for (shown, sent) in column(&stand, 1)
        .iter()
        .zip(["2024-01-15T12:00:00.000Z", "2024-07-15T12:00:00.000Z"])
    {
        let date = js_sys::Date::new(&JsValue::from_str(sent));
        let clock = format!("{:02}:{:02}:00.000", date.get_hours(), date.get_minutes());
        assert!(shown.ends_with(&clock), "{shown} at {clock}");
    }
}

#[wasm_bindgen_test]
async fn a_zone_that_does_not_exist_is_said_and_changes_nothing() {
    let stand = stand().await;
    stand.play(&(started_with(TIMES) + ROWS)).await;
    stand.choose("Times in zone", "Nowhere/Land").await;
    assert_eq!(column(&stand, 1)[0], "2024-01-15T12:00:00.000Z");
    let said = stand.texts(".columns-menu .field-error").concat();
    assert!(said.contains("Unknown time zone"), "{said}");
    assert_eq!(stand.texts(".grid-head-type")[0], "datetime64(3)");
}

#[wasm_bindgen_test]
async fn a_zone_is_taken_however_it_is_spelled() {
    let stand = stand().await;
    stand.play(&(started_with(TIMES) + ROWS)).await;
    for typed in [
        "europe/berlin",
        "EUROPE/BERLIN",
        " Europe/Berlin\u{a0}",
        "Europe/Berlin\u{200b}",
    ] {
        stand.choose("Times in zone", "").await;
        stand.choose("Times in zone", typed).await;
        assert_eq!(
            stand.texts(".grid-head-type")[0],
            "datetime64(3) · Europe/Berlin",
            "{typed:?}"
        );
        assert_eq!(column(&stand, 1)[0], "2024-01-15 13:00:00.000");
    }
}

#[wasm_bindgen_test]
async fn names_of_columns_have_marks_wherever_they_stand() {
    let stand = stand().await;
    let header = r#"[{"name":"a\u200b","type":"int8"},{"name":"a","type":"int8"},{"name":" b\n","type":"int8"},{"name":"c\u202ed","type":"int8"}]"#;
    stand
        .play(&(started_with(header) + "data: [[1,2,3,4]]\n\n"))
        .await;
    let marked = ["a‹200B›", "a", "·b↵", "c‹202E›d"];
    assert_eq!(stand.texts(".grid-head-name"), marked);
    let menu = stand.texts(".columns-menu .menu-check");
    for name in marked {
        assert!(
            menu.iter().any(|item| item.trim() == name),
            "{name} in {menu:?}"
        );
    }
}

#[wasm_bindgen_test]
async fn grouped_digits_are_not_cut() {
    let stand = stand().await;
    let header = r#"[{"name":"d","type":"decimal(38, 10)"},{"name":"w","type":"uint256"}]"#;
    let rows = "data: [[\"1234567890123456789012345678.0123456789\",\"115792089237316195423570985008687907853269984665640564039457584007913129639935\"]]\n\n";
    stand.play(&(started_with(header) + rows)).await;
    let widths = || {
        let grid = stand.grid();
        let heads = grid
            .query_selector_all("[role=columnheader]")
            .expect("heads");
        (0..heads.length())
            .filter_map(|at| heads.item(at)?.dyn_into::<web_sys::HtmlElement>().ok())
            .map(|head| head.offset_width())
            .collect::<Vec<_>>()
    };
    assert_eq!(
        column(&stand, 1),
        ["1234567890123456789012345678.0123456789"]
    );
    let before = widths();
    tick(&stand, "Group digits").await;
    assert_eq!(
        column(&stand, 1)[0].replace('\u{2009}', "_"),
        "1_234_567_890_123_456_789_012_345_678.0123456789"
    );
    assert!(widths()[0] > before[0], "{before:?} {:?}", widths());
    // The widest number there is stands in its cell whole.
    stand.grid().set_scroll_left(2_000);
    frames(3).await;
    let cell = stand.find("[role=gridcell][aria-colindex='2']");
    assert_eq!(
        cell.text_content()
            .unwrap_or_default()
            .replace('\u{2009}', "")
            .len(),
        78
    );
    assert!(cell.offset_width() >= 103 * 7, "{} px", cell.offset_width());
}

/// Opens the cell of the first row in this column.
async fn open(stand: &Stand, column: usize) {
    let grid = stand.grid();
    stand.press(&grid, "Escape", false).await;
    stand.press(&grid, "ArrowUp", false).await;
    for _ in 0..10 {
        stand.press(&grid, "ArrowUp", false).await;
    }
    stand.press(&grid, "Home", false).await;
    for _ in 1..column {
        stand.press(&grid, "ArrowRight", false).await;
    }
    stand.press(&grid, "Enter", false).await;
}

#[wasm_bindgen_test]
async fn nested_values_expand_beside_the_grid() {
    let stand = stand().await;
    let header = r#"[{"name":"a","type":"array(uint64)"},{"name":"m","type":"map(string, uint64)"},{"name":"t","type":"tuple(x int32, y string)"},{"name":"j","type":"json"},{"name":"s","type":"string"}]"#;
    let row = r#"[[18446744073709551615,2],{"k":18446744073709551615},[1,"z"],{"a":{"b":[1.50]}},"{\"in\":[1]}"]"#;
    stand
        .play(&(started_with(header) + &format!("data: [{row}]\n\n")))
        .await;
    for (number, raw, pretty) in [
        (
            1,
            "[18446744073709551615,2]",
            "[\n  18446744073709551615,\n  2\n]",
        ),
        (
            2,
            r#"{"k":18446744073709551615}"#,
            "{\n  \"k\": 18446744073709551615\n}",
        ),
        (3, r#"[1,"z"]"#, "[\n  1,\n  \"z\"\n]"),
        (
            4,
            r#"{"a":{"b":[1.50]}}"#,
            "{\n  \"a\": {\n    \"b\": [\n      1.50\n    ]\n  }\n}",
        ),
        (5, r#"{"in":[1]}"#, "{\n  \"in\": [\n    1\n  ]\n}"),
    ] {
        open(&stand, number).await;
        assert_eq!(stand.texts(".cell-text"), [pretty], "column {number}");
        tick(&stand, "As sent").await;
        assert_eq!(stand.texts(".cell-text"), [raw], "column {number}");
        stand.click("button", "Close cell").await;
    }
}

#[wasm_bindgen_test]
async fn null_empty_and_missing_differ_beside_the_grid_and_in_copies() {
    let stand = stand().await;
    stand
        .play(&(started() + "data: [[1,2,null],[1,2,\"\"],[1,2]]\n\n"))
        .await;
    assert_eq!(column(&stand, 3), ["null", "empty", "missing"]);
    let grid = stand.grid();
    stand.press(&grid, "Home", false).await;
    stand.press(&grid, "ArrowRight", false).await;
    stand.press(&grid, "ArrowRight", false).await;
    for (word, copied) in [
        ("missing: the row has fewer cells", ""),
        ("empty text", ""),
        ("null", "null"),
    ] {
        assert_eq!(copy(&stand), copied);
        stand.press(&grid, "Enter", false).await;
        let facts = stand.texts(".side-facts").concat();
        assert!(facts.ends_with(&format!(" · {word}")), "{facts}");
        stand.click("button", "Close cell").await;
        stand.press(&grid, "ArrowUp", false).await;
    }
    let ndjson = stand.session.read(|core| {
        let mut text = String::new();
        export::write_ndjson(core.rows.shown(), &[2], 0..3, &mut text);
        text
    });
    assert_eq!(ndjson, "{\"s\":null}\n{\"s\":\"\"}\n{}\n");
}

/// What Ctrl+C takes from the grid.
fn copy(stand: &Stand) -> String {
    let make = js_sys::Function::new_no_args(
        "return new ClipboardEvent('copy', { clipboardData: new DataTransfer(), bubbles: true })",
    );
    let event: ClipboardEvent = make
        .call0(&JsValue::UNDEFINED)
        .expect("an event")
        .unchecked_into();
    let _ = stand.grid().dispatch_event(&event);
    let data = event.clipboard_data().expect("data");
    data.get_data("text/plain").expect("text")
}

#[wasm_bindgen_test]
async fn integers_and_decimals_are_copied_exactly() {
    let stand = stand().await;
    let header = r#"[{"name":"d","type":"decimal(38, 10)"},{"name":"w","type":"int128"}]"#;
    let (decimal, wide) = (
        "1234567890123456789012345678.0123456789",
        "-170141183460469231731687303715884105728",
    );
    let rows = format!("data: [[\"{decimal}\",\"{wide}\"]]\n\n");
    stand.play(&(started_with(header) + &rows)).await;
    let grid = stand.grid();
    stand.press(&grid, "Home", false).await;
    assert_eq!(copy(&stand), decimal);
    stand.press(&grid, "ArrowRight", true).await;
    assert_eq!(copy(&stand), format!("{decimal}\t{wide}"));
}

#[wasm_bindgen_test]
async fn json_of_megabytes_neither_freezes_nor_breaks_the_grid() {
    let stand = stand().await;
    let header = r#"[{"name":"j","type":"json"},{"name":"n","type":"uint64"}]"#;
    let item = r#"{"name":"value","numbers":[1,2,3]}"#;
    let count = (5 << 20) / item.len();
    let json = format!("[{}]", vec![item; count].join(","));
    stand
        .play(&(started_with(header) + &format!("data: [[{json},7]]\n\n")))
        .await;
    let cell = column(&stand, 1).concat();
    assert!(cell.len() < 400, "{} characters in a cell", cell.len());
    assert_eq!(column(&stand, 2), ["7"]);
    let height = stand.find("[role=row][aria-rowindex='2']").offset_height();
    assert_eq!(height, 28);
    // Rows go on coming and are shown.
    stand.play("data: [[{},8]]\n\n").await;
    assert_eq!(column(&stand, 2), ["7", "8"]);
    open(&stand, 1).await;
    assert_eq!(stand.texts(".cell-text").concat().chars().count(), 50_000);
    let exact = stand
        .session
        .read(|core| core.rows.shown().cell(0, 0).text());
    assert_eq!(exact.len(), json.len());
}

#[wasm_bindgen_test]
async fn what_cannot_be_seen_has_marks_and_copies_stay_exact() {
    let stand = stand().await;
    let rows = "data: [[1,1,\" a\\nb \"],[2,2,\"x\\u202ecba\"],[3,3,\"\\u200b\\ufeff\"],[4,4,\"a  b\"]]\n\n";
    stand.play(&(started() + rows)).await;
    assert_eq!(
        column(&stand, 3),
        ["·a↵b·", "x‹202E›cba", "‹200B›‹FEFF›", "a  b"]
    );
    let exact = stand
        .session
        .read(|core| core.rows.shown().cell(1, 2).text());
    assert_eq!(exact, "x\u{202e}cba");
}
