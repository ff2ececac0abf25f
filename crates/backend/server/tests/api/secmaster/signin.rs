//! Tokens, signatures, roles and permissions.

use reqwest::Method;
use serde_json::json;
use weir_api::{
    ApiError,
    auth::Credential,
    secmaster::{
        data_class, iam, page,
        shipper::{self, Filter, Shipper},
        workspace,
    },
};

use super::{
    super::common::{Backend, PASSWORD, answer},
    client::{Client, key, refused, token},
};

fn list() -> weir_api::ApiRequest {
    shipper::list(&Filter::default(), 0, 10)
}

fn admin() -> iam::SignIn {
    iam::SignIn {
        domain: "default".into(),
        user: "admin".into(),
        password: PASSWORD.into(),
        project: "default".into(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_of_iam_opens_the_door_for_a_day() {
    let backend = Backend::start().await;
    let url = format!("http://{}/secmaster", backend.running.address);
    let mut client = Client::new(url.clone(), Credential::None);
    assert_eq!(refused(client.send(list()).await).0, 401);
    let mut wrong = admin();
    wrong.password = "no".into();
    let request = iam::token(&wrong).expect("request");
    let (status, words) = refused(client.send_to(&url, request).await);
    assert_eq!((status, words.as_str()), (401, "user or password is wrong"));
    let request = iam::token(&admin()).expect("request");
    let (headers, body) = client.send_to(&url, request).await.expect("token");
    let secret = headers[iam::TOKEN_HEADER]
        .to_str()
        .expect("text")
        .to_owned();
    let issued = iam::issued(&body).expect("issued");
    assert_eq!(issued.project_id, "default");
    let hours = issued.expires_ms.map(|at| (at - chrono_now()) / 3_600_000);
    assert_eq!(hours, Some(23));
    client.credential = token(secret);
    let body = client.send(list()).await.expect("list");
    assert!(page::<Shipper>(&body).is_ok());
    client.credential = token("wrong".into());
    let (status, words) = refused(client.send(list()).await);
    assert_eq!(status, 401);
    assert!(words.starts_with("APIGW.0301"), "{words}");
    backend.running.stop().await;
}

fn chrono_now() -> i64 {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    now.map_or(0, |time| time.as_millis() as i64)
}

#[tokio::test(flavor = "multi_thread")]
async fn signatures_are_really_checked() {
    let backend = Backend::start().await;
    let (id, secret) = key(&backend, json!({"name": "ak"})).await;
    let url = format!("http://{}/secmaster", backend.running.address);
    let keys = |id: &str, secret: &str| Credential::HuaweiKeys {
        id: id.into(),
        secret: secret.into(),
    };
    let mut client = Client::new(url, keys(&id, &secret));
    client.send(list()).await.expect("a query is signed");
    let body = shipper::delete(&["none".into()]);
    let (status, words) = refused(client.send(body).await);
    assert_eq!(status, 400, "a body is signed: {words}");
    client
        .send_project(workspace::list(0, 1))
        .await
        .expect("other paths are signed");
    for (id, secret) in [(id.as_str(), "wrong"), ("unknown", secret.as_str())] {
        client.credential = keys(id, secret);
        let (status, words) = refused(client.send(list()).await);
        assert_eq!(status, 401, "{words}");
    }
    // Of the past, and for another request.
    let old = backend
        .bare(
            Method::GET,
            "/secmaster/v1/default/workspaces?offset=0&limit=1",
        )
        .header("X-Sdk-Date", "20200608T023900Z")
        .header(
            "Authorization",
            format!("SDK-HMAC-SHA256 Access={id}, SignedHeaders=host;x-sdk-date, Signature=00"),
        );
    let old = answer(old).await.expect(401).json();
    assert!(
        old["error_msg"]
            .as_str()
            .is_some_and(|m| m.contains("15 minutes"))
    );
    backend.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_and_permissions_hold_here_too() {
    let backend = Backend::start().await;
    let url = format!("http://{}/secmaster", backend.running.address);
    let may = async |permissions: Option<&[&str]>| {
        let (_, secret) = key(&backend, json!({"name": "p", "permissions": permissions})).await;
        let client = Client::new(url.clone(), token(secret));
        let status = |result: Result<Vec<u8>, ApiError>| match result {
            Ok(_) => 200,
            Err(error) => error.status().unwrap_or_default(),
        };
        [
            status(client.send(list()).await),
            status(client.send(shipper::delete(&["x".into()])).await),
            status(client.send(data_class::list(0, 1)).await),
        ]
    };
    assert_eq!(may(Some(&["read:delivery"])).await, [200, 403, 403]);
    assert_eq!(may(Some(&["write:delivery"])).await, [403, 400, 403]);
    assert_eq!(may(Some(&["read:data_object"])).await, [403, 403, 200]);
    assert_eq!(may(None).await, [200, 400, 200]);
    let user = json!({"username": "reader", "password": "just looking", "role": "read_only"});
    backend.post("/v1beta2/users", user).await.expect(201);
    let mut client = Client::new(url.clone(), Credential::None);
    let reader = iam::SignIn {
        user: "reader".into(),
        password: "just looking".into(),
        ..admin()
    };
    let request = iam::token(&reader).expect("request");
    let (headers, _) = client.send_to(&url, request).await.expect("token");
    client.credential = token(
        headers[iam::TOKEN_HEADER]
            .to_str()
            .expect("text")
            .to_owned(),
    );
    client.send(list()).await.expect("may read");
    let (status, words) = refused(client.send(shipper::pause("x")).await);
    assert_eq!(status, 403, "{words}");
    assert!(words.contains("read_only"), "{words}");
    client.workspace = "elsewhere".into();
    let (status, words) = refused(client.send(list()).await);
    assert_eq!(status, 403);
    assert!(words.starts_with("SecMaster.20010001"), "{words}");
    backend.running.stop().await;
}

/// Every change is in the audit log under the caller's name.
#[tokio::test(flavor = "multi_thread")]
async fn changes_are_in_the_audit_log() {
    let backend = Backend::start().await;
    backend.create_stream("a", &[("n", "int64")]).await;
    backend.create_stream("b", &[("n", "int64")]).await;
    let client = Client::of(&backend).await;
    let mut events = backend
        .query("SELECT actor, action, resource_name FROM audit_log WHERE resource_kind='delivery'")
        .await;
    let definition = json!({"shipper_name": "copy", "shipper_source": {"source_pipe": "a"},
        "shipper_destination": {"destination_pipe": "b"}});
    let definition = serde_json::from_value(definition).expect("definition");
    let create = shipper::create(&definition).expect("request");
    client.send(create).await.expect("made");
    let row = events.rows(1).await;
    assert_eq!(row[0][1], "create");
    assert_eq!(row[0][2], "copy");
    let actor = row[0][0].as_str().expect("actor");
    assert!(actor.starts_with("admin by API key secmaster"), "{actor}");
    drop(events);
    backend.running.stop().await;
}
