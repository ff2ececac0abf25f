//! What the form of a materialized view edits, and what it means to the server.

use weir_api::{
    FieldError,
    timeplus::materialized_view::{Create, MaterializedView, Update},
};

use crate::{
    systems::timeplus::views::draft::{complain, named, queried, text},
    ui::field::unit::Measure,
};

/// Everything as typed.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Draft {
    pub name: String,
    pub description: String,
    pub query: String,
    /// Empty: it keeps its rows itself.
    pub target: String,
    pub retention_bytes: String,
    pub retention_ms: String,
    pub ttl: String,
}

impl Draft {
    pub fn of(view: &MaterializedView) -> Self {
        Self {
            name: view.name.clone(),
            description: view.description.clone(),
            query: view.select().to_string(),
            target: view.target_stream.clone(),
            retention_bytes: Measure::Size.format(view.logstore_retention_bytes),
            retention_ms: Measure::Span.format(view.logstore_retention_ms),
            ttl: view.ttl_expression.clone(),
        }
    }

    /// The definition as far as it can be read; errors beside it.
    pub fn definition(&self) -> (Create, Vec<FieldError>) {
        let mut errors = Vec::new();
        named(&self.name, &mut errors);
        queried(&self.query, &mut errors);
        let own = self.target.is_empty();
        let mut quantity = |field, measure: Measure, typed: &str| match measure.parse(typed) {
            Ok(value) => value.filter(|_| own),
            Err(message) => {
                complain(&mut errors, field, &message);
                None
            }
        };
        let bytes = quantity(
            "logstore_retention_bytes",
            Measure::Size,
            &self.retention_bytes,
        );
        let ms = quantity("logstore_retention_ms", Measure::Span, &self.retention_ms);
        let definition = Create {
            name: self.name.trim().into(),
            query: self.query.trim().into(),
            description: text(&self.description),
            target_stream: text(&self.target),
            logstore_retention_bytes: bytes,
            logstore_retention_ms: ms,
            ttl_expression: text(&self.ttl).filter(|_| own),
        };
        (definition, errors)
    }

    /// Only what differs from what the server has.
    pub fn change(&self, view: &MaterializedView) -> (Update, Vec<FieldError>) {
        let mut errors = Vec::new();
        let before = Self::of(view);
        let mut quantity = |field, measure: Measure, now: &str, before: &str| {
            if now.trim() == before {
                return None;
            }
            match measure.parse(now) {
                Ok(Some(value)) => return Some(value),
                // The field shows what holds, so nothing is no answer.
                Ok(None) => complain(&mut errors, field, "Enter a limit or choose no limit"),
                Err(message) => complain(&mut errors, field, &message),
            }
            None
        };
        let bytes = quantity(
            "logstore_retention_bytes",
            Measure::Size,
            &self.retention_bytes,
            &before.retention_bytes,
        );
        let ms = quantity(
            "logstore_retention_ms",
            Measure::Span,
            &self.retention_ms,
            &before.retention_ms,
        );
        let changed =
            |now: &str, before: &str| (now.trim() != before.trim()).then(|| now.trim().into());
        let change = Update {
            description: changed(&self.description, &before.description),
            query: None,
            logstore_retention_bytes: bytes,
            logstore_retention_ms: ms,
            ttl_expression: changed(&self.ttl, &before.ttl),
        };
        (change, errors)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        Draft {
            name: "m".into(),
            query: "SELECT a FROM s".into(),
            retention_ms: "1 h".into(),
            ttl: "_tp_time + INTERVAL 1 DAY".into(),
            ..Draft::default()
        }
    }

    #[test]
    fn a_target_keeps_the_rows_by_its_own_settings() {
        let (own, errors) = draft().definition();
        assert!(errors.is_empty(), "{errors:?}");
        assert_eq!(own.logstore_retention_ms, Some(3_600_000));
        assert!(own.ttl_expression.is_some());
        let into = Draft {
            target: "t".into(),
            ..draft()
        };
        let (into, _) = into.definition();
        assert_eq!(into.target_stream.as_deref(), Some("t"));
        assert_eq!(
            (into.logstore_retention_ms, into.ttl_expression),
            (None, None)
        );
    }

    #[test]
    fn only_what_differs_is_changed_and_never_the_query() {
        let view = MaterializedView {
            name: "m".into(),
            query: "SELECT a FROM s".into(),
            logstore_retention_ms: 5_000,
            ..MaterializedView::default()
        };
        let mut edited = Draft::of(&view);
        assert_eq!(edited.change(&view).0, Update::default());
        edited.query = "SELECT b FROM s".into();
        edited.retention_ms.clear();
        let (change, errors) = edited.change(&view);
        assert_eq!((change, errors.len()), (Update::default(), 1));
        edited.retention_ms = Measure::Span.format(7_000);
        assert_eq!(edited.change(&view).0.logstore_retention_ms, Some(7_000));
    }
}
