//! Handlers run beside the threads that answer requests: one that reads, sorts or writes down much
//! before its answer begins keeps nobody else waiting. So does what packs an answer.

use std::{
    future::poll_fn,
    pin::{Pin, pin},
    task::{Context, Poll},
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::header,
    middleware::Next,
    response::Response,
};
use hyper::body::{Frame, SizeHint};
use tokio::{
    runtime::{Handle, RuntimeFlavor},
    task::block_in_place,
};

pub(crate) async fn beside(request: Request, next: Next) -> Response {
    let mut answer = pin!(next.run(request));
    if is_alone() {
        return answer.await;
    }
    poll_fn(|cx| block_in_place(|| answer.as_mut().poll(cx))).await
}

/// A runtime of one thread has nobody who could take over.
fn is_alone() -> bool {
    Handle::current().runtime_flavor() == RuntimeFlavor::CurrentThread
}

pub(crate) fn packed_beside(response: Response) -> Response {
    // What was packed before has a known size.
    let on_the_way = response.headers().contains_key(header::CONTENT_ENCODING)
        && response.body().size_hint().exact().is_none();
    match on_the_way && !is_alone() {
        true => response.map(|body| Body::new(Packed(body))),
        false => response,
    }
}

struct Packed(Body);

impl HttpBody for Packed {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        block_in_place(|| Pin::new(&mut self.0).poll_frame(cx))
    }

    fn is_end_stream(&self) -> bool {
        self.0.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.0.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use axum::{Router, body::Body, http::Request, middleware::from_fn, routing::get};
    use tower::ServiceExt;

    use super::beside;

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn a_handler_that_takes_long_keeps_nobody_waiting() {
        const LONG: Duration = Duration::from_secs(2);
        let router = Router::new()
            .route("/long", get(async || std::thread::sleep(LONG)))
            .route("/", get(async || "well"))
            .layer(from_fn(beside));
        let ask = |path: &str| {
            let request = Request::get(path).body(Body::empty()).expect("request");
            tokio::spawn(router.clone().oneshot(request))
        };
        let long = [ask("/long"), ask("/long")];
        tokio::task::yield_now().await;
        let started = Instant::now();
        ask("/").await.expect("task").expect("answer");
        assert!(started.elapsed() < LONG / 2, "{:?}", started.elapsed());
        for one in long {
            one.await.expect("task").expect("answer");
        }
    }
}
