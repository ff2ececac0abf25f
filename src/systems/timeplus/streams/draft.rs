//! What the stream form edits: everything as typed. [`super::check`] says what it means.

use weir_api::timeplus::stream::{Mode, Stream, StreamColumn};

use crate::ui::field::unit::Measure;

/// The engine's name on the wire.
pub const MUTABLE: &str = "MutableStream";

/// Everything as typed. `columns` and the like are kept in the order of the page.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub name: String,
    pub description: String,
    pub columns: Vec<ColumnDraft>,
    pub mode: Mode,
    pub mutable: bool,
    pub primary_key: String,
    pub families: Vec<Group>,
    pub indexes: Vec<Group>,
    pub event_time_column: String,
    pub event_time_timezone: String,
    pub retention_bytes: String,
    pub retention_ms: String,
    pub ttl: String,
    pub order_by: String,
    pub order_by_granularity: String,
    pub partition_by_granularity: String,
    pub shards: String,
    pub replicas: String,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            name: String::new(),
            description: String::new(),
            columns: vec![ColumnDraft::default()],
            mode: Mode::default(),
            mutable: false,
            primary_key: String::new(),
            families: Vec::new(),
            indexes: Vec::new(),
            event_time_column: String::new(),
            event_time_timezone: String::new(),
            retention_bytes: String::new(),
            retention_ms: String::new(),
            ttl: String::new(),
            order_by: String::new(),
            order_by_granularity: String::new(),
            partition_by_granularity: String::new(),
            shards: String::new(),
            replicas: String::new(),
        }
    }
}

#[derive(Debug, Clone, Default, PartialEq)]
pub struct ColumnDraft {
    pub name: String,
    pub data_type: String,
    pub default: String,
    pub codec: String,
    pub ttl: String,
    pub index: String,
}

/// A column family or a secondary index; columns separated by commas.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Group {
    pub name: String,
    pub columns: String,
    pub storing: String,
    pub unique: bool,
}

impl Draft {
    pub fn of(stream: &Stream) -> Self {
        let ttl = if stream.ttl_expression.is_empty() {
            &stream.ttl
        } else {
            &stream.ttl_expression
        };
        Self {
            name: stream.name.clone(),
            description: stream.description.clone(),
            retention_bytes: Measure::Size.format(stream.logstore_retention_bytes),
            retention_ms: Measure::Span.format(stream.logstore_retention_ms),
            ttl: ttl.clone(),
            columns: Vec::new(),
            ..Self::default()
        }
    }

    /// All that the server tells of it.
    pub fn anew(stream: &Stream) -> Self {
        let own = stream.columns.iter().filter(|one| one.name != "_tp_time");
        let groups = |name: &str, columns: &[String], storing: &[String], unique| Group {
            name: name.into(),
            columns: columns.join(", "),
            storing: storing.join(", "),
            unique,
        };
        let families = stream.column_families.iter();
        let indexes = stream.secondary_indexes.iter();
        Self {
            columns: own.map(ColumnDraft::of).collect(),
            mode: stream.mode,
            mutable: stream.engine == MUTABLE,
            primary_key: stream.primary_key.clone().unwrap_or_default(),
            families: families
                .map(|one| groups(&one.name, &one.columns, &[], false))
                .collect(),
            indexes: indexes
                .map(|one| groups(&one.name, &one.columns, &one.storing, one.unique))
                .collect(),
            ..Self::of(stream)
        }
    }

    pub fn keyed(&self) -> bool {
        self.mutable || self.mode.needs_primary_key()
    }
}

impl ColumnDraft {
    fn of(column: &StreamColumn) -> Self {
        let nullable = column.nullable && !column.data_type.contains("nullable(");
        Self {
            name: column.name.clone(),
            data_type: match nullable {
                true => format!("nullable({})", column.data_type),
                false => column.data_type.clone(),
            },
            default: column.default.clone().unwrap_or_default(),
            codec: column.codec.clone().unwrap_or_default(),
            ..Self::default()
        }
    }
}
