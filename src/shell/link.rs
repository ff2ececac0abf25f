//! Notices when a connection's system cannot be reached, says so and keeps trying.

use std::time::Duration;

use leptos::prelude::*;
use weir_api::{ApiError, System, timeplus::info};

use crate::{
    connections::{Connection, Connections, status::Reach, use_connection},
    errors::HELD_BACK,
    http, paths,
    ui::{Banner, Button, Tone},
};

/// Seconds before each further try.
const PAUSES: [u32; 6] = [2, 3, 5, 10, 20, 30];

#[component]
pub fn LinkBanner() -> impl IntoView {
    let connections = expect_context::<Connections>();
    let connection = use_connection();
    let reach = Memo::new(move |_| {
        let id = connection.get()?.id;
        Some((id.clone(), connections.statuses.get(&id).reach))
    });
    let tries = RwSignal::new(0_usize);
    let wait = RwSignal::new(0_u32);
    let trying = RwSignal::new(false);
    let now = move || {
        let Some(connection) = connection.get_untracked() else {
            return;
        };
        if trying.get_untracked() {
            return;
        }
        trying.set(true);
        leptos::task::spawn_local(async move {
            probe(connections, connection).await;
            let pause = PAUSES[tries.get_untracked().min(PAUSES.len() - 1)];
            wait.set(pause);
            tries.update(|tries| *tries += 1);
            trying.set(false);
        });
    };
    Effect::new(move |_| {
        if let Some((_, Reach::Suspect)) = reach.get() {
            tries.set(0);
            now();
        }
    });
    let second = move || {
        let down = matches!(reach.get_untracked(), Some((_, Reach::Unreachable)));
        match wait.get_untracked() {
            _ if !down || trying.get_untracked() => {}
            0 | 1 => now(),
            left => wait.set(left - 1),
        }
    };
    if let Ok(timer) = set_interval_with_handle(second, Duration::from_secs(1)) {
        on_cleanup(move || timer.clear());
    }
    let online = window_event_listener_untyped("online", move |_| {
        if matches!(reach.get_untracked(), Some((_, Reach::Unreachable))) {
            now();
        }
    });
    on_cleanup(move || online.remove());
    let status = move || match wait.get() {
        _ if trying.get() => "Retrying…".to_string(),
        left => format!("Retrying in {left} s"),
    };
    move || {
        let (_, Reach::Unreachable) = reach.get()? else {
            return None;
        };
        let connection = connection.get()?;
        // A browser does not say whether nothing answers or the answer may not be read.
        let foreign = connection.system() != System::Timeplus && connection.url.starts_with("http");
        let hint = foreign.then(|| {
            let edit = paths::edit_connection(&connection.id);
            view! { <span>"It may reject requests from this page: " <a href=edit>"use a relay"</a> ". "</span> }
        });
        let name = connection.name;
        Some(view! {
            <Banner tone=Tone::Warn>
                <strong>"Cannot reach " {name} ". "</strong>
                {hint}
                // Read once when it appears, not every second.
                <span aria-live="off">{status}</span>
                <Button on_click=now busy=trying>"Retry now"</Button>
            </Banner>
        })
    }
}

/// Says that calls wait because the system wants to be called less.
#[component]
pub fn PauseBanner() -> impl IntoView {
    let connections = expect_context::<Connections>();
    let connection = use_connection();
    let pause = Memo::new(move |_| {
        let connection = connection.get()?;
        let status = connections.statuses.get(&connection.id);
        (status.waiting > 0).then_some((connection.system(), status.pause_s))
    });
    move || {
        let (system, seconds) = pause.get()?;
        Some(view! {
            <Banner tone=Tone::Accent>
                {system.words()} " limits the request rate. Retrying in " {seconds} " s."
            </Banner>
        })
    }
}

/// Says that a page or a form waits for an answer that is long in coming.
#[component]
pub fn LateBanner() -> impl IntoView {
    let connections = expect_context::<Connections>();
    let connection = use_connection();
    let late = Memo::new(move |_| {
        connection.get().is_some_and(|connection| {
            let status = connections.statuses.get(&connection.id);
            status.late > 0 && status.reach != Reach::Unreachable && status.waiting == 0
        })
    });
    move || {
        late.get()
            .then(|| view! { <Banner tone=Tone::Accent>{HELD_BACK}</Banner> })
    }
}

/// Any answer proves that the system is there, except a gateway's that found nothing behind it.
async fn probe(connections: Connections, connection: Connection) {
    let endpoint = untrack(|| connections.endpoint(&connection));
    let question = match connection.system() {
        System::Timeplus => info::get(),
        system => system.probe(),
    };
    let gone = match http::send(&endpoint, question).await {
        Err(ApiError::Network(_)) => true,
        Err(ApiError::Status(error)) => matches!(error.status, 502 | 504),
        _ => false,
    };
    if gone {
        connections
            .statuses
            .change(&connection.id, |status| status.reach = Reach::Unreachable);
    }
}
