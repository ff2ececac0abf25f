//! What a draft means to the server, and what is wrong with it.

use weir_api::{
    DataType, FieldError,
    timeplus::udf::{Argument, AuthContext, CreateUdf, Kind},
};

use super::draft::{Draft, Form};
use crate::{systems::timeplus::name, ui::field::SecretValue};

impl Draft {
    /// The definition as far as it can be read; errors beside it. A server that takes SQL only
    /// needs everything anew (`complete`), as the secret that it has.
    pub fn definition(&self, complete: bool) -> (CreateUdf, Vec<FieldError>) {
        let mut errors = Vec::new();
        let mut wrong = |field: &str, message: String| {
            errors.push(FieldError::new(field, message));
        };
        let name = self.name.trim();
        if let Err(message) = name::check(name, "Enter a name") {
            wrong("name", message);
        }
        // An expression takes whatever types it makes sense for.
        let typed = self.form != Form::Sql;
        let mut arguments: Vec<Argument> = Vec::new();
        for (at, argument) in self.arguments.iter().enumerate() {
            let field = |part: &str| format!("arguments[{at}].{part}");
            let name = argument.name.trim();
            if name.is_empty() {
                wrong(&field("name"), "Enter a name".into());
            } else if arguments.iter().any(|before| before.name == name) {
                wrong(&field("name"), format!("Duplicate argument '{name}'"));
            }
            let mut read = |typed_type: &str, field: &str| match typed {
                true => data_type(typed_type).unwrap_or_else(|message| {
                    wrong(field, message);
                    typed_type.trim().into()
                }),
                false => String::new(),
            };
            arguments.push(Argument {
                name: name.into(),
                data_type: read(&argument.data_type, &field("type")),
                ..Argument::default()
            });
        }
        if typed && arguments.is_empty() {
            wrong("arguments", "Add at least one argument".into());
        }
        let return_type = match typed {
            true => data_type(&self.return_type).unwrap_or_else(|message| {
                wrong("return_type", message);
                self.return_type.trim().into()
            }),
            false => String::new(),
        };
        let mut definition = CreateUdf {
            name: name.into(),
            description: self.description.clone(),
            arguments,
            return_type,
            is_aggregation: self.form == Form::Aggregate,
            ..CreateUdf::default()
        };
        if self.form == Form::Remote {
            definition.kind = Kind::Remote;
            definition.url = self.url.trim().into();
            let http = ["http://", "https://"];
            if !http.iter().any(|scheme| definition.url.starts_with(scheme)) {
                wrong(
                    "url",
                    "Enter a URL that begins with http:// or https://".into(),
                );
            }
            definition.auth_method = if self.with_header {
                "auth_header"
            } else {
                "none"
            }
            .into();
            if self.with_header {
                definition.auth_context = Some(self.context(complete, &mut wrong));
            }
        } else if self.form == Form::Sql {
            definition.kind = Kind::Sql;
            definition.source = self.code().trim().into();
            if definition.source.is_empty() {
                wrong("source", "Enter the expression".into());
            } else if definition.source.contains(';') && complete {
                wrong("source", "Remove “;” from the expression".into());
            }
        } else {
            definition.source = self.code();
            // Saved by this form it would become JavaScript.
            if matches!(self.kind, Kind::Other(_)) {
                wrong(
                    "source",
                    "This form supports only JavaScript and SQL: change this function with CREATE \
                     OR REPLACE FUNCTION in the SQL workspace"
                        .into(),
                );
            } else if definition.source.trim().is_empty() {
                wrong("source", "Enter the code".into());
            } else if complete && definition.source.contains("$$") {
                wrong(
                    "source",
                    "Remove $$ from the code: it delimits the code in SQL".into(),
                );
            }
        }
        (definition, errors)
    }

    fn context(&self, complete: bool, wrong: &mut impl FnMut(&str, String)) -> AuthContext {
        let header = self.header.trim();
        if header.is_empty() {
            wrong("auth_context.key_name", "Enter the header name".into());
        }
        let value = match &self.secret {
            SecretValue::Replace(value) => Some(value.clone()),
            SecretValue::Unchanged => None,
        };
        match &value {
            None if self.secret_stored && !complete => {}
            None if self.secret_stored => wrong(
                "auth_context.key_value",
                "This server replaces the whole function: enter the value again".into(),
            ),
            Some(value) if !value.is_empty() => {}
            _ => wrong("auth_context.key_value", "Enter the header value".into()),
        }
        AuthContext {
            key_name: Some(header.into()),
            key_value: value,
        }
    }
}

