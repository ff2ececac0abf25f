//! A file in the browser's own folder (the origin private file system): it grows on disk without
//! anybody being asked, and is handed to the person as a download when it is whole.

use js_sys::{Date, Math, Object, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

use super::{FileKind, READ, call, call_with, save_blob};

const FOLDER: &str = "downloads";
/// Milliseconds after which a file is one that nobody finished: the page was left meanwhile.
const LEFT: f64 = 24.0 * 3_600_000.0;

pub(super) struct Staged {
    pub(super) writable: JsValue,
    /// `FileSystemFileHandle` and the `FileSystemDirectoryHandle` it is in.
    handle: JsValue,
    folder: JsValue,
    name: String,
}

impl Staged {
    /// Fails where the browser has no such folder or cannot write to it piece by piece.
    pub(super) async fn open(kind: FileKind) -> Result<Self, JsValue> {
        let storage = Reflect::get(&window().navigator(), &"storage".into())?;
        let root = call(&storage, "getDirectory", &JsValue::UNDEFINED).await?;
        let create = Object::new();
        Reflect::set(&create, &"create".into(), &JsValue::TRUE)?;
        let folder = call_with(&root, "getDirectoryHandle", &FOLDER.into(), &create).await?;
        // What cannot be removed now is in use, or is tried again the next time.
        let _ = remove_left(&folder).await;
        let name = format!("{}-{}-{}", Date::now(), Math::random(), kind.name);
        let handle = call_with(&folder, "getFileHandle", &name.as_str().into(), &create).await?;
        let writable = call(&handle, "createWritable", &JsValue::UNDEFINED).await?;
        Ok(Self {
            writable,
            handle,
            folder,
            name,
        })
    }

    pub(super) async fn hand_over(self, name: &str) -> Result<(), JsValue> {
        call(&self.writable, "close", &JsValue::UNDEFINED).await?;
        let file = call(&self.handle, "getFile", &JsValue::UNDEFINED).await?;
        save_blob(file.unchecked_ref::<Blob>(), name)?;
        let (folder, staged) = (self.folder, self.name);
        set_timeout(
            move || {
                leptos::task::spawn_local(async move {
                    // Otherwise it is removed as one that was left.
                    let _ = call(&folder, "removeEntry", &staged.into()).await;
                });
            },
            READ,
        );
        Ok(())
    }
}

async fn remove_left(folder: &JsValue) -> Result<(), JsValue> {
    let keys: js_sys::Function = Reflect::get(folder, &"keys".into())?.dyn_into()?;
    let names: js_sys::AsyncIterator = keys.call0(folder)?.unchecked_into();
    loop {
        let next = JsFuture::from(names.next()?).await?;
        if Reflect::get(&next, &"done".into())?.is_truthy() {
            return Ok(());
        }
        let name = Reflect::get(&next, &"value".into())?;
        let since = name
            .as_string()
            .and_then(|name| name.split('-').next()?.parse::<f64>().ok());
        if since.is_none_or(|since| Date::now() - since > LEFT) {
            call(folder, "removeEntry", &name).await?;
        }
    }
}
