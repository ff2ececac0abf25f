//! The form that adds a licence from a file.

use leptos::{context::Provider, ev::SubmitEvent, prelude::*};
use send_wrapper::SendWrapper;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;
use weir_api::{ApiError, FieldError, timeplus::license};

use crate::{
    http::{self, Endpoint},
    kit::{Load, use_form_call},
    ui::{
        Button, ButtonKind, ErrorBanner,
        field::{FileField, FormErrors, TextField},
        use_toasts,
    },
};

#[component]
pub fn AddLicense(load: Load) -> impl IntoView {
    let errors = FormErrors::new();
    let toasts = use_toasts();
    let key = RwSignal::new(String::new());
    let file = RwSignal::new(None::<SendWrapper<File>>);
    let call = use_form_call(errors, "file");
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let missing = missing(&key.read_untracked(), file.with_untracked(Option::is_some));
        let Some(picked) = file.get_untracked().filter(|_| missing.is_empty()) else {
            return call.refuse(missing);
        };
        let add = move |endpoint: Endpoint| async move {
            let bytes = read(&picked).await?;
            http::send(&endpoint, license::add(&key.get_untracked(), &bytes)).await
        };
        call.run(add, move |_| {
            key.set(String::new());
            toasts.success("License added");
            load.reload();
        });
    };
    view! {
        <Provider value=errors>
            <form class="form" novalidate aria-label="Add license" on:submit=submit>
                <section class="form-section">
                    <h2>"Add license"</h2>
                    <div class="form-fields">
                        <ErrorBanner error=call.error />
                        <FileField
                            label="License file"
                            name="file"
                            accept=""
                            on_pick=Callback::new(move |picked| {
                                errors.clear("file");
                                file.set(picked);
                            })
                        />
                        <TextField label="Key" name="key" kind="password" autocomplete="off" required=true value=key help="Decrypts the file." />
                        <Button kind=ButtonKind::Primary submit=true busy=call.busy>"Add license"</Button>
                    </div>
                </section>
            </form>
        </Provider>
    }
    .into_any()
}

fn missing(key: &str, file: bool) -> Vec<FieldError> {
    let wanted = [
        (!file, "file", "Choose the license file"),
        (key.trim().is_empty(), "key", "Enter the key of the file"),
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
