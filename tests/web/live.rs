//! Live results: what is in the document of a stream's rows, and what becomes of them.

use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;
use weir::live::{
    Session,
    core::{Core, State},
    grid::LiveGrid,
};
use weir_live::{Limits, export};

use crate::{
    page::{press, until},
    stand::{batch, frames, stand, started},
};

#[wasm_bindgen_test]
async fn only_what_is_in_view_is_in_the_document() {
    let stand = stand().await;
    stand.play(&(started() + &batch(1, 0..20_000))).await;
    let rows = stand.texts("[role=row]").len();
    assert!((2..20).contains(&rows), "{rows} rows");
    assert_eq!(
        stand.grid().get_attribute("aria-rowcount").as_deref(),
        Some("20001")
    );
    let cells = stand.texts("[role=gridcell]");
    assert!(cells.contains(&"row 19999".to_string()), "{cells:?}");
    stand.scroll(0).await;
    let cells = stand.texts("[role=gridcell]");
    assert!(cells.contains(&"row 0".to_string()), "{cells:?}");
    let element = stand.place.query_selector("[aria-rowindex=\"2\"]");
    let first = element.expect("selector").expect("first row");
    assert!(first.text_content().unwrap_or_default().contains("row 0"));
}

#[wasm_bindgen_test]
async fn scrolling_up_stops_following_and_the_button_returns() {
    let stand = stand().await;
    stand.play(&(started() + &batch(1, 0..500))).await;
    assert!(stand.session.following.get_untracked());
    stand.scroll(2_000).await;
    assert!(!stand.session.following.get_untracked());
    let before = stand.texts("[role=gridcell]");
    stand.play(&batch(2, 500..1_500)).await;
    assert_eq!(stand.texts("[role=gridcell]"), before);
    assert_eq!(stand.texts(".new-rows"), ["1,000 new rows"]);
    assert_eq!(stand.figure("received"), "1,500");
    let button = stand.place.query_selector(".new-rows").expect("selector");
    button
        .expect("button")
        .unchecked_into::<HtmlElement>()
        .click();
    frames(3).await;
    assert!(stand.session.following.get_untracked());
    let cells = stand.texts("[role=gridcell]");
    assert!(cells.contains(&"row 1499".to_string()), "{cells:?}");
    assert!(stand.texts(".new-rows").is_empty());
}

#[wasm_bindgen_test]
async fn a_pause_goes_on_receiving_and_says_so() {
    let stand = stand().await;
    stand.play(&(started() + &batch(1, 0..5))).await;
    assert_eq!(stand.figure("state"), "Running");
    stand.session.pause();
    stand.play(&batch(2, 5..9)).await;
    assert_eq!(stand.figure("state"), "Paused");
    assert_eq!(
        (stand.figure("received"), stand.figure("shown")),
        ("9".into(), "5".into())
    );
    stand.session.follow();
    frames(3).await;
    assert_eq!(
        (stand.figure("state"), stand.figure("shown")),
        ("Running".into(), "9".into())
    );
}

#[wasm_bindgen_test]
async fn scripts_find_every_figure_of_the_status_line() {
    let stand = stand().await;
    assert_eq!(stand.figure("state"), "Idle");
    stand.play(&started()).await;
    for id in 0..20 {
        stand.play(&batch(id, id * 100..(id + 1) * 100)).await;
    }
    let rate = || stand.figure("rate");
    until("a rate", || {
        rate().ends_with("rows/s") && !rate().starts_with('0')
    })
    .await;
    stand
        .play("event: metrics\ndata: {\"last_event_time\":1}\n\n")
        .await;
    assert_ne!(stand.figure("lag"), "–");
    let number = |name: &str| {
        let figure = stand.find(&format!("[data-live={name}]"));
        figure.get_attribute("data-value").expect("a number")
    };
    assert_eq!(
        [number("received"), number("shown"), number("dropped")],
        ["2000", "2000", "0"]
    );
}

#[wasm_bindgen_test]
async fn buttons_pause_step_clear_and_go_on() {
    let stand = stand().await;
    stand.play(&(started() + &batch(1, 0..2))).await;
    let first = || stand.texts("[role=gridcell][aria-colindex='1']");
    stand.click("button", "Pause").await;
    stand.play(&batch(2, 2..6)).await;
    assert_eq!(first(), ["0", "1"]);
    stand.click("button", "Next row").await;
    stand.click("button", "Next row").await;
    assert_eq!(first(), ["0", "1", "2", "3"]);
    stand.click("button", "Clear").await;
    assert!(first().is_empty(), "{:?}", first());
    // What comes after it waits: clearing does not end the pause, nor is it dropping.
    assert_eq!(stand.figure("state"), "Paused");
    stand.play(&batch(3, 6..8)).await;
    assert!(first().is_empty(), "{:?}", first());
    stand.click("button", "Resume").await;
    assert_eq!(first(), ["6", "7"]);
    assert_eq!(
        (stand.figure("received"), stand.figure("dropped")),
        ("8".into(), "0".into())
    );
}

