//! One sign-in, from the first step to signing out, and by others than who began it.

use reqwest::{Method, Url};
use serde_json::json;
use weir_services::OpenId;

use super::{
    super::common::answer,
    CALLBACK, Place,
    browser::{Browser, led},
};

#[tokio::test]
async fn somebody_signs_in_goes_on_where_they_were_and_signs_out() {
    let Some(place) = Place::new(json!({}), |_| {}).await else {
        return;
    };
    let ways = answer(place.backend.bare(Method::GET, "/api/session/ways"));
    assert_eq!(
        ways.await.expect(200).json(),
        json!({"provider": {"name": "Example ID"}})
    );

    let mut browser = Browser::new();
    let back = place
        .answered(&mut browser, "17-ann", "/c/local/streams%3Fq=a")
        .await;
    let signed_in = browser.get(&back).await.expect(303);
    assert_eq!(signed_in.header("location"), "/c/local/streams?q=a");
    assert_eq!(signed_in.header("cache-control"), "no-store");
    let cookie = signed_in.header("set-cookie");
    for part in ["weir_session_", "HttpOnly", "SameSite=Strict", "Path=/;"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let session = place.session(&mut browser).await.expect(200).json();
    let issuer = &place.provider.issuer;
    let key = format!("{issuer}#17-ann");
    assert_eq!(
        session,
        json!({
            "user": key, "role": "admin", "name": format!("ann ({issuer})"),
            "provider": "Example ID",
        })
    );
    // An administrator like others, whose changes carry the name.
    let change = browser
        .send(Method::GET, &place.url("/default/api/v1beta2/users"), &[])
        .await
        .expect(200);
    assert!(
        !change.body.contains("ann"),
        "no user was made: {}",
        change.body
    );
    let audited = place
        .audited("status = 303 AND resource_name LIKE 'ann%'")
        .await;
    assert!(audited.contains(&format!("ann ({key})")), "{audited}");
    assert!(
        audited.contains(&format!("by OpenID Connect of {issuer}")),
        "{audited}"
    );

    let listed = browser
        .get(&place.url("/api/sessions"))
        .await
        .expect(200)
        .json();
    assert_eq!(listed.as_array().map(Vec::len), Some(1), "{listed}");
    assert_eq!(listed[0]["current"], true);
    let life = listed[0]["expires_ms"].as_i64().expect("end")
        - listed[0]["started_ms"].as_i64().expect("start");
    assert_eq!(life, 12 * 60 * 60 * 1000);

    let session = browser.pair("weir_session");
    let out = browser
        .send(Method::DELETE, &place.url("/api/session"), &[])
        .await;
    // The provider has a session, too, which ends there.
    let out = out.expect(200).json();
    let leave = Url::parse(out["continue_at"].as_str().expect("where")).expect("an address");
    assert!(leave.as_str().starts_with(issuer.as_str()), "{leave}");
    let asked: Vec<(String, String)> = leave.query_pairs().into_owned().collect();
    let expected = [
        ("client_id", OpenId::CLIENT.0.to_string()),
        ("post_logout_redirect_uri", place.url("/").to_string()),
    ];
    assert_eq!(
        asked,
        expected.map(|(name, value)| (name.to_string(), value))
    );
    let stolen = place.backend.bare(Method::GET, "/api/session");
    answer(stolen.header("Cookie", session)).await.expect(401);
}

#[tokio::test]
async fn an_answer_counts_once_and_only_for_the_browser_that_began() {
    let Some(place) = Place::new(json!({}), |_| {}).await else {
        return;
    };
    let mut browser = Browser::new();
    let back = place.answered(&mut browser, "17-ann", "").await;
    browser.get(&back).await.expect(303);
    assert_eq!(browser.cookie("weir_oidc"), None, "it is over");
    browser.forget("weir_session");
    let again = browser.get(&back).await.expect(400);
    assert!(again.body.contains("used already"), "{}", again.body);
    assert!(
        again.body.contains("Sign in with Example ID again"),
        "{}",
        again.body
    );
    assert_eq!(again.header("set-cookie"), "");

    // Somebody else's answer, led to by a page or a mail.
    let back = place.answered(&mut browser, "17-ann", "").await;
    let mut other = Browser::new();
    other.get(&back).await.expect(400);
    assert_eq!(other.cookie("weir_session"), None);
    browser.get(&back).await.expect(400);

    for (name, value) in [
        ("state", "guess"),
        ("code", "guess"),
        ("iss", "https://id.example"),
    ] {
        let back = place.answered(&mut browser, "17-ann", "").await;
        let parts: Vec<(String, String)> = back
            .query_pairs()
            .map(|(known, right)| match known == name {
                true => (known.into_owned(), value.to_string()),
                false => (known.into_owned(), right.into_owned()),
            })
            .collect();
        let mut changed = back.clone();
        changed.query_pairs_mut().clear().extend_pairs(&parts);
        let refused = browser.get(&changed).await;
        assert!(
            !refused.status.is_success() && !refused.status.is_redirection(),
            "{name}"
        );
        assert_eq!(browser.cookie("weir_session"), None, "{name}");
    }
    // Without an answer of the provider, or with one that refuses.
    let begin = place.url("/signin/oidc");
    let begun = browser.get(&begin).await.expect(303);
    let start = led(&begin, &begun);
    let state = start
        .query_pairs()
        .find(|(name, _)| name == "state")
        .expect("state")
        .1
        .into_owned();
    let issuer = &place.provider.issuer;
    let denied = format!("{CALLBACK}?state={state}&error=access_denied&iss={issuer}");
    let denied = browser.get(&place.url(&denied)).await.expect(401);
    assert!(
        denied.body.contains("did not let you in"),
        "{}",
        denied.body
    );
    browser.get(&place.url(CALLBACK)).await.expect(400);
    // A page that lets the browser begin many does not fill its requests with cookies.
    for _ in 0..20 {
        browser.get(&begin).await.expect(303);
    }
    assert_eq!(browser.count("weir_oidc"), 3);
    let back = place.answered(&mut browser, "17-ann", "").await;
    browser.get(&back).await.expect(303);
    let audited = place.audited("status = 400").await;
    assert!(audited.contains("used already"), "{audited}");
}
