//! A function's secret is to be sent elsewhere.

use reqwest::Method;
use serde_json::{Value, json};

use super::{
    common::{Backend, answer},
    receiver::Receiver,
};

/// The mask, or nothing, in the place of a function's secret: it is kept for the same address, and is
/// no secret itself.
#[tokio::test]
async fn a_functions_secret_stays_with_its_address() {
    let (mut vendor, mut evil) = (Receiver::start().await, Receiver::start().await);
    let backend = Backend::start().await;
    let function = |url: String, value: Value| {
        json!({
            "name": "f", "type": "remote", "arguments": [{"name": "x", "type": "string"}],
            "return_type": "string", "url": url, "auth_method": "auth_header",
            "auth_context": {"key_name": "X-Key", "key_value": value},
        })
    };
    let made = function(vendor.url("/"), "hush".into());
    backend.post("/v1beta2/udfs", made).await.expect(201);
    let put = |body: Value| {
        let request = backend.request(Method::PUT, "/v1beta2/udfs/f");
        answer(request.body(body.to_string()))
    };
    for given in [Value::Null, "******".into()] {
        let same = function(vendor.url("/"), given.clone());
        put(same).await.expect(200);
        for moved in [
            evil.url("/"),
            evil.url("/#x"),
            vendor.url("/").replace("http://", "http://x@"),
        ] {
            let moved = function(moved, given.clone());
            let refused = put(moved.clone()).await.expect(400);
            assert!(refused.body.contains("key_value"), "{}", refused.body);
            let trial = json!({"function": moved, "rows": [["a"]]});
            backend.post("/v1beta2/udfs/test", trial).await;
        }
    }
    for got in evil.rest() {
        assert!(!format!("{:?}", got.headers).contains("hush"), "{got:?}");
    }
    let call = json!({"sql": "SELECT f('a')", "type": "historical"});
    backend.post("/v1beta2/exec", call).await;
    let got = vendor.rest();
    let last = got.last().expect("a call");
    assert_eq!(last.header("x-key"), "hush", "{last:?}");
}
