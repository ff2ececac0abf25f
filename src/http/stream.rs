//! Bodies that are read as they arrive.

use std::cell::Cell;
use std::rc::Rc;

use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::JsFuture;
use web_sys::ReadableStreamDefaultReader;
use weir_api::{ApiError, ApiRequest};

use super::{Abort, endpoint::Endpoint, network, observer::report, start};

/// A body that is read as it arrives.
pub struct ByteStream {
    endpoint: Endpoint,
    status: u16,
    notices: Vec<String>,
    reader: Option<ReadableStreamDefaultReader>,
    aborted: Rc<Cell<bool>>,
}

impl ByteStream {
    /// 204 after a statement without result.
    pub fn status(&self) -> u16 {
        self.status
    }

    /// What of a statement without result changes nothing on this server, as the embedded backend
    /// says.
    pub fn notices(&self) -> &[String] {
        &self.notices
    }

    /// The next piece, or `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Vec<u8>>, ApiError> {
        let Some(reader) = &self.reader else {
            return Ok(None);
        };
        let read = JsFuture::from(reader.read()).await;
        if self.aborted.get() {
            return Err(ApiError::Cancelled);
        }
        let read = read.map_err(network);
        if read.is_err() {
            report(&self.endpoint, &read);
        }
        let result = read?;
        let done = js_sys::Reflect::get(&result, &"done".into()).map_err(network)?;
        if done.is_truthy() {
            return Ok(None);
        }
        let value = js_sys::Reflect::get(&result, &"value".into()).map_err(network)?;
        // `Uint8Array::new` would make one more copy of every byte that arrives.
        Ok(Some(value.unchecked_into::<Uint8Array>().to_vec()))
    }
}

/// Sends a call and returns as soon as the answer's head is there.
pub async fn open(
    endpoint: &Endpoint,
    request: ApiRequest,
    abort: &Abort,
) -> Result<ByteStream, ApiError> {
    let outcome = start(endpoint, request, Some(abort)).await;
    report(endpoint, &outcome);
    let response = outcome?;
    let notices = response.headers().get("x-weir-notices");
    let notices = notices.and_then(|text| serde_json::from_str(&text).ok());
    let reader = response
        .body()
        .map(|body| body.get_reader().unchecked_into());
    Ok(ByteStream {
        endpoint: endpoint.clone(),
        status: response.status(),
        notices: notices.unwrap_or_default(),
        reader,
        aborted: abort.aborted.clone(),
    })
}
