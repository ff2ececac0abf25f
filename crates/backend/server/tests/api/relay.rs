//! Calls passed on to upstreams that the settings name.

use axum::{
    body::Body,
    http::StatusCode,
    response::{IntoResponse, Response},
};
use reqwest::{Method, RequestBuilder};
use serde_json::json;
use tokio::sync::mpsc;

use super::{
    common::{Answer, Backend, answer},
    receiver::Receiver,
    signin::cookie,
};

async fn backend(settings: String) -> Backend {
    let settings = toml::from_str(&settings).expect("settings");
    Backend::start_with(|config| {
        config.relay.insert("vendor".into(), settings);
    })
    .await
}

async fn leading_to(receiver: &Receiver, more: &str) -> (Backend, String) {
    let backend = backend(format!("upstream = '{}'\n{more}", receiver.url("/v3/"))).await;
    let cookie = cookie(&backend).await;
    (backend, cookie)
}

fn call(backend: &Backend, cookie: &str, method: Method, path: &str) -> RequestBuilder {
    backend.bare(method, path).header("Cookie", cookie)
}

async fn get(backend: &Backend, cookie: &str, path: &str) -> Answer {
    answer(call(backend, cookie, Method::GET, path)).await
}

#[tokio::test]
async fn a_call_is_passed_on_without_the_session() {
    let mut vendor = Receiver::answering(|_, _| {
        let headers = [("X-Subject-Token", "t"), ("Set-Cookie", "a=b")];
        (StatusCode::CREATED, headers, "made").into_response()
    })
    .await;
    let (backend, cookie) = leading_to(&vendor, "").await;
    let request = call(
        &backend,
        &cookie,
        Method::POST,
        "/relay/vendor/a%2Fb?x=1&y=%20",
    )
    .header("X-Auth-Token", "secret")
    .body("{}");
    let made = answer(request).await.expect(201);
    assert_eq!(
        (made.body.as_str(), made.header("x-subject-token")),
        ("made", "t")
    );
    assert_eq!(made.header("set-cookie"), "");
    let got = vendor.next().await;
    assert_eq!(
        (got.method.as_str(), got.path.as_str()),
        ("POST", "/v3/a%2Fb?x=1&y=%20")
    );
    assert_eq!(
        (got.header("x-auth-token"), got.body.as_str()),
        ("secret", "{}")
    );
    assert_eq!((got.header("cookie"), got.header("origin")), ("", ""));
    assert_eq!(got.header("host"), vendor.address.to_string());
}

#[tokio::test]
async fn only_people_signed_in_use_it_and_only_named_upstreams_are_reached() {
    let mut vendor = Receiver::start().await;
    let (backend, cookie) = leading_to(&vendor, "").await;
    answer(backend.bare(Method::GET, "/relay/vendor/x"))
        .await
        .expect(401);
    let missing = get(&backend, &cookie, "/relay/other/x").await.expect(404);
    assert!(
        missing.message().contains("there are: vendor"),
        "{}",
        missing.message()
    );
    for path in [
        "/relay/vendor/../../x",
        "/relay/vendor//evil.example/x",
        "/relay/vendor/@evil.example",
    ] {
        get(&backend, &cookie, path).await;
    }
    for got in vendor.rest() {
        assert_eq!(got.header("host"), vendor.address.to_string());
    }
}

#[tokio::test]
async fn the_relay_adds_what_it_holds_in_place_of_what_came() {
    let mut vendor = Receiver::start().await;
    let more = "[credential]\nkind = 'azion_token'\ntoken = 'held'\n[headers]\nx-more = '1'";
    let (backend, cookie) = leading_to(&vendor, more).await;
    let request = call(&backend, &cookie, Method::PATCH, "/relay/vendor/s/1")
        .header("Authorization", "Token of the browser")
        .body("{}");
    answer(request).await.expect(200);
    let got = vendor.next().await;
    assert_eq!(
        (got.header("authorization"), got.header("x-more")),
        ("Token held", "1")
    );
    assert_eq!((got.path.as_str(), got.body.as_str()), ("/v3/s/1", "{}"));
}

#[tokio::test]
async fn a_reader_passes_on_no_change() {
    let mut vendor = Receiver::start().await;
    let (backend, _) = leading_to(&vendor, "system = 'dataworks'").await;
    let reader = json!({"username": "reader", "role": "read_only", "password": "just looking"});
    backend.post("/v1beta2/users", &reader).await.expect(201);
    let who = json!({"user": "reader", "password": "just looking"});
    let signed_in = backend.bare(Method::POST, "/api/session");
    let signed_in = signed_in
        .header("Content-Type", "application/json")
        .body(who.to_string());
    let signed_in = answer(signed_in).await.expect(200);
    let cookie = signed_in
        .header("set-cookie")
        .split(';')
        .next()
        .expect("pair")
        .to_string();
    let list = "/relay/vendor/?Action=ListDataServiceGroups";
    get(&backend, &cookie, list).await.expect(200);
    get(&backend, &cookie, "/relay/vendor/x").await.expect(403);
    get(&backend, &cookie, "/relay/vendor/?Action=DeleteThing")
        .await
        .expect(403);
    let change = call(&backend, &cookie, Method::DELETE, "/relay/vendor/x");
    answer(change).await.expect(403);
    assert_eq!(vendor.rest().len(), 1);
}

