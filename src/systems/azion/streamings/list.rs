//! Columns of the list of data streamings.

use serde_json::Value;
use weir_api::{
    azion::{
        DataSource,
        endpoint::TYPES,
        streaming::{Streaming, StreamingDef},
        v4::DATA_SOURCES,
    },
    property::find,
};

use crate::{
    kit::Column,
    ui::{Tone, table::Cell},
};

pub const COLUMNS: &[Column<Streaming>] = &[
    Column::text("name", "Name", 160, |it| it.definition.name.clone()),
    Column::cell("state", "State", 104, |it| {
        let (word, tone) = state(it);
        Cell::State(tone, word)
    }),
    Column::text("source", "Data source", 136, source_of),
    Column::text("type", "Endpoint", 150, |it| kind(&it.definition)),
    Column::mono("destination", "Destination", 210, |it| {
        destination(&it.definition)
    }),
    Column::number("delivered", "Delivered", 84, |it| match &it.delivery {
        Some(delivery) => Cell::count(delivery.delivered),
        None => Cell::Empty,
    }),
    Column::text("error", "Last error", 180, trouble),
    Column::time("last", "Last delivery", 100, |it| {
        let last = it.delivery.as_ref();
        last.map(|one| one.last_delivery.clone())
            .unwrap_or_default()
    }),
    Column::number("id", "ID", 52, |it| {
        Cell::Number(it.id.parse().unwrap_or_default(), it.id.clone())
    }),
];

/// Its word and what it stands for. The vendor tells only whether it is active.
pub fn state(streaming: &Streaming) -> (String, Tone) {
    let word = streaming.delivery.as_ref().map(|one| one.state.as_str());
    match (streaming.definition.active, word) {
        (false, _) => ("inactive".into(), Tone::Neutral),
        (true, Some("failing")) => ("failing".into(), Tone::Bad),
        (true, Some("not_run")) => ("stored, not running".into(), Tone::Warn),
        (true, _) => ("active".into(), Tone::Good),
    }
}

/// Why it fails or is not run.
fn trouble(streaming: &Streaming) -> String {
    let told = streaming.delivery.as_ref().filter(|one| {
        let troubled = ["failing", "not_run"].contains(&one.state.as_str());
        troubled && streaming.definition.active
    });
    told.map_or_else(String::new, |one| match one.last_error.as_str() {
        "" => one.message.clone(),
        error => error.into(),
    })
}

/// As the form on the same server calls it.
pub fn source_of(streaming: &Streaming) -> String {
    let name = &streaming.definition.data_source;
    source(name, streaming.stream.is_some())
}

/// The title of a data source: some have another one on servers with the parts of version 4, where
/// two with one title are told apart by their names.
pub fn source(name: &str, parts: bool) -> String {
    let older = DataSource::named(name).map(DataSource::title);
    let newer = DATA_SOURCES.iter().find(|one| one.slug == name);
    match (newer, older) {
        (_, Some(title)) if !parts => title.into(),
        (Some(one), _) => {
            let same = DATA_SOURCES.iter().filter(|other| other.title == one.title);
            match same.count() {
                1 => one.title.into(),
                _ => format!("{} ({name})", one.title),
            }
        }
        _ => name.into(),
    }
}

/// The type's title, or its name where the table does not know it.
pub fn kind(definition: &StreamingDef) -> String {
    match find(TYPES, definition.endpoint_type()) {
        known if known.name.is_empty() => definition.endpoint_type().into(),
        known => known.title.into(),
    }
}

/// Where it goes, in a few words.
pub fn destination(definition: &StreamingDef) -> String {
    let text = |key: &str| {
        let value = definition.endpoint.get(key).and_then(Value::as_str);
        value.unwrap_or_default()
    };
    let two = |first: &str, second: &str| format!("{} / {}", text(first), text(second));
    match definition.endpoint_type() {
        "kafka" => two("bootstrap_servers", "kafka_topic"),
        "s3" => two("host_url", "bucket_name"),
        "big_query" => two("dataset_id", "table_id"),
        "aws_kinesis_firehose" => two("region", "stream_name"),
        "azure_monitor" => two("workspace_id", "log_type"),
        "azure_blob_storage" => two("storage_account", "container_name"),
        _ => text("url").into(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use weir_api::azion::streaming::Delivery;

    use super::*;

    #[test]
    fn every_type_says_where_it_goes() {
        for one in TYPES {
            let mut endpoint: serde_json::Map<String, Value> = one
                .properties
                .iter()
                .filter(|property| !property.secret)
                .map(|property| (property.key.into(), json!(property.key)))
                .collect();
            endpoint.insert("endpoint_type".into(), json!(one.name));
            let definition = StreamingDef {
                endpoint,
                ..StreamingDef::default()
            };
            assert!(!destination(&definition).replace(" / ", "").is_empty());
            assert_eq!(kind(&definition), one.title);
        }
    }

    #[test]
    fn a_source_of_version_4_is_not_taken_for_another() {
        assert_eq!(source("workloads", false), "Workloads");
        assert_eq!(source("http", false), "Edge Applications");
        assert_eq!(source("http", true), "Applications");
        assert_eq!(source("rtm_activity", false), "Activity History");
        assert_eq!(
            source("rtm_activity", true),
            "Activity History (rtm_activity)"
        );
        assert_eq!(source("later", true), "later");
    }

    #[test]
    fn a_state_is_told_with_and_without_the_backend() {
        let mut streaming = Streaming::default();
        assert_eq!(state(&streaming).0, "active");
        streaming.delivery = Some(Delivery {
            state: "failing".into(),
            ..Delivery::default()
        });
        assert_eq!(state(&streaming), ("failing".into(), Tone::Bad));
        let errors = |state: &str, active: bool| {
            let mut streaming = streaming.clone();
            streaming.definition.active = active;
            streaming.delivery = Some(Delivery {
                state: state.into(),
                last_error: "503".into(),
                ..Delivery::default()
            });
            trouble(&streaming)
        };
        // What failed once and works again needs nobody.
        assert_eq!(errors("failing", true), "503");
        assert_eq!(errors("delivering", true), "");
        assert_eq!(errors("failing", false), "");
    }
}
