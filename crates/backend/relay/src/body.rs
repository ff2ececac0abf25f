//! The body of a call that is passed on.

use axum::body::{Body, Bytes, HttpBody};
use http_body_util::{BodyExt, Limited};
use weir_api::System;

use super::{reads::Content, upstream::Upstream};
use crate::{error::HttpError, extract::ROWS_LIMIT};

/// The body of a call.
pub(super) enum Sent {
    Whole(Bytes),
    Streamed(Body),
}

impl Sent {
    pub(super) fn known(&self) -> Content<'_> {
        match self {
            Self::Whole(bytes) if bytes.is_empty() => Content::Nothing,
            Self::Whole(bytes) => Content::Whole(bytes),
            Self::Streamed(_) => Content::Unread,
        }
    }

    pub(super) fn into_body(self) -> Body {
        match self {
            Self::Whole(bytes) => Body::from(bytes),
            Self::Streamed(body) => Body::new(Limited::new(body, ROWS_LIMIT)),
        }
    }
}

/// Whether a call only reads may stand in its body, which is then read first.
pub(super) async fn read(upstream: &Upstream, body: Body) -> Result<Sent, HttpError> {
    let telling = !matches!(upstream.system, None | Some(System::Azion));
    match telling || body.is_end_stream() {
        true => whole(body).await.map(Sent::Whole),
        false => Ok(Sent::Streamed(body)),
    }
}

pub(super) async fn whole(body: Body) -> Result<Bytes, HttpError> {
    let whole = Limited::new(body, ROWS_LIMIT).collect().await;
    let whole = whole.map_err(|error| HttpError::bad_request(error.to_string()))?;
    Ok(whole.to_bytes())
}