#[tokio::test]
async fn redirects_elsewhere_are_not_handed_to_the_browser() {
    let vendor = Receiver::answering(|_, got| {
        let to = match got.path.as_str() {
            "/v3/inside" => "/v3/other",
            _ => "http://169.254.169.254/latest",
        };
        (StatusCode::FOUND, [("Location", to)]).into_response()
    })
    .await;
    let (backend, cookie) = leading_to(&vendor, "").await;
    let inside = get(&backend, &cookie, "/relay/vendor/inside")
        .await
        .expect(302);
    assert_eq!(inside.header("location"), "/relay/vendor/other");
    let outside = get(&backend, &cookie, "/relay/vendor/outside")
        .await
        .expect(502);
    assert_eq!(outside.header("location"), "");
}

/// The first event is here while the upstream has not ended its answer.
#[tokio::test]
async fn events_arrive_as_they_are_sent() {
    let (sender, events) = mpsc::unbounded_channel::<&'static str>();
    let events = std::sync::Mutex::new(Some(events));
    let vendor = Receiver::answering(move |_, _| {
        let events = events.lock().expect("lock").take().expect("one call");
        let stream = futures_util::stream::unfold(events, |mut events| async {
            let event = events.recv().await?;
            Some((Ok::<_, std::io::Error>(event), events))
        });
        let mut response = Response::new(Body::from_stream(stream));
        let headers = response.headers_mut();
        headers.insert("content-type", "text/event-stream".parse().expect("value"));
        response
    })
    .await;
    let (backend, cookie) = leading_to(&vendor, "").await;
    sender.send("data: 1\n\n").expect("send");
    let request = call(&backend, &cookie, Method::GET, "/relay/vendor/events");
    let mut body = request.send().await.expect("answer");
    let first = body.chunk().await.expect("bytes").expect("a piece");
    assert_eq!(&first[..], b"data: 1\n\n");
    sender.send("data: 2\n\n").expect("send");
    let second = body.chunk().await.expect("bytes").expect("a piece");
    assert_eq!(&second[..], b"data: 2\n\n");
}

#[tokio::test]
async fn what_cannot_be_reached_is_named_and_mistakes_stop_the_start() {
    let backend = backend("upstream = 'http://127.0.0.1:1'".into()).await;
    let cookie = cookie(&backend).await;
    let failed = get(&backend, &cookie, "/relay/vendor/x").await.expect(502);
    assert!(
        failed.message().contains("127.0.0.1:1"),
        "{}",
        failed.message()
    );
    let dir = tempfile::tempdir().expect("folder");
    let mut config = super::common::config(dir.path());
    let wrong = toml::from_str("upstream = 'ftp://x'").expect("settings");
    config.relay.insert("vendor".into(), wrong);
    let refused = weir_backend::start(config).await.err().expect("refused");
    assert!(
        refused.to_string().contains("relay.vendor.upstream"),
        "{refused}"
    );
}

/// The upstream is another backend, which checks every signature.
#[tokio::test]
async fn the_relay_signs_so_that_the_browser_holds_no_key() {
    let vendor = Backend::start().await;
    let made = vendor.post("/v1beta2/auth/api_keys", json!({"name": "relay"}));
    let made = made.await.expect(201).json();
    let text = |key: &str| made[key].as_str().expect(key).to_string();
    let (id, secret) = (text("id"), text("api_key"));
    let address = vendor.running.address;
    let list = "Action=ListDataServiceGroups&Version=2020-05-18&ProjectId=1&TenantId=1&PageNumber=1&PageSize=10";
    for version in ["v1", "v3"] {
        let held = |secret: &str| {
            format!(
                "upstream = 'http://{address}/dataworks'\n[credential]\nkind = 'alibaba_keys'\n\
                 id = '{id}'\nsecret = '{secret}'\nsignature = '{version}'"
            )
        };
        let relay = backend(held(&secret)).await;
        let session = cookie(&relay).await;
        let listed = get(&relay, &session, &format!("/relay/vendor/?{list}")).await;
        assert!(listed.expect(200).body.contains("TotalCount"), "{version}");
        let wrong = backend(held("another secret")).await;
        let session = cookie(&wrong).await;
        let refused = get(&wrong, &session, &format!("/relay/vendor/?{list}")).await;
        assert!(
            refused.body.contains("SignatureDoesNotMatch"),
            "{}",
            refused.body
        );
    }
}
