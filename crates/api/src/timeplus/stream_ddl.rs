//! The SQL that does the same as creating and changing a stream over REST.

use super::{
    quote,
    stream::{ColumnDef, Mode, Stream, StreamDef, UpdateStream},
};

const MUTABLE: &str = "MutableStream";

/// `CREATE STREAM` in Timeplus' SQL; unset settings are left to the server as in the request.
pub fn create(definition: &StreamDef) -> String {
    let mutable = definition.engine.as_deref() == Some(MUTABLE);
    let begun = definition
        .columns
        .iter()
        .filter(|c| !c.name.is_empty() || !c.data_type.is_empty());
    let mut lines: Vec<String> = begun.map(column).collect();
    for family in definition
        .column_families
        .iter()
        .filter(|f| !f.columns.is_empty())
    {
        lines.push(format!(
            "FAMILY {} ({})",
            quote::name(&family.name),
            names(&family.columns)
        ));
    }
    for index in definition
        .secondary_indexes
        .iter()
        .filter(|i| !i.columns.is_empty())
    {
        let unique = if index.unique { "UNIQUE " } else { "" };
        let mut line = format!(
            "{unique}INDEX {} ({})",
            quote::name(&index.name),
            names(&index.columns)
        );
        if !index.storing.is_empty() {
            line.push_str(&format!(" STORING ({})", names(&index.storing)));
        }
        lines.push(line);
    }
    let skipping = definition
        .columns
        .iter()
        .filter_map(|c| c.skipping_index_expression.as_ref());
    lines.extend(skipping.map(|expression| format!("INDEX {expression}")));

    let kind = if mutable { "MUTABLE STREAM" } else { "STREAM" };
    let mut sql = format!(
        "CREATE {kind} {}\n(\n",
        quote::name(if definition.name.is_empty() {
            "name"
        } else {
            &definition.name
        })
    );
    sql.push_str(
        &lines
            .iter()
            .map(|line| format!("  {line}"))
            .collect::<Vec<_>>()
            .join(",\n"),
    );
    sql.push_str(if lines.is_empty() { ")" } else { "\n)" });
    let mut clause = |word: &str, value: Option<String>| {
        if let Some(value) = value {
            sql.push_str(&format!("\n{word} {value}"));
        }
    };
    clause(
        "PRIMARY KEY",
        definition
            .primary_key
            .as_ref()
            .map(|key| format!("({key})")),
    );
    clause(
        "PARTITION BY",
        definition
            .partition_by_granularity
            .as_deref()
            .map(granularity),
    );
    let order = definition
        .order_by_granularity
        .as_deref()
        .map(granularity)
        .into_iter()
        .chain(definition.order_by_expression.clone());
    let order: Vec<String> = order.collect();
    clause(
        "ORDER BY",
        (!order.is_empty()).then(|| format!("({})", order.join(", "))),
    );
    clause("TTL", definition.ttl_expression.clone());
    clause(
        "COMMENT",
        definition.description.as_deref().map(quote::text),
    );
    let settings = settings(definition);
    clause(
        "SETTINGS",
        (!settings.is_empty()).then(|| format!("\n  {}", settings.join(",\n  "))),
    );
    sql.replace("SETTINGS \n", "SETTINGS\n") + ";"
}

/// The statement that would make a stream like this one.
pub fn of(stream: &Stream) -> String {
    let columns = stream
        .columns
        .iter()
        .filter(|column| column.name != "_tp_time");
    let columns = columns.map(|column| ColumnDef {
        name: column.name.clone(),
        data_type: column.data_type.clone(),
        default: column.default.clone(),
        codec: column.codec.clone(),
        ..ColumnDef::default()
    });
    let text = |text: &str| (!text.is_empty()).then(|| text.to_string());
    let mutable = stream.engine == MUTABLE;
    create(&StreamDef {
        name: stream.name.clone(),
        description: text(&stream.description),
        columns: columns.collect(),
        mode: (!mutable && stream.mode != Mode::Append).then_some(stream.mode),
        engine: mutable.then(|| MUTABLE.into()),
        primary_key: stream.primary_key.clone(),
        column_families: stream.column_families.clone(),
        secondary_indexes: stream.secondary_indexes.clone(),
        logstore_retention_bytes: Some(stream.logstore_retention_bytes),
        logstore_retention_ms: Some(stream.logstore_retention_ms),
        ttl_expression: text(&stream.ttl_expression),
        ..StreamDef::default()
    })
}

