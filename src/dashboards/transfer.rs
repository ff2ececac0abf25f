//! A dashboard as a JSON file, out and in.

use js_sys::Array;
use leptos::prelude::*;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, BlobPropertyBag, HtmlAnchorElement, Url};
use weir_api::timeplus::dashboard::{DashboardDef, Panel};

use crate::ui::{
    Button, ButtonKind,
    field::{Field, TextArea, use_wiring},
};

/// Name, description and panels; also an array of panels alone.
pub fn read(text: &str) -> Result<DashboardDef, String> {
    let text = text.trim();
    if text.starts_with('[') {
        let panels: Result<Vec<Panel>, _> = serde_json::from_str(text);
        return panels
            .map(|panels| DashboardDef {
                panels,
                ..DashboardDef::default()
            })
            .map_err(|error| format!("These are not panels: {}", crate::errors::json(&error)));
    }
    serde_json::from_str(text)
        .map_err(|error| format!("This is not a dashboard: {}", crate::errors::json(&error)))
}

pub fn write(definition: &DashboardDef) -> String {
    serde_json::to_string_pretty(definition).unwrap_or_default()
}

/// The name as a file's: letters, digits and dashes.
pub fn file_name(name: &str) -> String {
    let plain = |c: char| {
        if c.is_ascii_alphanumeric() {
            c.to_ascii_lowercase()
        } else {
            '-'
        }
    };
    let name: String = name.chars().map(plain).collect();
    let name = name.trim_matches('-');
    format!("{}.json", if name.is_empty() { "dashboard" } else { name })
}

pub fn download(name: &str, text: &str) -> Result<(), JsValue> {
    let options = BlobPropertyBag::new();
    options.set_type("application/json");
    let parts = Array::of1(&JsValue::from_str(text));
    let blob = Blob::new_with_str_sequence_and_options(&parts, &options)?;
    let url = Url::create_object_url_with_blob(&blob)?;
    let link: HtmlAnchorElement = document().create_element("a")?.unchecked_into();
    link.set_href(&url);
    link.set_download(&file_name(name));
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

/// Paste or choose a file; its panels take the place of those there are, unsaved.
#[component]
pub fn ImportForm(
    #[prop(into)] on_import: Callback<DashboardDef>,
    #[prop(into)] on_cancel: Callback<()>,
) -> impl IntoView {
    let text = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let take = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        match text.with_untracked(|text| read(text)) {
            Ok(definition) => on_import.run(definition),
            Err(words) => error.set(Some(words)),
        }
    };
    view! {
        <form class="dialog-form" on:submit=take>
            <p>"Replaces the panels of this dashboard. Nothing is saved until you save the dashboard."</p>
            <Field label="File">
                <JsonFile text />
            </Field>
            <TextArea label="Dashboard JSON" value=text rows=12 mono=true error />
            <div class="dialog-actions">
                <Button on_click=move || on_cancel.run(())>"Cancel"</Button>
                <Button kind=ButtonKind::Primary submit=true>"Import"</Button>
            </div>
        </form>
    }
    .into_any()
}

#[component]
fn JsonFile(text: RwSignal<String>) -> impl IntoView {
    let id = use_wiring().id;
    view! {
        <input
            class="input file"
            type="file"
            accept="application/json,.json"
            id=id
            on:change:target=move |event| {
                let Some(file) = event.target().files().and_then(|files| files.get(0)) else { return };
                leptos::task::spawn_local(async move {
                    if let Ok(content) = JsFuture::from(file.text()).await {
                        text.try_set(content.as_string().unwrap_or_default());
                    }
                });
            }
        />
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_written_is_read_again() {
        let text = r#"{"name":"a","description":"","panels":[{"id":"x","viz_config":{"n":1.50}}],"id":"old"}"#;
        let read_once = read(text).expect("a dashboard");
        assert_eq!(read(&write(&read_once)), Ok(read_once));
        assert_eq!(read(r#" [{"id":"x"}] "#).map(|d| d.panels.len()), Ok(1));
        assert!(read("{").is_err_and(|words| words.starts_with("This is not a dashboard")));
        assert!(read("[1]").is_err());
    }

    #[test]
    fn files_have_plain_names() {
        assert_eq!(file_name("CPU & Load/1"), "cpu---load-1.json");
        assert_eq!(file_name("日本"), "dashboard.json");
    }
}
