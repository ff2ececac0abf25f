//! How the provider knows the backend, and where both are found.

use reqwest::Method;
use serde_json::json;

use super::{
    super::common::{Backend, answer},
    CALLBACK, Place,
    browser::{BEHIND_TLS, Browser, led},
};

/// What providers ask of their clients: where the secret stands, and how tokens are signed.
#[tokio::test]
async fn clients_of_other_kinds_sign_people_in_too() {
    for client in [
        json!({"token_endpoint_auth_method": "client_secret_post", "id_token_signed_response_alg": "ES256"}),
        json!({"token_endpoint_auth_method": "client_secret_post", "id_token_signed_response_alg": "PS256"}),
        json!({"token_endpoint_auth_method": "none", "id_token_signed_response_alg": "EdDSA"}),
    ] {
        let public = client["token_endpoint_auth_method"] == "none";
        let place = Place::new(client.clone(), |config| {
            let settings = config.oidc.as_mut().expect("settings");
            if public {
                settings.client_secret = None;
            }
        });
        let Some(place) = place.await else { return };
        let mut browser = Browser::new();
        for _ in 0..2 {
            let signed_in = place.sign_in(&mut browser, "18-bob").await;
            assert_eq!(signed_in.status, 303, "{client}: {}", signed_in.body);
        }
        let session = place.session(&mut browser).await.expect(200).json();
        assert_eq!(session["role"], "read_only", "{client}");
    }
    // A shared secret proves nobody.
    let client = json!({"id_token_signed_response_alg": "HS256"});
    if let Some(place) = Place::new(client, |_| {}).await {
        let refused = place.sign_in(&mut Browser::new(), "18-bob").await;
        refused.expect(502);
        let audited = place.audited("status = 502").await;
        assert!(audited.contains("public key"), "{audited}");
    }
}

#[tokio::test]
async fn behind_a_proxy_the_provider_leads_back_to_where_the_browser_was() {
    let outside = "https://weir.example/weir/signin/oidc/callback";
    let client = json!({"redirect_uris": [outside]});
    let place = Place::new(client, |config| {
        config.base_path = "/weir/".into();
        config.hosts = vec!["weir.example".into()];
    });
    let Some(place) = place.await else { return };
    // The proxy takes the path of its own away.
    let mut browser = Browser::new();
    let begin = place.url("/signin/oidc?next=/weir/c/local");
    let begun = browser
        .send(Method::GET, &begin, &BEHIND_TLS)
        .await
        .expect(303);
    let cookie = begun.header("set-cookie").to_string();
    for part in ["__Host-weir_oidc_", "; Secure", "Path=/;"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let start = led(&begin, &begun);
    let back = browser
        .at_provider(&start, "18-bob", "https://weir.example/")
        .await;
    assert!(back.as_str().starts_with(outside), "{back}");
    let inside = place.url(&format!("{CALLBACK}?{}", back.query().expect("query")));
    let pair = cookie.split(';').next().expect("pair");
    let [host, proto] = BEHIND_TLS;
    let headers = [host, proto, ("cookie", pair)];
    let signed_in = browser
        .send(Method::GET, &inside, &headers)
        .await
        .expect(303);
    assert_eq!(signed_in.header("location"), "/weir/c/local");
    assert!(signed_in.header("set-cookie").contains("; Secure"));
}

#[tokio::test]
async fn a_provider_that_cannot_be_reached_is_told_in_words() {
    let gone = std::net::TcpListener::bind("127.0.0.1:0").expect("port");
    let issuer = format!("http://{}", gone.local_addr().expect("address"));
    drop(gone);
    let backend = Backend::start_with(|config| {
        let settings = json!({
            "name": "<b>ID</b>", "issuer": issuer, "client_id": "weir", "default_role": "read_only",
        });
        config.oidc = Some(serde_json::from_value(settings).expect("settings"));
    })
    .await;
    let page = answer(backend.bare(Method::GET, "/signin/oidc"))
        .await
        .expect(502);
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(
        page.body
            .contains("&lt;b&gt;ID&lt;/b&gt; could not be asked"),
        "{}",
        page.body
    );
    assert!(!page.body.contains("<b>"), "{}", page.body);
    // The password still signs in.
    backend.get("/info").await.expect(200);
}
