//! Saving without overwriting what somebody else has saved meanwhile.

use leptos::prelude::*;
use weir_api::{
    ApiError, json_response,
    timeplus::dashboard::{self, Dashboard},
};

use super::board::Board;
use crate::{
    kit::{Call, use_call},
    ui::{Confirm, use_confirm, use_toasts},
};

#[derive(Clone, Copy)]
pub struct Saver {
    call: Call,
    save: Callback<()>,
}

impl Saver {
    pub fn save(self) {
        self.save.run(());
    }

    pub fn busy(self) -> RwSignal<bool> {
        self.call.busy
    }

    pub fn error(self) -> RwSignal<Option<ApiError>> {
        self.call.error
    }
}

pub fn use_saver(board: Board) -> Saver {
    let (call, confirm, toasts) = (use_call(), use_confirm(), use_toasts());
    let put = move || {
        let sent = untrack(|| board.definition());
        let id = board.saved.with_untracked(|saved| saved.id.clone());
        let request = dashboard::update(&id, &sent);
        call.read(request, json_response::<Dashboard>, move |answer| {
            toasts.success(format!("Dashboard {} saved", sent.name));
            // As it was sent: a server may write the same with its keys in another order.
            board.saved.set(Dashboard {
                panels: sent.panels,
                beside: sent.beside,
                ..answer
            });
            board.editing.set(false);
        });
    };
    let save = Callback::new(move |()| {
        let id = board.saved.with_untracked(|saved| saved.id.clone());
        let get = Ok(dashboard::CRUD.get(&id));
        call.read(get, json_response::<Dashboard>, move |now| {
            if board
                .saved
                .with_untracked(|saved| saved.last_updated_at == now.last_updated_at)
            {
                return put();
            }
            let who = now
                .last_updated_by
                .map_or_else(|| "Another user".into(), |owner| owner.name);
            let question = Confirm {
                title: "Overwrite the newer version?".into(),
                consequences: vec![
                    format!("{who} has saved this dashboard since you opened it."),
                    "Saving overwrites that version. To keep both, cancel and export yours first."
                        .into(),
                ],
                action: "Overwrite".into(),
                danger: true,
                type_name: None,
            };
            confirm.ask(question, put);
        });
    });
    Saver { call, save }
}
