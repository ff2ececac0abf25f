//! Bounds of what an upstream answers.

use std::time::{Duration, Instant};

use axum::{
    BoxError,
    body::{Body, Bytes, HttpBody},
    http::{HeaderMap, header},
};
use futures_util::{StreamExt, stream};
use http_body_util::Limited;

struct Bounds {
    bytes: usize,
    /// How long nothing may come.
    silent: Duration,
    /// From the first byte to the last.
    whole: Option<Duration>,
}

const ANSWER: Bounds = Bounds {
    bytes: 256 << 20,
    silent: Duration::from_secs(60),
    whole: Some(Duration::from_mins(15)),
};

/// Streams of events have no end, but one that says nothing is taken for dead at some time.
const EVENTS: Bounds = Bounds {
    bytes: usize::MAX,
    silent: Duration::from_mins(15),
    whole: None,
};

pub(super) fn bounded<B>(body: B, headers: &HeaderMap) -> Body
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    match kind.starts_with("text/event-stream") {
        true => within(body, EVENTS),
        false => within(body, ANSWER),
    }
}

fn within<B>(body: B, bounds: Bounds) -> Body
where
    B: HttpBody<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let pieces = Body::new(Limited::new(body, bounds.bytes)).into_data_stream();
    let until = bounds.whole.map(|whole| Instant::now() + whole);
    let pieces = stream::unfold(Some(pieces), move |pieces| async move {
        let mut pieces = pieces?;
        let left = until.map(|until| until.saturating_duration_since(Instant::now()));
        let wait = left.map_or(bounds.silent, |left| left.min(bounds.silent));
        match tokio::time::timeout(wait, pieces.next()).await {
            outcome
                if left.is_some_and(|left| left.is_zero() || left == wait && outcome.is_err()) =>
            {
                Some((Err("the upstream's answer has no end".into()), None))
            }
            Ok(None) => None,
            Ok(Some(Ok(piece))) => Some((Ok(piece), Some(pieces))),
            Ok(Some(Err(error))) => Some((Err(BoxError::from(error)), None)),
            Err(_) => Some((Err("the upstream stopped responding".into()), None)),
        }
    });
    Body::from_stream(pieces)
}

#[cfg(test)]
mod tests {
    use std::{convert::Infallible, error::Error};

    use futures_util::stream::BoxStream;

    use super::*;

    type Pieces = BoxStream<'static, Result<Bytes, Infallible>>;

    /// Bytes that came, and why no more did.
    async fn read(pieces: Pieces, bounds: Bounds) -> (usize, String) {
        let mut pieces = within(Body::from_stream(pieces), bounds).into_data_stream();
        let mut bytes = 0;
        while let Some(piece) = pieces.next().await {
            match piece {
                Ok(piece) => bytes += piece.len(),
                Err(error) => {
                    let source = error.source().map(ToString::to_string);
                    return (bytes, source.unwrap_or_else(|| error.to_string()));
                }
            }
        }
        (bytes, String::new())
    }

    fn endless() -> Pieces {
        stream::repeat(Ok(Bytes::from_static(&[b'x'; 1000]))).boxed()
    }

    /// It says a little from time to time, so that it never stands still.
    fn trickling() -> Pieces {
        let piece = async |()| {
            tokio::time::sleep(Duration::from_millis(5)).await;
            Some((Ok(Bytes::from_static(b"x")), ()))
        };
        stream::unfold((), piece).boxed()
    }

    const SHORT: Bounds = Bounds {
        bytes: 10_000,
        silent: Duration::from_secs(1),
        whole: Some(Duration::from_secs(2)),
    };

    #[tokio::test]
    async fn whatever_an_upstream_sends_ends() {
        let (bytes, why) = read(endless(), SHORT).await;
        assert_eq!((bytes, why.as_str()), (10_000, "length limit exceeded"));
        let (bytes, why) = read(stream::pending().boxed(), SHORT).await;
        assert_eq!(
            (bytes, why.as_str()),
            (0, "the upstream stopped responding")
        );
        let (_, why) = read(trickling(), SHORT).await;
        assert_eq!(why, "the upstream's answer has no end");
        let silent = Bounds {
            silent: SHORT.silent,
            ..EVENTS
        };
        let said = stream::iter([Ok(Bytes::from_static(b"data: 1\n\n"))]);
        let (bytes, why) = read(said.chain(stream::pending()).boxed(), silent).await;
        assert_eq!(
            (bytes, why.as_str()),
            (9, "the upstream stopped responding")
        );
    }

    #[tokio::test]
    async fn what_ends_by_itself_is_whole() {
        let pieces = stream::iter(vec![Ok(Bytes::from_static(&[b'x'; 1000])); 10]).boxed();
        assert_eq!(read(pieces, SHORT).await, (10_000, String::new()));
    }
}
