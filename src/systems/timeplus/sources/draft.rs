//! What the form of a source edits.

use weir_api::{
    FieldError,
    property::{Map, Typed, Values, find},
    timeplus::{
        sink::check_name,
        source::{CreateSource, Source, UpdateSource},
        types::sources::TYPES,
    },
};

use crate::systems::timeplus::streams::draft as streams;

#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub name: String,
    pub description: String,
    pub typed: Typed,
    pub stream: String,
    /// A stream that may be made for it, with the columns of the preview.
    pub new_stream: streams::Draft,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            name: String::new(),
            description: String::new(),
            typed: Typed::new(TYPES, TYPES[0].name),
            stream: String::new(),
            new_stream: streams::Draft::default(),
        }
    }
}

impl Draft {
    pub fn of(source: &Source) -> Self {
        Self {
            name: source.name.clone(),
            description: source.description.clone(),
            typed: Typed {
                kind: source.kind.clone(),
                values: Values::of(find(TYPES, &source.kind), &source.properties),
            },
            stream: source.stream.clone(),
            new_stream: streams::Draft::default(),
        }
    }

    /// Its secrets are named where it needs them.
    pub fn anew(source: &Source) -> Self {
        let mut draft = Self::of(source);
        draft.typed = draft.typed.withheld(TYPES, weir_code::WITHHELD);
        draft
    }

    pub fn properties(&self) -> Result<Map, Vec<FieldError>> {
        self.typed.values.body(find(TYPES, &self.typed.kind))
    }

    fn checked(&self) -> Result<Map, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut complain = |field: &str, message: &str| {
            errors.push(FieldError::new(field, message));
        };
        let name = self.name.trim();
        if name.is_empty() {
            complain("name", "Enter a name");
        } else if let Err(words) = check_name(name) {
            complain("name", words);
        }
        if self.typed.kind.is_empty() {
            complain("type", "Choose a type");
        }
        if self.stream.trim().is_empty() {
            complain("stream", "Choose the stream it writes to");
        }
        match self.properties() {
            Ok(properties) if errors.is_empty() => Ok(properties),
            Ok(_) => Err(errors),
            Err(more) => Err(errors.into_iter().chain(more).collect()),
        }
    }

    pub fn creation(&self) -> Result<CreateSource, Vec<FieldError>> {
        let properties = self.checked()?;
        Ok(CreateSource {
            name: self.name.trim().into(),
            description: self.description.clone(),
            kind: self.typed.kind.clone(),
            stream: self.stream.trim().into(),
            properties,
        })
    }

    pub fn change(&self) -> Result<UpdateSource, Vec<FieldError>> {
        let properties = self.checked()?;
        Ok(UpdateSource {
            name: Some(self.name.trim().into()),
            description: Some(self.description.clone()),
            stream: Some(self.stream.trim().into()),
            properties: Some(properties),
        })
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_missing_is_named() {
        let mut draft = Draft::default();
        draft.typed.choose(TYPES, "websocket");
        let errors = draft.creation().expect_err("nothing typed");
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["name", "stream", "properties.url"]);
        draft.name = "1x".into();
        let errors = draft.creation().expect_err("bad name");
        assert!(errors[0].message.contains("beginning with a letter"));
    }

    #[test]
    fn a_generator_needs_a_name_and_a_stream() {
        let draft = Draft {
            name: " iot ".into(),
            stream: "readings".into(),
            ..Draft::default()
        };
        let body = draft.creation().expect("body");
        let body = serde_json::to_value(&body).expect("JSON");
        assert_eq!(
            body,
            json!({
                "name": "iot", "type": "stream_generator", "stream": "readings",
                "properties": {"template": "iot", "interval": "200ms"}
            })
        );
    }

    #[test]
    fn an_edit_sends_no_secret_that_was_not_typed() {
        let held =
            json!({"brokers": "a:9092", "topic": "t", "data_type": "json", "offset": "latest"});
        let source = Source {
            name: "k".into(),
            kind: "kafka".into(),
            stream: "s".into(),
            properties: held.as_object().expect("object").clone(),
            ..Source::default()
        };
        let change = Draft::of(&source).change().expect("change");
        assert_eq!(change.properties, Some(source.properties));
    }
}
