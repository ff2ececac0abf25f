//! Asks every connection what it delivers. One that cannot answer hides none of the others.

use std::{
    collections::{HashMap, HashSet},
    time::Duration,
};

use futures_util::future;
use leptos::{prelude::*, task::spawn_local};
use weir_api::{ApiError, paging::Reason};

use super::model::{Delivery, Figures, kinds};
use crate::{
    connections::{Connection, Connections, session, status::Access},
    http::{self, Abort},
    kit::{fetch_parts, notice::incomplete},
    ui::table::AT_ONCE,
};

const EVERY: Duration = Duration::from_secs(15);

/// What one connection has.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    pub connection: Connection,
    pub found: Found,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Found {
    /// Not asked yet.
    Waiting,
    SignedOut,
    /// What could be read, and why something could not.
    Read {
        deliveries: Vec<Delivery>,
        error: Option<ApiError>,
    },
}

impl Part {
    pub fn deliveries(&self) -> &[Delivery] {
        match &self.found {
            Found::Read { deliveries, .. } => deliveries,
            _ => &[],
        }
    }

    pub fn error(&self) -> Option<&ApiError> {
        match &self.found {
            Found::Read { error, .. } => error.as_ref(),
            _ => None,
        }
    }
}

/// All that is known; loaded again every 15 seconds while the page is looked at.
#[derive(Clone, Copy)]
pub struct Hub {
    pub parts: RwSignal<Vec<Part>>,
    /// By [`Delivery::id`].
    pub figures: RwSignal<HashMap<String, Figures>>,
    connections: Connections,
    /// [`Delivery::id`] of the rows on the screen: figures are asked for these only.
    seen: StoredValue<HashSet<String>>,
    /// Only the answers to the last question count.
    turn: StoredValue<u32>,
}

pub fn use_hub() -> Hub {
    let hub = Hub {
        parts: RwSignal::new(Vec::new()),
        figures: RwSignal::new(HashMap::new()),
        connections: expect_context(),
        seen: StoredValue::new(HashSet::new()),
        turn: StoredValue::new(0),
    };
    Effect::new(move || {
        let all = hub.connections.all.get().unwrap_or_default();
        let before = hub.parts.get_untracked();
        let found = |connection: &Connection| {
            let known = before.iter().find(|part| part.connection == *connection);
            known.map_or(Found::Waiting, |part| part.found.clone())
        };
        let parts = all.into_iter().map(|connection| Part {
            found: found(&connection),
            connection,
        });
        hub.parts.set(parts.collect());
        hub.reload();
    });
    let due = move || {
        if !document().hidden() {
            hub.reload();
        }
    };
    if let Ok(timer) = set_interval_with_handle(due, EVERY) {
        on_cleanup(move || timer.clear());
    }
    hub
}

impl Hub {
    pub fn reload(self) {
        let Some(turn) = self.turn.try_update_value(|turn| {
            *turn = turn.wrapping_add(1);
            *turn
        }) else {
            return;
        };
        for part in self.parts.get_untracked() {
            spawn_local(async move {
                let found = self.ask(&part.connection).await;
                if self.turn.try_get_value() != Some(turn) {
                    return;
                }
                self.keep(&part.connection, found.clone());
                self.ask_figures(&part.connection, found, false).await;
            });
        }
    }

    /// Rows came into view: what is not known of them yet is asked for.
    pub fn look_at(self, ids: Vec<String>) {
        self.seen.set_value(ids.into_iter().collect());
        for Part { connection, found } in self.parts.get_untracked() {
            spawn_local(async move { self.ask_figures(&connection, found, true).await });
        }
    }

    async fn ask(self, connection: &Connection) -> Found {
        session::enter(self.connections, connection.clone()).await;
        let status = self.connections.statuses.get_untracked(&connection.id);
        if !matches!(status.access, Access::Open | Access::Expired) {
            return Found::SignedOut;
        }
        let endpoint = untrack(|| self.connections.endpoint(connection));
        let asked = kinds(connection.system()).iter().map(|kind| {
            let endpoint = endpoint.clone();
            async move {
                let abort = Abort::new()?;
                let request = (kind.request)();
                let parts = fetch_parts(&endpoint, request, kind.more, &abort, |_| {}).await;
                let (parts, stopped) = parts?;
                let parts = parts.iter().map(|part| (kind.read)(part));
                let all: Vec<Vec<Delivery>> = parts.collect::<Result<_, _>>()?;
                let lacks = stopped.map(|stopped| match stopped.reason {
                    Reason::Failed(error) => error,
                    _ => ApiError::Decode(incomplete(&stopped, "deliveries")),
                });
                Ok::<_, ApiError>((all.concat(), lacks))
            }
        });
        let mut error = None;
        let mut deliveries = Vec::new();
        for answer in future::join_all(asked).await {
            match answer {
                Ok((more, lacks)) => {
                    deliveries.extend(more);
                    error = lacks.or(error);
                }
                Err(wrong) => error = Some(wrong),
            }
        }
        if error.as_ref().and_then(ApiError::status) == Some(401) {
            return Found::SignedOut;
        }
        Found::Read { deliveries, error }
    }

    /// What was read stays where it can no longer be read.
    fn keep(self, connection: &Connection, found: Found) {
        self.parts.try_update(|parts| {
            let Some(part) = parts.iter_mut().find(|part| part.connection == *connection) else {
                return;
            };
            part.found = match found {
                Found::Read { deliveries, error } => Found::Read {
                    deliveries: match &error {
                        Some(_) if deliveries.is_empty() => part.deliveries().to_vec(),
                        _ => deliveries,
                    },
                    error,
                },
                found => found,
            };
        });
    }

    /// A few at a time: a browser has six calls to a server.
    async fn ask_figures(self, connection: &Connection, found: Found, only_new: bool) {
        let Found::Read { deliveries, .. } = &found else {
            return;
        };
        let endpoint = untrack(|| self.connections.endpoint(connection));
        let kinds = kinds(connection.system());
        let wanted: Vec<_> = deliveries
            .iter()
            .filter_map(|delivery| {
                let id = delivery.id(&connection.id);
                let seen = self.seen.try_with_value(|seen| seen.contains(&id))?;
                let known = self.figures.with_untracked(|known| known.contains_key(&id));
                if !seen || only_new && known {
                    return None;
                }
                let kind = kinds.iter().find(|kind| kind.word == delivery.kind)?;
                let request = kind.figures?(&delivery.key);
                Some((id, request, kind.read_figures))
            })
            .collect();
        for some in wanted.chunks(AT_ONCE) {
            let answers = some.iter().map(|(id, request, read)| {
                let (endpoint, request) = (endpoint.clone(), request.clone());
                async move {
                    let body = http::send(&endpoint, request).await.ok()?;
                    Some((id.clone(), read(&body)))
                }
            });
            let answers = future::join_all(answers).await;
            let kept = self.figures.try_update(|figures| {
                figures.extend(answers.into_iter().flatten());
            });
            if kept.is_none() {
                return;
            }
        }
    }
}
