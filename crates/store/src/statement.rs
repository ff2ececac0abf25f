//! `SHOW CREATE`: the statements that make streams and views.

use weir_api::timeplus::stream::{Mode, StreamDef};

use crate::view::View;

pub(crate) fn view(view: &View) -> String {
    if let Some(info) = &view.dictionary {
        return weir_engine::dictionary_statement(&view.name, info, &view.description);
    }
    let kind = if view.materialized {
        "MATERIALIZED VIEW"
    } else {
        "VIEW"
    };
    let target = view.target.as_ref();
    let target = target.map_or_else(String::new, |target| format!(" INTO default.{target}"));
    let comment = comment(&view.description);
    format!(
        "CREATE {kind} default.{}{target} AS\n{}{comment}",
        view.name, view.query
    )
}

pub(crate) fn stream(definition: &StreamDef) -> String {
    let mutable = definition.engine.as_deref() == Some(crate::define::MUTABLE);
    let kind = if mutable { "MUTABLE STREAM" } else { "STREAM" };
    let mut parts: Vec<String> = Vec::new();
    for column in &definition.columns {
        let mut text = format!("  `{}` {}", column.name, column.data_type);
        if let Some(default) = &column.default {
            text.push_str(&format!(" DEFAULT {default}"));
        }
        if let Some(codec) = &column.codec {
            text.push_str(&format!(" {codec}"));
        }
        parts.push(text);
    }
    for index in &definition.secondary_indexes {
        let unique = if index.unique { " UNIQUE" } else { "" };
        let storing = match index.storing.is_empty() {
            true => String::new(),
            false => format!(" STORING ({})", index.storing.join(", ")),
        };
        parts.push(format!(
            "  INDEX {} ({}){unique}{storing}",
            index.name,
            index.columns.join(", ")
        ));
    }
    let skipping = definition.columns.iter();
    let skipping = skipping.filter_map(|column| column.skipping_index_expression.as_ref());
    parts.extend(skipping.map(|text| format!("  INDEX {text}")));
    for family in &definition.column_families {
        let columns = family.columns.join(", ");
        parts.push(format!("  FAMILY {} ({columns})", family.name));
    }
    let mut text = format!(
        "CREATE {kind} default.{}\n(\n{}\n)",
        definition.name,
        parts.join(",\n")
    );
    if let Some(key) = &definition.primary_key {
        text.push_str(&format!("\nPRIMARY KEY ({key})"));
    }
    if let Some(order) = &definition.order_by_expression {
        text.push_str(&format!("\nORDER BY {order}"));
    }
    if let Some(ttl) = definition
        .ttl_expression
        .as_ref()
        .filter(|ttl| !ttl.is_empty())
    {
        text.push_str(&format!("\nTTL {ttl}"));
    }
    let settings = settings(definition);
    if !settings.is_empty() {
        text.push_str(&format!("\nSETTINGS {}", settings.join(", ")));
    }
    text.push_str(&comment(
        definition.description.as_deref().unwrap_or_default(),
    ));
    text
}

fn settings(definition: &StreamDef) -> Vec<String> {
    let quoted = |name: &str, value: &str| format!("{name} = '{}'", value.replace('\'', "\\'"));
    let mode = definition.mode.filter(|mode| *mode != Mode::Append);
    let time = definition
        .event_time_column
        .as_deref()
        .filter(|text| !text.is_empty());
    let flag = |name: &str, value: Option<bool>| value.map(|value| format!("{name} = {value}"));
    let number = |name: &str, value: Option<i64>| value.map(|value| format!("{name} = {value}"));
    [
        mode.map(|mode| quoted("mode", mode.as_str())),
        time.map(|time| quoted("event_time_column", time)),
        number(
            "logstore_retention_bytes",
            definition.logstore_retention_bytes,
        ),
        number("logstore_retention_ms", definition.logstore_retention_ms),
        number("shards", definition.shards.map(i64::from)),
        definition
            .version_column
            .as_deref()
            .map(|column| quoted("version_column", column)),
        flag("late_insert_overrides", definition.late_insert_overrides),
        flag("coalesced", definition.coalesced),
    ]
    .into_iter()
    .flatten()
    .collect()
}

fn comment(text: &str) -> String {
    match text.is_empty() {
        true => String::new(),
        false => format!(
            "\nCOMMENT '{}'",
            text.replace('\\', "\\\\").replace('\'', "\\'")
        ),
    }
}
