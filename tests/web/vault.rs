use wasm_bindgen_test::wasm_bindgen_test;
use weir::connections::{Connection, vault};
use weir_api::auth::Credential;

fn connection(url: &str) -> Connection {
    Connection {
        id: "vault-test".into(),
        url: url.into(),
        ..Connection::default()
    }
}

#[wasm_bindgen_test]
async fn a_kept_credential_opens_only_for_the_address_it_was_kept_for() {
    let (here, elsewhere) = (
        connection("https://a.example"),
        connection("https://b.example"),
    );
    let secret = Credential::Basic {
        user: "admin".into(),
        password: "pä:ss".into(),
    };
    assert!(vault::keep(&here, &secret).await);
    assert!(vault::recall(&here).await == secret);
    assert!(vault::recall(&elsewhere).await == Credential::None);
    vault::forget(&here.id).await;
    assert!(vault::recall(&here).await == Credential::None);
}
