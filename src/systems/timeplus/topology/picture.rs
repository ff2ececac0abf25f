//! The graph as a picture: boxes that are links, arrows between them; moved by scrolling or
//! dragging, larger and smaller by buttons. Only what the window shows is in the document.

use std::collections::{BTreeSet, HashMap};

use leptos::{ev::PointerEvent, html, prelude::*};
use wasm_bindgen::{JsCast, closure::Closure};
use web_sys::ResizeObserver;

use super::{
    arrange::{Drawn, arrange},
    boxes::{ItemBox, Pointed},
    lines::lines,
    net::{Item, Net},
    state::PageState,
};
use crate::ui::{Button, ButtonKind, number::count};

const SIZES: [f64; 6] = [0.4, 0.55, 0.75, 1.0, 1.25, 1.5];
const NORMAL: usize = 3;
/// What is drawn beyond the window, and how far it moves before it is looked at again.
const BEYOND: f64 = 400.0;
const STEP: f64 = 200.0;

#[component]
pub fn Picture(shown: PageState) -> impl IntoView {
    let size = RwSignal::new(NORMAL);
    let scale = Memo::new(move |_| SIZES[size.get()]);
    let pointed: Pointed = RwSignal::new(None);
    let host = NodeRef::<html::Div>::new();
    let room = RwSignal::new(0.0);
    let window = RwSignal::new((0.0, 0.0, 0.0, 0.0));
    let drawn = Memo::new(move |_| {
        let room = room.get();
        match room > 0.0 {
            true => shown.net.with(|net| arrange(net, room)),
            false => Drawn::default(),
        }
    });
    let look = move || {
        let Some(host) = host.try_get_untracked().flatten() else {
            return;
        };
        let scale = scale.get_untracked();
        let width = f64::from(host.client_width());
        let at = |pixels: i32| (f64::from(pixels) / scale / STEP).floor() * STEP;
        let (left, top) = (at(host.scroll_left()), at(host.scroll_top()));
        let height = f64::from(host.client_height()) / scale;
        let around = BEYOND + STEP;
        let now = (
            left - BEYOND,
            top - BEYOND,
            left + width / scale + around,
            top + height + around,
        );
        // A bar that comes and goes must not arrange everything anew.
        if (room.get_untracked() - width).abs() > 24.0 {
            room.set(width);
        }
        if window.get_untracked() != now {
            window.set(now);
        }
    };
    watch_size(host, look);
    Effect::new(move || {
        scale.track();
        drawn.track();
        request_animation_frame(look);
    });

    // Everything that data comes from and goes to; `None`: nothing is followed.
    let lit = Memo::new(move |_| {
        let on = pointed.get();
        shown.net.with(|net| {
            let start = shown.found.with(|found| {
                places(net, |item| {
                    item.is_one_of(found) || on.as_ref() == Some(&item.node.id)
                })
            });
            (!start.is_empty()).then(|| net.flow(&start, usize::MAX))
        })
    });
    // What is looked for comes into the window, once: figures that change must not scroll it.
    Effect::new(move |before: Option<BTreeSet<String>>| {
        let found = shown.found.get();
        let first = drawn.with(|drawn| {
            let mut items = drawn.items.iter();
            let item = items.find(|(item, ..)| item.is_one_of(&found));
            item.map(|(_, x, y)| (*x, *y))
        });
        let (Some((x, y)), Some(host)) = (first, host.get_untracked()) else {
            return before.unwrap_or_default();
        };
        if before.as_ref() != Some(&found) {
            let scale = scale.get_untracked();
            let middle = |at: f64, room: i32| (at * scale - f64::from(room) / 3.0).max(0.0) as i32;
            host.set_scroll_left(middle(x, host.client_width()));
            host.set_scroll_top(middle(y, host.client_height()));
        }
        found
    });

    let at = Memo::new(move |_| {
        drawn.with(|drawn| {
            let ids = drawn.items.iter().enumerate();
            ids.map(|(at, (item, ..))| (item.node.id.clone(), at))
                .collect::<HashMap<_, _>>()
        })
    });
    let ids = Memo::new(move |_| {
        let window = window.get();
        drawn.with(|drawn| {
            let id = |at: usize| drawn.items[at].0.node.id.clone();
            drawn.seen(window).into_iter().map(id).collect::<Vec<_>>()
        })
    });
    let one = move |id: String| {
        let key = id.clone();
        let item = Memo::new(move |_| {
            let at = at.with(|at| at.get(&key).copied())?;
            drawn.with(|drawn| drawn.items.get(at).cloned())
        });
        let is_lit = Memo::new(move |_| {
            let at = at.with(|at| at.get(&id).copied())?;
            lit.with(|lit| lit.as_ref()?.get(at).copied())
        });
        view! { <ItemBox shown item is_lit pointed /> }
    };
    let width = move || format!("{}px", drawn.with(|drawn| drawn.width));
    let height = move || format!("{}px", drawn.with(|drawn| drawn.height));
    let alone = move || {
        drawn.with(|drawn| drawn.alone).map(|(alone, top)| {
            let words = format!("Not connected: {}", count(alone as u64));
            view! { <p class="topology-alone" style:top=format!("{top}px")>{words}</p> }
        })
    };
    let change = move |by: isize| {
        size.update(|size| *size = size.saturating_add_signed(by).min(SIZES.len() - 1))
    };
    let fit = move || {
        let Some(host) = host.get_untracked() else {
            return;
        };
        let room = (
            f64::from(host.client_width()),
            f64::from(host.client_height()),
        );
        let (width, height) = drawn.with_untracked(|drawn| (drawn.width, drawn.height));
        let fits = |size: &usize| width * SIZES[*size] <= room.0 && height * SIZES[*size] <= room.1;
        size.set((0..=NORMAL).rev().find(fits).unwrap_or(0));
    };
    view! {
        <div class="topology-tools">
            <Button kind=ButtonKind::Quiet label="Smaller" disabled=Signal::derive(move || size.get() == 0) on_click=move || change(-1)>"−"</Button>
            <Button kind=ButtonKind::Quiet label="Larger" disabled=Signal::derive(move || size.get() + 1 == SIZES.len()) on_click=move || change(1)>"+"</Button>
            <Button kind=ButtonKind::Quiet on_click=fit>"Fit"</Button>
            <span class="field-help">"Data flows from left to right. Point at a node, or search, to follow its flow."</span>
        </div>
        <div class="topology-picture" role="group" aria-label="Graph of nodes" node_ref=host tabindex="0" on:scroll=move |_| look() {..drag(host)}>
            <div class="topology-sheet" style:width=width style:height=height style:zoom=move || scale.get().to_string()>
                <svg class="topology-lines" aria-hidden="true" width=width height=height>
                    {move || lines(drawn, window.get(), lit)}
                </svg>
                {alone}
                <For each=move || ids.get() key=String::clone children=one />
            </div>
        </div>
    }
    .into_any()
}

