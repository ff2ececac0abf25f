//! Data objects: one stream for each class, `secmaster_alerts` and so on, with a row for each
//! state of an object. What is deleted stays as a row that says so.

mod change;
mod find;
mod order;
mod relation;
mod relations;
pub(super) mod routes;
mod search;
mod stored;
mod transfer;

use weir_api::{
    Owner,
    secmaster::data_class::DataClass,
    timeplus::{
        ingest::Format,
        stream::{ColumnDef, Mode, StreamDef},
    },
};
use weir_engine::catalog::StreamInfo;
use weir_store::{Store, StoreError, ingest};

use self::{
    relation::Relation,
    stored::{COLUMNS, Stored},
};
use super::{pipes::OBJECTS, records::Records, vendor_error::VendorError};

pub(super) struct Objects {
    store: Store,
    /// One change at a time, so that versions are counted right.
    changing: tokio::sync::Mutex<()>,
    relations: Records<Relation>,
}

impl Objects {
    pub(super) async fn load(store: &Store) -> Result<Self, StoreError> {
        Ok(Self {
            store: store.clone(),
            changing: tokio::sync::Mutex::default(),
            relations: Records::load(store, "relation").await?,
        })
    }

    fn existing(&self, class: &DataClass) -> Option<StreamInfo> {
        self.store.catalog().stream(&stream_name(class))
    }

    async fn stream(&self, class: &DataClass) -> Result<StreamInfo, VendorError> {
        if let Some(stream) = self.existing(class) {
            return Ok(stream);
        }
        let column = |(name, data_type): (&str, &str)| ColumnDef {
            name: name.into(),
            data_type: data_type.into(),
            ..ColumnDef::default()
        };
        let definition = StreamDef {
            name: stream_name(class),
            description: Some(format!("Data objects of class {}", class.name)),
            columns: COLUMNS.map(column).to_vec(),
            mode: Some(Mode::VersionedKv),
            primary_key: Some("id".into()),
            // Objects are no log: they stay.
            logstore_retention_bytes: Some(0),
            logstore_retention_ms: Some(0),
            ..StreamDef::default()
        };
        let owner = Owner {
            id: "weir".into(),
            name: "Weir".into(),
        };
        match self.store.create_stream(definition, owner).await {
            Ok(_) | Err(StoreError::Exists(_)) => {}
            Err(error) => return Err(error.into()),
        }
        self.existing(class)
            .ok_or_else(|| VendorError::internal("the stream of a data class is gone"))
    }

    async fn write(&self, stream: StreamInfo, rows: &[Stored]) -> Result<(), VendorError> {
        let lines: Vec<String> = rows.iter().map(Stored::line).collect();
        let name = stream.name.clone();
        let parsed = tokio::task::spawn_blocking(move || {
            ingest::parse(&stream, Format::Streaming, lines.join("\n").as_bytes())
        });
        self.store.append(&name, parsed.await??).await?;
        Ok(())
    }
}

fn stream_name(class: &DataClass) -> String {
    format!("{OBJECTS}{}", class.plural())
}
