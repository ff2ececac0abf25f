//! Pipes: every stream is one, under its name.

mod columns;
mod index;
mod routes;
mod version2;

use serde::{Deserialize, Serialize};
use weir_api::{secmaster::pipe::Pipe, timeplus::stream::Stream};
use weir_store::{Store, StoreError};

pub(super) use self::routes::{create, delete, get, list, update};

use axum::{Router, routing};

use super::{
    DEFAULT,
    kept::Kept,
    refusal::{Refusal, code},
};
use crate::Services;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
/// Streams that the backend fills itself.
const SYSTEM: [&str; 3] = ["audit_log", "host_metrics", "http_access"];
/// Before the names of streams that hold data objects.
pub(super) const OBJECTS: &str = "secmaster_";

/// What is known of pipes besides their streams.
pub(super) struct Pipes {
    placed: Kept<Placed>,
    /// Whether other programs may read a pipe, by its id.
    consumption: Kept<bool>,
}

#[derive(Clone, Serialize, Deserialize)]
struct Placed {
    workspace: String,
    pipe: Pipe,
    #[serde(default)]
    newer: version2::Newer,
}

/// A pipe's index, who else reads it, and pipes as version 2 has them.
pub(super) fn more_routes(at: impl Fn(&str) -> String) -> Router<Services> {
    let pipe = |rest: &str| at(&format!("/siem/pipes/{{id}}{rest}"));
    let newer = |rest: &str| pipe_of_version_2(&at, rest);
    Router::new()
        .route(&pipe("/index"), routing::get(index::get).put(index::update))
        .route(
            &pipe("/consumption"),
            routing::get(index::consumption)
                .post(index::consume)
                .delete(index::consume_no_more),
        )
        .route(
            &newer(""),
            routing::get(version2::list).post(version2::create),
        )
        .route(
            &newer("/{id}/schema"),
            routing::put(version2::update_schema),
        )
        .route(
            &newer("/{id}"),
            routing::get(version2::get)
                .put(version2::update)
                .delete(delete),
        )
}

fn pipe_of_version_2(at: &impl Fn(&str) -> String, rest: &str) -> String {
    at(&format!("/siem/pipes{rest}")).replacen("/v1/", "/v2/", 1)
}

impl Pipes {
    pub(super) async fn load(store: &Store) -> Result<Self, StoreError> {
        Ok(Self {
            placed: Kept::load(store, "pipe").await?,
            consumption: Kept::load(store, "pipe_consumption").await?,
        })
    }

    /// Of a workspace by name; of all its data spaces where `dataspace` is empty.
    pub(super) fn list(&self, app: &Services, workspace: &str, dataspace: &str) -> Vec<Pipe> {
        let streams = app.store.streams();
        let pipes = streams.iter().filter_map(|stream| {
            let (of, pipe) = self.placed(stream);
            let here = of == workspace && (dataspace.is_empty() || pipe.dataspace_id == dataspace);
            here.then_some(pipe)
        });
        pipes.collect()
    }

    pub(super) fn get(&self, app: &Services, workspace: &str, id: &str) -> Result<Pipe, Refusal> {
        let stream = app.store.streams().into_iter().find(|s| s.name == id);
        let placed = stream.map(|stream| self.placed(&stream));
        match placed {
            Some((of, pipe)) if of == workspace => Ok(pipe),
            _ => {
                let words = format!("pipe '{id}' does not exist");
                Err(Refusal::new(
                    axum::http::StatusCode::BAD_REQUEST,
                    code::NO_PIPE,
                    words,
                ))
            }
        }
    }

    /// What version 2 alone says of a pipe.
    fn newer(&self, name: &str) -> version2::Newer {
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
            newer: version2::Newer::default(),
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
