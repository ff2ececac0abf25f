//! What the form edits: everything as typed. [`super::check`] says what it means.

use weir_api::timeplus::udf::{Kind, Udf};

use super::template;
use crate::ui::field::SecretValue;

/// What a person chooses between.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Form {
    #[default]
    Scalar,
    Aggregate,
    Sql,
    Remote,
}

impl Form {
    pub const ALL: [Self; 4] = [Self::Scalar, Self::Aggregate, Self::Sql, Self::Remote];

    pub fn of(function: &Udf) -> Self {
        match function.kind {
            Kind::Remote => Self::Remote,
            Kind::Sql => Self::Sql,
            _ if function.is_aggregation => Self::Aggregate,
            _ => Self::Scalar,
        }
    }

    pub fn as_str(self) -> &'static str {
        match self {
            Self::Scalar => "scalar",
            Self::Aggregate => "aggregate",
            Self::Sql => "sql",
            Self::Remote => "remote",
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Self::Scalar => "JavaScript: a value for each row",
            Self::Aggregate => "JavaScript aggregate: a value for a group of rows",
            Self::Sql => "SQL: an expression of the arguments",
            Self::Remote => "Remote: a service called over HTTP",
        }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub form: Form,
    /// As the server says; the form writes what [`Form`] has and nothing else.
    pub kind: Kind,
    pub name: String,
    pub description: String,
    pub arguments: Vec<ArgumentDraft>,
    pub return_type: String,
    /// Until somebody types, the template of the form.
    pub source: Option<String>,
    pub url: String,
    pub with_header: bool,
    pub header: String,
    pub secret: SecretValue,
    /// The server has a secret.
    pub secret_stored: bool,
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct ArgumentDraft {
    pub name: String,
    pub data_type: String,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            form: Form::default(),
            kind: Kind::default(),
            name: String::new(),
            description: String::new(),
            arguments: vec![ArgumentDraft {
                name: "value".into(),
                data_type: "float64".into(),
            }],
            return_type: "float64".into(),
            source: None,
            url: String::new(),
            with_header: false,
            header: String::new(),
            secret: SecretValue::default(),
            secret_stored: false,
        }
    }
}

impl Draft {
    pub fn of(function: &Udf) -> Self {
        let context = function.auth_context.clone().unwrap_or_default();
        let with_header = function.auth_method == "auth_header";
        Self {
            form: Form::of(function),
            kind: function.kind,
            name: function.name.clone(),
            description: function.description.clone(),
            arguments: function
                .arguments
                .iter()
                .map(|argument| ArgumentDraft {
                    name: argument.name.clone(),
                    data_type: argument.data_type.clone(),
                })
                .collect(),
            return_type: function.return_type.clone(),
            source: Some(function.source.clone()),
            url: function.url.clone(),
            with_header,
            header: context.key_name.unwrap_or_default(),
            secret: SecretValue::Unchanged,
            secret_stored: with_header,
        }
    }

    /// What stands in the editor.
    pub fn code(&self) -> String {
        self.source.clone().unwrap_or_else(|| template::code(self))
    }
}
