//! Large answers go out in pieces, and others have their turn between two of them: what packs an
//! answer would otherwise keep one of the threads that answer requests until its end.

use std::{
    pin::Pin,
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    response::Response,
};
use hyper::body::{Frame, SizeHint};

/// What is packed in one turn: a millisecond's work at most.
const PIECE: usize = 8 << 10;

pub(crate) fn in_pieces(response: Response) -> Response {
    let whole = response.body().size_hint().exact();
    match whole.is_some_and(|size| size > PIECE as u64) {
        true => response.map(|inner| {
            Body::new(Pieces {
                inner,
                rest: Bytes::new(),
                waited: true,
            })
        }),
        false => response,
    }
}

struct Pieces {
    inner: Body,
    /// What came and was not given on.
    rest: Bytes,
    /// Others had their turn since the last piece.
    waited: bool,
}

impl HttpBody for Pieces {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        if !self.waited {
            self.waited = true;
            cx.waker().wake_by_ref();
            return Poll::Pending;
        }
        if self.rest.is_empty() {
            match Pin::new(&mut self.inner).poll_frame(cx) {
                Poll::Ready(Some(Ok(frame))) => match frame.into_data() {
                    Ok(data) => self.rest = data,
                    Err(other) => return Poll::Ready(Some(Ok(other))),
                },
                other => return other,
            }
        }
        let size = self.rest.len().min(PIECE);
        self.waited = false;
        Poll::Ready(Some(Ok(Frame::data(self.rest.split_to(size)))))
    }

    fn is_end_stream(&self) -> bool {
        self.rest.is_empty() && self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        let inner = self.inner.size_hint().exact().unwrap_or_default();
        SizeHint::with_exact(inner + self.rest.len() as u64)
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            Arc,
            atomic::{AtomicUsize, Ordering},
        },
        time::Duration,
    };

    use axum::body::to_bytes;
    use tower::ServiceExt;
    use tower_http::compression::Compression;

    use super::*;

    #[tokio::test]
    async fn an_answer_is_whole_and_others_have_turns_meanwhile() {
        let text: Vec<u8> = (0..4_000_000_u32).flat_map(|n| [(n % 251) as u8]).collect();
        let whole = Bytes::from(text);
        let answer = in_pieces(Response::new(Body::from(whole.clone())));
        assert_eq!(answer.body().size_hint().exact(), Some(whole.len() as u64));
        let turns = Arc::new(AtomicUsize::new(0));
        let counted = turns.clone();
        // On one thread: it has a turn whenever the other gives one up.
        let other = tokio::spawn(async move {
            loop {
                counted.fetch_add(1, Ordering::Relaxed);
                tokio::task::yield_now().await;
            }
        });
        let read = to_bytes(answer.into_body(), usize::MAX)
            .await
            .expect("read");
        other.abort();
        assert_eq!(read, whole);
        let turns = turns.load(Ordering::Relaxed);
        assert!(turns >= whole.len() / PIECE, "{turns} turns");
    }

    #[tokio::test]
    async fn packing_a_large_answer_gives_others_their_turns() {
        let whole = Bytes::from(vec![b'a'; 4_000_000]);
        let answer = whole.clone();
        let service = tower::service_fn(move |_: axum::http::Request<Body>| {
            let answer = in_pieces(Response::new(Body::from(answer.clone())));
            async move { Ok::<_, std::convert::Infallible>(answer) }
        });
        let request = axum::http::Request::builder()
            .header("accept-encoding", "gzip")
            .body(Body::empty())
            .expect("request");
        let packed = Compression::new(service).oneshot(request).await;
        let packed = packed.expect("answer");
        assert_eq!(packed.headers()["content-encoding"], "gzip");
        let longest = tokio::spawn(async {
            let mut turns = 0;
            for _ in 0..100 {
                tokio::task::yield_now().await;
                turns += 1;
            }
            turns
        });
        let read = to_bytes(Body::new(packed.into_body()), usize::MAX).await;
        assert!(read.expect("read").len() < whole.len() / 10);
        let turns = tokio::time::timeout(Duration::from_millis(1), longest).await;
        assert_eq!(turns.expect("it ran meanwhile").expect("turns"), 100);
    }
}
