//! Recording a session and playing it again without a server.

use std::cell::RefCell;

use leptos::prelude::*;
use wasm_bindgen_test::wasm_bindgen_test;
use weir::live::{
    Session,
    core::State,
    replay::{Player, ReplayBar},
};

use crate::{
    page::{Page, settle, show, until},
    stand::{batch, frames, stand, started},
};

thread_local! {
    static PLAYER: RefCell<Option<(Player, Session)>> = const { RefCell::new(None) };
}

async fn player() -> (Page, Player, Session) {
    let page = show(|| {
        let session = Session::new();
        let player = Player::new(session);
        PLAYER.set(Some((player, session)));
        view! { <ReplayBar player /> }.into_any()
    });
    settle().await;
    let (player, session) = PLAYER.take().expect("a player");
    (page, player, session)
}

fn received(session: Session) -> u64 {
    session.read(|core| core.received())
}

/// Three rows at once, one after an hour, one after two, and the end.
fn hours() -> Vec<u8> {
    const HOUR: u64 = 3_600_000;
    let over = "event: query\ndata: {\"id\":\"q1\",\"status\":\"finished\"}\n\n";
    let events = [
        (0, started()),
        (0, batch(1, 0..3)),
        (HOUR, batch(2, 3..4)),
        (2 * HOUR, batch(3, 4..5)),
        (2 * HOUR, over.into()),
    ];
    let text: String = events
        .iter()
        .map(|(at, event)| format!(": +{at}\n{event}"))
        .collect();
    text.into_bytes()
}

#[wasm_bindgen_test]
async fn a_replay_keeps_the_recorded_times_until_it_is_told_another_speed() {
    let (page, player, session) = player().await;
    assert!(player.load(hours()));
    until("the first rows", || received(session) == 3).await;
    // An hour has not passed: event by event goes on without waiting.
    assert!(page.text().contains("of 2 h"), "{}", page.text());
    page.button("Pause replay").click();
    settle().await;
    page.button("Next event").click();
    settle().await;
    assert_eq!(received(session), 4);
    assert_eq!(session.state.get_untracked(), State::Running);
    page.button("Resume").click();
    frames(5).await;
    assert_eq!(received(session), 4, "the next row comes an hour later");
    let speed = page.find("select");
    let choose = |words: &str| {
        let options = page.all("option");
        let option = options.iter().find(|option| option.inner_text() == words);
        let value = option.expect("a speed").get_attribute("value");
        js_sys::Reflect::set(&speed, &"value".into(), &value.expect("a value").into())
            .expect("set");
        page.fire(&speed, "change");
    };
    choose("Maximum speed");
    until("the end", || {
        session.state.get_untracked() == State::Finished
    })
    .await;
    assert_eq!(received(session), 5);
    // Again from its start, at its own pace.
    choose("1 × speed");
    page.button("Replay again").click();
    until("the first rows again", || received(session) == 3).await;
    frames(5).await;
    assert_eq!(received(session), 3);
}

#[wasm_bindgen_test]
async fn a_query_takes_the_place_of_a_recording() {
    let (page, player, session) = player().await;
    assert!(player.load(hours()));
    until("the first rows", || received(session) == 3).await;
    // As a run does: nothing recorded may come among the rows of the query.
    session.sql.set("select 1".into());
    settle().await;
    assert!(!player.open.get_untracked());
    assert!(page.all("[aria-label=Replay]").is_empty());
    frames(5).await;
    assert_eq!(received(session), 3);
}

#[wasm_bindgen_test]
async fn what_was_recorded_plays_again_to_its_end() {
    let stand = stand().await;
    stand.session.start_recording();
    let over = "event: query\ndata: {\"id\":\"q1\",\"status\":\"finished\"}\n\n";
    stand.play(&(started() + &batch(1, 0..3))).await;
    stand.play(&(batch(2, 3..1_000) + over)).await;
    let recorded = stand.session.take_recorded().expect("recording");
    assert!(
        recorded.starts_with(": +") && recorded[..20].contains("\nevent: query\n"),
        "{}",
        &recorded[..40]
    );

    let (page, player, session) = player().await;
    assert!(!player.load(b"no recording".to_vec()));
    assert!(player.load(recorded.into_bytes()));
    while session.state.get_untracked() != State::Finished {
        frames(1).await;
    }
    assert_eq!(session.read(|core| core.received()), 1_000);
    page.button("Replay again");
}
