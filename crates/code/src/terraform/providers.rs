//! Resources of the vendors' Terraform providers and their arguments. Timeplus publishes a provider
//! of its own; those of Azion, Huawei Cloud and Alibaba Cloud have no resource for data streamings,
//! data deliveries and data service APIs.

use super::Fields;

#[derive(Clone, Copy)]
pub(super) enum Shape {
    /// An expression as it is.
    Plain,
    /// A text that holds JSON.
    Json,
    /// A block for each element.
    Blocks,
}

/// A field of the API and the argument of the provider.
pub(super) struct Argument {
    pub field: &'static str,
    pub name: &'static str,
    pub shape: Shape,
}

pub(super) struct Type {
    /// What the console calls the kind.
    kind: &'static str,
    /// Of the field `type`; empty where that tells nothing.
    of_type: &'static str,
    pub name: &'static str,
    pub arguments: &'static [Argument],
    /// Fields of elements that become blocks.
    pub block: &'static [&'static str],
    /// Fields that are told elsewhere.
    pub taken: &'static [&'static str],
}

impl Type {
    pub(super) fn is(&self, kind: &str, fields: &Fields) -> bool {
        let of_type = fields.get("type").and_then(|one| one.as_str());
        self.kind == kind && (self.of_type.is_empty() || of_type == Some(self.of_type))
    }
}

const fn same(field: &'static str) -> Argument {
    named(field, field)
}

const fn named(field: &'static str, name: &'static str) -> Argument {
    let shape = Shape::Plain;
    Argument { field, name, shape }
}

const fn json(field: &'static str) -> Argument {
    Argument {
        field,
        name: field,
        shape: Shape::Json,
    }
}

const fn blocks(field: &'static str, name: &'static str) -> Argument {
    let shape = Shape::Blocks;
    Argument { field, name, shape }
}

const NAME: Argument = same("name");
const DESCRIPTION: Argument = same("description");

const fn plain(kind: &'static str, name: &'static str, arguments: &'static [Argument]) -> Type {
    Type {
        kind,
        of_type: "",
        name,
        arguments,
        block: &[],
        taken: &[],
    }
}

pub(super) const RESOURCES: &[Type] = &[
    Type {
        block: &["name", "type", "default", "codec"],
        taken: &["primary_key", "event_time_column"],
        ..plain(
            "stream",
            "timeplus_stream",
            &[
                NAME,
                DESCRIPTION,
                blocks("columns", "column"),
                same("mode"),
                named("logstore_retention_bytes", "retention_bytes"),
                named("logstore_retention_ms", "retention_ms"),
                named("ttl_expression", "history_ttl"),
            ],
        )
    },
    plain("view", "timeplus_view", &[NAME, DESCRIPTION, same("query")]),
    plain(
        "materialized view",
        "timeplus_materialized_view",
        &[
            NAME,
            DESCRIPTION,
            same("query"),
            same("target_stream"),
            named("logstore_retention_bytes", "retention_bytes"),
            named("logstore_retention_ms", "retention_ms"),
            named("ttl_expression", "history_ttl"),
        ],
    ),
    plain(
        "source",
        "timeplus_source",
        &[
            NAME,
            DESCRIPTION,
            same("stream"),
            same("type"),
            json("properties"),
        ],
    ),
    plain(
        "sink",
        "timeplus_sink",
        &[
            NAME,
            DESCRIPTION,
            same("query"),
            same("type"),
            json("properties"),
        ],
    ),
    plain(
        "alert",
        "timeplus_alert",
        &[
            NAME,
            DESCRIPTION,
            same("severity"),
            same("action"),
            json("properties"),
            same("trigger_sql"),
            same("resolve_sql"),
        ],
    ),
    plain(
        "dashboard",
        "timeplus_dashboard",
        &[NAME, DESCRIPTION, json("panels")],
    ),
    Type {
        of_type: "javascript",
        block: &["name", "type"],
        taken: &["type"],
        ..plain(
            "function",
            "timeplus_javascript_function",
            &[
                NAME,
                DESCRIPTION,
                same("return_type"),
                same("source"),
                named("is_aggregation", "is_aggregate_function"),
                blocks("arguments", "arg"),
            ],
        )
    },
    Type {
        of_type: "remote",
        block: &["name", "type"],
        taken: &["type", "auth_method", "is_aggregation"],
        ..plain(
            "function",
            "timeplus_remote_function",
            &[
                NAME,
                DESCRIPTION,
                same("return_type"),
                same("url"),
                named("auth_context", "auth_header"),
                blocks("arguments", "arg"),
            ],
        )
    },
];
