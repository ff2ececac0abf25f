//! What the form of a view edits, and what it means to the server.

use weir_api::{
    FieldError,
    timeplus::view::{CreateView, UpdateView, View},
};

use crate::systems::timeplus::name;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Draft {
    pub name: String,
    pub description: String,
    pub query: String,
}

impl Draft {
    pub fn of(view: &View) -> Self {
        Self {
            name: view.name.clone(),
            description: view.description.clone(),
            query: view.select().to_string(),
        }
    }

    /// The definition as far as it can be read; errors beside it.
    pub fn definition(&self) -> (CreateView, Vec<FieldError>) {
        let mut errors = Vec::new();
        named(&self.name, &mut errors);
        queried(&self.query, &mut errors);
        let definition = CreateView {
            name: self.name.trim().into(),
            query: self.query.trim().into(),
            description: text(&self.description),
            ..CreateView::default()
        };
        (definition, errors)
    }

    /// Only what differs from what the server has.
    pub fn change(&self, view: &View) -> (UpdateView, Vec<FieldError>) {
        let mut errors = Vec::new();
        queried(&self.query, &mut errors);
        let changed =
            |now: &str, before: &str| (now.trim() != before.trim()).then(|| now.trim().into());
        let change = UpdateView {
            description: changed(&self.description, &view.description),
            query: changed(&self.query, view.select()),
            ..UpdateView::default()
        };
        (change, errors)
    }
}

pub fn text(typed: &str) -> Option<String> {
    let typed = typed.trim();
    (!typed.is_empty()).then(|| typed.into())
}

pub fn queried(query: &str, errors: &mut Vec<FieldError>) {
    if query.trim().is_empty() {
        complain(errors, "query", "Enter a SELECT");
    }
}

pub fn named(name: &str, errors: &mut Vec<FieldError>) {
    if let Err(message) = name::check(name, "Enter a name") {
        complain(errors, "name", &message);
    }
}

pub fn complain(errors: &mut Vec<FieldError>, field: &str, message: &str) {
    errors.push(FieldError::new(field, message));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_differs_is_changed() {
        let view = View {
            name: "v".into(),
            create_query: Some("CREATE VIEW v AS SELECT 1".into()),
            description: "d".into(),
            ..View::default()
        };
        let mut draft = Draft::of(&view);
        assert_eq!(draft.query, "SELECT 1");
        assert_eq!(draft.change(&view).0, UpdateView::default());
        draft.query = "SELECT 2".into();
        draft.description.clear();
        let (change, errors) = draft.change(&view);
        assert!(errors.is_empty());
        assert_eq!(change.query.as_deref(), Some("SELECT 2"));
        assert_eq!(change.description.as_deref(), Some(""));
    }

    #[test]
    fn names_and_queries_are_needed() {
        let fields = |draft: Draft| -> Vec<String> {
            draft.definition().1.into_iter().map(|e| e.field).collect()
        };
        assert_eq!(fields(Draft::default()), ["name", "query"]);
        for name in ["1v", "a b", "ä", &"x".repeat(65)] {
            let draft = Draft {
                name: name.into(),
                query: "SELECT 1".into(),
                ..Draft::default()
            };
            assert_eq!(fields(draft), ["name"], "{name}");
        }
    }
}
