//! Pipes: every stream is one, under its name.

mod columns;
mod index;
mod newer;
pub(super) mod routes;
mod version2;

use serde::{Deserialize, Serialize};
use weir_api::{
    secmaster::pipe::{Index, Pipe},
    timeplus::stream::Stream,
};
use weir_store::{Store, StoreError};

use self::newer::Newer;
use super::{
    records::Records,
    vendor_error::{VendorError, code},
    wire::DEFAULT,
};

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Streams that the backend fills itself.
const SYSTEM: [&str; 3] = ["audit_log", "host_metrics", "http_access"];
/// Before the names of streams that hold data objects.
pub(super) const OBJECTS: &str = "secmaster_";

/// What is known of pipes besides their streams.
pub(super) struct Pipes {
    placed: Records<Placed>,
    /// Whether other programs may read a pipe, by its id.
    consumption: Records<bool>,
    /// What was said of a pipe's fields, as it was sent.
    index: Records<Index>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Placed {
    workspace: String,
    pipe: Pipe,
    #[serde(default)]
    newer: Newer,
}

impl Pipes {
    pub(super) async fn load(store: &Store) -> Result<Self, StoreError> {
        Ok(Self {
            placed: Records::load(store, "pipe").await?,
            consumption: Records::load(store, "pipe_consumption").await?,
            index: Records::load(store, "pipe_index").await?,
        })
    }

    /// Of a workspace by name; of all its data spaces where `dataspace` is empty.
    pub(super) fn list(&self, store: &Store, workspace: &str, dataspace: &str) -> Vec<Pipe> {
        let streams = store.streams();
        let pipes = streams.iter().filter_map(|stream| {
            let (of, pipe) = self.placed(stream);
            let here = of == workspace && (dataspace.is_empty() || pipe.dataspace_id == dataspace);
            here.then_some(pipe)
        });
        pipes.collect()
    }

    pub(super) fn get(
        &self,
        store: &Store,
        workspace: &str,
        id: &str,
    ) -> Result<Pipe, VendorError> {
        let stream = store.streams().into_iter().find(|s| s.name == id);
        let placed = stream.map(|stream| self.placed(&stream));
        match placed {
            Some((of, pipe)) if of == workspace => Ok(pipe),
            _ => {
                let words = format!("pipe '{id}' does not exist");
                Err(VendorError::new(
                    axum::http::StatusCode::BAD_REQUEST,
                    code::NO_PIPE,
                    words,
                ))
            }
        }
    }

    /// What version 2 alone says of a pipe.
    fn newer(&self, name: &str) -> Newer {
        self.placed
            .get(name)
            .map_or_else(Default::default, |placed| placed.newer)
    }

    /// The workspace it is in, and the pipe.
    fn placed(&self, stream: &Stream) -> (String, Pipe) {
        let kept = self.placed.get(&stream.name).unwrap_or_else(|| Placed {
            workspace: DEFAULT.into(),
            pipe: Pipe {
                dataspace_id: DEFAULT.into(),
                dataspace_name: DEFAULT.into(),
                shards: 1,
                ..Pipe::default()
            },
            newer: Newer::default(),
        });
        let owner = |owner: &Option<weir_api::Owner>| {
            owner.as_ref().map(|o| o.name.clone()).unwrap_or_default()
        };
        let system = is_system(&stream.name);
        let pipe = Pipe {
            pipe_id: stream.name.clone(),
            pipe_name: stream.name.clone(),
            pipe_type: match system {
                true => "system-defined".into(),
                false => "user-defined".into(),
            },
            description: stream.description.clone(),
            storage_period: stream.logstore_retention_ms / DAY_MS,
            domain_id: DEFAULT.into(),
            project_id: DEFAULT.into(),
            create_by: owner(&stream.created_by),
            create_time: unix_ms(stream.created_at.as_deref()),
            update_by: owner(&stream.last_updated_by),
            update_time: unix_ms(stream.last_updated_at.as_deref()),
            ..kept.pipe
        };
        (kept.workspace, pipe)
    }
}

/// Nobody else writes into it.
pub(super) fn is_system(name: &str) -> bool {
    SYSTEM.contains(&name) || name.starts_with(OBJECTS)
}

/// Of `2023-02-01 23:22:59` in UTC; 0 where it is not known.
fn unix_ms(text: Option<&str>) -> i64 {
    let text = text.unwrap_or_default();
    let time = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S");
    time.map_or(0, |time| time.and_utc().timestamp_millis())
}