/// `ALTER STREAM` statements that change what the request would change; none where nothing does.
pub fn alter(stream: &str, change: &UpdateStream) -> Vec<String> {
    let set = |name: &str, value: Option<i64>| value.map(|value| format!("{name} = {value}"));
    let settings: Vec<String> = [
        set("logstore_retention_bytes", change.logstore_retention_bytes),
        set("logstore_retention_ms", change.logstore_retention_ms),
    ]
    .into_iter()
    .flatten()
    .collect();
    let changes = [
        (!settings.is_empty()).then(|| format!("MODIFY SETTING {}", settings.join(", "))),
        change
            .ttl_expression
            .as_deref()
            .map(|ttl| match ttl.is_empty() {
                true => "REMOVE TTL".into(),
                false => format!("MODIFY TTL {ttl}"),
            }),
        change
            .description
            .as_deref()
            .map(|text| format!("MODIFY COMMENT {}", quote::text(text))),
    ];
    let stream = quote::name(stream);
    let changes = changes.into_iter().flatten();
    changes
        .map(|change| format!("ALTER STREAM {stream} {change};"))
        .collect()
}

fn settings(definition: &StreamDef) -> Vec<String> {
    let mut settings = Vec::new();
    let mut set = |name: &str, value: Option<String>| {
        if let Some(value) = value {
            settings.push(format!("{name} = {value}"));
        }
    };
    set(
        "mode",
        definition.mode.map(|mode| quote::text(mode.as_str())),
    );
    set(
        "event_time_column",
        definition.event_time_column.as_deref().map(quote::text),
    );
    set(
        "event_time_timezone",
        definition.event_time_timezone.as_deref().map(quote::text),
    );
    set(
        "logstore_retention_bytes",
        definition.logstore_retention_bytes.map(|v| v.to_string()),
    );
    set(
        "logstore_retention_ms",
        definition.logstore_retention_ms.map(|v| v.to_string()),
    );
    set("shards", definition.shards.map(|v| v.to_string()));
    set(
        "replication_factor",
        definition.replication_factor.map(|v| v.to_string()),
    );
    settings
}

fn column(column: &ColumnDef) -> String {
    let mut line = format!("{} {}", quote::name(&column.name), column.data_type);
    for (word, value) in [
        ("DEFAULT", &column.default),
        ("CODEC", &column.codec),
        ("TTL", &column.ttl_expression),
    ] {
        if let Some(value) = value {
            let value = if word == "CODEC" {
                format!("({value})")
            } else {
                format!(" {value}")
            };
            line.push_str(&format!(" {word}{value}"));
        }
    }
    line
}

/// Timeplus' letters for spans of `_tp_time`.
fn granularity(letter: &str) -> String {
    match letter {
        "Y" => "to_year(_tp_time)".into(),
        "M" => "to_YYYYMM(_tp_time)".into(),
        "D" => "to_YYYYMMDD(_tp_time)".into(),
        "H" => "to_start_of_hour(_tp_time)".into(),
        "m" => "to_start_of_minute(_tp_time)".into(),
        other => other.into(),
    }
}

fn names(all: &[String]) -> String {
    all.iter()
        .map(|one| quote::name(one))
        .collect::<Vec<_>>()
        .join(", ")
}

#[cfg(test)]
mod tests {
    use crate::timeplus::stream::{ColumnFamily, Mode, SecondaryIndex};

