use std::time::Duration;

use serde_json::json;

use super::*;
use crate::property::{text, *};

fn every_type() -> impl Iterator<Item = &'static TypeOf> {
    let tables = [
        sources::TYPES,
        sinks::TYPES,
        external_streams::TYPES,
        external_tables::TYPES,
        alert_actions::TYPES,
    ];
    tables.into_iter().flatten()
}

fn example(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "some text",
        Kind::LongText => "first\n  second {{ .x }}",
        Kind::Number => "42",
        Kind::Bool => "true",
        Kind::Choice(all) => all[all.len() - 1],
        Kind::Duration => "1m30s",
        Kind::List => "one\ntwo",
        Kind::Map => "Accept: text/plain\nX-Key: a: b",
        Kind::Json => "{\n  \"a\": 1\n}",
    }
}

fn filled(kind: &TypeOf) -> Values {
    let mut values = Values::new(kind);
    for property in kind.properties {
        values.set(property.key, example(property.kind));
    }
    values.rest = "{\n  \"own\": {\n    \"x\": [\n      1,\n      null\n    ]\n  }\n}".into();
    values
}

fn object(value: serde_json::Value) -> Map {
    value.as_object().expect("object").clone()
}

#[test]
fn keys_are_unique_and_defaults_fit_their_kind() {
    for kind in every_type() {
        let keys: std::collections::BTreeSet<_> = kind.properties.iter().map(|p| p.key).collect();
        assert_eq!(keys.len(), kind.properties.len(), "{}", kind.name);
        for property in kind.properties {
            assert!(!property.label.is_empty(), "{}.{}", kind.name, property.key);
            if !property.default.is_empty() {
                let read = text::parse(property.kind, property.default);
                assert!(read.is_ok(), "{}.{}: {read:?}", kind.name, property.key);
            }
            if let (Kind::Choice(all), default) = (property.kind, property.default) {
                assert!(default.is_empty() || all.contains(&default), "{default}");
            }
        }
        for key in kind.one_of {
            assert!(kind.property(key).is_some(), "{}: {key}", kind.name);
        }
    }
}

#[test]
fn a_new_draft_holds_the_defaults_and_misses_what_is_required() {
    for kind in every_type() {
        let values = Values::new(kind);
        for property in kind.properties {
            assert_eq!(values.text(property.key), property.default, "{}", kind.name);
        }
        let empty_is_fine = |p: &Property| matches!(p.kind, Kind::Choice(all) if all.contains(&""));
        let mut missing: Vec<String> = kind
            .properties
            .iter()
            .filter(|p| p.required && p.default.is_empty() && !empty_is_fine(p))
            .map(|p| format!("properties.{}", p.key))
            .collect();
        missing.extend(kind.one_of.first().map(|key| format!("properties.{key}")));
        missing.sort();
        let mut fields: Vec<String> = values
            .body(kind)
            .err()
            .unwrap_or_default()
            .into_iter()
            .map(|error| error.field)
            .collect();
        fields.sort();
        assert_eq!(fields, missing, "{}", kind.name);
    }
}

/// A form that holds nothing new does not ask before it is left.
#[test]
fn what_is_emptied_is_as_never_typed() {
    for kind in every_type() {
        let first = Values::new(kind);
        let mut values = first.clone();
        for property in kind.properties {
            let before = first.text(property.key).to_string();
            values.set(property.key, example(property.kind));
            values.set(property.key, before);
        }
        assert_eq!(values, first, "{}", kind.name);
    }
}

#[test]
fn what_is_sent_comes_back_to_the_same_fields() {
    for kind in every_type() {
        let values = filled(kind);
        let body = values.body(kind).expect(kind.name);
        assert_eq!(body["own"], json!({"x": [1, null]}));
        let back = Values::of(kind, &body);
        assert_eq!(back, values, "{}", kind.name);
        assert_eq!(back.body(kind).expect("body"), body, "{}", kind.name);
    }
}

#[test]
fn settings_are_texts_and_come_back_to_the_same_fields() {
    for kind in external_streams::TYPES.iter().chain(external_tables::TYPES) {
        let mut values = filled(kind);
        values.rest = "{\n  \"own\": \"x\"\n}".into();
        let settings = values.settings(kind).expect(kind.name);
        assert_eq!(settings[0].key, "type");
        assert_eq!(settings[0].value, kind.name);
        assert_eq!(
            Values::of_settings(kind, &settings),
            values,
            "{}",
            kind.name
        );
    }
}

