//! An HTTP server inside the test that keeps what it is sent.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    Router,
    body::Bytes,
    extract::{Request, State},
    http::StatusCode,
    response::{IntoResponse, Response},
};
use tokio::{
    net::TcpListener,
    sync::{Semaphore, mpsc},
    task::JoinHandle,
};

/// What came.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Got {
    pub method: String,
    /// With the query.
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Got {
    pub(crate) fn header(&self, name: &str) -> &str {
        let found = self.headers.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, value)| value)
    }
}

type Answer = Arc<dyn Fn(usize, &Got) -> Response + Send + Sync>;

#[derive(Clone)]
struct Shared {
    sender: mpsc::UnboundedSender<Got>,
    count: Arc<Mutex<usize>>,
    answer: Answer,
    /// Each call takes one before it is answered.
    permits: Arc<Semaphore>,
}

pub(crate) struct Receiver {
    pub address: SocketAddr,
    got: mpsc::UnboundedReceiver<Got>,
    permits: Arc<Semaphore>,
    task: JoinHandle<()>,
}

impl Receiver {
    /// Answers everything with 200.
    pub(crate) async fn start() -> Self {
        Self::answering(|_, _| StatusCode::OK.into_response()).await
    }

    /// `answer` is given the number of the call, from 0, and what came.
    pub(crate) async fn answering(
        answer: impl Fn(usize, &Got) -> Response + Send + Sync + 'static,
    ) -> Self {
        Self::gated(Semaphore::MAX_PERMITS, answer).await
    }

    /// Answers so many calls; more only after [`Receiver::allow`].
    pub(crate) async fn gated(
        permits: usize,
        answer: impl Fn(usize, &Got) -> Response + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("port");
        let address = listener.local_addr().expect("address");
        let (sender, got) = mpsc::unbounded_channel();
        let permits = Arc::new(Semaphore::new(permits));
        let shared = Shared {
            sender,
            count: Arc::default(),
            answer: Arc::new(answer),
            permits: permits.clone(),
        };
        let router = Router::new().fallback(take).with_state(shared);
        let task = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("server");
        });
        Self {
            address,
            got,
            permits,
            task,
        }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub(crate) async fn next(&mut self) -> Got {
        let next = tokio::time::timeout(super::common::PATIENCE, self.got.recv()).await;
        next.expect("a call in time").expect("a call")
    }

    /// Bodies of the next calls.
    pub(crate) async fn bodies(&mut self, count: usize) -> Vec<String> {
        let mut bodies = Vec::new();
        while bodies.len() < count {
            bodies.push(self.next().await.body);
        }
        bodies
    }

    pub(crate) fn allow(&self, calls: usize) {
        self.permits.add_permits(calls);
    }

    /// What came and was not asked for yet.
    pub(crate) fn rest(&mut self) -> Vec<Got> {
        std::iter::from_fn(|| self.got.try_recv().ok()).collect()
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn take(State(shared): State<Shared>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let body: Bytes = axum::body::to_bytes(body, usize::MAX).await.expect("body");
    let headers = parts.headers.iter().map(|(name, value)| {
        let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
        (name.to_string(), value)
    });
    let got = Got {
        method: parts.method.to_string(),
        path: parts.uri.to_string(),
        headers: headers.collect(),
        body: String::from_utf8(body.to_vec()).expect("UTF-8"),
    };
    let number = {
        let mut count = shared.count.lock().unwrap_or_else(PoisonError::into_inner);
        *count += 1;
        *count - 1
    };
    // The test may have ended.
    let _ = shared.sender.send(got.clone());
    let permit = shared.permits.acquire().await.expect("open");
    permit.forget();
    (shared.answer)(number, &got)
}
