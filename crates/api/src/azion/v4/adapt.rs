//! Calls of version 3 as version 4 has them, so that one page serves both.

use super::{
    PATH,
    stream::{Stream, StreamDef},
};
use crate::{ApiError, ApiRequest, Method, azion::definition::StreamingDef};

/// Version 3's paths and what they are in version 4. What domains were are workloads.
const PATHS: [(&str, &str); 3] = [
    ("/data_streaming/streamings", "/workspace/stream/streams"),
    ("/data_streaming/templates", "/workspace/stream/templates"),
    ("/data_streaming/domains", "/workspace/workloads"),
];

/// The same call of version 4; one that is of version 4 already stays as it is.
pub fn upgrade(mut request: ApiRequest) -> ApiRequest {
    let found = PATHS.iter().find_map(|(old, new)| {
        let rest = request.path.strip_prefix(old)?;
        Some(format!("{new}{rest}"))
    });
    let Some(path) = found else {
        return request.accept("application/json");
    };
    let whole = matches!(request.method, Method::Post | Method::Put);
    if whole
        && path.starts_with(&format!("{PATH}/streams"))
        && let Some(body) = &mut request.body
        && let Ok(old) = serde_json::from_slice::<StreamingDef>(&body.bytes)
        && let Ok(bytes) = serde_json::to_vec(&StreamDef::from_old(&old))
    {
        body.bytes = bytes;
    }
    request.path = path;
    // Of version 3 only.
    request.query.retain(|(name, _)| name != "streaming_id");
    request.accept("application/json")
}

/// Changes a stream to what the form says: nothing where nothing has changed. Outputs can only be
/// replaced together with all else, secrets with them; as long as they stay, only what differs is
/// sent.
pub fn change(
    before: &Stream,
    old: &StreamingDef,
    after: &StreamingDef,
    replace: bool,
) -> Option<Result<ApiRequest, ApiError>> {
    let wanted = before.definition.with(old, after);
    let id = before.id.to_string();
    if replace || wanted.outputs != before.definition.outputs {
        return Some(super::stream::replace(&id, &wanted));
    }
    let mut changes = serde_json::Map::new();
    let fields = |definition: &StreamDef| match serde_json::to_value(definition) {
        Ok(serde_json::Value::Object(map)) => map,
        _ => serde_json::Map::new(),
    };
    let now = fields(&before.definition);
    for (key, value) in fields(&wanted) {
        if now.get(&key) != Some(&value) {
            changes.insert(key, value);
        }
    }
    (!changes.is_empty()).then(|| super::stream::update(&id, &changes))
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;
    use crate::azion::{
        domain, many, one,
        streaming::{self, Streaming},
        template,
    };

    fn body(request: &ApiRequest) -> Value {
        let body = request.body.as_ref().expect("a body");
        serde_json::from_slice(&body.bytes).expect("JSON")
    }

    #[test]
    fn every_call_has_its_place_in_version_4() {
        for (request, target) in [
            (streaming::list(), "/workspace/stream/streams"),
            (streaming::get("a/b"), "/workspace/stream/streams/a%2Fb"),
            (streaming::delete("7"), "/workspace/stream/streams/7"),
            (template::list(), "/workspace/stream/templates"),
            (template::get(2), "/workspace/stream/templates/2"),
            (
                domain::list(Some("7")),
                "/workspace/workloads?page_size=2000",
            ),
            (
                super::super::data_sources(),
                "/workspace/stream/data_sources",
            ),
        ] {
            let method = request.method;
            let upgraded = upgrade(request);
            assert_eq!(
                (upgraded.target().as_str(), upgraded.method),
                (target, method)
            );
            assert_eq!(
                upgraded.headers,
                [("Accept".into(), "application/json".to_string())]
            );
        }
        let on = upgrade(streaming::activate("7", true).expect("a request"));
        assert_eq!(body(&on), json!({"active": true}));
    }

    #[test]
    fn a_new_one_is_sent_in_parts() {
        let definition: StreamingDef = serde_json::from_value(json!({
            "name": "out", "template_id": 2, "data_source": "workloads", "active": true,
            "domain_ids": [5], "endpoint": {"endpoint_type": "qradar", "url": "https://q.example"},
        }))
        .expect("a definition");
        let sent = body(&upgrade(streaming::create(&definition).expect("a request")));
        assert_eq!(
            sent,
            json!({
                "name": "out", "active": true,
                "inputs": [{"type": "raw_logs", "attributes": {"data_source": "workloads"}}],
                "transform": [
                    {"type": "filter_workloads", "attributes": {"workloads": [5]}},
                    {"type": "render_template", "attributes": {"template": 2}},
                ],
                "outputs": [{"type": "qradar", "attributes": {"type": "qradar", "url": "https://q.example"}}],
            })
        );
    }

    fn existing() -> Streaming {
        let body = json!({"data": {
            "id": 7, "name": "out", "active": true, "last_editor": "a",
            "inputs": [
                {"type": "raw_logs", "attributes": {"data_source": "waf"}},
                {"type": "later", "attributes": {"x": 1}},
            ],
            "transform": [
                {"type": "mask", "attributes": {"fields": ["ip"]}},
                {"type": "sampling", "attributes": {"rate": 30}},
                {"type": "render_template", "attributes": {"template": 2}},
            ],
            "outputs": [
                {"type": "splunk", "attributes": {"type": "splunk", "url": "https://s.example"}},
                {"type": "kafka", "attributes": {"type": "kafka", "kafka_topic": "t"}},
            ],
        }});
        one(body.to_string().as_bytes()).expect("a streaming")
    }

    #[test]
    fn what_the_form_does_not_know_stays() {
        let before = existing();
        let stream = before.stream.clone().expect("a stream of version 4");
        let old = &before.definition;
        assert!(change(&stream, old, old, false).is_none());
        let mut after = old.clone();
        after.sampling_percentage = None;
        after.template_id = Some(9);
        let request = change(&stream, old, &after, false).expect("a change");
        let request = request.expect("a request");
        assert_eq!(request.method, Method::Patch);
        assert_eq!(
            body(&request),
            json!({"transform": [
                {"type": "mask", "attributes": {"fields": ["ip"]}},
                {"type": "render_template", "attributes": {"template": 9}},
            ]})
        );
        after
            .endpoint
            .insert("url".into(), "https://t.example".into());
        let request = change(&stream, old, &after, false).expect("a change");
        let request = request.expect("a request");
        assert_eq!(request.method, Method::Put);
        let sent = body(&request);
        assert_eq!(sent["outputs"][0]["attributes"]["url"], "https://t.example");
        assert_eq!(sent["outputs"][1]["type"], "kafka");
        assert_eq!(sent["inputs"][1]["type"], "later");
    }

    #[test]
    fn lists_of_both_versions_are_read() {
        let body = br#"{"count":1,"results":[{"id":7,"name":"out","inputs":null,"transform":[],"outputs":[null]}]}"#;
        let all: Vec<Streaming> = many(body).expect("streamings");
        assert_eq!(all[0].definition.name, "out");
        assert!(all[0].stream.is_some());
        let body = br#"{"results":[{"id":2,"name":"t","data_set":"$time","custom":true}]}"#;
        let all: Vec<template::Template> = many(body).expect("templates");
        assert_eq!(
            (all[0].template_model.as_str(), all[0].custom),
            ("$time", Some(true))
        );
        let all: Vec<domain::Domain> =
            many(br#"{"results":[{"id":5,"name":"w"}]}"#).expect("workloads");
        assert_eq!(all[0].domain_id, 5);
    }
}
