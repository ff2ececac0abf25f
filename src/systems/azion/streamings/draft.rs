//! What the form of a data streaming edits, and what is sent of it.

use std::collections::BTreeSet;

use weir_api::{
    ApiRequest, FieldError,
    azion::{
        DataSource, check,
        endpoint::{ESCAPED, TYPE, TYPES, escaped, unescaped},
        streaming::{self, Streaming, StreamingDef},
        v4::{DATA_SOURCES, adapt},
    },
    capability::{Capabilities, Capability},
    property::{Map, Typed, Values, find},
};

use crate::{errors, kit::Edited};

const PREFIX: &str = "object_key_prefix";

/// In place of a template's id.
pub const CUSTOM: &str = "custom";

#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub name: String,
    /// Empty: the usual one of the server's version.
    pub source: String,
    /// `true` or empty, as are the other switches.
    pub active: bool,
    /// An id, [`CUSTOM`], or empty.
    pub template: String,
    pub model: String,
    pub all_domains: bool,
    pub domains: BTreeSet<i64>,
    pub sampling: String,
    pub endpoint: Typed,
    /// Sends everything instead of what has changed.
    pub replace: bool,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            name: String::new(),
            source: String::new(),
            active: true,
            template: String::new(),
            model: String::new(),
            all_domains: false,
            domains: BTreeSet::new(),
            sampling: String::new(),
            endpoint: Typed::new(TYPES, "standard"),
            replace: false,
        }
    }
}

impl Draft {
    pub fn of(streaming: &Streaming) -> Self {
        let definition = &streaming.definition;
        let template = match (definition.template_id, &definition.template_model) {
            (Some(id), _) => id.to_string(),
            (None, Some(_)) => CUSTOM.into(),
            (None, None) => String::new(),
        };
        Self {
            name: definition.name.clone(),
            source: definition.data_source.clone(),
            active: definition.active,
            template,
            model: definition.template_model.clone().unwrap_or_default(),
            all_domains: definition.all_domains,
            domains: definition.domain_ids.iter().copied().collect(),
            sampling: definition
                .sampling_percentage
                .map(|percent| percent.to_string())
                .unwrap_or_default(),
            endpoint: typed(definition),
            replace: false,
        }
    }

    /// What the chosen source is; the first one where it is new to this program.
    pub fn source(&self) -> DataSource {
        DataSource::meant(&self.source).unwrap_or_default()
    }

    /// Its name on a server with or without the parts of version 4.
    pub fn source_name(&self, parts: bool) -> &str {
        match (self.source.as_str(), parts) {
            ("", true) => DATA_SOURCES[0].slug,
            ("", false) => DataSource::default().as_str(),
            (chosen, _) => chosen,
        }
    }

