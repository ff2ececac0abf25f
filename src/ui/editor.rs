//! Editors of SQL and other code: CodeMirror once it is loaded, a plain text area until then.
//! Positions are UTF-16 offsets, as the browser counts.

use std::ops::Range;

use leptos::{html, prelude::*};
use wasm_bindgen::{
    JsCast, JsValue,
    prelude::{Closure, wasm_bindgen},
};
use web_sys::Element;

use super::script;

pub const LABEL: &str = "SQL editor";

#[wasm_bindgen]
extern "C" {
    type Module;
    #[wasm_bindgen(method)]
    fn create(this: &Module, parent: &Element, options: &JsValue) -> Handle;

    #[derive(Clone)]
    type Handle;
    #[wasm_bindgen(method)]
    fn selection(this: &Handle) -> Vec<u32>;
    #[wasm_bindgen(method)]
    fn set_text(this: &Handle, text: &str);
    #[wasm_bindgen(method)]
    fn insert(this: &Handle, text: &str);
    #[wasm_bindgen(method)]
    fn set_words(this: &Handle, words: &JsValue);
    #[wasm_bindgen(method)]
    fn mark(this: &Handle, from: u32, to: u32, message: &str);
    #[wasm_bindgen(method)]
    fn frame(this: &Handle, edges: &[u32]);
    #[wasm_bindgen(method)]
    fn focus(this: &Handle);
    #[wasm_bindgen(method)]
    fn destroy(this: &Handle);
}

/// A stream, a view or whatever else stands behind `FROM`.
#[derive(Clone, PartialEq, Eq)]
pub struct Readable {
    pub name: String,
    /// What it is, in a word or two.
    pub kind: &'static str,
    /// Name and type of each.
    pub columns: Vec<(String, String)>,
}

/// What the editor completes besides keywords.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Words {
    pub functions: Vec<String>,
    pub streams: Vec<Readable>,
}

impl Words {
    fn to_js(&self) -> JsValue {
        let pair = |name: &str, key: &str, value: JsValue| {
            object(&[("name", JsValue::from_str(name)), (key, value)])
        };
        let streams = self.streams.iter().map(|stream| {
            let columns = stream
                .columns
                .iter()
                .map(|(column, data_type)| pair(column, "type", JsValue::from_str(data_type)));
            object(&[
                ("name", JsValue::from_str(&stream.name)),
                ("kind", JsValue::from_str(stream.kind)),
                ("columns", columns.collect::<js_sys::Array>().into()),
            ])
        });
        let functions = self.functions.iter().map(|name| JsValue::from_str(name));
        object(&[
            ("functions", functions.collect::<js_sys::Array>().into()),
            ("streams", streams.collect::<js_sys::Array>().into()),
        ])
    }
}

fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = js_sys::Object::new();
    for (name, value) in fields {
        // Setting a field of a fresh plain object cannot fail.
        let _ = js_sys::Reflect::set(&object, &JsValue::from_str(name), value);
    }
    object.into()
}

/// Reaches into the editor from the page around it.
#[derive(Clone, Copy)]
pub struct EditorControl {
    handle: StoredValue<Option<Handle>, LocalStorage>,
    area: NodeRef<html::Textarea>,
    /// What is selected, as [`EditorControl::selection`], kept up to date.
    pub selected: RwSignal<Range<u32>>,
}

impl EditorControl {
    pub fn new() -> Self {
        Self {
            handle: StoredValue::new_local(None),
            area: NodeRef::new(),
            selected: RwSignal::new(0..0),
        }
    }

    /// What is selected; an empty range is the cursor.
    pub fn selection(self) -> Range<u32> {
        if let Some(handle) = self.handle.get_value() {
            let at = handle.selection();
            return at[0]..at[1];
        }
        let area = self.area.get_untracked();
        let read = |at: Result<Option<u32>, JsValue>| at.ok().flatten().unwrap_or_default();
        area.map_or(0..0, |area| {
            read(area.selection_start())..read(area.selection_end())
        })
    }

    /// Puts text in place of the selection and goes on typing behind it.
    pub fn insert(self, text: &str) {
        if let Some(handle) = self.handle.get_value() {
            handle.insert(text);
        } else if let Some(area) = self.area.get_untracked()
            && area.set_range_text(text).is_ok()
        {
            let event = web_sys::Event::new("input");
            if let Ok(event) = event {
                let _ = area.dispatch_event(&event);
            }
        }
    }

    /// Underlines a place with what is wrong there; an empty message takes the mark away.
    pub fn mark(self, at: Range<u32>, message: &str) {
        if let Some(handle) = self.handle.get_value() {
            handle.mark(at.start, at.end, message);
        }
    }

    /// Frames these places, and no others.
    pub fn frame(self, places: &[Range<u32>]) {
        if let Some(handle) = self.handle.try_get_value().flatten() {
            let edges = places.iter().flat_map(|place| [place.start, place.end]);
            handle.frame(&edges.collect::<Vec<_>>());
        }
    }

    pub fn focus(self) {
        match self.handle.get_value() {
            Some(handle) => handle.focus(),
            None => {
                if let Some(area) = self.area.get_untracked() {
                    let _ = area.focus();
                }
            }
        }
    }
}

impl Default for EditorControl {
    fn default() -> Self {
        Self::new()
    }
}

