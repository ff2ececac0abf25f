//! Sending rows to where sinks and alerts want them: HTTP calls with templates, retries and
//! OAuth 2, and what is remembered of them.

mod ledger;
pub mod masked;
mod oauth;
pub mod outbox;
mod properties;
pub mod secrets;
mod target;
mod unpublished;

pub use ledger::Ledger;
pub use properties::{FieldErrors, Properties};
pub use target::{Outcome, Target};

use weir_template::{Template, Value};

/// What is made of a row.
pub enum Message {
    /// The text of a template.
    Template(Template),
    /// The row as JSON.
    Row,
}

impl Message {
    /// An empty template is none. A column that is not among `columns` is a mistake.
    pub fn new(
        properties: &Properties<'_>,
        key: &str,
        columns: &[&str],
        errors: &mut FieldErrors,
    ) -> Self {
        let text = properties.text(key);
        if text.is_empty() {
            return Self::Row;
        }
        let template = Template::parse(&text).and_then(|template| {
            template.check_fields(columns)?;
            Ok(template)
        });
        match template {
            Ok(template) => Self::Template(template),
            Err(error) => {
                errors.add(key, error.to_string());
                Self::Row
            }
        }
    }

    /// `row` is a JSON object.
    pub fn render(&self, row: &str) -> Result<String, String> {
        match self {
            Self::Row => Ok(row.to_owned()),
            Self::Template(template) => {
                let row = Value::from_json(row).map_err(|error| error.to_string())?;
                template
                    .render(&row)
                    .map_err(|error| format!("the template does not fit this row: {error}"))
            }
        }
    }
}

/// A row as a JSON object, its values as they are.
pub fn object(columns: &[weir_api::Column], row: &[Box<serde_json::value::RawValue>]) -> String {
    let mut text = String::from("{");
    for (column, value) in columns.iter().zip(row) {
        if text.len() > 1 {
            text.push(',');
        }
        // Text can always be written as JSON.
        text.push_str(&serde_json::to_string(&column.name).unwrap_or_default());
        text.push(':');
        text.push_str(value.get());
    }
    text.push('}');
    text
}

/// What a person is shown of a row in an error: its beginning.
pub fn excerpt(row: &str) -> String {
    const LONGEST: usize = 500;
    match row.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &row[..at]),
        None => row.to_owned(),
    }
}
