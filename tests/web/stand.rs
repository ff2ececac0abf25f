//! Where live results stand in the tests: the grid with all that belongs to it, fed by hand.

use std::time::Duration;

use leptos::{mount::mount_to, prelude::*};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};
use weir::{
    live::{Session, results::ResultRows, status::StatusLine, tools::LiveTools},
    ui::Toasts,
};

const HEADER: &str = r#"[{"name":"u","type":"uint64"},{"name":"i","type":"int64"},{"name":"s","type":"nullable(string)"}]"#;

pub(crate) fn started() -> String {
    started_with(HEADER)
}

/// A query whose columns are these, as JSON.
pub(crate) fn started_with(header: &str) -> String {
    format!(
        "event: query\ndata: {{\"id\":\"q1\",\"status\":\"running\",\"result\":{{\"header\":{header}}}}}\n\n"
    )
}

pub(crate) fn batch(id: u64, rows: std::ops::Range<u64>) -> String {
    let rows: Vec<String> = rows
        .map(|row| format!("[{row},-{row},\"row {row}\"]"))
        .collect();
    format!("id: {id}\ndata: [{}]\n\n", rows.join(","))
}

pub(crate) struct Stand {
    pub(crate) session: Session,
    pub(crate) place: Element,
    pub(crate) timeline: RwSignal<bool>,
    _mount: Box<dyn std::any::Any>,
}

/// A grid of 600 × 320 pixels with its status line, styled as far as its size depends on it.
pub(crate) async fn stand() -> Stand {
    let style = document().create_element("style").expect("style");
    style.set_text_content(Some(
        ".grid{position:absolute;inset:0;overflow:auto} .grid-content{position:relative} \
         .grid-layer{position:sticky;top:0;left:0;overflow:hidden} .grid-row{height:28px;position:relative} \
         .grid-cell,.grid-head-cell{position:absolute} .live-body{position:relative;height:320px} \
         .live-grid{position:relative;height:320px} .hidden{display:none}",
    ));
    let place: HtmlElement = document()
        .create_element("div")
        .expect("div")
        .unchecked_into();
    place.style().set_css_text("width:600px");
    let body = document().body().expect("body");
    body.append_child(&style).expect("append");
    body.append_child(&place).expect("append");
    let session = StoredValue::new_local(None::<Session>);
    let open = StoredValue::new(None::<RwSignal<bool>>);
    let mount = mount_to(place.clone(), move || {
        provide_context(Toasts::new());
        let made = Session::new();
        let timeline = RwSignal::new(false);
        open.set_value(Some(timeline));
        session.set_value(Some(made));
        view! {
            <LiveTools session=made timeline />
            <ResultRows session=made idle="" timeline />
            <StatusLine session=made />
        }
    });
    let stand = Stand {
        session: session.get_value().expect("session"),
        timeline: open.get_value().expect("timeline"),
        place: place.unchecked_into(),
        _mount: Box::new(mount),
    };
    frames(3).await;
    stand
}

impl Stand {
    pub(crate) async fn play(&self, text: &str) {
        self.session.replay(text.as_bytes());
        frames(3).await;
    }

    pub(crate) fn texts(&self, selector: &str) -> Vec<String> {
        let all = self.place.query_selector_all(selector).expect("selector");
        (0..all.length())
            .filter_map(|index| all.item(index)?.dyn_into::<Element>().ok())
            .filter(|cell| cell.closest("[hidden]").ok().flatten().is_none())
            .map(|cell| cell.text_content().unwrap_or_default())
            .collect()
    }

    pub(crate) fn figure(&self, name: &str) -> String {
        self.texts(&format!("[data-live={name}]")).concat()
    }

    pub(crate) fn find(&self, selector: &str) -> HtmlElement {
        let found = self.place.query_selector(selector).expect("selector");
        found
            .unwrap_or_else(|| panic!("no {selector}"))
            .unchecked_into()
    }