fn places(net: &Net, which: impl Fn(&Item) -> bool) -> Vec<usize> {
    let items = net.items.iter().enumerate();
    items
        .filter(|(_, item)| which(item))
        .map(|(at, _)| at)
        .collect()
}

/// Tells when the box has a size, and whenever it has another one.
fn watch_size(host: NodeRef<html::Div>, look: impl Fn() + Copy + 'static) {
    let watched = StoredValue::new_local(None::<(ResizeObserver, Closure<dyn FnMut()>)>);
    Effect::new(move || {
        let Some(host) = host.get() else { return };
        let changed = Closure::<dyn FnMut()>::new(move || {
            request_animation_frame(look);
        });
        if let Ok(observer) = ResizeObserver::new(changed.as_ref().unchecked_ref()) {
            observer.observe(&host);
            watched.set_value(Some((observer, changed)));
        }
        look();
    });
    on_cleanup(move || {
        if let Some(Some((observer, _))) = watched.try_update_value(Option::take) {
            observer.disconnect();
        }
    });
}

/// Moves what is in the box with the pointer.
fn drag(host: NodeRef<html::Div>) -> impl leptos::attr::Attribute {
    let held = StoredValue::new(None::<(i32, i32)>);
    let begin = move |event: PointerEvent| {
        if event.pointer_type() == "mouse" && event.button() == 0 {
            held.set_value(Some((event.client_x(), event.client_y())));
        }
    };
    let go_on = move |event: PointerEvent| {
        let (Some((x, y)), Some(host)) = (held.get_value(), host.get_untracked()) else {
            return;
        };
        if event.buttons() == 0 {
            return held.set_value(None);
        }
        host.set_scroll_left(host.scroll_left() - (event.client_x() - x));
        host.set_scroll_top(host.scroll_top() - (event.client_y() - y));
        held.set_value(Some((event.client_x(), event.client_y())));
    };
    (
        leptos::tachys::html::event::on(leptos::ev::pointerdown, begin),
        leptos::tachys::html::event::on(leptos::ev::pointermove, go_on),
    )
}