fn data_type(typed: &str) -> Result<String, String> {
    match typed.trim() {
        "" => Err("Choose a type".into()),
        typed => DataType::parse(typed).map(|parsed| parsed.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use weir_api::timeplus::udf::Udf;

    use super::*;
    use crate::systems::timeplus::functions::draft::ArgumentDraft;

    fn fields(draft: &Draft) -> Vec<String> {
        let (_, errors) = draft.definition(false);
        errors.into_iter().map(|error| error.field).collect()
    }

    #[test]
    fn a_draft_becomes_a_definition() {
        let draft = Draft {
            name: " double ".into(),
            ..Draft::default()
        };
        let (definition, errors) = draft.definition(false);
        assert!(errors.is_empty());
        assert_eq!(definition.name, "double");
        assert!(definition.source.contains("function double(values)"));
        assert_eq!(definition.auth_method, "");
    }

    #[test]
    fn a_function_in_another_language_does_not_become_javascript() {
        let function = Udf {
            kind: Kind::Other("python".into()),
            name: "twice".into(),
            source: "x * 2".into(),
            ..Udf::default()
        };
        assert!(fields(&Draft::of(&function)).contains(&"source".into()));
    }

    #[test]
    fn an_expression_is_saved_as_it_was_made() {
        let function = Udf {
            kind: Kind::Sql,
            name: "twice".into(),
            source: "x * 2".into(),
            arguments: vec![Argument {
                name: "x".into(),
                ..Argument::default()
            }],
            ..Udf::default()
        };
        let mut draft = Draft::of(&function);
        let (definition, errors) = draft.definition(false);
        assert!(errors.is_empty());
        assert_eq!(definition.kind, Kind::Sql);
        assert_eq!(definition.source, "x * 2");
        assert_eq!(
            (definition.return_type.as_str(), definition.arguments),
            ("", function.arguments)
        );
        draft.source = Some(" ".into());
        assert_eq!(fields(&draft), ["source"]);
        // What the form of another kind has typed is not sent with it.
        draft = Draft {
            form: Form::Sql,
            name: "half".into(),
            ..Draft::default()
        };
        let (definition, errors) = draft.definition(false);
        assert!(errors.is_empty());
        assert_eq!(definition.source, "value * 2");
        assert_eq!(definition.arguments[0].data_type, "");
    }

    #[test]
    fn mistakes_are_at_their_fields() {
        let mut draft = Draft {
            name: "2x".into(),
            return_type: "number".into(),
            source: Some(String::new()),
            ..Draft::default()
        };
        draft.arguments.push(ArgumentDraft {
            name: "value".into(),
            data_type: String::new(),
        });
        assert_eq!(
            fields(&draft),
            [
                "name",
                "arguments[1].name",
                "arguments[1].type",
                "return_type",
                "source"
            ]
        );
        draft.arguments.clear();
        draft.form = Form::Remote;
        draft.with_header = true;
        assert_eq!(
            fields(&draft),
            [
                "name",
                "arguments",
                "return_type",
                "url",
                "auth_context.key_name",
                "auth_context.key_value"
            ]
        );
    }

    #[test]
    fn a_stored_secret_stays_where_the_server_can_keep_it() {
        let stored: Udf = serde_json::from_str(
            r#"{"name":"f","type":"remote","url":"https://x","return_type":"string","auth_method":"auth_header",
                "auth_context":{"key_name":"X-Key"},"arguments":[{"name":"a","type":"string"}]}"#,
        )
        .expect("function");
        let draft = Draft::of(&stored);
        let (definition, errors) = draft.definition(false);
        assert!(errors.is_empty());
        let context = definition.auth_context.expect("context");
        assert_eq!(
            (context.key_name.as_deref(), context.key_value),
            (Some("X-Key"), None)
        );
        let (_, errors) = draft.definition(true);
        assert_eq!(errors[0].field, "auth_context.key_value");
    }
}
