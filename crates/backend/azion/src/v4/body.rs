//! What a request says of a stream, in the words of version 3.

use serde_json::{Map, Value, json};
use weir_api::azion::{
    endpoint,
    v4::stream::{RAW_LOGS, SAMPLING, TEMPLATE, WORKLOADS},
};

use super::error::Errors;

/// The parts of a stream that a whole one has.
const PARTS: [&str; 3] = ["inputs", "transform", "outputs"];

/// The same of a stream that is sent as a whole.
pub(super) fn whole(sent: &Map<String, Value>) -> Result<Map<String, Value>, Errors> {
    let missing = PARTS.into_iter().filter(|key| !sent.contains_key(*key));
    let missing: Vec<String> = missing.map(|key| format!("/{key}")).collect();
    match missing.is_empty() {
        true => old(sent),
        false => Err(Errors::all_at(missing, "This field is required.")),
    }
}

/// Keys that are not sent stay away, so that a change of some leaves the others.
pub(super) fn old(sent: &Map<String, Value>) -> Result<Map<String, Value>, Errors> {
    let mut old = Map::new();
    for key in ["name", "active"] {
        if let Some(value) = sent.get(key) {
            old.insert(key.into(), value.clone());
        }
    }
    if let Some(inputs) = parts(sent, "inputs")? {
        let (kind, attributes) = only("inputs", &inputs)?;
        if kind != RAW_LOGS {
            return Err(unknown("/inputs/0/type", kind));
        }
        let source = attributes.get("data_source").and_then(Value::as_str);
        old.insert("data_source".into(), source.unwrap_or_default().into());
    }
    if let Some(transform) = parts(sent, "transform")? {
        old.extend(transformed(&transform)?);
    }
    if let Some(outputs) = parts(sent, "outputs")? {
        let (kind, mut attributes) = only("outputs", &outputs)?;
        attributes.remove("type");
        if kind == endpoint::STANDARD {
            // Which version 3 requires.
            for (key, default) in [("log_line_separator", "\n"), ("payload_format", "$dataset")] {
                if attributes.get(key).is_none_or(Value::is_null) {
                    attributes.insert(key.into(), default.into());
                }
            }
        }
        attributes.insert(endpoint::TYPE.into(), kind.into());
        old.insert("endpoint".into(), Value::Object(attributes));
    }
    Ok(old)
}

type Part = (String, Map<String, Value>);

fn parts(sent: &Map<String, Value>, key: &str) -> Result<Option<Vec<Part>>, Errors> {
    let Some(value) = sent.get(key) else {
        return Ok(None);
    };
    if value.is_null() {
        return Err(Errors::at(format!("/{key}"), "This field may not be null."));
    }
    let wrong = |at: String| Errors::at(at, "A type and its attributes are required.");
    let list = value
        .as_array()
        .ok_or_else(|| Errors::at(format!("/{key}"), "Expected a list of items."))?;
    let part = |(at, one): (usize, &Value)| {
        let kind = one["type"].as_str().map(str::to_owned);
        let attributes = one["attributes"].as_object().cloned();
        let place = format!("/{key}/{at}");
        kind.zip(attributes).ok_or_else(|| wrong(place))
    };
    list.iter()
        .enumerate()
        .map(part)
        .collect::<Result<_, _>>()
        .map(Some)
}

fn only(key: &str, parts: &[Part]) -> Result<(String, Map<String, Value>), Errors> {
    match parts {
        [one] => Ok(one.clone()),
        [] => Err(Errors::at(format!("/{key}"), "This list may not be empty.")),
        _ => Err(Errors::at(
            format!("/{key}/1"),
            "The embedded backend sends from one input to one output.",
        )),
    }
}

fn unknown(pointer: &str, kind: impl std::fmt::Display) -> Errors {
    Errors::at(pointer, format!("\"{kind}\" is not a valid choice."))
}

/// What is not among the transformations is not done.
fn transformed(parts: &[Part]) -> Result<Map<String, Value>, Errors> {
    let mut old = Map::new();
    let all = json!({"all_domains": true, "sampling_percentage": null});
    if let Value::Object(all) = all {
        old.extend(all);
    }
    for (at, (kind, attributes)) in parts.iter().enumerate() {
        let value = |key: &str| attributes.get(key).cloned().unwrap_or_default();
        match kind.as_str() {
            TEMPLATE => {
                old.insert("template_id".into(), value("template"));
            }
            SAMPLING => {
                old.insert("sampling_percentage".into(), value("rate"));
            }
            WORKLOADS => {
                old.insert("all_domains".into(), false.into());
                old.insert("domain_ids".into(), value("workloads"));
            }
            other => return Err(unknown(&format!("/transform/{at}/type"), other)),
        }
    }
    Ok(old)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn map(value: Value) -> Map<String, Value> {
        value.as_object().cloned().expect("object")
    }

    #[test]
    fn a_stream_is_said_in_the_words_of_version_3() {
        let sent = json!({
            "name": "a", "active": true,
            "inputs": [{"type": "raw_logs", "attributes": {"data_source": "workloads"}}],
            "transform": [{"type": "render_template", "attributes": {"template": 2}}],
            "outputs": [{"type": "qradar", "attributes": {"type": "qradar", "url": "http://q"}}],
        });
        assert_eq!(
            Value::Object(old(&map(sent)).expect("read")),
            json!({
                "name": "a", "active": true, "data_source": "workloads", "template_id": 2,
                "all_domains": true, "sampling_percentage": null,
                "endpoint": {"endpoint_type": "qradar", "url": "http://q"},
            })
        );
        let some = old(&map(json!({"active": false}))).expect("read");
        assert_eq!(Value::Object(some), json!({"active": false}));
    }

    #[test]
    fn a_whole_stream_has_all_its_parts_and_what_the_vendor_does_not_require_is_filled_in() {
        let mut sent = map(json!({
            "name": "a", "inputs": [{"type": "raw_logs", "attributes": {"data_source": "waf"}}],
            "outputs": [{"type": "standard", "attributes": {"url": "http://a", "headers": {}}}],
        }));
        let errors = format!("{:?}", whole(&sent).expect_err("no transform"));
        assert!(errors.contains("/transform"), "{errors}");
        sent.insert("transform".into(), json!([]));
        let endpoint = &whole(&sent).expect("read")["endpoint"];
        assert_eq!(endpoint["log_line_separator"], "\n");
        assert_eq!(endpoint["payload_format"], "$dataset");
    }

    #[test]
    fn what_is_wrong_is_pointed_at() {
        for (sent, pointer) in [
            (json!({"inputs": []}), "/inputs"),
            (json!({"inputs": 7}), "/inputs"),
            (json!({"transform": null}), "/transform"),
            (json!({"outputs": [{"type": "s3"}]}), "/outputs/0"),
            (
                json!({"transform": [{"type": "magic", "attributes": {}}]}),
                "/transform/0/type",
            ),
        ] {
            let errors = format!("{:?}", old(&map(sent)).expect_err("wrong"));
            assert!(errors.contains(&format!("{pointer:?}")), "{errors}");
        }
    }
}
