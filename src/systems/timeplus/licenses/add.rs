//! The form that adds a licence from a file.

use leptos::{context::Provider, ev::SubmitEvent, prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;
use weir_api::{ApiError, FieldError, timeplus::license};

use crate::{
    connections::use_endpoint,
    http,
    kit::{Load, place::place},
    ui::{
        Button, ButtonKind, ErrorBanner,
        field::{FileField, FormErrors, TextField},
        use_toasts,
    },
};

#[component]
pub fn AddLicense(load: Load) -> impl IntoView {
    let errors = FormErrors::new();
    let (endpoint, toasts) = (use_endpoint(), use_toasts());
    let key = RwSignal::new(String::new());
    let file = RwSignal::new(None::<SendWrapper<File>>);
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<ApiError>);
    let show = move |all: Vec<FieldError>, rest| {
        errors.set(all);
        failed.set(rest);
        errors.focus_first();
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let missing = missing(&key.read_untracked(), file.with_untracked(Option::is_some));
        let (Some(endpoint), Some(picked), true) = (
            endpoint.get_untracked(),
            file.get_untracked(),
            missing.is_empty(),
        ) else {
            return show(missing, None);
        };
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        show(Vec::new(), None);
        spawn_local(async move {
            let outcome = match read(&picked).await {
                Ok(bytes) => {
                    http::send(&endpoint, license::add(&key.get_untracked(), &bytes)).await
                }
                Err(error) => Err(error),
            };
            if busy.try_set(false).is_some() {
                return;
            }
            match outcome {
                Ok(_) => {
                    key.set(String::new());
                    toasts.success("Licence added");
                    load.reload();
                }
                Err(error) => {
                    let (fields, rest) = place(error, "file");
                    show(fields, rest);
                }
            }
        });
    };
    view! {
        <Provider value=errors>
            <form class="form" novalidate aria-label="Add a licence" on:submit=submit>
                <section class="form-section">
                    <h2>"Add a licence"</h2>
                    <div class="form-fields">
                        <ErrorBanner error=failed />
                        <FileField
                            label="Licence file"
                            name="file"
                            accept=""
                            on_pick=Callback::new(move |picked| {
                                errors.clear("file");
                                file.set(picked);
                            })
                        />
                        <TextField label="Key" name="key" kind="password" autocomplete="off" required=true value=key help="Opens the file." />
                        <Button kind=ButtonKind::Primary submit=true busy=busy>"Add licence"</Button>
                    </div>
                </section>
            </form>
        </Provider>
    }
    .into_any()
}

fn missing(key: &str, file: bool) -> Vec<FieldError> {
    let wanted = [
        (!file, "file", "Choose the licence's file"),
        (key.trim().is_empty(), "key", "Type the key of the file"),
    ];
    let missing = wanted.into_iter().filter(|(missing, ..)| *missing);
    missing
        .map(|(_, field, message)| FieldError::new(field, message))
        .collect()
}

async fn read(file: &File) -> Result<Vec<u8>, ApiError> {
    match JsFuture::from(file.array_buffer()).await {
        Ok(buffer) => Ok(js_sys::Uint8Array::new(&buffer).to_vec()),
        Err(_) => Err(ApiError::Network("The file cannot be read".into())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn file_and_key_are_asked_for() {
        let fields = |key, file| -> Vec<String> {
            missing(key, file).into_iter().map(|e| e.field).collect()
        };
        assert_eq!(fields(" ", false), ["file", "key"]);
        assert!(fields("k", true).is_empty());
    }
}
