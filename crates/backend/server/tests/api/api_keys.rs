//! `/v1beta2/auth/api_keys`.

use reqwest::Method;
use serde_json::json;

use super::common::{Backend, answer};

#[tokio::test]
async fn api_keys_are_shown_once_and_stored_hashed() {
    let backend = Backend::start().await;
    let keys = "/v1beta2/auth/api_keys";
    let created = backend
        .post(keys, json!({"name": "ci", "expire_in": "24h"}))
        .await
        .expect(201);
    let created = created.json();
    let secret = created["api_key"].as_str().expect("key").to_string();
    let masked = format!("ci ({}****{})", &secret[..4], &secret[secret.len() - 4..]);
    assert_eq!(created["name"], masked.as_str());
    let life = created["expire_at"].as_i64().expect("expiry")
        - created["created_at"].as_i64().expect("creation");
    assert_eq!(life, 24 * 60 * 60);

    let list = backend.get(keys).await.expect(200);
    assert!(!list.body.contains(&secret));
    assert_eq!(list.json()[0]["id"], created["id"]);
    assert_eq!(list.json()[0]["created_by"]["name"], "admin");

    let backend = backend.restart().await;
    let with_key = || {
        backend
            .bare(Method::GET, "/default/api/info")
            .header("X-Api-Key", &secret)
    };
    answer(with_key()).await.expect(200);
    for file in std::fs::read_dir(backend.dir.path().join("data")).expect("folder") {
        let path = file.expect("entry").path();
        let bytes = if path.is_file() {
            std::fs::read(&path).expect("file")
        } else {
            continue;
        };
        let found = bytes
            .windows(secret.len())
            .any(|window| window == secret.as_bytes());
        assert!(!found, "the key is readable in {}", path.display());
    }

    let path = format!("{keys}/{}", created["id"].as_str().expect("id"));
    backend.delete(&path).await.expect(204);
    backend.delete(&path).await.expect(404);
    assert_eq!(
        answer(with_key()).await.expect(401).message(),
        "the API key is not known"
    );
}

#[tokio::test]
async fn api_key_expiry_is_checked() {
    let backend = Backend::start().await;
    let keys = "/v1beta2/auth/api_keys";
    for (body, field) in [
        (json!({"expire_in": "soon"}), "expire_in"),
        (
            json!({"expire_in": "1h", "expire_at": "2099-01-01T00:00:00Z"}),
            "expire_in",
        ),
        (json!({"expire_at": "tomorrow"}), "expire_at"),
        (json!({"expire_at": "2001-01-01T00:00:00Z"}), "expire_at"),
    ] {
        let refused = backend.post(keys, &body).await.expect(400);
        assert_eq!(refused.json()["fields"][0]["field"], field, "{body}");
    }
    let short = backend
        .post(keys, json!({"expire_in": "1ms"}))
        .await
        .expect(201);
    let secret = short.json()["api_key"].as_str().expect("key").to_string();
    let used = backend
        .bare(Method::GET, "/default/api/info")
        .header("X-Api-Key", secret);
    assert_eq!(
        answer(used).await.expect(401).message(),
        "the API key has expired"
    );
}