/// `on_run` is called by Ctrl/Cmd-Enter.
#[component]
pub fn SqlEditor(
    text: RwSignal<String>,
    control: EditorControl,
    #[prop(into)] words: Signal<Words>,
    #[prop(into)] on_run: Callback<()>,
    /// Places to be framed, as UTF-16 offsets.
    #[prop(optional, into)]
    frames: Signal<Vec<Range<u32>>>,
) -> impl IntoView {
    view! { <CodeEditor text control label=LABEL words on_run frames /> }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Language {
    #[default]
    Sql,
    JavaScript,
    Protobuf,
    /// Text with `$names`: the `functions` of the words.
    Template,
}

impl Language {
    /// As `src/js/code.js` knows it.
    fn as_str(self) -> &'static str {
        match self {
            Self::Sql => "sql",
            Self::JavaScript => "javascript",
            Self::Protobuf => "protobuf",
            Self::Template => "template",
        }
    }

    /// What stands where nothing is written yet.
    fn hint(self) -> &'static str {
        match self {
            Self::Sql => "select * from …",
            _ => "",
        }
    }
}

/// Each carriage return that stands alone shows as the end of a line, which it is not for SQL: a
/// comment would go on to the next line feed. `None` where there is none.
fn without_lone_returns(text: &str) -> Option<String> {
    let parts: Vec<&str> = text.split("\r\n").collect();
    let any = parts.iter().any(|part| part.contains('\r'));
    any.then(|| parts.join("\n").replace('\r', "\n"))
}

/// `description` is the id of the element that tells more about the field, as what is wrong with
/// it. `words` are for SQL and templates.
#[component]
pub fn CodeEditor(
    text: RwSignal<String>,
    control: EditorControl,
    #[prop(into)] label: String,
    #[prop(optional, into)] description: String,
    #[prop(optional)] language: Language,
    #[prop(optional, into)] words: Signal<Words>,
    #[prop(optional, into)] on_run: Option<Callback<()>>,
    #[prop(optional, into)] frames: Signal<Vec<Range<u32>>>,
) -> impl IntoView {
    let host = NodeRef::<html::Div>::new();
    let ready = RwSignal::new(false);
    Effect::new(move || {
        if let Some(lines) = text.with(|text| without_lone_returns(text)) {
            text.set(lines);
        }
    });
    let (label, description) = (StoredValue::new(label), StoredValue::new(description));

    host.on_load(move |host| {
        leptos::task::spawn_local(async move {
            // Without the library the text area stays, which can do everything that matters.
            let Ok(module) = script::module::<Module>("editor").await else {
                return;
            };
            if control.handle.is_disposed() {
                return;
            }
            let focused = control.area.get_untracked().is_some_and(|area| {
                document().active_element().as_ref() == Some(area.unchecked_ref::<Element>())
            });
            let on_change = Closure::<dyn FnMut(String)>::new(move |now: String| text.set(now));
            let run = Closure::<dyn FnMut()>::new(move || {
                if let Some(on_run) = on_run {
                    on_run.run(());
                }
            });
            let selected = Closure::<dyn FnMut(u32, u32)>::new(move |from, to| {
                control.selected.try_set(from..to);
            });
            let options = object(&[
                ("on_select", selected.into_js_value()),
                ("doc", JsValue::from_str(&text.get_untracked())),
                ("label", JsValue::from_str(&label.get_value())),
                ("description", JsValue::from_str(&description.get_value())),
                ("hint", JsValue::from_str(language.hint())),
                ("language", JsValue::from_str(language.as_str())),
                ("words", words.get_untracked().to_js()),
                ("on_change", on_change.into_js_value()),
                ("on_run", run.into_js_value()),
            ]);
            let handle = module.create(&host, &options);
            if focused {
                handle.focus();
            }
            control.handle.set_value(Some(handle));
            ready.set(true);
        });
    });
    Effect::new(move || {
        let words = words.get();
        if ready.get()
            && let Some(handle) = control.handle.get_value()
        {
            handle.set_words(&words.to_js());
        }
    });
    Effect::new(move || {
        let now = text.get();
        if ready.get()
            && let Some(handle) = control.handle.get_value()
        {
            handle.set_text(&now);
        }
    });
    Effect::new(move || {
        let places = frames.get();
        if ready.get() {
            control.frame(&places);
        }
    });
    on_cleanup(move || {
        if let Some(handle) = control.handle.try_get_value().flatten() {
            handle.destroy();
        }
    });

    let run_key = move |event: web_sys::KeyboardEvent| {
        if event.key() == "Enter"
            && (event.ctrl_key() || event.meta_key())
            && let Some(on_run) = on_run
        {
            event.prevent_default();
            on_run.run(());
        }
    };
    view! {
        <div class="sql-editor" node_ref=host>
            <Show when=move || !ready.get()>
                <textarea
                    node_ref=control.area
                    class="sql-editor-plain mono"
                    aria-label=label.get_value()
                    aria-describedby=move || {
                        Some(description.get_value()).filter(|id| !id.is_empty())
                    }
                    spellcheck="false"
                    autocomplete="off"
                    prop:value=move || text.get()
                    on:input:target=move |event| text.set(event.target().value())
                    on:keydown=run_key
                />
            </Show>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::without_lone_returns;

    #[test]
    fn a_return_alone_ends_a_line_as_it_is_shown() {
        let lines = |text| without_lone_returns(text);
        assert_eq!(
            lines("-- a\rselect 1;\r\nselect 2").as_deref(),
            Some("-- a\nselect 1;\nselect 2")
        );
        for kept in ["", "a\nb", "a\r\nb\r\n"] {
            assert_eq!(lines(kept), None, "{kept:?}");
        }
    }
}
