//! What bodies of requests hold of the memory until these are answered: one caller's leave room for
//! those of others, and all together for the rest of the process.

use std::{
    collections::HashMap,
    net::SocketAddr,
    pin::Pin,
    sync::{
        Arc, Mutex, PoisonError, Weak,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{ConnectInfo, Request, State},
    http::{HeaderMap, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use futures_util::{Stream, TryFutureExt, TryStreamExt};
use hyper::body::{Frame, SizeHint};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use weir_platform::{
    auth::{Caller, network},
    error::HttpError,
    extract::ROWS_LIMIT,
};

/// Of all callers, and of each: a user, or an address where nobody is known yet.
const ALL: usize = 512 << 20;
const OF_ONE: usize = 128 << 20;
/// Smaller bodies count nothing: a connection has a buffer as large.
const SMALL: u64 = 64 << 10;
/// How long one waits for room.
const WAIT: Duration = Duration::from_secs(10);

/// Cheap to clone. Permits are KiB.
#[derive(Clone)]
pub(crate) struct Bodies(Arc<Inner>);

struct Inner {
    all: Arc<Semaphore>,
    of_one: usize,
    own: Mutex<HashMap<String, Weak<Semaphore>>>,
}

impl Default for Bodies {
    fn default() -> Self {
        Self::new(ALL, OF_ONE)
    }
}

impl Bodies {
    fn new(all: usize, of_one: usize) -> Self {
        Self(Arc::new(Inner {
            all: Arc::new(Semaphore::new(all >> 10)),
            of_one: of_one >> 10,
            own: Mutex::default(),
        }))
    }

    /// The room of one caller, which is forgotten when nothing is held.
    fn own(&self, who: &str) -> Arc<Semaphore> {
        let mut all = self.0.own.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = all.get(who).and_then(Weak::upgrade) {
            return known;
        }
        all.retain(|_, room| room.strong_count() > 0);
        let room = Arc::new(Semaphore::new(self.0.of_one));
        all.insert(who.into(), Arc::downgrade(&room));
        room
    }
}

/// Around what reads bodies.
pub(crate) async fn bounded(
    State(bodies): State<Bodies>,
    request: Request,
    next: Next,
) -> Response {
    // What watches how long it stands still does not tell its size.
    let told = length(request.headers());
    let size = told.map_or_else(|| request.body().size_hint(), SizeHint::with_exact);
    if request.body().is_end_stream() || size.upper().is_some_and(|most| most <= SMALL) {
        return next.run(request).await;
    }
    let held = Arc::new(Held {
        bodies,
        caller: request.extensions().get().cloned(),
        address: request.extensions().get().copied(),
        permits: Mutex::default(),
        full: AtomicBool::new(false),
    });
    let response = next.run(request.map(|body| held.over(body, size))).await;
    match held.full.load(Ordering::Relaxed) {
        true => full(),
        false => response,
    }
}

fn length(headers: &HeaderMap) -> Option<u64> {
    let length = headers.get(header::CONTENT_LENGTH)?;
    length.to_str().ok()?.parse().ok()
}

fn full() -> Response {
    let words = "too much is being sent at once: send it again in a moment, one after the other";
    let refused = HttpError::new(StatusCode::SERVICE_UNAVAILABLE, words);
    ([(header::RETRY_AFTER, "1")], refused).into_response()
}

/// What one body holds until its request is answered.
struct Held {
    bodies: Bodies,
    caller: Option<Caller>,
    address: Option<ConnectInfo<SocketAddr>>,
    permits: Mutex<Vec<OwnedSemaphorePermit>>,
    full: AtomicBool,
}

impl Held {
    /// The body, read once there is room for it. Where its size is not known before, there has to be
    /// room for each part.
    fn over(self: &Arc<Self>, body: Body, size: SizeHint) -> Body {
        let known = size.exact().map(|size| size.min(ROWS_LIMIT as u64));
        let (first, each) = (self.clone(), self.clone());
        let begun = async move {
            first.room(known.unwrap_or_default()).await?;
            Ok::<_, axum::Error>(body.into_data_stream())
        };
        let parts = begun.try_flatten_stream().and_then(move |part: Bytes| {
            let more = known.map_or(part.len() as u64, |_| 0);
            let held = each.clone();
            async move {
                held.room(more).await?;
                Ok::<_, axum::Error>(part)
            }
        });
        Body::new(Told {
            parts: Box::pin(parts),
            size,
        })
    }

    async fn room(&self, bytes: u64) -> Result<(), axum::Error> {
        let Some(kib) = u32::try_from(bytes.div_ceil(1 << 10))
            .ok()
            .filter(|n| *n > 0)
        else {
            return Ok(());
        };
        let own = self.bodies.own(&self.who());
        let all = self.bodies.0.all.clone();
        let both = async {
            let own = own.acquire_many_owned(kib).await?;
            all.acquire_many_owned(kib).await.map(|all| [own, all])
        };
        if let Ok(Ok(both)) = tokio::time::timeout(WAIT, both).await {
            let permits = self.permits.lock();
            permits.unwrap_or_else(PoisonError::into_inner).extend(both);
            return Ok(());
        }
        self.full.store(true, Ordering::Relaxed);
        Err(axum::Error::new("there is no room for the body"))
    }

    /// Known once it was found out who calls, which is before most bodies are read.
    fn who(&self) -> String {
        let actor = self.caller.as_ref().and_then(Caller::actor);
        actor.map_or_else(
            || match self.address {
                Some(ConnectInfo(address)) => format!("address {}", network(address.ip())),
                None => String::new(),
            },
            |actor| actor.user,
        )
    }
}

/// Parts of a body whose size is told as before.
struct Told {
    parts: Pin<Box<dyn Stream<Item = Result<Bytes, axum::Error>> + Send>>,
    size: SizeHint,
}

impl HttpBody for Told {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let part = self.parts.as_mut().poll_next(cx);
        part.map(|part| part.map(|part| part.map(Frame::data)))
    }

    fn size_hint(&self) -> SizeHint {
        self.size
    }
}

#[cfg(test)]
mod tests {
    use axum::{Router, middleware::from_fn_with_state, routing::post};
    use tower::ServiceExt;

    use super::*;

    const MIB: usize = 1 << 20;

    /// Room for four MiB, of each caller for two; the handler reads the body and then waits.
    fn router(go_on: Arc<Semaphore>) -> Router {
        let read = move |body: Bytes| {
            let go_on = go_on.clone();
            async move {
                let _one = go_on.acquire().await;
                body.len().to_string()
            }
        };
        Router::new()
            .route("/", post(read))
            .layer(from_fn_with_state(Bodies::new(4 * MIB, 2 * MIB), bounded))
    }

    fn ask(router: &Router, from: [u8; 4], body: Body) -> tokio::task::JoinHandle<StatusCode> {
        let mut request = axum::http::Request::post("/").body(body).expect("request");
        let address = SocketAddr::from((from, 1));
        request.extensions_mut().insert(ConnectInfo(address));
        let answer = router.clone().oneshot(request);
        tokio::spawn(async { answer.await.expect("answer").status() })
    }

    #[tokio::test(start_paused = true)]
    async fn one_caller_leaves_room_for_others_and_gets_it_back() {
        let go_on = Arc::new(Semaphore::new(0));
        let router = router(go_on.clone());
        let (one, other) = ([10, 0, 0, 1], [10, 0, 0, 2]);
        let whole = || Body::from(vec![b'x'; MIB]);
        // Of an unknown size.
        let parts = || {
            let parts = (0..8).map(|_| Ok::<_, axum::Error>(Bytes::from(vec![b'x'; MIB / 8])));
            Body::from_stream(futures_util::stream::iter(parts))
        };
        let held = [ask(&router, one, whole()), ask(&router, one, parts())];
        let refused = ask(&router, one, whole()).await.expect("task");
        assert_eq!(refused, StatusCode::SERVICE_UNAVAILABLE);
        let refused = ask(&router, one, parts()).await.expect("task");
        assert_eq!(refused, StatusCode::SERVICE_UNAVAILABLE);
        let small = ask(&router, one, Body::from("x"));
        let others = ask(&router, other, whole());
        let waiting = ask(&router, one, whole());
        tokio::task::yield_now().await;
        go_on.add_permits(1000);
        for answered in held.into_iter().chain([small, others, waiting]) {
            assert_eq!(answered.await.expect("task"), StatusCode::OK);
        }
    }
}
