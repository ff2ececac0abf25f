//! What the sink form edits, and what is sent of it.

use weir_api::{
    ApiRequest, FieldError,
    property::{Typed, Values, find},
    timeplus::{
        sink::{self, Sink, SinkDef, UpdateSink},
        types::sinks::TYPES,
    },
};

use crate::{
    errors,
    kit::{Edited, needed},
};

#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub name: String,
    pub description: String,
    pub query: String,
    pub typed: Typed,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            name: String::new(),
            description: String::new(),
            query: String::new(),
            typed: Typed::new(TYPES, "http"),
        }
    }
}

impl Draft {
    pub fn of(sink: &Sink) -> Self {
        Self {
            name: sink.name.clone(),
            description: sink.description.clone(),
            query: sink.query.clone(),
            typed: Typed {
                kind: sink.kind.clone(),
                values: Values::of(find(TYPES, &sink.kind), &sink.properties),
            },
        }
    }

    /// Its secrets are named where it needs them.
    pub fn anew(sink: &Sink) -> Self {
        let mut draft = Self::of(sink);
        draft.typed = draft.typed.withheld(TYPES, weir_code::WITHHELD);
        draft
    }

    fn definition(&self) -> Result<SinkDef, Vec<FieldError>> {
        let mut errors = needed([
            ("name", &self.name, "Enter a name"),
            ("query", &self.query, "Enter a query"),
            ("type", &self.typed.kind, "Choose a type"),
        ]);
        let properties = self.typed.values.body(find(TYPES, &self.typed.kind));
        match properties {
            Ok(properties) if errors.is_empty() => Ok(SinkDef {
                name: self.name.trim().into(),
                description: self.description.clone(),
                kind: self.typed.kind.clone(),
                query: self.query.trim().into(),
                properties,
            }),
            Ok(_) => Err(errors),
            Err(more) => {
                errors.extend(more);
                Err(errors)
            }
        }
    }

    /// Another query needs the whole definition; everything else goes on where the sink was.
    pub fn request(&self, edited: &Edited<Sink>) -> Result<ApiRequest, Vec<FieldError>> {
        let definition = self.definition()?;
        let request = match edited {
            Edited::New => sink::create(&definition),
            Edited::Existing(before) if before.query.trim() != definition.query => {
                sink::replace(&before.id, &definition)
            }
            Edited::Existing(before) => {
                let change = UpdateSink {
                    name: Some(definition.name),
                    description: Some(definition.description),
                    properties: Some(definition.properties),
                };
                sink::update(&before.id, &change)
            }
        };
        request.map_err(errors::unsent)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use weir_api::request::Method;

    use super::*;

    fn existing() -> Sink {
        Sink {
            id: "7".into(),
            name: "out".into(),
            query: "SELECT 1".into(),
            kind: "slack".into(),
            properties: json!({"template": "{{ .a }}", "extra": 1})
                .as_object()
                .cloned()
                .expect("object"),
            ..Sink::default()
        }
    }

    fn body(request: &ApiRequest) -> serde_json::Value {
        let body = request.body.as_ref().expect("body");
        serde_json::from_slice(&body.bytes).expect("JSON")
    }

    #[test]
    fn what_is_missing_is_named() {
        let errors = Draft::default().request(&Edited::New).expect_err("errors");
        let fields: Vec<_> = errors.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(fields, ["name", "query", "properties.url"]);
    }

    #[test]
    fn a_change_leaves_the_secret_and_the_query_alone() {
        let mut draft = Draft::of(&existing());
        draft.description = "d".into();
        let request = draft
            .request(&Edited::Existing(existing()))
            .expect("request");
        assert_eq!(request.method, Method::Patch);
        assert_eq!(
            body(&request),
            json!({"name": "out", "description": "d", "properties": {"template": "{{ .a }}", "extra": 1}})
        );
        draft.query = "SELECT 2".into();
        let request = draft
            .request(&Edited::Existing(existing()))
            .expect("request");
        assert_eq!(request.method, Method::Put);
        assert_eq!(body(&request)["query"], "SELECT 2");
    }
}