    /// The button, menu item or label with these words.
    pub(crate) fn named(&self, selector: &str, words: &str) -> HtmlElement {
        let all = self.place.query_selector_all(selector).expect("selector");
        let mut all =
            (0..all.length()).filter_map(|index| all.item(index)?.dyn_into::<HtmlElement>().ok());
        let named = |element: &HtmlElement| {
            let label = element.get_attribute("aria-label").unwrap_or_default();
            element.text_content().unwrap_or_default().trim() == words || label == words
        };
        all.find(named)
            .unwrap_or_else(|| panic!("no {selector} named {words}"))
    }

    pub(crate) async fn press(&self, element: &HtmlElement, key: &str, shift: bool) {
        let options = web_sys::KeyboardEventInit::new();
        options.set_shift_key(shift);
        self.key(element, key, &options).await;
    }

    pub(crate) async fn press_alt(&self, element: &HtmlElement, key: &str) {
        let options = web_sys::KeyboardEventInit::new();
        options.set_alt_key(true);
        self.key(element, key, &options).await;
    }

    async fn key(&self, element: &HtmlElement, key: &str, options: &web_sys::KeyboardEventInit) {
        options.set_key(key);
        options.set_bubbles(true);
        let event = web_sys::KeyboardEvent::new_with_keyboard_event_init_dict("keydown", options);
        let _ = element.dispatch_event(&event.expect("event"));
        frames(2).await;
    }

    pub(crate) async fn click(&self, selector: &str, words: &str) {
        self.named(selector, words).click();
        frames(3).await;
    }

    /// A person's choice of a select or input, by its label's words.
    pub(crate) async fn choose(&self, label: &str, value: &str) {
        let place = self.place.query_selector_all("label").expect("selector");
        let control = (0..place.length())
            .filter_map(|index| place.item(index)?.dyn_into::<Element>().ok())
            .filter(|one| {
                one.text_content()
                    .unwrap_or_default()
                    .trim_start()
                    .starts_with(label)
            })
            .find_map(|one| one.query_selector("select,input").ok().flatten())
            .unwrap_or_else(|| panic!("no field {label}"));
        let set = |name: &str| {
            let event = web_sys::Event::new_with_event_init_dict(name, &bubbling()).expect("event");
            let _ = control.dispatch_event(&event);
        };
        js_sys::Reflect::set(&control, &"value".into(), &value.into()).expect("a value");
        set("input");
        set("change");
        frames(3).await;
    }

    /// A pointer's press, way and release in pixels from the element's top left.
    pub(crate) async fn drag(&self, element: &HtmlElement, from: (f64, f64), to: (f64, f64)) {
        let place = element.get_bounding_client_rect();
        let fire = |kind: &str, (x, y): (f64, f64), buttons: u16| {
            let options = web_sys::PointerEventInit::new();
            options.set_bubbles(true);
            options.set_buttons(buttons);
            options.set_client_x((place.left() + x) as i32);
            options.set_client_y((place.top() + y) as i32);
            let event = web_sys::PointerEvent::new_with_event_init_dict(kind, &options);
            let _ = element.dispatch_event(&event.expect("event"));
        };
        fire("pointerdown", from, 1);
        fire("pointermove", to, 1);
        fire("pointerup", to, 0);
        frames(3).await;
    }

    pub(crate) fn grid(&self) -> HtmlElement {
        let grid = self.place.query_selector("[role=grid]").expect("selector");
        grid.expect("grid").unchecked_into()
    }

    pub(crate) async fn scroll(&self, top: i32) {
        self.grid().set_scroll_top(top);
        frames(3).await;
    }
}

fn bubbling() -> web_sys::EventInit {
    let options = web_sys::EventInit::new();
    options.set_bubbles(true);
    options
}

pub(crate) async fn frames(count: u32) {
    for _ in 0..count {
        let frame = js_sys::Promise::new(&mut |resolve, _| {
            request_animation_frame(move || {
                let _ = resolve.call0(&wasm_bindgen::JsValue::NULL);
            });
        });
        let _ = wasm_bindgen_futures::JsFuture::from(frame).await;
        // What a frame has set is painted in the turn after it.
        let turn = js_sys::Promise::new(&mut |resolve, _| {
            set_timeout(
                move || {
                    let _ = resolve.call0(&wasm_bindgen::JsValue::NULL);
                },
                Duration::ZERO,
            );
        });
        let _ = wasm_bindgen_futures::JsFuture::from(turn).await;
    }
}
