//! The dialog in which a panel is added or edited.

use leptos::prelude::*;
use weir_api::timeplus::dashboard::Position;

use super::{
    board::Board,
    editor::{Edit, PanelEditor},
    kind::Kind,
    layout,
};
use crate::ui::Dialog;

#[component]
pub fn EditorDialog(board: Board, edit: RwSignal<Option<Edit>>) -> impl IntoView {
    let open = RwSignal::new(false);
    Effect::new(move || open.set(edit.with(Option::is_some)));
    Effect::new(move || {
        if !open.get() && edit.with_untracked(Option::is_some) {
            edit.set(None);
        }
    });
    let apply = move |done: Edit| {
        open.set(false);
        let index = done.key.and_then(|key| board.index(key));
        match index {
            Some(index) => board.items.with_untracked(|items| {
                if let Some(item) = items.get(index)
                    && item.panel.with_untracked(|panel| *panel != done.panel)
                {
                    item.panel.set(done.panel);
                }
            }),
            None => {
                let kind = Kind::of(&done.panel);
                let size = match kind {
                    Kind::Selector | Kind::TextBox => (3, 1),
                    Kind::SingleValue => (3, 2),
                    Kind::Table => (12, 3),
                    _ => (layout::USUAL.w, layout::USUAL.h),
                };
                let size = Position {
                    w: size.0,
                    h: size.1,
                    ..layout::USUAL
                };
                board.add(done.panel, size);
            }
        }
    };
    let title = Signal::derive(move || {
        let new = edit.with(|edit| edit.as_ref().is_some_and(|edit| edit.key.is_none()));
        if new {
            "Add panel".to_string()
        } else {
            "Edit panel".into()
        }
    });
    let body = move || {
        edit.get_untracked().map(|edit| {
            view! { <PanelEditor board edit on_apply=apply on_cancel=move || open.set(false) /> }
        })
    };
    view! { <Dialog open title children=body wide=true /> }.into_any()
}
