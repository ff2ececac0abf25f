//! Points on a graticule, to be zoomed and moved by pointer and keys. Map tiles would come from
//! elsewhere, which the page's Content-Security-Policy forbids.

use leptos::{
    ev::{KeyboardEvent, PointerEvent},
    html,
    prelude::*,
};
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::{Inside, colour};
use crate::{
    dashboards::geo::{Frame, Map, Point, map},
    live::{frame::clock, pace::Pace},
    ui::{Button, ButtonKind, Icon, IconName},
};

pub fn view(inside: Inside) -> AnyView {
    let session = inside.feed.session;
    let options = inside.options;
    let pace = Pace::new();
    let shown = RwSignal::new(Map::default());
    let lacks = RwSignal::new(false);
    Effect::new(move || {
        session.facts.track();
        pace.again.track();
        let options = options.get();
        if !pace.ready() {
            return;
        }
        let since = clock();
        let (now, rows) = session.read(|core| {
            let ring = core.rows.shown();
            (map(ring, &options), ring.len())
        });
        let none = now.is_none() && rows > 0;
        if lacks.get_untracked() != none {
            lacks.set(none);
        }
        let now = now.unwrap_or_default();
        if shown.with_untracked(|before| *before != now) {
            shown.set(now);
        }
        pace.took(since);
    });
    // Follows the points until the person moves it.
    let own = RwSignal::new(None::<Frame>);
    let usual = Memo::new(move |_| shown.with(|map| Frame::of(&options.read(), map)));
    let frame = Memo::new(move |_| own.get().unwrap_or_else(|| usual.get()));
    let host = NodeRef::<html::Div>::new();
    let size = move || {
        let host = host.get_untracked();
        let size = |px: i32| f64::from(px.max(1));
        host.map_or((1.0, 1.0), |host| {
            (size(host.client_width()), size(host.client_height()))
        })
    };
    let held = StoredValue::new(None::<(f64, f64, Frame)>);
    let down = move |event: PointerEvent| {
        if event.button() != 0 {
            return;
        }
        if let Some(element) = event
            .current_target()
            .map(|t| t.unchecked_into::<Element>())
        {
            let _ = element.set_pointer_capture(event.pointer_id());
        }
        held.set_value(Some((
            event.client_x().into(),
            event.client_y().into(),
            frame.get_untracked(),
        )));
    };
    let moves = move |event: PointerEvent| {
        if let Some((x, y, from)) = held.get_value() {
            let width = size().0;
            let (right, below) = (
                f64::from(event.client_x()) - x,
                f64::from(event.client_y()) - y,
            );
            own.set(Some(from.moved(-right / width, -below / width)));
        }
    };
    let up = move |_: PointerEvent| held.set_value(None);
    let zoom = move |factor: f64| own.set(Some(frame.get_untracked().zoomed(factor)));
    let keys = move |event: KeyboardEvent| {
        let now = frame.get_untracked();
        let to = match event.key().as_str() {
            "ArrowLeft" => now.moved(-0.1, 0.0),
            "ArrowRight" => now.moved(0.1, 0.0),
            "ArrowUp" => now.moved(0.0, -0.1),
            "ArrowDown" => now.moved(0.0, 0.1),
            "+" | "=" => now.zoomed(0.7),
            "-" => now.zoomed(1.4),
            _ => return,
        };
        event.prevent_default();
        event.stop_propagation();
        own.set(Some(to));
    };
    let opacity = move || {
        options
            .with(|options| options.number("opacity"))
            .unwrap_or(0.85)
            .clamp(0.05, 1.0)
    };
    let points = move || {
        let colours = options.with(|options| options.list("colors"));
        let opacity = opacity();
        let dot = |point: Point| {
            let ink = colour(&colours, point.group);
            view! {
                <path
                    class="geo-point"
                    d=format!("M{:.5} {:.5}h0", point.longitude, -point.latitude)
                    style=format!("stroke:{ink};stroke-width:{:.1}px;stroke-opacity:{opacity}", point.size)
                >
                    <title>{point.words}</title>
                </path>
            }
        };
        shown.get().points.into_iter().map(dot).collect_view()
    };
    let legend = move || {
        let colours = options.with(|options| options.list("colors"));
        let groups = shown.with(|map| map.groups.clone());
        (groups.len() > 1).then(|| {
            let entries = groups
                .into_iter()
                .take(12)
                .enumerate()
                .map(|(index, name)| {
                    let ink = format!("background:{}", colour(&colours, index));
                    view! { <li><span class="dot" style=ink></span>{name}</li> }
                });
            view! { <ul class="geo-legend">{entries.collect_view()}</ul> }
        })
    };
    let label = move || {
        let count = shown.with(|map| map.points.len());
        format!(
            "Map with {}",
            crate::ui::number::plural(count as u64, "point", "points")
        )
    };
    let ratio = RwSignal::new(0.5);
    Effect::new(move || {
        shown.track();
        frame.track();
        let (width, height) = size();
        if width > 1.0 {
            ratio.set(height / width);
        }
    });
    view! {
        <div class="geo" node_ref=host>
            <svg
                role="application"
                tabindex="0"
                aria-label=label
                aria-roledescription="map"
                viewBox=move || frame.get().view_box(ratio.get())
                preserveAspectRatio="xMidYMid meet"
                on:pointerdown=down
                on:pointermove=moves
                on:pointerup=up
                on:pointercancel=up
                on:keydown=keys
                on:wheel=move |event| {
                    event.prevent_default();
                    zoom(if event.delta_y() > 0.0 { 1.15 } else { 0.87 });
                }
            >
                <rect class="geo-world" x="-180" y="-90" width="360" height="180" />
                <path class="geo-lines" d=move || frame.get().graticule() />
                <path class="geo-lines strong" d="M-180 0H180M0 -90V90" />
                {points}
            </svg>
            <div class="geo-tools">
                <Button kind=ButtonKind::Quiet label="Zoom in" on_click=move || zoom(0.6)><Icon name=IconName::Plus /></Button>
                <Button kind=ButtonKind::Quiet label="Zoom out" on_click=move || zoom(1.7)><Icon name=IconName::Minus /></Button>
                <Button kind=ButtonKind::Quiet label="All points" on_click=move || own.set(None)><Icon name=IconName::Expand /></Button>
            </div>
            {legend}
            <Show when=move || lacks.get()>
                <p class="dash-note over">"A map needs longitude and latitude columns."</p>
            </Show>
        </div>
    }
    .into_any()
}