#[wasm_bindgen_test]
async fn a_cleared_view_has_no_gaps_left() {
    let stand = stand().await;
    stand.play(&(started() + &batch(1, 0..2))).await;
    stand
        .play("event: gap\ndata: {\"from_id\":2,\"to_id\":3,\"rows\":7}\n\n")
        .await;
    assert_eq!(stand.texts(".grid-note").len(), 1);
    stand.click("button", "Clear").await;
    stand.play(&batch(4, 5..6)).await;
    assert!(stand.texts(".grid-note").is_empty());
    assert_eq!(stand.figure("dropped"), "7");
}

#[wasm_bindgen_test]
async fn dropped_rows_are_counted_and_shown_as_a_line() {
    let stand = stand().await;
    stand.session.set_limits(Limits {
        rows: 100,
        bytes: 64 << 20,
    });
    stand.play(&(started() + &batch(1, 0..150))).await;
    assert_eq!(
        (stand.figure("received"), stand.figure("dropped")),
        ("150".into(), "50".into())
    );
    assert_eq!(stand.figure("shown"), "100");
    stand.scroll(0).await;
    let notes = stand.texts(".grid-note");
    assert!(
        notes
            .iter()
            .any(|note| note.contains("Skipped 50 older rows")),
        "{notes:?}"
    );
    stand
        .play("event: gap\ndata: {\"from_id\":2,\"to_id\":3,\"rows\":7}\n\n")
        .await;
    assert_eq!(
        (stand.figure("received"), stand.figure("dropped")),
        ("157".into(), "57".into())
    );
}

#[wasm_bindgen_test]
async fn the_widest_integers_are_exact_in_cells_and_in_csv() {
    let stand = stand().await;
    let rows = "data: [[18446744073709551615,-9223372036854775808,null],[9007199254740993,1,\"\"],[1]]\n\n";
    stand.play(&(started() + rows)).await;
    let cells = stand.texts("[role=gridcell]");
    for exact in [
        "18446744073709551615",
        "-9223372036854775808",
        "9007199254740993",
    ] {
        assert!(cells.contains(&exact.to_string()), "{exact}: {cells:?}");
    }
    // Null, empty and missing look different.
    for class in ["is-null", "is-empty", "is-missing"] {
        assert!(!stand.texts(&format!(".{class}")).is_empty(), "{class}");
    }
    let csv = stand.session.read(|core| {
        let mut csv = String::new();
        export::CSV.write_rows(core.rows.shown(), &[0, 1], 0..1, &mut csv);
        csv
    });
    assert_eq!(csv.trim_end(), "18446744073709551615,-9223372036854775808");
}

#[wasm_bindgen_test]
async fn keys_move_the_active_cell_and_hold_the_view() {
    let stand = stand().await;
    stand.play(&(started() + &batch(1, 0..100))).await;
    let press = |key: &str| {
        let options = web_sys::KeyboardEventInit::new();
        options.set_key(key);
        options.set_bubbles(true);
        let event = web_sys::KeyboardEvent::new_with_keyboard_event_init_dict("keydown", &options);
        let _ = stand.grid().dispatch_event(&event.expect("event"));
    };
    press("ArrowDown");
    press("ArrowRight");
    press("ArrowUp");
    frames(2).await;
    assert!(!stand.session.following.get_untracked());
    assert_eq!(stand.texts(".is-active"), ["-98"]);
    let active = stand.grid().get_attribute("aria-activedescendant");
    let named = document().get_element_by_id(&active.expect("active cell"));
    assert_eq!(
        named.and_then(|cell| cell.text_content()).as_deref(),
        Some("-98")
    );
    press("Home");
    press("PageUp");
    frames(2).await;
    let active = stand.texts(".is-active");
    assert!(active[0].parse::<u64>().expect("number") < 98, "{active:?}");
}

fn core() -> Core {
    let mut core = Core::new(Limits::default());
    core.ask(false, 0.0);
    core
}