#[test]
fn a_secret_that_was_not_touched_is_never_sent() {
    for kind in every_type() {
        let mut held = filled(kind).body(kind).expect("body");
        for key in kind.secrets() {
            if let Some((outer, inner)) = key.split_once('.') {
                held[outer].as_object_mut().expect("object").remove(inner);
            } else {
                held.remove(key);
            }
        }
        let mut values = Values::of(kind, &held);
        for key in kind.secrets() {
            assert!(values.unchanged(key), "{}.{key}", kind.name);
        }
        assert_eq!(values.body(kind).expect("body"), held, "{}", kind.name);
        for property in kind.properties.iter().filter(|p| p.secret) {
            values.set(property.key, example(property.kind));
            assert!(!values.unchanged(property.key));
        }
        assert_eq!(
            values.body(kind).expect("body"),
            filled(kind).body(kind).expect("body"),
            "{}",
            kind.name
        );
    }
}

#[test]
fn dotted_keys_nest_beside_what_is_not_known() {
    let nats = find(sources::TYPES, "nats");
    let held = object(json!({
        "url": ["nats://a:4222", "nats://b:4222"], "subject": "s", "data_type": "json",
        "tls": {"disable": true, "ca": "x"}, "more": 1.5
    }));
    let values = Values::of(nats, &held);
    assert_eq!(values.text("tls.disable"), "true");
    assert_eq!(values.text("url"), "nats://a:4222\nnats://b:4222");
    let rest: serde_json::Value = serde_json::from_str(&values.rest).expect("JSON");
    assert_eq!(rest, json!({"tls": {"ca": "x"}, "more": 1.5}));
    assert_eq!(values.body(nats).expect("body"), held);
    let flat = object(json!({"tls.disable": true}));
    assert_eq!(Values::of(nats, &flat).text("tls.disable"), "true");
}

#[test]
fn a_value_of_another_shape_stays_as_it_is() {
    let http = find(sinks::TYPES, "http");
    let held = object(json!({
        "url": "http://x", "http_header": {"n": 1}, "retries": {"odd": true},
        "payload_field": null, "oauth2": "none"
    }));
    let values = Values::of(http, &held);
    assert_eq!(values.text("http_header"), "");
    assert_eq!(values.body(http).expect("body"), held);
}

#[test]
fn numbers_and_switches_held_as_text_are_read() {
    let nats = find(sources::TYPES, "nats");
    let held =
        object(json!({"prefetch_count": "100", "tls": {"disable": "true"}, "url": "nats://a"}));
    let values = Values::of(nats, &held);
    assert_eq!(values.text("prefetch_count"), "100");
    assert_eq!(values.text("tls.disable"), "true");
    assert_eq!(values.text("url"), "nats://a");
    assert_eq!(values.rest, "");
}

#[test]
fn mistakes_are_named_at_their_fields() {
    let http = find(sinks::TYPES, "http");
    let mut values = Values::new(http);
    values.set("url", "http://x");
    values.set("retries", "many");
    values.set("timeout", "10");
    values.set("http_header", "no colon");
    values.rest = "[1]".into();
    let errors = values.body(http).expect_err("mistakes");
    let mut fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        [
            "properties",
            "properties.http_header",
            "properties.retries",
            "properties.timeout"
        ]
    );
}

#[test]
fn another_type_keeps_what_both_have() {
    let mut typed = Typed::new(sources::TYPES, "stream_generator");
    assert_eq!(typed.values.text("interval"), "200ms");
    typed.choose(sources::TYPES, "nats");
    typed.values.set("url", "nats://a");
    typed.values.set("subject", "orders.>");
    typed.values.set("data_type", "text");
    typed.choose(sources::TYPES, "nats_jetstream");
    assert_eq!(typed.values.text("subject"), "orders.>");
    assert_eq!(typed.values.text("data_type"), "text");
    assert_eq!(typed.values.text("ack_wait"), "30s");
    let body = typed
        .values
        .body(find(sources::TYPES, &typed.kind))
        .expect("body");
    assert!(!body.contains_key("interval"), "{body:?}");
    typed.choose(sources::TYPES, "stream_generator");
    assert_eq!(typed.values.text("interval"), "200ms");
}

#[test]
fn a_named_collection_may_bring_what_is_required() {
    let kafka = find(external_streams::TYPES, "kafka");
    let mut values = Values::new(kafka);
    assert!(values.settings(kafka).is_err());
    values.set("named_collection", "production");
    assert!(values.settings(kafka).is_ok());
}

#[test]
fn a_type_that_is_not_known_is_all_json() {
    let held = object(json!({"pipeline": "input: {}", "n": 1}));
    let values = Values::of(find(sources::TYPES, "something_new"), &held);
    assert_eq!(values.body(&OTHER).expect("body"), held);
}

#[test]
fn durations_are_read_as_go_writes_them() {
    for (text, ms) in [
        ("200ms", Some(200)),
        ("1h30m", Some(5_400_000)),
        ("2.5s", Some(2500)),
        ("1m0.5s", Some(60_500)),
        ("10", None),
        ("", None),
        ("s", None),
        ("-1s", None),
        ("1d", None),
        ("1..5s", None),
    ] {
        assert_eq!(duration(text), ms.map(Duration::from_millis), "{text}");
    }
}
