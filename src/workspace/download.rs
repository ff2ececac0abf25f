//! The rows held as a file, written piece by piece with exact values.

use js_sys::{Array, Function, Object, Promise, Reflect};
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, HtmlAnchorElement, Url};
use weir_live::export;

use crate::{
    live::{Session, frame::Turns},
    ui::{Button, ButtonKind, Icon, IconName, number, use_toasts},
};

/// Rows written at once.
const PIECE: u64 = 2_000;

/// From this size on the browser is asked to write straight to disk, where it can.
const LARGE: u64 = 16 << 20;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    Csv,
    /// One object per line.
    Json,
}

impl Format {
    fn file(self) -> &'static str {
        match self {
            Self::Csv => "results.csv",
            Self::Json => "results.ndjson",
        }
    }

    fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv",
            Self::Json => "application/x-ndjson",
        }
    }
}

#[component]
pub fn Downloads(session: Session) -> impl IntoView {
    let toasts = use_toasts();
    let busy = RwSignal::new(false);
    let empty = Signal::derive(move || session.facts.with(|facts| facts.shown == 0));
    let start = move |format: Format| {
        busy.set(true);
        leptos::task::spawn_local(async move {
            let following = session.following.get_untracked();
            // What is written must not be dropped meanwhile.
            session.hold();
            let done = save(session, format).await;
            if session.gone() {
                return;
            }
            if following && !session.paused.get_untracked() {
                session.follow();
            }
            busy.set(false);
            match done {
                Ok(Some(rows)) => {
                    let rows = number::plural(rows, "row", "rows");
                    toasts.success(format!("{rows} written to {}.", format.file()));
                }
                Ok(None) => {}
                Err(_) => toasts.error("The browser did not write the file."),
            }
        });
    };
    let button = move |format: Format, name: &'static str| {
        view! {
            <Button
                kind=ButtonKind::Quiet
                busy
                disabled=empty
                reason="There are no rows."
                on_click=move || start(format)
            >
                <Icon name=IconName::Download />
                <span class="visually-hidden">"Download "</span>
                {name}
            </Button>
        }
    };
    view! {
        <div class="downloads">
            {button(Format::Csv, "CSV")}
            {button(Format::Json, "JSON")}
        </div>
    }
    .into_any()
}

/// Rows written; `None` when the person thought better of it.
async fn save(session: Session, format: Format) -> Result<Option<u64>, JsValue> {
    let large = session.facts.with_untracked(|facts| facts.bytes) > LARGE;
    let mut file = match picker().filter(|_| large) {
        Some(picker) => match open(&picker, format).await? {
            Some(writable) => Target::Disk(writable),
            None => return Ok(None),
        },
        None => Target::Memory(Array::new()),
    };
    let mut turns = Turns::new()?;
    let (first, end, columns) = session.read(|core| {
        let ring = core.rows.shown();
        let columns: Vec<usize> = (0..ring.columns().len()).collect();
        (ring.first(), ring.end(), columns)
    });
    let (mut text, mut row, mut written) = (String::new(), first, 0);
    if format == Format::Csv {
        session.read(|core| export::CSV.write_header(core.rows.shown(), &columns, &mut text));
    }
    while row < end {
        let rows = row..(row + PIECE).min(end);
        row = rows.end;
        if session.gone() {
            return Ok(None);
        }
        written += session.read(|core| {
            let ring = core.rows.shown();
            match format {
                Format::Csv => export::CSV.write_rows(ring, &columns, rows, &mut text),
                Format::Json => export::write_ndjson(ring, &columns, rows, &mut text),
            }
        });
        file.write(&text).await?;
        text.clear();
        turns.give().await;
    }
    file.write(&text).await?;
    file.finish(format).await?;
    Ok(Some(written))
}

enum Target {
    /// A `FileSystemWritableFileStream`.
    Disk(JsValue),
    /// Blobs, which the browser may keep on disk.
    Memory(Array),
}

impl Target {
    async fn write(&mut self, text: &str) -> Result<(), JsValue> {
        if text.is_empty() {
            return Ok(());
        }
        match self {
            Self::Disk(writable) => call(writable, "write", &text.into()).await.map(drop),
            Self::Memory(parts) => {
                let part = Blob::new_with_str_sequence(&Array::of1(&text.into()))?;
                parts.push(&part);
                Ok(())
            }
        }
    }

    async fn finish(self, format: Format) -> Result<(), JsValue> {
        let parts = match self {
            Self::Disk(writable) => {
                return call(&writable, "close", &JsValue::UNDEFINED)
                    .await
                    .map(drop);
            }
            Self::Memory(parts) => parts,
        };
        let options = web_sys::BlobPropertyBag::new();
        options.set_type(format.media_type());
        let blob = Blob::new_with_blob_sequence_and_options(&parts, &options)?;
        let url = Url::create_object_url_with_blob(&blob)?;
        let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
        link.set_href(&url);
        link.set_download(format.file());
        link.click();
        // The browser still reads from it for a moment.
        set_timeout(
            move || {
                let _ = Url::revoke_object_url(&url);
            },
            std::time::Duration::from_secs(60),
        );
        Ok(())
    }
}

/// `showSaveFilePicker`, which not every browser has.
fn picker() -> Option<Function> {
    Reflect::get(&window(), &"showSaveFilePicker".into())
        .ok()?
        .dyn_into()
        .ok()
}

async fn open(picker: &Function, format: Format) -> Result<Option<JsValue>, JsValue> {
    let options = Object::new();
    Reflect::set(&options, &"suggestedName".into(), &format.file().into())?;
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
    let function: Function = Reflect::get(object, &method.into())?.dyn_into()?;
    let promise: Promise = function.call1(object, argument)?.unchecked_into();
    JsFuture::from(promise).await
}
