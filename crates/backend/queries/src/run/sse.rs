//! A reader's `text/event-stream`.

use std::{convert::Infallible, sync::Arc, time::Duration};

use axum::{
    body::Body,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use futures_util::stream;
use serde::Serialize;

use super::{
    Queries,
    event_log::{Read, Reader},
    frame,
    live::LiveQuery,
};

const PING_EVERY: Duration = Duration::from_secs(15);

/// Which lines a reader understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Lines {
    /// All of them: it comes back after an id.
    All,
    /// Those of the vendor's server: its client for Go takes an event's name for the first line, and
    /// every line that is no event's for rows.
    Vendors,
}

/// Follows the query from the event after `last_row`, or from the oldest that is kept.
pub fn follow(
    queries: &Queries,
    query: &Arc<LiveQuery>,
    last_row: Option<u64>,
    lines: Lines,
) -> Response {
    let reader = query.log.attach(last_row);
    let first = frame::named("query", reader.row(), query.started());
    let attached = Attached {
        reader: Some(reader),
        query: query.clone(),
        queries: queries.clone(),
        lines,
    };
    let events = stream::unfold(
        (Some(first), attached),
        move |(first, mut attached)| async move {
            let frame = match first {
                Some(first) => first,
                None => attached.next().await?,
            };
            let frame = match lines {
                Lines::All => frame,
                Lines::Vendors => frame::without_id(frame),
            };
            Some((Ok::<_, Infallible>(frame), (None, attached)))
        },
    );
    answer(Body::from_stream(events))
}

/// All there is to say about a query whose events are no longer kept.
pub fn ended(query: &impl Serialize) -> Response {
    answer(Body::from(frame::named("query", 0, query)))
}

fn answer(body: Body) -> Response {
    let headers = [
        (header::CONTENT_TYPE, "text/event-stream"),
        (header::CACHE_CONTROL, "no-store"),
        (header::HeaderName::from_static("x-accel-buffering"), "no"),
    ];
    (StatusCode::OK, headers, body).into_response()
}

/// Dropping it starts the time after which a query without readers ends.
struct Attached {
    reader: Option<Reader>,
    query: Arc<LiveQuery>,
    queries: Queries,
    lines: Lines,
}

impl Attached {
    async fn next(&mut self) -> Option<Bytes> {
        let reader = self.reader.as_mut()?;
        tokio::select! {
            read = reader.next() => match read {
                Read::Frame(frame) => Some(frame),
                Read::Gap { from, to } => Some(frame::gap(from, to)),
                Read::End => None,
            },
            () = tokio::time::sleep(PING_EVERY) => Some(match self.lines {
                Lines::All => frame::PING,
                Lines::Vendors => frame::PING_EVENT,
            }),
        }
    }
}

impl Drop for Attached {
    fn drop(&mut self) {
        drop(self.reader.take());
        if self.query.is_running() && tokio::runtime::Handle::try_current().is_ok() {
            self.queries.reader_left(&self.query);
        }
    }
}
