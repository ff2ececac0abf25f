//! Credentials a person asked to keep on this device, encrypted with a key that the browser
//! keeps and never hands out (WebCrypto, IndexedDB).

use wasm_bindgen::prelude::*;
use weir_api::auth::Credential;

use super::Connection;

#[wasm_bindgen(module = "/src/connections/vault.js")]
extern "C" {
    #[wasm_bindgen(catch, js_name = keep)]
    async fn js_keep(id: &str, address: &str, text: &str) -> Result<(), JsValue>;
    #[wasm_bindgen(catch, js_name = recall)]
    async fn js_recall(id: &str, address: &str) -> Result<JsValue, JsValue>;
    #[wasm_bindgen(catch, js_name = forget)]
    async fn js_forget(id: &str) -> Result<(), JsValue>;
}

/// False where the browser keeps nothing, for example in a private window or without TLS.
pub async fn keep(connection: &Connection, credential: &Credential) -> bool {
    let Some(text) = written(credential) else {
        return false;
    };
    js_keep(&connection.id, &connection.base(), &text)
        .await
        .is_ok()
}

/// `Credential::None` where nothing is kept, or nothing that fits the connection as it is now.
pub async fn recall(connection: &Connection) -> Credential {
    let kept = js_recall(&connection.id, &connection.base()).await;
    let text = kept.ok().and_then(|kept| kept.as_string());
    text.map_or(Credential::None, |text| read(&text))
}

pub async fn forget(id: &str) {
    // Nothing to forget where nothing could be kept.
    let _ = js_forget(id).await;
}

fn written(credential: &Credential) -> Option<String> {
    match credential {
        Credential::None => None,
        credential => serde_json::to_string(credential).ok(),
    }
}

fn read(text: &str) -> Credential {
    serde_json::from_str(text).unwrap_or(Credential::None)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn credentials_are_read_back_as_they_were() {
        let all = [
            Credential::ApiKey("k\"1".into()),
            Credential::Basic {
                user: "u".into(),
                password: "p:ä".into(),
            },
        ];
        for credential in all {
            let text = written(&credential).expect("something to keep");
            assert!(read(&text) == credential);
        }
        assert!(written(&Credential::None).is_none());
        assert!(read("garbage") == Credential::None);
    }
}
