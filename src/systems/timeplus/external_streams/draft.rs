//! What the form of an external stream edits, and what it means to the server.

use weir_api::{
    DataType, FieldError,
    property::{self, Typed, Values},
    timeplus::{
        external_stream::{ExternalStream, ExternalStreamDef},
        stream::ColumnDef,
        types::external_streams::TYPES,
    },
};

use super::super::external;
use crate::systems::timeplus::name;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Draft {
    pub name: String,
    pub description: String,
    /// One column a line: `name type [DEFAULT expression]`.
    pub columns: String,
    pub typed: Typed,
}

impl Draft {
    pub fn of(stream: &ExternalStream) -> Self {
        let own = stream.columns.iter().filter(|one| one.name != "_tp_time");
        let lines = own.map(|column| format!("{} {}", column.name, column.data_type));
        let kind = property::find(TYPES, stream.kind());
        Self {
            name: stream.name.clone(),
            description: stream.description.clone(),
            columns: lines.collect::<Vec<_>>().join("\n"),
            typed: Typed {
                kind: stream.kind().into(),
                values: Values::of_settings(kind, &stream.settings),
            },
        }
    }

    /// The definition as far as it can be read; errors beside it.
    pub fn definition(&self) -> (ExternalStreamDef, Vec<FieldError>) {
        let mut errors = Vec::new();
        if let Err(message) = name::check(&self.name, "Enter a name") {
            errors.push(FieldError::new("name", message));
        }
        let columns = self.read_columns().unwrap_or_else(|message| {
            errors.push(FieldError::new("columns", message));
            Vec::new()
        });
        let description = self.description.trim();
        let definition = ExternalStreamDef {
            name: self.name.trim().into(),
            description: (!description.is_empty()).then(|| description.into()),
            columns,
            settings: external::settings(TYPES, &self.typed, &mut errors),
        };
        (definition, errors)
    }

    fn read_columns(&self) -> Result<Vec<ColumnDef>, String> {
        let mut columns = Vec::new();
        for (at, line) in self.columns.lines().enumerate() {
            let line = line.trim().trim_end_matches(',');
            if line.is_empty() {
                continue;
            }
            columns.push(column(line).map_err(|message| format!("Line {}: {message}", at + 1))?);
        }
        let needed = !matches!(self.typed.kind.as_str(), "" | "log" | "timeplus" | "http");
        if columns.is_empty() && needed {
            return Err("Name at least one column".into());
        }
        Ok(columns)
    }
}

fn column(line: &str) -> Result<ColumnDef, String> {
    let (name, rest) = match line.strip_prefix('`') {
        Some(quoted) => quoted.split_once('`'),
        None => line.split_once(char::is_whitespace),
    }
    .ok_or("a name and a type are required, for example id int64")?;
    let default = rest.to_ascii_uppercase().find(" DEFAULT ");
    let (data_type, default) = match default {
        Some(at) => (&rest[..at], Some(rest[at + 9..].trim().to_string())),
        None => (rest, None),
    };
    Ok(ColumnDef {
        name: name.into(),
        data_type: DataType::parse(data_type)?.to_string(),
        default,
        ..ColumnDef::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(columns: &str) -> Draft {
        let mut typed = Typed::new(TYPES, "nats_jetstream");
        typed.values.set("url", "nats://a:4222");
        typed.values.set("stream_name", "s");
        typed.values.set("subject", "s.>");
        Draft {
            name: "e".into(),
            columns: columns.into(),
            typed,
            ..Draft::default()
        }
    }

    #[test]
    fn columns_are_lines() {
        let (definition, errors) =
            draft("id int64\n`a b`  map(string, int64),\n\nc string default 'x y'").definition();
        assert_eq!(errors, []);
        let columns: Vec<_> = definition
            .columns
            .iter()
            .map(|c| (c.name.as_str(), c.data_type.as_str(), c.default.as_deref()))
            .collect();
        assert_eq!(
            columns,
            [
                ("id", "int64", None),
                ("a b", "map(string, int64)", None),
                ("c", "string", Some("'x y'"))
            ]
        );
    }

    #[test]
    fn mistakes_are_named() {
        let complaints = |draft: Draft| -> Vec<String> {
            let errors = draft.definition().1.into_iter();
            errors
                .map(|e| format!("{}: {}", e.field, e.message))
                .collect()
        };
        assert_eq!(complaints(draft("")), ["columns: Name at least one column"]);
        assert!(complaints(draft("id int64\nx"))[0].starts_with("columns: Line 2: a name"));
        assert_eq!(
            complaints(Draft::default()),
            ["name: Enter a name", "type: Choose a type"]
        );
    }
}
