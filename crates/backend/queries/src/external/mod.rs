//! What is outside: external streams and tables, and how their rows come into queries.
//!
//! A query that reads one gets its rows in a temporary table of its own connection: those of a
//! followed stream while it runs ([`feed`]), all others before it begins ([`mod@bring`]).

mod bounded;
mod bring;
mod decode;
mod delimited;
mod feed;
mod kafka;
mod log;
mod message;
mod mysql;
mod nats;
mod postgres;
mod postgres_tls;
mod preview;
pub mod protobuf;
mod random;
mod reader;
mod settings;
mod table;

use std::sync::Arc;

use weir_api::{
    Owner, property,
    timeplus::{
        external_stream::{ExternalStreamDef, Setting},
        external_table::ExternalTableDef,
        schema::{PROTOBUF, Schema, SchemaDef},
        stream::ColumnDef,
        types::{external_streams, external_tables},
    },
};
use weir_store::{External, ExternalKind, Put, Store};

pub use self::{bring::bring, feed::Feed, preview::preview};
use self::{reader::Location, settings::Settings};
use crate::{
    delivery::masked::{MASK, is_secret_name, masked_pairs, masked_url},
    error::HttpError,
};

pub async fn create_stream(
    store: &Store,
    definition: ExternalStreamDef,
    owner: Owner,
) -> Result<Arc<External>, HttpError> {
    let settings = Settings(&definition.settings);
    settings.entered()?;
    let kind = settings.required("type")?;
    if !settings::STREAMS.contains(&kind) {
        return Err(settings::unknown(kind, &settings::STREAMS));
    }
    if let Some(location) = Location::of(store, &definition.settings)? {
        location.check(store)?;
        decode::check(store, settings, &definition.columns)?;
    }
    let columns = match (kind, definition.columns.is_empty()) {
        // Each row of a file is a text.
        ("log", true) => vec![text_column("raw")],
        (settings::RANDOM, _) => definition.columns.into_iter().map(random::column).collect(),
        _ => definition.columns,
    };
    let external = External {
        name: definition.name,
        kind: ExternalKind::Stream,
        description: definition.description.unwrap_or_default(),
        settings: definition.settings,
        columns,
        ..External::default()
    };
    Ok(store.create_external(external, owner).await?)
}

fn text_column(name: &str) -> ColumnDef {
    ColumnDef {
        name: name.into(),
        data_type: "string".into(),
        ..ColumnDef::default()
    }
}

/// The columns are those that the server tells now.
pub async fn create_table(
    store: &Store,
    definition: ExternalTableDef,
    owner: Owner,
) -> Result<Arc<External>, HttpError> {
    let settings = Settings(&definition.settings);
    settings.entered()?;
    let kind = settings.required("type")?;
    if !settings::TABLES.contains(&kind) {
        return Err(settings::unknown(kind, &settings::TABLES));
    }
    let columns = match table::Database::of(&definition.name, settings)? {
        Some(database) => database.columns().await?,
        // Never read, but it has a place among the streams.
        None => vec![text_column("row")],
    };
    let external = External {
        name: definition.name,
        kind: ExternalKind::Table,
        description: definition.description.unwrap_or_default(),
        settings: definition.settings,
        columns,
        ..External::default()
    };
    Ok(store.create_external(external, owner).await?)
}

pub async fn put_schema(
    store: &Store,
    definition: SchemaDef,
    put: Put,
    owner: Owner,
) -> Result<Arc<Schema>, HttpError> {
    if definition.kind != PROTOBUF {
        let words = format!("'{}' is not supported: use {PROTOBUF}", definition.kind);
        return Err(HttpError::field("type", words));
    }
    if let Err(error) = protobuf::compile(&definition.name, &definition.content) {
        return Err(error.failure());
    }
    Ok(store.put_schema(definition, put, owner).await?)
}

/// The statement that creates it, without its secrets.
pub fn create_query(external: &External) -> String {
    let quoted = |text: &str| format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"));
    let settings = external.settings.iter().map(|Setting { key, value }| {
        let value = match is_secret(external, key) {
            true => "[HIDDEN]".into(),
            false => shown(&Setting {
                key: key.clone(),
                value: value.clone(),
            }),
        };
        format!("{key} = {}", quoted(&value))
    });
    let settings = settings.collect::<Vec<_>>().join(", ");
    let name = &external.name;
    if external.kind == ExternalKind::Table {
        return format!("CREATE EXTERNAL TABLE {name} SETTINGS {settings}");
    }
    let columns = external.columns.iter();
    let columns = columns.map(|column| format!("`{}` {}", column.name, column.data_type));
    let columns = columns.collect::<Vec<_>>().join(", ");
    if Settings(&external.settings).get("type") == Some(settings::RANDOM) {
        let columns = external.columns.iter().map(|column| {
            let default = column.default.as_deref().unwrap_or_default();
            format!("`{}` {} DEFAULT {default}", column.name, column.data_type)
        });
        let columns = columns.collect::<Vec<_>>().join(", ");
        return format!("CREATE RANDOM STREAM {name} ({columns})");
    }
    format!("CREATE EXTERNAL STREAM {name} ({columns}) SETTINGS {settings}")
}

/// Settings as they may be told: secrets are left out.
pub fn told(external: &External) -> Vec<Setting> {
    let settings = external.settings.iter();
    let open = settings.filter(|setting| !is_secret(external, &setting.key));
    open.map(|setting| Setting {
        key: setting.key.clone(),
        value: shown(setting),
    })
    .collect()
}

/// The value without what it says of a caller.
fn shown(setting: &Setting) -> String {
    let key = setting.key.to_ascii_lowercase();
    let headers = key.starts_with("http_header_");
    match headers && key != "http_header_content-type" {
        true => MASK.into(),
        false => {
            let address = masked_url(&setting.value);
            masked_pairs(address.as_deref().unwrap_or(&setting.value))
        }
    }
}

fn is_secret(external: &External, key: &str) -> bool {
    let types = match external.kind {
        ExternalKind::Stream => external_streams::TYPES,
        ExternalKind::Table => external_tables::TYPES,
    };
    let kind = property::find(types, &Settings(&external.settings).text("type"));
    let found = kind.property(key);
    found.map_or_else(|| is_secret_name(key), |property| property.secret)
}