    /// `parts`: the server has version 4, where templates are not inside of streams.
    fn definition(
        &self,
        before: Option<&StreamingDef>,
        parts: bool,
    ) -> Result<StreamingDef, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut complain = |field: &str, message: String| {
            errors.push(FieldError::new(field, message));
        };
        if self.name.trim().is_empty() {
            complain("name", "Enter a name".into());
        }
        let custom = self.template == CUSTOM;
        let template_id = self.template.parse().ok();
        // Servers have streamings with neither.
        let had_none = before
            .is_some_and(|before| before.template_id.is_none() && before.template_model.is_none());
        if template_id.is_none() && !custom && !had_none {
            complain("template_id", "Choose a template".into());
        }
        if custom && parts {
            let words = "Create the template under Templates first, then choose it here";
            complain("template_id", words.into());
        }
        if let Some(one) = check::template_model(&self.model).filter(|_| custom) {
            complain(&one.field, one.message);
        }
        let all_domains = self.all_domains;
        let needed = self.source().has_domains() && !all_domains;
        let had_no_domains = before.is_some_and(|before| before.domain_ids.is_empty());
        if needed && self.domains.is_empty() && !had_no_domains {
            complain("domain_ids", "Choose at least one domain, or all".into());
        }
        let sampling_percentage = match self.sampling.trim() {
            "" => None,
            text => match text.parse() {
                Ok(percent @ 0..=100) => Some(percent),
                _ => {
                    let message = format!("'{text}' is not a whole number from 0 to 100");
                    complain("sampling_percentage", message);
                    None
                }
            },
        };
        let endpoint = match self.endpoint(before) {
            Ok(endpoint) => endpoint,
            Err(more) => {
                errors.extend(more);
                Map::new()
            }
        };
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(StreamingDef {
            name: self.name.trim().into(),
            template_id,
            template_model: custom.then(|| self.model.clone()),
            data_source: self.source_name(parts).into(),
            active: self.active,
            domain_ids: match needed {
                true => self.domains.iter().copied().collect(),
                false => Vec::new(),
            },
            all_domains,
            sampling_percentage,
            endpoint,
            beside: before
                .map(|before| before.beside.clone())
                .unwrap_or_default(),
        })
    }

    /// One that nobody touched goes back as it came.
    fn endpoint(&self, before: Option<&StreamingDef>) -> Result<Map, Vec<FieldError>> {
        let kind = find(TYPES, &self.endpoint.kind);
        let mut secrets = kind.properties.iter().filter(|one| one.secret);
        let lacks = secrets.any(|one| self.endpoint.values.unchanged(one.key));
        let untouched = before.filter(|before| typed(before) == self.endpoint);
        if let Some(before) = untouched.filter(|_| !self.replace || !lacks) {
            return Ok(before.endpoint.clone());
        }
        let mut sent = self.endpoint.values.collect(kind, "endpoint")?;
        // An endpoint is replaced as a whole, so that a prefix which is left out would stay away
        // as `null` says.
        if kind.property(PREFIX).is_some() {
            sent.entry(PREFIX).or_insert(serde_json::Value::Null);
        }
        sent.insert(TYPE.into(), self.endpoint.kind.clone().into());
        change_escaped(&mut sent, unescaped);
        let mut errors: Vec<FieldError> = check::endpoint(&sent)
            .into_iter()
            .map(FieldError::from)
            .collect();
        // The server replaces the endpoint as a whole: a secret that is not sent would be lost.
        for one in &mut errors {
            let key = one.field.strip_prefix("endpoint.");
            if key.is_some_and(|key| self.endpoint.values.unchanged(key)) {
                one.message =
                    "Enter it again: a changed destination is replaced as a whole".to_string();
            }
        }
        match errors.is_empty() {
            true => Ok(sent),
            false => Err(errors),
        }
    }

    /// Nothing where nothing has changed.
    pub fn requests(
        &self,
        edited: &Edited<Streaming>,
        can: Capabilities,
    ) -> Result<Vec<ApiRequest>, Vec<FieldError>> {
        let parts = can.has(Capability::AzionParts);
        let request = match edited {
            Edited::New => streaming::create(&self.definition(None, parts)?),
            Edited::Existing(before) => {
                let after = self.definition(Some(&before.definition), parts)?;
                if let Some(stream) = &before.stream {
                    let replace = self.replace;
                    match adapt::change(stream, &before.definition, &after, replace) {
                        Some(request) => request,
                        None => return Ok(Vec::new()),
                    }
                } else if self.replace {
                    streaming::replace(&before.id, &after)
                } else {
                    let changes = after.changes(&before.definition);
                    if changes.is_empty() {
                        return Ok(Vec::new());
                    }
                    streaming::update(&before.id, &changes)
                }
            }
        };
        request.map(|request| vec![request]).map_err(errors::unsent)
    }
}

fn typed(definition: &StreamingDef) -> Typed {
    let kind = definition.endpoint_type();
    let mut held = definition.endpoint.clone();
    held.remove(TYPE);
    // A secret that is shown as stars is one that is not shown.
    held.retain(|_, value| !is_mask(value));
    change_escaped(&mut held, escaped);
    Typed {
        kind: kind.into(),
        values: Values::of(find(TYPES, kind), &held),
    }
}

fn is_mask(value: &serde_json::Value) -> bool {
    let text = value.as_str().unwrap_or_default();
    !text.is_empty() && text.chars().all(|c| matches!(c, '*' | '•' | '●'))
}