    use super::*;

    fn column(name: &str, data_type: &str) -> ColumnDef {
        ColumnDef {
            name: name.into(),
            data_type: data_type.into(),
            ..Default::default()
        }
    }

    #[test]
    fn a_small_stream_is_short() {
        let definition = StreamDef {
            name: "iot".into(),
            columns: vec![column("device", "string"), column("my value", "float64")],
            ..Default::default()
        };
        assert_eq!(
            create(&definition),
            "CREATE STREAM iot\n(\n  device string,\n  `my value` float64\n);"
        );
    }

    #[test]
    fn every_setting_finds_its_clause() {
        let mut first = column("id", "uint64");
        first.default = Some("1".into());
        first.codec = Some("ZSTD(1)".into());
        first.ttl_expression = Some("to_datetime(_tp_time) + INTERVAL 1 DAY".into());
        first.skipping_index_expression = Some("i id TYPE minmax GRANULARITY 4".into());
        let definition = StreamDef {
            name: "kv".into(),
            description: Some("it's".into()),
            columns: vec![first],
            mode: Some(Mode::VersionedKv),
            primary_key: Some("id".into()),
            event_time_column: Some("t".into()),
            logstore_retention_ms: Some(-1),
            ttl_expression: Some("to_datetime(_tp_time) + INTERVAL 7 DAY".into()),
            order_by_granularity: Some("H".into()),
            order_by_expression: Some("id".into()),
            partition_by_granularity: Some("D".into()),
            shards: Some(3),
            ..Default::default()
        };
        assert_eq!(
            create(&definition),
            "CREATE STREAM kv\n(\n  id uint64 DEFAULT 1 CODEC(ZSTD(1)) TTL to_datetime(_tp_time) + INTERVAL 1 DAY,\n  \
             INDEX i id TYPE minmax GRANULARITY 4\n)\nPRIMARY KEY (id)\nPARTITION BY to_YYYYMMDD(_tp_time)\n\
             ORDER BY (to_start_of_hour(_tp_time), id)\nTTL to_datetime(_tp_time) + INTERVAL 7 DAY\nCOMMENT 'it''s'\n\
             SETTINGS\n  mode = 'versioned_kv',\n  event_time_column = 't',\n  logstore_retention_ms = -1,\n  shards = 3;"
        );
    }

    #[test]
    fn each_change_is_a_statement_of_its_own() {
        let change = UpdateStream {
            description: Some("it's".into()),
            logstore_retention_bytes: Some(5),
            logstore_retention_ms: Some(-1),
            ttl_expression: Some(String::new()),
        };
        assert_eq!(
            alter("my stream", &change),
            [
                "ALTER STREAM `my stream` MODIFY SETTING logstore_retention_bytes = 5, logstore_retention_ms = -1;",
                "ALTER STREAM `my stream` REMOVE TTL;",
                "ALTER STREAM `my stream` MODIFY COMMENT 'it''s';",
            ]
        );
        assert!(alter("s", &UpdateStream::default()).is_empty());
    }

    #[test]
    fn mutable_streams_have_families_and_indexes() {
        let definition = StreamDef {
            name: "m".into(),
            engine: Some("MutableStream".into()),
            columns: vec![column("id", "int64"), column("a", "string")],
            primary_key: Some("id".into()),
            column_families: vec![ColumnFamily {
                name: "f".into(),
                columns: vec!["a".into()],
            }],
            secondary_indexes: vec![SecondaryIndex {
                name: "i".into(),
                columns: vec!["a".into()],
                storing: vec!["id".into()],
                unique: true,
            }],
            ..Default::default()
        };
        assert_eq!(
            create(&definition),
            "CREATE MUTABLE STREAM m\n(\n  id int64,\n  a string,\n  FAMILY f (a),\n  UNIQUE INDEX i (a) STORING (id)\n)\nPRIMARY KEY (id);"
        );
    }
}
