//! What the form of a saved query edits: everything as typed.

use weir_api::{
    FieldError,
    timeplus::saved_query::{SavedQuery, SavedQueryDef},
};

use crate::kit::needed;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Draft {
    pub name: String,
    pub description: String,
    pub sql: String,
    /// Separated by commas.
    pub tags: String,
}

impl Draft {
    pub fn of(query: &SavedQuery) -> Self {
        Self {
            name: query.name.clone(),
            description: query.description.clone(),
            sql: query.sql.clone(),
            tags: query.tags.join(", "),
        }
    }

    pub fn definition(&self) -> Result<SavedQueryDef, Vec<FieldError>> {
        let errors = needed([
            ("name", &self.name, "Enter a name"),
            ("sql", &self.sql, "Enter the statement to save"),
        ]);
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(SavedQueryDef {
            name: self.name.trim().into(),
            description: self.description.clone(),
            sql: self.sql.clone(),
            tags: tags(&self.tags),
            ..SavedQueryDef::default()
        })
    }
}

/// Each once, in the order typed.
fn tags(typed: &str) -> Vec<String> {
    let mut all = Vec::new();
    for tag in typed.split(',').map(str::trim) {
        if !tag.is_empty() && !all.iter().any(|known| known == tag) {
            all.push(tag.to_string());
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_are_split_and_counted_once() {
        assert_eq!(tags(" ops, a b ,,ops"), ["ops", "a b"]);
        assert!(tags(" ,").is_empty());
    }

    #[test]
    fn name_and_statement_are_needed() {
        let errors = Draft::default().definition().expect_err("errors");
        let fields: Vec<&str> = errors.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(fields, ["name", "sql"]);
    }

    #[test]
    fn what_the_server_has_makes_the_same_again() {
        let query = SavedQuery {
            name: "n".into(),
            sql: "select 1\n".into(),
            tags: vec!["a".into(), "b c".into()],
            ..SavedQuery::default()
        };
        let again = Draft::of(&query).definition().expect("a definition");
        assert_eq!((again.sql, again.tags), (query.sql, query.tags));
    }
}
