//! Handlers run beside the threads that answer requests: one that reads, sorts or writes down much
//! before its answer begins keeps nobody else waiting.

use std::{future::poll_fn, pin::pin};

use axum::{extract::Request, middleware::Next, response::Response};
use tokio::{
    runtime::{Handle, RuntimeFlavor},
    task::block_in_place,
};

pub(crate) async fn beside(request: Request, next: Next) -> Response {
    let mut answer = pin!(next.run(request));
    // A runtime of one thread has nobody who could take over.
    if Handle::current().runtime_flavor() == RuntimeFlavor::CurrentThread {
        return answer.await;
    }
    poll_fn(|cx| block_in_place(|| answer.as_mut().poll(cx))).await
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
