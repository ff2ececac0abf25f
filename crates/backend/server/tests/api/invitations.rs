//! `/v1beta2/invitations` and the page that accepts one.

use reqwest::Method;
use serde_json::json;

use super::common::{Answer, Backend, answer};

const PATH: &str = "/v1beta2/invitations";

async fn invite(backend: &Backend, role: &str) -> (String, String) {
    let body = json!({"email": "bob@example.com", "role": role});
    let created = backend.post(PATH, body).await.expect(201).json();
    let text = |name: &str| created[name].as_str().expect("text").to_string();
    (text("id"), text("link"))
}

async fn accept(backend: &Backend, link: &str, name: &str, passwords: [&str; 2]) -> Answer {
    let token = link.strip_prefix("/invite?token=").expect("token");
    let form = format!(
        "token={token}&username={name}&password={}&again={}",
        passwords[0], passwords[1]
    );
    let request = backend
        .bare(Method::POST, "/invite")
        .header("Content-Type", "application/x-www-form-urlencoded")
        .body(form);
    answer(request).await
}

#[tokio::test]
async fn an_invitation_makes_one_user_who_is_signed_in() {
    let backend = Backend::start().await;
    let (id, link) = invite(&backend, "read_only").await;
    let backend = backend.restart().await;
    let listed = backend.get(PATH).await.expect(200);
    assert!(
        !listed.body.contains(&link[14..]),
        "the token is kept hashed"
    );
    assert_eq!(listed.json()[0]["id"], id.as_str());
    assert_eq!(listed.json()[0]["status"], "pending");
    assert_eq!(listed.json()[0]["user_id"], "");

    let page = answer(backend.bare(Method::GET, &link)).await.expect(200);
    assert!(page.body.contains("bob@example.com"));
    let differ = accept(&backend, &link, "bob", ["long enough", "long-enough"]).await;
    assert!(differ.expect(400).body.contains("passwords differ"));
    let short = accept(&backend, &link, "bob", ["short", "short"]).await;
    assert!(short.expect(400).body.contains("at least 10"));
    let taken = accept(&backend, &link, "admin", ["long enough", "long enough"]).await;
    assert!(taken.expect(400).body.contains("user 'admin' exists"));

    let joined = accept(&backend, &link, "bob", ["long enough", "long enough"])
        .await
        .expect(303);
    let cookie = joined
        .header("set-cookie")
        .split(';')
        .next()
        .expect("cookie")
        .to_string();
    let session = backend
        .bare(Method::GET, "/api/session")
        .header("Cookie", cookie);
    let session = answer(session).await.expect(200).json();
    assert_eq!(session, json!({"user": "bob", "role": "read_only"}));
    let again = accept(&backend, &link, "eve", ["long enough", "long enough"]).await;
    assert!(again.expect(404).body.contains("does not work any more"));
    let listed = backend.get(PATH).await.json();
    assert_eq!(
        (listed[0]["status"].as_str(), listed[0]["user_id"].as_str()),
        (Some("accepted"), Some("bob"))
    );
}

#[tokio::test]
async fn a_revoked_invitation_lets_nobody_in() {
    let backend = Backend::start().await;
    let (id, link) = invite(&backend, "admin").await;
    let path = format!("{PATH}/{id}");
    backend.delete(&path).await.expect(204);
    backend.delete(&path).await.expect(404);
    answer(backend.bare(Method::GET, &link)).await.expect(404);
    accept(&backend, &link, "bob", ["long enough", "long enough"])
        .await
        .expect(404);
    backend.get("/v1beta2/users/bob").await.expect(404);
    for body in [
        json!({"email": "bob"}),
        json!({"email": "a@b", "role": "owner"}),
    ] {
        backend.post(PATH, body).await.expect(400);
    }
}
