//! Recording what arrives to a file, and opening such a file.

use std::{rc::Rc, time::Duration};

use js_sys::{Function, Promise};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;

use super::{replay::Player, session::Session};
use crate::ui::{Button, ButtonKind, FileKind, Saving, number, use_toasts};

const FILE: FileKind = FileKind {
    name: "recording.events",
    media_type: "text/event-stream",
};
/// How often what was recorded leaves the page's memory for the disk.
const EVERY: Duration = Duration::from_millis(500);
/// A recording ends by itself at this size in bytes.
const MOST: u64 = 1 << 30;

#[component]
pub fn CaptureTools(session: Session, player: Player) -> impl IntoView {
    view! {
        <div class="capture-tools">
            <RecordButton session />
            <OpenRecording session player />
        </div>
    }
    .into_any()
}

/// Asks a recording to end, also while it waits.
#[derive(Clone, Copy)]
struct Stop {
    asked: StoredValue<bool>,
    wake: StoredValue<Option<Rc<Function>>, LocalStorage>,
}

impl Stop {
    fn new() -> Self {
        Self {
            asked: StoredValue::new(false),
            wake: StoredValue::new_local(None),
        }
    }

    fn ask(self) {
        self.asked.set_value(true);
        if let Some(wake) = self.wake.get_value() {
            // It only resolves a promise.
            let _ = wake.call0(&JsValue::UNDEFINED);
        }
    }

    /// Waits a while, or until it is asked for.
    async fn wait(self) {
        let promise = Promise::new(&mut |resolve, _| {
            self.wake.try_set_value(Some(Rc::new(resolve.clone())));
            set_timeout(
                move || {
                    let _ = resolve.call0(&JsValue::UNDEFINED);
                },
                EVERY,
            );
        });
        // The promise is never rejected.
        let _ = JsFuture::from(promise).await;
    }
}

#[component]
fn RecordButton(session: Session) -> impl IntoView {
    let toasts = use_toasts();
    let bytes = RwSignal::new(0u64);
    let stop = Stop::new();
    let record = move || {
        bytes.set(0);
        stop.asked.set_value(false);
        session.start_recording();
        spawn_local(async move {
            let mut file = Saving::staged(FILE).await;
            let mut over = false;
            while !over {
                stop.wait().await;
                if session.gone() {
                    return;
                }
                over = stop.asked.get_value() || bytes.get_untracked() > MOST;
                let text = session.take_recorded().unwrap_or_default();
                if over {
                    session.stop_recording();
                }
                if file.write(&text).await.is_err() {
                    if !session.gone() {
                        session.stop_recording();
                    }
                    return toasts.error("The browser could not store the recording.");
                }
                bytes.try_update(|bytes| *bytes += text.len() as u64);
            }
            match file.finish().await {
                Ok(()) => toasts.success("Recording saved."),
                Err(_) => toasts.error("The browser could not write the file."),
            }
        });
    };
    let toggle = move || {
        if session.recording.get_untracked() {
            stop.ask();
        } else {
            record();
        }
    };
    view! {
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
    }
    .into_any()
}

#[component]
fn OpenRecording(session: Session, player: Player) -> impl IntoView {
    let toasts = use_toasts();
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
        <Button kind=ButtonKind::Quiet on_click=choose>"Open recording"</Button>
        <input
            node_ref=input
            class="hidden"
            type="file"
            aria-label="Recording"
            accept=".events,text/event-stream"
            tabindex="-1"
            on:change=open
        />
    }
    .into_any()
}
