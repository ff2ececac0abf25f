//! Server-sent events that the browser keeps up.

use std::rc::Rc;

use wasm_bindgen::{JsCast, prelude::Closure};
use web_sys::{EventSource, MessageEvent};
use weir_api::ApiError;

use super::network;

/// What an [`EventSource`] hands over: the event's type, its data and its id.
pub type OnEvent = dyn Fn(&str, &str, &str);

/// A server-sent event stream kept up by the browser, which reconnects by itself and resumes
/// after the last event id. It sends no headers of ours: only for cookie sessions.
pub struct Events {
    source: EventSource,
    _listeners: Vec<Closure<dyn Fn(MessageEvent)>>,
    _state: Closure<dyn Fn()>,
}

impl Events {
    /// `kinds` are the named event types wanted besides `message`.
    pub fn open(
        url: &str,
        kinds: &[&str],
        on_event: Rc<OnEvent>,
        on_error: impl Fn() + 'static,
    ) -> Result<Self, ApiError> {
        let source = EventSource::new(url).map_err(network)?;
        let mut listeners = Vec::new();
        for kind in kinds.iter().chain(&["message"]) {
            let (on_event, name) = (on_event.clone(), kind.to_string());
            let listener = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
                let data = event.data().as_string().unwrap_or_default();
                on_event(&name, &data, &event.last_event_id());
            });
            source
                .add_event_listener_with_callback(kind, listener.as_ref().unchecked_ref())
                .map_err(network)?;
            listeners.push(listener);
        }
        let error = Closure::<dyn Fn()>::new(on_error);
        source.set_onerror(Some(error.as_ref().unchecked_ref()));
        Ok(Self {
            source,
            _listeners: listeners,
            _state: error,
        })
    }

    /// True when the browser has given up, for example after 204 or 404.
    pub fn closed(&self) -> bool {
        self.source.ready_state() == EventSource::CLOSED
    }
}

impl Drop for Events {
    fn drop(&mut self) {
        self.source.close();
    }
}
