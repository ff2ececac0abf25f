//! What the vendor's API can do, and who may call it.

use reqwest::Method;
use serde_json::{Value, json};
use weir_api::{
    auth::Credential,
    azion::{
        self,
        domain::{self, Domain},
        streaming::{self, Streaming},
        template::{self, Template},
    },
};

use super::{
    super::common::{Answer, Backend, answer},
    client::{Caller, refused},
};

/// Every operation, with what it answers and what it refuses. Leaves nothing behind.
async fn walk(caller: &Caller) {
    let body = caller.send(template::list()).await.expect("templates");
    let templates: Vec<Template> = azion::many(&body).expect("templates");
    let first = templates.first().expect("a template");
    let body = caller
        .send(template::get(first.id))
        .await
        .expect("template");
    let template: Template = azion::one(&body).expect("template");
    assert_eq!(template.id, first.id);

    let body = caller.send(domain::list(None)).await.expect("domains");
    let domains: Vec<Domain> = azion::many(&body).expect("domains");
    let one = domains.first().expect("a domain").domain_id;

    let headers: serde_json::Map<String, Value> = (1..=5)
        .map(|n| (format!("header-name-{n}"), json!(format!("value-{n}"))))
        .collect();
    let made = caller
        .create(json!({
            "name": "weir contract", "template_id": first.id, "domain_ids": [one], "active": false,
            "endpoint": {"endpoint_type": "standard", "url": "https://example.com/logs",
                         "log_line_separator": "\n", "payload_format": "$dataset",
                         "max_size": 1_000_000, "headers": headers},
        }))
        .await;
    assert_eq!(made.definition.data_source, "http");
    // What headers say may prove a caller: it is masked.
    assert_eq!(
        made.definition.endpoint["headers"]["header-name-5"],
        "******"
    );
    assert!(!made.definition.active);

    let body = caller.send(streaming::list()).await.expect("list");
    let all: Vec<Streaming> = azion::many(&body).expect("list");
    assert!(all.iter().any(|one| one.id == made.id));
    let read = caller.one(streaming::get(&made.id)).await;
    assert_eq!(read.definition, made.definition);
    let body = caller.send(domain::list(Some(&made.id))).await;
    let marked: Vec<Domain> = azion::many(&body.expect("domains")).expect("domains");
    assert!(
        marked
            .iter()
            .any(|d| d.domain_id == one && d.selected == Some(true))
    );

    // Only the changed fields.
    let mut after = read.definition.clone();
    after.name = "weir contract 2".into();
    let changes = after.changes(&read.definition);
    assert_eq!(changes.len(), 1);
    let changed = caller
        .one(streaming::update(&made.id, &changes).expect("request"))
        .await;
    assert_eq!(changed.definition.name, "weir contract 2");
    assert_eq!(changed.definition.endpoint, read.definition.endpoint);

    // All of them, with another endpoint and a template of one's own.
    after.template_id = None;
    after.template_model = Some(r#"{"status":"$status"}"#.into());
    after.endpoint = json!({"endpoint_type": "qradar", "url": "https://example.com/q"})
        .as_object()
        .cloned()
        .expect("object");
    let replaced = caller
        .one(streaming::replace(&made.id, &after).expect("request"))
        .await;
    assert_eq!(replaced.definition.endpoint_type(), "qradar");
    assert_eq!(replaced.definition.template_model, after.template_model);

    let unknown = json!({"name": "", "endpoint": {"endpoint_type": "standard", "url": "x"}});
    let unknown = unknown.as_object().expect("object");
    let outcome = caller.send(streaming::update(&made.id, unknown).expect("request"));
    let (status, fields, _) = refused(outcome.await);
    assert_eq!(status, 400);
    assert!(!fields.is_empty());

    let (status, ..) = refused(
        caller
            .send(streaming::get(&made.id).accept("application/json; version=1"))
            .await,
    );
    assert_eq!(status, 406);

    caller
        .send(streaming::delete(&made.id))
        .await
        .expect("deleted");
    let (status, ..) = refused(caller.send(streaming::get(&made.id)).await);
    assert_eq!(status, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn all_operations_of_the_vendor() {
    let backend = Backend::start().await;
    let caller = Caller::of(&backend).await;
    walk(&caller).await;
    let (status, _, words) = refused(caller.send(streaming::get("none")).await);
    assert_eq!((status, words.as_str()), (404, "Not found."));
}

/// `WEIR_AZION_URL=https://api.azionapi.net WEIR_AZION_TOKEN=… cargo test azion`
#[tokio::test]
async fn all_operations_of_a_server_elsewhere() {
    let variable = |name: &str| std::env::var(name).ok();
    let (Some(url), Some(token)) = (variable("WEIR_AZION_URL"), variable("WEIR_AZION_TOKEN"))
    else {
        return;
    };
    walk(&Caller::new(url.trim_end_matches('/'), &token)).await;
}

async fn bare(
    backend: &Backend,
    method: Method,
    path: &str,
    token: Option<&str>,
    body: &str,
) -> Answer {
    let mut request = backend
        .bare(method, &format!("/azion{path}"))
        .header("Accept", azion::ACCEPT)
        .body(body.to_string());
    if let Some(token) = token {
        request = request.header("Authorization", token);
    }
    answer(request).await
}

#[tokio::test(flavor = "multi_thread")]
async fn callers_without_a_right_are_refused_in_the_vendors_words() {
    let backend = Backend::start().await;
    let path = "/data_streaming/streamings";
    let none = bare(&backend, Method::GET, path, None, "")
        .await
        .expect(401);
    assert_eq!(
        none.json(),
        json!({"detail": "Authentication credentials were not provided."})
    );
    bare(&backend, Method::GET, path, Some("Token wrong"), "")
        .await
        .expect(401);
    bare(&backend, Method::GET, path, Some("Bearer x"), "")
        .await
        .expect(401);

    let reader = json!({"name": "reader", "permissions": ["read:streaming"]});
    let key = backend
        .post("/v1beta2/auth/api_keys", reader)
        .await
        .expect(201)
        .json();
    let token = format!("token {}", key["api_key"].as_str().expect("key"));
    bare(&backend, Method::GET, path, Some(&token), "")
        .await
        .expect(200);
    let refused = bare(&backend, Method::POST, path, Some(&token), "{}")
        .await
        .expect(403);
    assert!(
        refused.json()["detail"]
            .as_str()
            .is_some_and(|d| d.contains("write:streaming"))
    );

    let all = Caller::of(&backend).await;
    let Credential::AzionToken(secret) = &all.credential else {
        panic!("a token");
    };
    let token = format!("Token {secret}");
    let wrong = bare(&backend, Method::POST, path, Some(&token), "[1")
        .await
        .expect(400);
    assert!(wrong.body.contains("JSON parse error"), "{}", wrong.body);
    let empty = bare(&backend, Method::POST, path, Some(&token), "{}")
        .await
        .expect(400);
    assert_eq!(
        empty.json(),
        json!({
            "name": ["This field is required."], "endpoint": ["This field is required."],
        })
    );
    let other = bare(&backend, Method::PUT, path, Some(&token), "{}")
        .await
        .expect(405);
    assert_eq!(
        other.json(),
        json!({"detail": "Method \"PUT\" not allowed."})
    );
    bare(
        &backend,
        Method::GET,
        "/data_streaming/nothing",
        Some(&token),
        "",
    )
    .await
    .expect(404);
}
