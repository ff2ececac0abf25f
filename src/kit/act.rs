//! Something done to a resource besides changing and deleting it, for example starting a sink.

use leptos::{prelude::*, task::spawn_local};
use weir_api::ApiRequest;

use super::Load;
use crate::{
    connections::{use_endpoint, use_may_change},
    http,
    ui::{Confirm, use_confirm, use_toasts},
};

/// One thing to do.
pub struct Act {
    pub request: ApiRequest,
    /// Said when it is done, for example `Sink orders started`.
    pub done: String,
    /// Asked before, where it can break something.
    pub question: Option<Confirm>,
}

#[derive(Clone, Copy)]
pub struct Actor {
    /// Something is being done.
    pub busy: RwSignal<bool>,
    act: Callback<Act>,
}

impl Actor {
    pub fn run(self, act: Act) {
        self.act.run(act);
    }
}

/// Sends what is to be done, says that it was done or why not, and loads the page again.
pub fn use_act(load: Load) -> Actor {
    let (confirm, toasts, endpoint) = (use_confirm(), use_toasts(), use_endpoint());
    let busy = RwSignal::new(false);
    let permit = use_may_change();
    let send = move |request: ApiRequest, done: String| {
        let Some(endpoint) = endpoint.get_untracked().filter(|_| !busy.get_untracked()) else {
            return;
        };
        busy.set(true);
        spawn_local(async move {
            match http::send(&endpoint, request).await {
                Ok(_) => toasts.success(done),
                Err(error) => toasts.api_error(&error),
            }
            // The page may be left meanwhile.
            if busy.try_set(false).is_none() {
                load.reload();
            }
        });
    };
    let act = Callback::new(move |act: Act| match act.question {
        _ if permit.denied.get_untracked() => toasts.error(permit.reason.get_untracked()),
        None => send(act.request, act.done),
        Some(question) => confirm.ask(question, move || {
            send(act.request.clone(), act.done.clone());
        }),
    });
    Actor { busy, act }
}
