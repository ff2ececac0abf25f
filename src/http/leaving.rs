//! Calls that outlive the page.

use js_sys::{Function, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use weir_api::ApiRequest;

use super::Endpoint;

/// Sends a call that the browser delivers after the page is gone. Nobody hears of its answer.
pub fn send_when_leaving(endpoint: &Endpoint, request: ApiRequest) {
    let Some(request) = endpoint.complete_now(request) else {
        return;
    };
    let url = format!("{}{}", endpoint.base, request.target());
    let headers = Object::new();
    let set = |object: &Object, name: &str, value: &JsValue| {
        // Setting a field of a fresh plain object cannot fail.
        let _ = Reflect::set(object, &name.into(), value);
    };
    for (name, value) in &request.headers {
        set(&headers, name, &value.as_str().into());
    }
    let options = Object::new();
    set(&options, "method", &request.method.as_str().into());
    set(&options, "keepalive", &JsValue::TRUE);
    if let Some(body) = &request.body {
        set(
            &headers,
            "Content-Type",
            &JsValue::from_str(&body.content_type),
        );
        set(&options, "body", &Uint8Array::from(body.bytes.as_slice()));
    }
    set(&options, "headers", &headers);
    let fetch = Reflect::get(&js_sys::global(), &"fetch".into());
    if let Ok(fetch) = fetch.and_then(|fetch| fetch.dyn_into::<Function>()) {
        let _ = fetch.call2(&JsValue::UNDEFINED, &url.into(), &options);
    }
}
