//! Columns, column families and indexes of a draft.

use weir_api::{DataType, timeplus::stream::ColumnDef};

use super::{
    super::draft::{ColumnDraft, Group},
    errors::{Errors, text},
};
use crate::text::{character, unseen};

impl ColumnDraft {
    pub(super) fn definition(&self, at: usize, errors: &mut Errors) -> ColumnDef {
        let name = self.name.trim();
        errors.check(&format!("columns[{at}].name"), column_name(name));
        let field = format!("columns[{at}].type");
        let data_type = match DataType::parse(&self.data_type) {
            Ok(parsed) => parsed.to_string(),
            Err(_) if self.data_type.trim().is_empty() => {
                errors.add(&field, "Choose a type");
                String::new()
            }
            Err(error) => {
                errors.add(&field, error);
                self.data_type.trim().into()
            }
        };
        ColumnDef {
            name: name.into(),
            data_type,
            default: text(&self.default),
            codec: text(&self.codec),
            ttl_expression: text(&self.ttl),
            skipping_index_expression: text(&self.index),
        }
    }
}

impl Group {
    pub(super) fn read(
        &self,
        field: &str,
        at: usize,
        known: &[&str],
        errors: &mut Errors,
    ) -> (String, Vec<String>, Vec<String>, bool) {
        errors.check(
            &format!("{field}[{at}].name"),
            column_name(self.name.trim()),
        );
        let mut names = |part: &str, text: &str, needed: bool| {
            let names: Vec<String> = text
                .split(',')
                .map(str::trim)
                .filter(|n| !n.is_empty())
                .map(String::from)
                .collect();
            let path = format!("{field}[{at}].{part}");
            if needed && names.is_empty() {
                errors.add(&path, "Name at least one column");
            }
            if let Some(name) = names.iter().find(|name| !known.contains(&name.as_str())) {
                errors.add(&path, format!("Unknown column '{name}'"));
            }
            names
        };
        let columns = names("columns", &self.columns, true);
        let storing = names("storing", &self.storing, false);
        (self.name.trim().into(), columns, storing, self.unique)
    }
}

fn column_name(name: &str) -> Result<(), String> {
    match name {
        "" => Err("Enter a name".into()),
        name if name.contains(['`', '\0']) => Err("Must not contain `".into()),
        name => match unseen(name) {
            Some(found) => Err(format!("Must not contain {}", character(found))),
            None => Ok(()),
        },
    }
}

pub(super) fn repeated(columns: &[ColumnDef], errors: &mut Errors) {
    for (at, column) in columns.iter().enumerate() {
        if !column.name.is_empty()
            && columns[..at]
                .iter()
                .any(|before| before.name == column.name)
        {
            errors.add(
                &format!("columns[{at}].name"),
                format!("Duplicate column '{}'", column.name),
            );
        }
    }
}
