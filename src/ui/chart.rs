//! Live lines: uPlot, loaded when the first chart is shown.

use js_sys::{Array, Float64Array};
use leptos::{html, prelude::*};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::Element;

use super::{script, zone};

#[wasm_bindgen]
extern "C" {
    type Module;
    #[wasm_bindgen(method)]
    fn create(this: &Module, parent: &Element) -> Handle;

    #[derive(Clone)]
    type Handle;
    #[wasm_bindgen(method)]
    fn set(this: &Handle, names: Array, zone: &str, x: Float64Array, ys: Array);
    #[wasm_bindgen(method)]
    fn destroy(this: &Handle);
}

/// Lines that share their x values. `x` is in seconds since 1970 where `time`.
#[derive(Clone, Default, PartialEq)]
pub struct Lines {
    pub time: bool,
    pub x: Vec<f64>,
    /// Name and one y for each x, NaN where there is none.
    pub series: Vec<(String, Vec<f64>)>,
}

/// Calls `lines` whenever what it reads has changed; `None`: what is drawn stays. `label` says
/// what is to be seen.
#[component]
pub fn Chart(
    #[prop(into)] label: Signal<String>,
    lines: Callback<(), Option<Lines>>,
) -> impl IntoView {
    let host = NodeRef::<html::Div>::new();
    let handle = StoredValue::new_local(None::<Handle>);
    let ready = RwSignal::new(false);
    let failed = RwSignal::new(false);

    host.on_load(move |host| {
        leptos::task::spawn_local(async move {
            match script::module::<Module>("chart").await {
                Ok(module) if !handle.is_disposed() => {
                    handle.set_value(Some(module.create(&host)));
                    ready.set(true);
                }
                Ok(_) => {}
                Err(_) => {
                    failed.try_set(true);
                }
            }
        });
    });
    Effect::new(move || {
        if !ready.get() {
            return;
        }
        let Some(lines) = lines.run(()) else {
            return;
        };
        let names = lines.series.iter().map(|(name, _)| JsValue::from_str(name));
        let ys = lines
            .series
            .iter()
            .map(|(_, y)| JsValue::from(Float64Array::from(y.as_slice())));
        if let Some(handle) = handle.get_value() {
            // A copy: a slice would be a view of memory that is soon used again.
            let x = Float64Array::from(lines.x.as_slice());
            let zone = match lines.time {
                true => zone::chosen().clock().name,
                false => String::new(),
            };
            handle.set(names.collect(), &zone, x, ys.collect());
        }
    });
    on_cleanup(move || {
        if let Some(handle) = handle.try_get_value().flatten() {
            handle.destroy();
        }
    });
    view! {
        <div class="chart" role="img" aria-label=label node_ref=host>
            <Show when=move || failed.get()>
                <p class="chart-failed">"The chart library could not be loaded. Reload the page to try again."</p>
            </Show>
        </div>
    }
}
