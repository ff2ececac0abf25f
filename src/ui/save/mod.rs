//! Files on the person's device. Large ones are written piece by piece, straight to disk where the
//! browser can, so that no second copy is held in memory.

mod staged;

use std::time::Duration;

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlAnchorElement, Url};

use self::staged::Staged;

/// From this size on the person is asked where to write straight to, where the browser can.
const LARGE: u64 = 16 << 20;

/// How long the browser may still read from what was handed over.
const READ: Duration = Duration::from_secs(60);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FileKind {
    pub name: &'static str,
    pub media_type: &'static str,
}

pub struct Saving {
    kind: FileKind,
    target: Target,
}

enum Target {
    /// A `FileSystemWritableFileStream` to where the person wants the file.
    Disk(JsValue),
    /// The same to the browser's own folder, from where the file is handed over at its end.
    Staged(Staged),
    /// Blobs, where the browser has neither.
    Memory(Array),
}

impl Saving {
    /// `expected` bytes. `None` when the person thought better of it.
    pub async fn open(kind: FileKind, expected: u64) -> Result<Option<Self>, JsValue> {
        let Some(picker) = picker().filter(|_| expected > LARGE) else {
            return Ok(Some(Self::staged(kind).await));
        };
        let picked = pick(&picker, kind).await?;
        Ok(picked.map(|writable| Self {
            kind,
            target: Target::Disk(writable),
        }))
    }

    /// A file that is only handed over at its end.
    pub async fn staged(kind: FileKind) -> Self {
        let target = match Staged::open(kind).await {
            Ok(staged) => Target::Staged(staged),
            Err(_) => Target::Memory(Array::new()),
        };
        Self { kind, target }
    }

    pub async fn write(&mut self, text: &str) -> Result<(), JsValue> {
        if text.is_empty() {
            return Ok(());
        }
        match &self.target {
            Target::Disk(writable) | Target::Staged(Staged { writable, .. }) => {
                call(writable, "write", &text.into()).await.map(drop)
            }
            Target::Memory(parts) => {
                let part = Blob::new_with_str_sequence(&Array::of1(&text.into()))?;
                parts.push(&part);
                Ok(())
            }
        }
    }

    pub async fn finish(self) -> Result<(), JsValue> {
        let name = self.kind.name;
        match self.target {
            Target::Disk(writable) => call(&writable, "close", &JsValue::UNDEFINED)
                .await
                .map(drop),
            Target::Staged(staged) => staged.hand_over(name).await,
            Target::Memory(parts) => {
                let options = web_sys::BlobPropertyBag::new();
                options.set_type(self.kind.media_type);
                let blob = Blob::new_with_blob_sequence_and_options(&parts, &options)?;
                save_blob(&blob, name)
            }
        }
    }
}

/// A short text; `media_type` as `text/csv`.
pub fn file(name: &str, media_type: &str, text: &str) {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(media_type);
    let parts = Array::of1(&text.into());
    // A browser that cannot save has said so itself.
    let _ = Blob::new_with_str_sequence_and_options(&parts, &options)
        .and_then(|blob| save_blob(&blob, name));
}

/// A short file of any kind; `media_type` as `application/zip`.
pub fn bytes(name: &str, media_type: &str, bytes: &[u8]) {
    let options = web_sys::BlobPropertyBag::new();
    options.set_type(media_type);
    let parts = Array::of1(&js_sys::Uint8Array::from(bytes).into());
    // A browser that cannot save has said so itself.
    let _ = Blob::new_with_u8_array_sequence_and_options(&parts, &options)
        .and_then(|blob| save_blob(&blob, name));
}

/// Hands a file over to the person.
pub fn save_blob(blob: &Blob, name: &str) -> Result<(), JsValue> {
    let url = Url::create_object_url_with_blob(blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    set_timeout(
        move || {
            let _ = Url::revoke_object_url(&url);
        },
        READ,
    );
    Ok(())
}

/// `showSaveFilePicker`, which not every browser has.
fn picker() -> Option<Function> {
    Reflect::get(&window(), &"showSaveFilePicker".into())
        .ok()?
        .dyn_into()
        .ok()
}

async fn pick(picker: &Function, kind: FileKind) -> Result<Option<JsValue>, JsValue> {
    let options = Object::new();
    Reflect::set(&options, &"suggestedName".into(), &kind.name.into())?;
    let asked: Promise = picker.call1(&window(), &options)?.unchecked_into();
    match JsFuture::from(asked).await {
        Ok(handle) => call(&handle, "createWritable", &JsValue::UNDEFINED)
            .await
            .map(Some),
        Err(error) if name_of(&error) == "AbortError" => Ok(None),
        Err(error) => Err(error),
    }
}

fn name_of(error: &JsValue) -> String {
    Reflect::get(error, &"name".into())
        .ok()
        .and_then(|name| name.as_string())
        .unwrap_or_default()
}

/// Awaits `object.method(argument)`.
async fn call(object: &JsValue, method: &str, argument: &JsValue) -> Result<JsValue, JsValue> {
    call_with(object, method, argument, &JsValue::UNDEFINED).await
}

async fn call_with(
    object: &JsValue,
    method: &str,
    first: &JsValue,
    second: &JsValue,
) -> Result<JsValue, JsValue> {
    let function: Function = Reflect::get(object, &method.into())?.dyn_into()?;
    let promise: Promise = function.call2(object, first, second)?.unchecked_into();
    JsFuture::from(promise).await
}
