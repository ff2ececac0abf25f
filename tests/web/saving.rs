//! Downloads go to disk piece by piece. The files are real ones in the browser's own folder; only
//! the dialog that asks for a place is stood in for, as it needs a person.

use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use wasm_bindgen_test::wasm_bindgen_test;
use weir::workspace::download::Downloads;

use crate::{
    page::{Page, settle, show, until},
    stand::{Stand, frames, stand, started},
};

/// Watches what the page hands to the browser: `handed` are the files, `blobs` counts pieces of
/// memory, `asked` the times a place was asked for.
const WATCH: &str = "
    const kept = { Blob, createObjectURL: URL.createObjectURL, picker: window.showSaveFilePicker,
        click: HTMLAnchorElement.prototype.click };
    const seen = { handed: [], names: [], blobs: 0, asked: 0, picked: null };
    window.Blob = new Proxy(kept.Blob, {
        construct(target, args) { seen.blobs += 1; return new target(...args); },
    });
    URL.createObjectURL = (blob) => { seen.handed.push(blob); return 'blob:none'; };
    HTMLAnchorElement.prototype.click = function () { seen.names.push(this.download); };
    window.showSaveFilePicker = async (options) => {
        seen.asked += 1;
        if (seen.refuse) throw new DOMException('no', 'AbortError');
        const root = await navigator.storage.getDirectory();
        seen.picked = await root.getFileHandle(`picked-${options.suggestedName}`, { create: true });
        return seen.picked;
    };
    seen.restore = () => {
        window.Blob = kept.Blob;
        URL.createObjectURL = kept.createObjectURL;
        HTMLAnchorElement.prototype.click = kept.click;
        window.showSaveFilePicker = kept.picker;
    };
    return seen;";

struct Watch(JsValue);

impl Watch {
    fn start() -> Self {
        let start = js_sys::Function::new_no_args(WATCH);
        Self(start.call0(&JsValue::UNDEFINED).expect("watched"))
    }

    fn number(&self, name: &str) -> f64 {
        let value = js_sys::Reflect::get(&self.0, &name.into()).expect("a field");
        value.as_f64().expect("a number")
    }

    /// Evaluates an expression of `seen`, awaiting it.
    async fn ask(&self, expression: &str) -> JsValue {
        let ask = js_sys::Function::new_with_args(
            "seen",
            &format!("return (async () => {expression})()"),
        );
        let promise: js_sys::Promise = ask
            .call1(&JsValue::UNDEFINED, &self.0)
            .expect("asked")
            .unchecked_into();
        JsFuture::from(promise).await.expect("an answer")
    }

    async fn text(&self, expression: &str) -> String {
        self.ask(expression).await.as_string().expect("a text")
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let restore: js_sys::Function = js_sys::Reflect::get(&self.0, &"restore".into())
            .expect("a field")
            .unchecked_into();
        let _ = restore.call0(&JsValue::UNDEFINED);
    }
}

async fn buttons(stand: &Stand) -> Page {
    let session = stand.session;
    let page = show(move || view! { <Downloads session /> }.into_any());
    settle().await;
    frames(3).await;
    page
}

fn done(page: &Page) -> bool {
    !page.find("button").has_attribute("aria-busy")
}

#[wasm_bindgen_test]
async fn a_small_download_grows_in_the_browsers_own_folder() {
    let stand = stand().await;
    stand
        .play(&(started() + "data: [[18446744073709551615,-1,\"a,b\"],[2,-2,null]]\n\n"))
        .await;
    let page = buttons(&stand).await;
    let watch = Watch::start();
    page.all("button")[0].click();
    until("the file", || {
        js_sys::Reflect::get(&watch.0, &"names".into())
            .is_ok_and(|names| names.unchecked_into::<js_sys::Array>().length() == 1)
    })
    .await;
    assert_eq!(watch.text("seen.names[0]").await, "results.csv");
    // A file on disk is handed over, not one made of pieces in memory.
    assert_eq!(
        watch.ask("seen.handed[0] instanceof File").await,
        JsValue::TRUE
    );
    assert_eq!(
        watch.text("seen.handed[0].text()").await,
        "u,i,s\r\n18446744073709551615,-1,\"a,b\"\r\n2,-2,\\N\r\n"
    );
    assert_eq!((watch.number("blobs"), watch.number("asked")), (0.0, 0.0));
    until("the end", || done(&page)).await;
}

/// Behind CSV and CSV for spreadsheets.
const JSON: usize = 2;

/// Some 20 MB: more than is written without asking where to.
async fn large(stand: &Stand) {
    let wide = "x".repeat(1 << 20);
    stand.play(&started()).await;
    for n in 0..20 {
        stand
            .play(&format!("id: {n}\ndata: [[{n},{n},\"{wide}\"]]\n\n"))
            .await;
    }
}

#[wasm_bindgen_test]
async fn a_large_download_streams_to_the_file_the_person_picked() {
    let stand = stand().await;
    large(&stand).await;
    let page = buttons(&stand).await;
    let watch = Watch::start();
    page.all("button")[JSON].click();
    until("the picker", || watch.number("asked") == 1.0).await;
    let size = "seen.picked && (await seen.picked.getFile()).size";
    let mut written = 0.0;
    for _ in 0..600 {
        written = watch.ask(size).await.as_f64().unwrap_or_default();
        if written > 0.0 {
            break;
        }
        frames(1).await;
    }
    let line = |n: usize| format!("{{\"u\":{n},\"i\":{n},\"s\":\"\"}}\n").len() + (1 << 20);
    assert_eq!(written, (0..20).map(line).sum::<usize>() as f64);
    let start = watch
        .text("(await seen.picked.getFile()).slice(0, 20).text()")
        .await;
    assert_eq!(start, "{\"u\":0,\"i\":0,\"s\":\"xx");
    assert_eq!(watch.number("blobs"), 0.0);
    assert_eq!(watch.ask("seen.handed.length").await, 0.0, "no second copy");
}

#[wasm_bindgen_test]
async fn a_person_who_thinks_better_of_it_gets_no_file() {
    let stand = stand().await;
    large(&stand).await;
    let page = buttons(&stand).await;
    let watch = Watch::start();
    js_sys::Reflect::set(&watch.0, &"refuse".into(), &JsValue::TRUE).expect("set");
    page.all("button")[0].click();
    until("the picker", || watch.number("asked") == 1.0).await;
    until("the end", || done(&page)).await;
    assert_eq!(watch.ask("seen.handed.length").await, 0.0);
    assert!(stand.session.following.get_untracked(), "the view goes on");
}
