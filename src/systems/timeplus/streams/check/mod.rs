//! What a draft of a stream means to the server, and what is wrong with it.

mod errors;
mod rows;

use weir_api::{
    FieldError,
    timeplus::stream::{
        ColumnDef, ColumnFamily, Mode, SecondaryIndex, Stream, StreamDef, UpdateStream,
    },
};

use self::{
    errors::{Errors, text},
    rows::repeated,
};
use super::draft::{Draft, MUTABLE};
use crate::{systems::timeplus::name, ui::field::unit::Measure};

impl Draft {
    /// The definition as far as it can be read; errors beside it.
    pub fn definition(&self) -> (StreamDef, Vec<FieldError>) {
        let mut errors = Errors::default();
        errors.check("name", name::check(&self.name, "Enter a name"));
        let columns: Vec<ColumnDef> = self
            .columns
            .iter()
            .enumerate()
            .map(|(at, c)| c.definition(at, &mut errors))
            .collect();
        repeated(&columns, &mut errors);
        if columns.is_empty() {
            errors.add("columns", "Add at least one column");
        }
        let known: Vec<&str> = columns.iter().map(|c| c.name.as_str()).collect();
        if self.keyed() && self.primary_key.trim().is_empty() {
            errors.add(
                "primary_key",
                "Required: this kind of stream stores one row per key",
            );
        }
        let mut groups = Vec::new();
        for (field, all) in [
            ("column_families", &self.families),
            ("secondary_indexes", &self.indexes),
        ] {
            let all = if self.mutable { all.as_slice() } else { &[] };
            groups.push(
                all.iter()
                    .enumerate()
                    .map(|(at, g)| g.read(field, at, &known, &mut errors))
                    .collect::<Vec<_>>(),
            );
        }
        let indexes = groups.pop().unwrap_or_default();
        let families = groups.pop().unwrap_or_default();
        let keyed = self.keyed();
        let definition = StreamDef {
            name: self.name.trim().into(),
            description: Some(self.description.clone()).filter(|text| !text.is_empty()),
            columns,
            mode: (!self.mutable && self.mode != Mode::Append).then_some(self.mode),
            engine: self.mutable.then(|| MUTABLE.into()),
            primary_key: text(&self.primary_key).filter(|_| keyed),
            column_families: families
                .into_iter()
                .map(|(name, columns, ..)| ColumnFamily { name, columns })
                .collect(),
            secondary_indexes: indexes
                .into_iter()
                .map(|(name, columns, storing, unique)| SecondaryIndex {
                    name,
                    columns,
                    storing,
                    unique,
                })
                .collect(),
            event_time_column: text(&self.event_time_column),
            event_time_timezone: text(&self.event_time_timezone),
            logstore_retention_bytes: errors.quantity(
                "logstore_retention_bytes",
                Measure::Size,
                &self.retention_bytes,
            ),
            logstore_retention_ms: errors.quantity(
                "logstore_retention_ms",
                Measure::Span,
                &self.retention_ms,
            ),
            ttl_expression: text(&self.ttl),
            order_by_expression: text(&self.order_by),
            order_by_granularity: text(&self.order_by_granularity),
            partition_by_granularity: text(&self.partition_by_granularity),
            shards: errors.whole("shards", &self.shards),
            replication_factor: errors.whole("replication_factor", &self.replicas),
            ..StreamDef::default()
        };
        (definition, errors.0)
    }

    /// Only what differs from what the server has.
    pub fn change(&self, stream: &Stream) -> (UpdateStream, Vec<FieldError>) {
        let mut errors = Errors::default();
        let before = Self::of(stream);
        let mut quantity = |field, measure, now: &str, before: &str| {
            if now.trim() == before {
                return None;
            }
            // Empty text is not "leave as it is" here: the field shows what holds.
            errors.quantity(field, measure, now).or_else(|| {
                now.trim()
                    .is_empty()
                    .then(|| errors.add(field, "Enter a limit or choose no limit"));
                None
            })
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
        let change = UpdateStream {
            description: (self.description != before.description).then(|| self.description.clone()),
            logstore_retention_bytes: bytes,
            logstore_retention_ms: ms,
            ttl_expression: (self.ttl != before.ttl).then(|| self.ttl.trim().into()),
        };
        (change, errors.0)
    }
}

#[cfg(test)]
mod tests {
    use super::{
        super::draft::{ColumnDraft, Group},
        *,
    };

