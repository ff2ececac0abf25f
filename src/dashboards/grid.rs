//! The panels of a dashboard on their grid.

use leptos::prelude::*;

use super::{
    board::Board,
    drag::Drag,
    feed::Lanes,
    frame::{PanelActions, PanelFrame},
    layout,
};

#[component]
pub fn PanelGrid(board: Board, panel_actions: PanelActions) -> impl IntoView {
    let lanes = Lanes::new();
    let drag = Drag::new();
    let rows = Memo::new(move |_| {
        let places: Vec<_> = board.items.get().iter().map(|item| item.at.get()).collect();
        layout::rows(&places)
    });
    let order = Memo::new(move |_| {
        let items = board.items.get();
        let places: Vec<_> = items.iter().map(|item| item.at.get()).collect();
        let order = layout::order(&places);
        order
            .into_iter()
            .map(|index| items[index].key)
            .collect::<Vec<_>>()
    });
    let place = move || {
        let at = drag.target(board)?;
        let style = format!("--x:{};--y:{};--w:{};--h:{}", at.x, at.y, at.w, at.h);
        Some(view! { <div class="dash-place" style=style aria-hidden="true"></div> })
    };
    let escape = window_event_listener(leptos::ev::keydown, move |event| {
        if event.key() == "Escape" {
            drag.stop(board);
        }
    });
    on_cleanup(move || escape.remove());
    view! {
        <div class="dash-grid" class:editing=move || board.editing.get() style=move || format!("--rows:{}", rows.get())>
            {place}
            <For each=move || board.items.get() key=|item| item.key let:item>
                {
                    let at = Signal::derive(move || {
                        order.with(|order| order.iter().position(|key| *key == item.key)).unwrap_or(0)
                    });
                    view! { <PanelFrame board item lanes panel_actions drag order=at /> }
                }
            </For>
        </div>
        <p id="dash-keys" class="visually-hidden">
            "Arrow keys move the panel, with Shift they change its size. Enter edits it, Delete removes it."
        </p>
        <p class="visually-hidden" role="status" aria-live="polite" data-spoken="">{move || board.spoken.get()}</p>
    }
    .into_any()
}
