//! Charts of dashboards and results: what is drawn was decided before, here it is handed over.

use js_sys::{Array, Float64Array};
use leptos::{html, prelude::*};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use web_sys::{Blob, Element};

use super::{many_lines::ManyLines, script};

// Numbers are handed over as copies: a slice would be a view of memory that is soon used again.
#[wasm_bindgen]
extern "C" {
    type Module;
    #[wasm_bindgen(method)]
    fn panel(this: &Module, parent: &Element) -> Panel;
    #[wasm_bindgen(method, catch)]
    async fn card(
        this: &Module,
        parent: &Element,
        title: &str,
        value: &str,
        note: &str,
    ) -> Result<JsValue, JsValue>;

    #[derive(Clone)]
    type Panel;
    #[wasm_bindgen(method)]
    fn draw(this: &Panel, shape: &str, window: &str, x: Float64Array, ys: Array, bases: Array);
    #[wasm_bindgen(method, js_name = drawMany)]
    fn draw_many(this: &Panel, shape: &str, window: &str, x: Float64Array, lines: ManyLines);
    #[wasm_bindgen(method, catch)]
    async fn png(this: &Panel, title: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(method)]
    fn destroy(this: &Panel);
}

/// What is drawn, for those who want it as a file.
#[derive(Clone, Copy)]
pub struct Picture {
    panel: StoredValue<Option<Panel>, LocalStorage>,
    /// In words, where it is one value: the value and what is told of it.
    value: StoredValue<Option<(String, String)>>,
}

impl Picture {
    pub fn new() -> Self {
        Self {
            panel: StoredValue::new_local(None),
            value: StoredValue::new(None),
        }
    }

    /// A single value is shown.
    pub fn show_value(self, value: String, note: String) {
        self.value.set_value(Some((value, note)));
    }

    pub fn forget_value(self) {
        self.value.try_set_value(None);
    }

    /// A PNG; `None` while nothing is drawn, or where the browser cannot.
    pub async fn png(self, title: &str) -> Option<Blob> {
        let made = match self.value.try_get_value()? {
            Some((value, note)) => {
                let module = script::module::<Module>("chart").await.ok()?;
                let parent = document().document_element()?;
                module.card(&parent, title, &value, &note).await
            }
            None => {
                let panel = self.panel.try_get_value().flatten()?;
                panel.png(title).await
            }
        };
        made.ok()?.dyn_into().ok()
    }
}

impl Default for Picture {
    fn default() -> Self {
        Self::new()
    }
}

/// What a chart of a dashboard shows; shape and window are the JSON of `src/js/panel.js`.
#[derive(Clone, Default, PartialEq)]
pub struct Drawing {
    pub shape: String,
    pub window: String,
    /// Lines that are too many to be stroked one by one.
    pub many: bool,
    pub x: Vec<f64>,
    pub ys: Vec<Vec<f64>>,
    pub bases: Vec<Vec<f64>>,
}

/// Calls `drawing` whenever what it reads has changed; `None`: what is drawn stays.
#[component]
pub fn Figure(
    #[prop(into)] label: Signal<String>,
    drawing: Callback<(), Option<Drawing>>,
    picture: Picture,
) -> impl IntoView {
    let host = NodeRef::<html::Div>::new();
    let handle = picture.panel;
    let ready = RwSignal::new(false);
    let failed = RwSignal::new(false);
    host.on_load(move |host| {
        leptos::task::spawn_local(async move {
            match script::module::<Module>("chart").await {
                Ok(module) if !handle.is_disposed() => {
                    handle.set_value(Some(module.panel(&host)));
                    ready.set(true);
                }
                Ok(_) => {}
                Err(_) => {
                    failed.try_set(true);
                }
            }
        });
    });
    let arrays = |all: &[Vec<f64>]| -> Array {
        all.iter()
            .map(|values| JsValue::from(Float64Array::from(values.as_slice())))
            .collect()
    };
    Effect::new(move || {
        if !ready.get() {
            return;
        }
        let Some(drawing) = drawing.run(()) else {
            return;
        };
        let Some(handle) = handle.get_value() else {
            return;
        };
        let (shape, window) = (&drawing.shape, &drawing.window);
        let axis = Float64Array::from(drawing.x.as_slice());
        if drawing.many {
            let lines = ManyLines::new(drawing.x, drawing.ys);
            handle.draw_many(shape, window, axis, lines);
        } else {
            let (ys, bases) = (arrays(&drawing.ys), arrays(&drawing.bases));
            handle.draw(shape, window, axis, ys, bases);
        }
    });
    on_cleanup(move || {
        if let Some(Some(handle)) = handle.try_update_value(Option::take) {
            handle.destroy();
        }
    });
    view! {
        <div class="figure" role="img" aria-label=label node_ref=host>
            <Show when=move || failed.get()>
                <p class="chart-failed">"The chart library could not be loaded. Reload the page to try again."</p>
            </Show>
        </div>
    }
    .into_any()
}
