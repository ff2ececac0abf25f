//! JavaScript libraries that are loaded on demand, by the hashed names in `/js/manifest.json`.

use std::collections::HashMap;

use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use weir_api::ApiError;

use crate::http;

#[wasm_bindgen(module = "/src/js/load.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn load(url: &str) -> Result<JsValue, JsValue>;
}

/// The module `name` of the manifest; the browser keeps it after the first time.
pub async fn module<M: JsCast>(name: &str) -> Result<M, ApiError> {
    let manifest = http::asset("/js/manifest.json").await?;
    let names: HashMap<String, String> = weir_api::json_response(&manifest)?;
    let file = names
        .get(name)
        .ok_or_else(|| ApiError::Decode(format!("/js/manifest.json does not name '{name}'")))?;
    load(&format!("/js/{file}"))
        .await
        .map(JsCast::unchecked_into)
        .map_err(|_| ApiError::Network(format!("/js/{file} could not be loaded")))
}
