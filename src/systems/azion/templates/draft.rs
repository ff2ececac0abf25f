//! What the form of a template edits, and what is sent of it.

use leptos::prelude::*;
use weir_api::{
    ApiRequest, FieldError,
    azion::{
        Model, check,
        template::Template,
        v4::template::{self, TemplateDef},
    },
};

use super::shared;
use crate::{
    errors,
    kit::FieldGroup,
    ui::field::{Bound, Checkbox, TextArea, TextField},
};

#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub name: String,
    /// `true` or empty.
    pub active: bool,
    pub text: String,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            name: String::new(),
            active: true,
            text: String::new(),
        }
    }
}

impl Draft {
    pub fn of(template: &Template) -> Self {
        Self {
            name: template.name.clone(),
            active: template.active.unwrap_or(true),
            text: template.template_model.clone(),
        }
    }

    /// `key` is the id of the one that is changed.
    pub fn request(&self, key: Option<&String>) -> Result<ApiRequest, Vec<FieldError>> {
        let mut errors = Vec::new();
        if self.name.trim().is_empty() {
            errors.push(FieldError::new("name", "Enter a name"));
        }
        if self.text.trim().is_empty() {
            errors.push(FieldError::new("template_model", "Enter a template"));
        } else if let Some(wrong) = check::template_model(&self.text) {
            errors.push(wrong.into());
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let definition = TemplateDef {
            name: self.name.trim().into(),
            active: self.active,
            data_set: self.text.clone(),
        };
        let request = match key {
            None => template::create(&definition),
            Some(key) => template::update(key, &definition),
        };
        request.map_err(errors::unsent)
    }
}

pub fn sections(draft: RwSignal<Draft>) -> Vec<FieldGroup> {
    vec![FieldGroup::new("", move || {
        let line = move || {
            let text = draft.with(|draft| Model::parse(&draft.text));
            text.preview(shared::source(&text))
        };
        view! {
            <TextField label="Name" name="name" required=true autofocus=true value=Bound::part(draft, |d| &mut d.name) />
            <TextArea
                label="Template"
                name="template_model"
                rows=8
                mono=true
                value=Bound::part(draft, |d| &mut d.text)
                help="One line for each record. Variables begin with $, for example $status."
            />
            <Checkbox label="Active" value=Bound::part(draft, |d| &mut d.active) />
            <section aria-label="Example line">
                <h3>"Example line"</h3>
                <pre class="sql-text" tabindex="0">{line}</pre>
            </section>
        }
        .into_any()
    })]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_is_sent_and_what_is_missing_named() {
        let errors = Draft::default().request(None).expect_err("errors");
        let fields: Vec<&str> = errors.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["name", "template_model"]);
        let draft = Draft {
            name: " mine ".into(),
            text: "$time\n".into(),
            ..Draft::default()
        };
        let request = draft.request(Some(&"1000".to_string())).expect("a request");
        assert_eq!(request.target(), "/workspace/stream/templates/1000");
        let body = request.body.expect("a body").bytes;
        let body: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
        // The text is a template: its blanks belong to it.
        assert_eq!(
            body,
            serde_json::json!({"name": "mine", "active": true, "data_set": "$time\n"})
        );
    }
}
