//! Recording a session and playing it again without a server.

use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen::JsCast;
use wasm_bindgen_test::wasm_bindgen_test;
use web_sys::HtmlElement;
use weir::live::{
    Session,
    core::State,
    replay::{Player, ReplayBar},
};

use crate::stand::{batch, frames, stand, started};

#[wasm_bindgen_test]
async fn what_was_recorded_plays_again_to_its_end() {
    let stand = stand().await;
    stand.session.start_recording();
    let over = "event: query\ndata: {\"id\":\"q1\",\"status\":\"finished\"}\n\n";
    stand.play(&(started() + &batch(1, 0..3))).await;
    stand.play(&(batch(2, 3..1_000) + over)).await;
    let recorded = stand.session.take_recorded().expect("recording");
    assert!(
        recorded.starts_with(": +0\nevent: query\n"),
        "{}",
        &recorded[..40]
    );

    let place: HtmlElement = document()
        .create_element("div")
        .expect("div")
        .unchecked_into();
    document()
        .body()
        .expect("body")
        .append_child(&place)
        .expect("append");
    let held = StoredValue::new(None::<Player>);
    let session = StoredValue::new(None::<Session>);
    let _mount = mount_to(place.clone(), move || {
        let made = Session::new();
        let player = Player::new(made);
        session.set_value(Some(made));
        held.set_value(Some(player));
        view! { <ReplayBar player /> }
    });
    let (player, session) = (
        held.get_value().expect("player"),
        session.get_value().expect("session"),
    );
    assert!(!player.load(b"no recording".to_vec()));
    assert!(player.load(recorded.into_bytes()));
    while session.state.get_untracked() != State::Finished {
        frames(1).await;
    }
    assert_eq!(session.read(|core| core.received()), 1_000);
    let words = place.text_content().unwrap_or_default();
    assert!(words.contains("Replay again"), "{words}");
}
