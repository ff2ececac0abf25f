//! Notifications of the browser for alerts that fire: when somebody wants them and the browser
//! allows it.

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::prelude::*;

use crate::{links::follow, storage, ui::use_toasts};

#[wasm_bindgen(module = "/src/js/notify.js")]
extern "C" {
    fn notify_permission() -> String;
    #[wasm_bindgen(catch)]
    async fn notify_ask() -> Result<JsValue, JsValue>;
    fn notify_show(title: &str, body: &str, tag: &str, pressed: &JsValue);
}

const STORED: &str = "weir.notify";
const GRANTED: &str = "granted";

/// Somebody has switched them on.
pub fn wanted() -> bool {
    storage::text(STORED).is_some()
}

fn want(on: bool) {
    match on {
        true => drop(storage::set_text(STORED, "alerts")),
        false => storage::remove(STORED),
    }
}

/// Of an alert that fires on a connection; a press leads to `href`.
pub fn alert_fires(name: &str, connection: &str, href: String) {
    if !wanted() || notify_permission() != GRANTED {
        return;
    }
    let tag = format!("{href} {name}");
    // Kept for as long as the page lives: a notification may be pressed much later.
    let pressed = Closure::once_into_js(move || follow(&href));
    notify_show(
        &format!("Alert {name} is firing"),
        connection,
        &tag,
        &pressed,
    );
}

/// Switches them on and off; nothing where the browser has none.
#[component]
pub fn NotifySwitch() -> impl IntoView {
    let on = RwSignal::new(wanted() && notify_permission() == GRANTED);
    let toasts = use_toasts();
    let press = move |_| {
        if on.get_untracked() {
            want(false);
            return on.set(false);
        }
        spawn_local(async move {
            let granted = notify_ask().await.is_ok_and(|granted| granted.is_truthy());
            want(granted);
            // The menu may be closed meanwhile.
            on.try_set(granted);
            if !granted {
                toasts.error(match window().is_secure_context() {
                    true => "Notifications are blocked: allow them for this site in the browser's settings.",
                    false => "Browsers show notifications only for pages served over HTTPS.",
                });
            }
        });
    };
    (!notify_permission().is_empty()).then(|| {
        view! {
            <button
                type="button"
                class="menu-item"
                aria-pressed=move || if on.get() { "true" } else { "false" }
                on:click=press
            >
                {move || if on.get() { "Turn off alert notifications" } else { "Turn on alert notifications" }}
            </button>
        }
    })
    .into_any()
}