#[wasm_bindgen_test]
fn a_session_goes_through_its_states_by_the_bytes_it_gets() {
    let mut core = core();
    assert_eq!(core.state, State::Connecting);
    let text = started() + &batch(7, 0..3);
    let (head, tail) = text.as_bytes().split_at(40);
    core.bytes(head, 1.0);
    assert_eq!(core.state, State::Connecting);
    core.bytes(tail, 2.0);
    assert_eq!((core.state, core.received()), (State::Running, 3));
    // The body ends although the query runs: a break, which can be taken up again.
    core.ended(3.0);
    assert_eq!(core.state, State::Disconnected);
    assert_eq!(core.resume_point(), Some(("q1", "7")));
    assert_eq!(core.breaks()[0].until, None);
    core.reattach();
    core.bytes((started() + &batch(8, 3..5)).as_bytes(), 9.0);
    assert_eq!((core.state, core.received()), (State::Running, 5));
    let gap = &core.breaks()[0];
    assert_eq!((gap.before, gap.since, gap.until), (3, 3.0, Some(9.0)));
    core.bytes(
        b"event: query\ndata: {\"id\":\"q1\",\"status\":\"finished\"}\n\n",
        10.0,
    );
    core.ended(11.0);
    assert_eq!((core.state, core.ended_at), (State::Finished, Some(10.0)));
}

#[wasm_bindgen_test]
fn ends_are_told_apart() {
    let end = |text: &str, canceling: bool| {
        let mut core = core();
        core.bytes(text.as_bytes(), 1.0);
        core.canceling = canceling;
        core.ended(2.0);
        (core.state, core.problem.is_some())
    };
    let over = |status: &str| {
        format!(
            "event: query\ndata: {{\"id\":\"q1\",\"status\":\"{status}\",\"message\":\"why\"}}\n\n"
        )
    };
    assert_eq!(
        end(&(started() + &over("canceled")), false),
        (State::Canceled, false)
    );
    assert_eq!(
        end(&(started() + &over("failed")), false),
        (State::Failed, true)
    );
    assert_eq!(end(&started(), true), (State::Canceled, false));
    assert_eq!(end("", false), (State::Failed, true));
    // Without event ids the server cannot take the stream up again.
    let mut core = core();
    core.bytes((started() + "data: [[1,2,\"x\"]]\n\n").as_bytes(), 1.0);
    core.ended(2.0);
    assert_eq!(
        (core.state, core.resume_point()),
        (State::Disconnected, None)
    );
}

/// A grid of two rows, which does not scroll, and how often older ones were asked for.
async fn short_grid() -> (HtmlElement, RwSignal<u32>) {
    let place: HtmlElement = document()
        .create_element("div")
        .expect("div")
        .unchecked_into();
    place
        .style()
        .set_css_text("width:600px;height:320px;position:relative");
    document()
        .body()
        .expect("body")
        .append_child(&place)
        .expect("append");
    let made = StoredValue::new_local(None::<(Session, RwSignal<u32>)>);
    let mount = mount_to(place.clone(), move || {
        let (session, asked) = (Session::new(), RwSignal::new(0));
        made.set_value(Some((session, asked)));
        view! { <LiveGrid session on_top=move |()| asked.update(|count| *count += 1) /> }
    });
    mount.forget();
    frames(3).await;
    let (session, asked) = made.get_value().expect("a session");
    session.replay((started() + &batch(1, 0..2)).as_bytes());
    frames(3).await;
    let grid = place.query_selector("[role=grid]").expect("selector");
    (grid.expect("a grid").unchecked_into(), asked)
}

#[wasm_bindgen_test]
async fn a_result_shorter_than_the_view_has_a_way_up_to_older_rows() {
    let (grid, asked) = short_grid().await;
    let wheel = |by: f64| {
        let made = format!("return new WheelEvent('wheel', {{ deltaY: {by} }})");
        let event = js_sys::Function::new_no_args(&made).call0(&JsValue::NULL);
        let _ = grid.dispatch_event(&event.expect("event").unchecked_into());
    };
    wheel(-50.0);
    // It goes on turning.
    wheel(-40.0);
    assert_eq!(asked.get_untracked(), 1);

    press(&grid, "ArrowUp");
    frames(2).await;
    press(&grid, "ArrowUp");
    frames(2).await;
    assert_eq!(asked.get_untracked(), 1, "the oldest row is reached");
    press(&grid, "ArrowDown");
    press(&grid, "PageUp");
    assert_eq!(asked.get_untracked(), 1);
    for (up, count) in [("ArrowUp", 2), ("PageUp", 3)] {
        press(&grid, up);
        assert_eq!(asked.get_untracked(), count, "{up}");
    }
    press(&grid, "ArrowDown");
    press(&grid, "PageDown");
    assert_eq!(asked.get_untracked(), 3);
}
