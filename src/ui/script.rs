//! JavaScript libraries that are loaded on demand, by the hashed names in `js/manifest.json`.

use std::{cell::Cell, collections::HashMap, future::Future, pin::Pin};

use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use weir_api::ApiError;

use crate::paths;

#[wasm_bindgen(module = "/src/js/load.js")]
extern "C" {
    #[wasm_bindgen(catch)]
    async fn load(url: &str) -> Result<JsValue, JsValue>;
}

type Read = fn(&'static str) -> Bytes;
type Bytes = Pin<Box<dyn Future<Output = Result<Vec<u8>, ApiError>>>>;

thread_local! {
    static READ: Cell<Option<Read>> = const { Cell::new(None) };
}

/// `read` gets a file of the console itself; without it no module is found.
pub fn read_with(read: Read) {
    READ.set(Some(read));
}

/// The module `name` of the manifest; the browser keeps it after the first time.
pub async fn module<M: JsCast>(name: &str) -> Result<M, ApiError> {
    let read = READ
        .get()
        .ok_or_else(|| ApiError::Decode("nothing reads the console's files".into()))?;
    let manifest = read("js/manifest.json").await?;
    let names: HashMap<String, String> = weir_api::json_response(&manifest)?;
    let file = names
        .get(name)
        .ok_or_else(|| ApiError::Decode(format!("js/manifest.json does not name '{name}'")))?;
    load(&paths::file(&format!("js/{file}")))
        .await
        .map(JsCast::unchecked_into)
        .map_err(|_| ApiError::Network(format!("js/{file} could not be loaded")))
}
