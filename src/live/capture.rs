//! Recording what arrives to a file, and opening such a file.

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;

use super::{replay::Player, session::Session};
use crate::ui::{Button, ButtonKind, FileKind, Saving, number, use_toasts};

const FILE: FileKind = FileKind {
    name: "recording.events",
    media_type: "text/event-stream",
};
/// How often what was recorded leaves the page's memory for the browser's.
const EVERY: Duration = Duration::from_millis(500);
/// A recording ends by itself at this size in bytes.
const MOST: u64 = 1 << 30;

#[component]
pub fn CaptureTools(session: Session, player: Player) -> impl IntoView {
    let toasts = use_toasts();
    let file = StoredValue::new_local(None::<Saving>);
    let bytes = RwSignal::new(0u64);
    let busy = RwSignal::new(false);
    // One at a time takes what was recorded, so that pieces stay in order.
    let drain = move || async move {
        let (Some(text), Some(Some(mut saving))) =
            (session.take_recorded(), file.try_update_value(Option::take))
        else {
            return;
        };
        bytes.update(|bytes| *bytes += text.len() as u64);
        if saving.write(&text).await.is_err() {
            toasts.error("The browser could not keep the recording.");
        }
        file.try_set_value(Some(saving));
    };
    let stop = move || {
        busy.set(true);
        spawn_local(async move {
            drain().await;
            session.stop_recording();
            if let Some(Some(saving)) = file.try_update_value(Option::take) {
                match saving.finish().await {
                    Ok(()) => toasts.success("The recording was saved."),
                    Err(_) => toasts.error("The browser did not write the file."),
                }
            }
            busy.try_set(false);
        });
    };
    let tick = move || {
        if session.recording.try_get_untracked() != Some(true) || busy.get_untracked() {
            return;
        }
        if bytes.get_untracked() > MOST {
            return stop();
        }
        busy.set(true);
        spawn_local(async move {
            drain().await;
            busy.try_set(false);
        });
    };
    if let Ok(timer) = set_interval_with_handle(tick, EVERY) {
        on_cleanup(move || timer.clear());
    }
    let toggle = move || {
        if session.recording.get_untracked() {
            // A piece that is being written comes first.
            if !busy.get_untracked() {
                stop();
            }
        } else {
            bytes.set(0);
            file.set_value(Some(Saving::in_memory(FILE)));
            session.start_recording();
        }
    };
    let open = move |event: web_sys::Event| {
        let input: web_sys::HtmlInputElement = event_target(&event);
        let chosen = input.files().and_then(|files| files.get(0));
        input.set_value("");
        let Some(chosen) = chosen else {
            return;
        };
        spawn_local(async move {
            let read = JsFuture::from(chosen.array_buffer()).await;
            let bytes = read.map(|buffer| js_sys::Uint8Array::new(&buffer).to_vec());
            if session.gone() {
                return;
            }
            if !bytes.is_ok_and(|bytes| player.load(bytes)) {
                toasts.error(format!(
                    "{} is not a recording of live results.",
                    chosen.name()
                ));
            }
        });
    };
    let input = NodeRef::<leptos::html::Input>::new();
    let choose = move || {
        if let Some(input) = input.get_untracked() {
            input.click();
        }
    };
    view! {
        <div class="capture-tools">
            <Button
                kind=ButtonKind::Quiet
                pressed=Signal::derive(move || session.recording.get())
                on_click=toggle
            >
                {move || if session.recording.get() {
                    format!("Stop recording ({})", number::bytes(bytes.get()))
                } else {
                    "Record".into()
                }}
            </Button>
            <Button kind=ButtonKind::Quiet on_click=choose>"Open recording"</Button>
            <input node_ref=input class="hidden" type="file" accept=".events,text/event-stream" tabindex="-1" on:change=open />
        </div>
    }
    .into_any()
}
