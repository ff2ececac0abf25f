//! What the form of an external table edits, and what it means to the server.

use weir_api::{
    FieldError,
    property::{self, Typed, Values},
    timeplus::{
        external_table::{ExternalTable, ExternalTableDef},
        types::external_tables::TYPES,
    },
};

use super::super::external;
use crate::systems::timeplus::name;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Draft {
    pub name: String,
    pub description: String,
    pub typed: Typed,
}

impl Draft {
    pub fn of(table: &ExternalTable) -> Self {
        let kind = property::find(TYPES, table.kind());
        Self {
            name: table.name.clone(),
            description: table.description.clone(),
            typed: Typed {
                kind: table.kind().into(),
                values: Values::of_settings(kind, &table.settings),
            },
        }
    }

    /// The definition as far as it can be read; errors beside it.
    pub fn definition(&self) -> (ExternalTableDef, Vec<FieldError>) {
        let mut errors = Vec::new();
        if let Err(message) = name::check(&self.name, "Enter a name") {
            errors.push(FieldError::new("name", message));
        }
        let description = self.description.trim();
        let definition = ExternalTableDef {
            name: self.name.trim().into(),
            description: (!description.is_empty()).then(|| description.into()),
            settings: external::settings(TYPES, &self.typed, &mut errors),
        };
        (definition, errors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_type_and_its_required_settings_are_asked_for() {
        let fields = |draft: &Draft| -> Vec<String> {
            draft.definition().1.into_iter().map(|e| e.field).collect()
        };
        assert_eq!(fields(&Draft::default()), ["name", "type"]);
        let mut draft = Draft {
            name: "orders".into(),
            typed: Typed::new(TYPES, "postgresql"),
            ..Draft::default()
        };
        assert_eq!(fields(&draft), ["settings.address"]);
        draft.typed.values.set("address", "db:5432");
        let (definition, errors) = draft.definition();
        assert_eq!(errors, []);
        let keys: Vec<_> = definition.settings.iter().map(|s| s.key.as_str()).collect();
        assert_eq!(keys[0], "type");
        assert!(keys.contains(&"address"), "{keys:?}");
    }
}