    fn column(name: &str, data_type: &str) -> ColumnDraft {
        ColumnDraft {
            name: name.into(),
            data_type: data_type.into(),
            ..Default::default()
        }
    }

    fn errors(draft: &Draft) -> Vec<(String, String)> {
        draft
            .definition()
            .1
            .into_iter()
            .map(|e| (e.field, e.message))
            .collect()
    }

    #[test]
    fn the_empty_form_complains_where_something_is_needed() {
        let fields: Vec<_> = errors(&Draft::default())
            .into_iter()
            .map(|(field, _)| field)
            .collect();
        assert_eq!(fields, ["name", "columns[0].name", "columns[0].type"]);
    }

    #[test]
    fn types_are_checked_and_written_canonically() {
        let draft = Draft {
            name: "s".into(),
            columns: vec![
                column("a", "BIGINT"),
                column("b", "array(strin)"),
                column("a", "string"),
            ],
            ..Default::default()
        };
        let (definition, _) = draft.definition();
        assert_eq!(definition.columns[0].data_type, "int64");
        let errors = errors(&draft);
        assert_eq!(errors[0].0, "columns[1].type");
        assert!(errors[0].1.contains("strin"));
        assert_eq!(
            errors[1],
            ("columns[2].name".into(), "Duplicate column 'a'".into())
        );
    }

    #[test]
    fn quantities_become_bytes_and_milliseconds() {
        let draft = Draft {
            retention_bytes: "10 GiB".into(),
            retention_ms: "7 d".into(),
            shards: "0".into(),
            ..Default::default()
        };
        let (definition, errors) = draft.definition();
        assert_eq!(
            (
                definition.logstore_retention_bytes,
                definition.logstore_retention_ms
            ),
            (Some(10 << 30), Some(604_800_000))
        );
        assert!(errors.iter().any(|e| e.field == "shards"));
    }

    #[test]
    fn keys_families_and_indexes_belong_to_their_kinds() {
        let group = Group {
            name: "f".into(),
            columns: "a, nope".into(),
            ..Default::default()
        };
        let mut draft = Draft {
            name: "s".into(),
            columns: vec![column("a", "int8")],
            primary_key: "a".into(),
            families: vec![group],
            ..Default::default()
        };
        let (plain, errors_plain) = draft.definition();
        assert_eq!(
            (
                plain.primary_key,
                plain.column_families.len(),
                errors_plain.len()
            ),
            (None, 0, 0)
        );
        draft.mutable = true;
        let (mutable, errors) = draft.definition();
        assert_eq!(
            (
                mutable.engine.as_deref(),
                mutable.primary_key.as_deref(),
                mutable.mode
            ),
            (Some("MutableStream"), Some("a"), None)
        );
        assert_eq!(errors[0].field, "column_families[0].columns");
    }

    #[test]
    fn only_changes_are_sent() {
        let stream = Stream {
            description: "d".into(),
            logstore_retention_ms: 604_800_000,
            logstore_retention_bytes: -1,
            ..Default::default()
        };
        let mut draft = Draft::of(&stream);
        assert_eq!(draft.change(&stream), (UpdateStream::default(), vec![]));
        draft.retention_ms = "1 d".into();
        draft.description = String::new();
        let (change, errors) = draft.change(&stream);
        assert_eq!(
            (
                change.logstore_retention_ms,
                change.description.as_deref(),
                errors.len()
            ),
            (Some(86_400_000), Some(""), 0)
        );
        assert_eq!(change.logstore_retention_bytes, None);
        draft.retention_ms = String::new();
        assert_eq!(draft.change(&stream).1[0].field, "logstore_retention_ms");
    }
}
