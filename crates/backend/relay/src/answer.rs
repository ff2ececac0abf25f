//! Bounds of what an upstream answers.

use std::time::Duration;

use axum::{
    BoxError,
    body::{Body, Bytes, HttpBody},
    http::{HeaderMap, header},
};
use futures_util::{StreamExt, stream};
use http_body_util::Limited;

/// Bytes of an answer that is no stream of events.
const LARGEST: usize = 256 << 20;

/// How long such an answer may stand still.
const IDLE: Duration = Duration::from_secs(60);

/// Streams of events have no end and may be silent; all else has bounds.
pub(super) fn bounded<B>(body: B, headers: &HeaderMap) -> Body
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    if kind.starts_with("text/event-stream") {
        return Body::new(body);
    }
    let pieces = Body::new(Limited::new(body, LARGEST)).into_data_stream();
    let pieces = stream::unfold(Some(pieces), |pieces| async {
        let mut pieces = pieces?;
        match tokio::time::timeout(IDLE, pieces.next()).await {
            Ok(None) => None,
            Ok(Some(Ok(piece))) => Some((Ok(piece), Some(pieces))),
            Ok(Some(Err(error))) => Some((Err(BoxError::from(error)), None)),
            Err(_) => Some((Err("the upstream's answer stands still".into()), None)),
        }
    });
    Body::from_stream(pieces)
}
