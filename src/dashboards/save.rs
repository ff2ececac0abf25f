//! Saving without overwriting what somebody else has saved meanwhile.

use leptos::{prelude::*, task::spawn_local};
use weir_api::{
    ApiError, json_response,
    timeplus::dashboard::{self, Dashboard},
};

use super::board::Board;
use crate::{
    connections::use_endpoint,
    http::{self, Endpoint},
    ui::{Confirm, use_confirm, use_toasts},
};

#[derive(Clone, Copy)]
pub struct Saver {
    pub busy: RwSignal<bool>,
    save: Callback<()>,
}

impl Saver {
    pub fn save(self) {
        self.save.run(());
    }
}

pub fn use_saver(board: Board, failed: RwSignal<Option<ApiError>>) -> Saver {
    let (endpoint, confirm, toasts) = (use_endpoint(), use_confirm(), use_toasts());
    let busy = RwSignal::new(false);
    let put = move |endpoint: Endpoint| {
        busy.set(true);
        spawn_local(async move {
            let sent = untrack(|| board.definition());
            let id = board.saved.with_untracked(|saved| saved.id.clone());
            let answer = match dashboard::update(&id, &sent) {
                Ok(request) => http::send(&endpoint, request).await,
                Err(error) => Err(error),
            };
            if busy.try_set(false).is_some() {
                return;
            }
            match answer.and_then(|body| json_response::<Dashboard>(&body)) {
                Ok(answer) => {
                    toasts.success(format!("Dashboard {} saved", sent.name));
                    // As it was sent: a server may write the same with its keys in another order.
                    board.saved.set(Dashboard {
                        panels: sent.panels,
                        ..answer
                    });
                    board.editing.set(false);
                }
                Err(error) => failed.set(Some(error)),
            }
        });
    };
    let save = Callback::new(move |()| {
        let Some(endpoint) = endpoint.get_untracked().filter(|_| !busy.get_untracked()) else {
            return;
        };
        busy.set(true);
        failed.set(None);
        spawn_local(async move {
            let id = board.saved.with_untracked(|saved| saved.id.clone());
            let now = http::send(&endpoint, dashboard::get(&id)).await;
            if busy.try_set(false).is_some() {
                return;
            }
            let now: Dashboard = match now.and_then(|body| json_response(&body)) {
                Ok(now) => now,
                Err(error) => return failed.set(Some(error)),
            };
            if board
                .saved
                .with_untracked(|saved| saved.last_updated_at == now.last_updated_at)
            {
                return put(endpoint);
            }
            let who = now
                .last_updated_by
                .map_or_else(|| "Somebody".into(), |owner| owner.name);
            let question = Confirm {
                title: "Overwrite the newer version?".into(),
                consequences: vec![
                    format!("{who} has saved this dashboard since you opened it."),
                    "Saving replaces that version. Cancel and export yours first to keep both."
                        .into(),
                ],
                action: "Overwrite".into(),
                danger: true,
                type_name: None,
            };
            confirm.ask(question, move || put(endpoint.clone()));
        });
    });
    Saver { busy, save }
}