fn change_escaped(map: &mut Map, change: fn(&str) -> String) {
    for key in ESCAPED {
        let Some(serde_json::Value::String(text)) = map.get_mut(key) else {
            continue;
        };
        *text = change(text);
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use weir_api::Method;

    use super::*;

    const VERSION_3: Capabilities = Capabilities::none();

    fn body(request: &ApiRequest) -> Value {
        let body = request.body.as_ref().expect("body");
        serde_json::from_slice(&body.bytes).expect("JSON")
    }

    fn existing() -> Streaming {
        let sent = json!({
            "id": 7, "name": "out", "template_id": 2, "data_source": "http", "active": true,
            "domain_ids": [5], "endpoint": {"endpoint_type": "splunk", "url": "https://s.example"},
            "later": [1],
        });
        weir_api::json_response(sent.to_string().as_bytes()).expect("streaming")
    }

    fn fields(draft: &Draft) -> Vec<String> {
        let errors = draft.requests(&Edited::New, VERSION_3).expect_err("errors");
        errors.into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn what_is_missing_is_named() {
        let mut draft = Draft::default();
        assert_eq!(
            fields(&draft),
            ["name", "template_id", "domain_ids", "endpoint.url"]
        );
        draft.template = CUSTOM.into();
        draft.model = "$status $statsu".into();
        draft.sampling = "101".into();
        draft.endpoint.values.set("url", "example");
        draft.endpoint.values.set("max_size", "5");
        assert_eq!(
            fields(&draft),
            [
                "name",
                "domain_ids",
                "sampling_percentage",
                "endpoint.url",
                "endpoint.max_size"
            ]
        );
    }

    #[test]
    fn a_new_one_is_sent_as_the_vendor_wants_it() {
        let mut draft = Draft {
            name: "HTTP Connector".into(),
            template: "2".into(),
            domains: [1616535973].into(),
            ..Draft::default()
        };
        draft.endpoint.values.set("url", "http://myhost.com");
        draft
            .endpoint
            .values
            .set("headers", "header-name-1: a\nheader-name-2: b");
        let requests = draft.requests(&Edited::New, VERSION_3).expect("requests");
        assert_eq!(
            body(&requests[0]),
            json!({
                "name": "HTTP Connector", "template_id": 2, "data_source": "http", "active": true,
                "domain_ids": [1616535973], "all_domains": false,
                "endpoint": {
                    "endpoint_type": "standard", "url": "http://myhost.com",
                    "log_line_separator": "\n", "payload_format": "$dataset",
                    "headers": {"header-name-1": "a", "header-name-2": "b"},
                },
            })
        );
        let six: Vec<String> = (0..6).map(|n| format!("h{n}: v")).collect();
        draft.endpoint.values.set("headers", six.join("\n"));
        assert_eq!(fields(&draft), ["endpoint.headers"]);
    }

    #[test]
    fn version_4_has_no_templates_inside_of_streams() {
        let mut draft = Draft {
            template: CUSTOM.into(),
            model: "$status".into(),
            ..Draft::default()
        };
        let parts = Capabilities::none().with(Capability::AzionParts);
        let errors = draft.requests(&Edited::New, parts).expect_err("errors");
        assert!(errors.iter().any(|one| one.field == "template_id"));
        draft.template = "1000".into();
        let errors = draft.requests(&Edited::New, parts).expect_err("errors");
        assert!(!errors.iter().any(|one| one.field == "template_id"));
    }

    #[test]
    fn only_changes_are_sent_and_secrets_stay() {
        let edited = Edited::Existing(existing());
        let mut draft = Draft::of(&existing());
        assert!(
            draft
                .requests(&edited, VERSION_3)
                .expect("requests")
                .is_empty()
        );
        draft.name = "other".into();
        let requests = draft.requests(&edited, VERSION_3).expect("requests");
        assert_eq!(requests[0].method, Method::Patch);
        assert_eq!(body(&requests[0]), json!({"name": "other"}));
        draft.endpoint.values.set("url", "https://t.example");
        // The whole endpoint is sent, and with it the secret that only its owner knows.
        let errors = draft.requests(&edited, VERSION_3).expect_err("errors");
        assert_eq!(errors[0].field, "endpoint.api_key");
        assert!(errors[0].message.starts_with("Enter it again"));
        draft.endpoint.values.set("api_key", "hush");
        let requests = draft.requests(&edited, VERSION_3).expect("requests");
        assert_eq!(
            body(&requests[0]),
            json!({"name": "other", "endpoint": {
                "endpoint_type": "splunk", "url": "https://t.example", "api_key": "hush",
            }})
        );
        draft.replace = true;
        let requests = draft.requests(&edited, VERSION_3).expect("requests");
        assert_eq!(requests[0].method, Method::Put);
        assert_eq!(body(&requests[0])["domain_ids"], json!([5]));
        // What only the server knows goes back to it.
        assert_eq!(body(&requests[0])["later"], json!([1]));
        // Another type has no secret yet.
        draft.endpoint.values.set("api_key", "");
        draft.endpoint.choose(TYPES, "datadog");
        let errors = draft.requests(&edited, VERSION_3).expect_err("errors");
        assert_eq!(errors[0].field, "endpoint.api_key");
    }
}
