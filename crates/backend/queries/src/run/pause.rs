//! Waiting on a thread of its own without the runtime's clock, which panics once the runtime shuts
//! down: a query that outlives it by a moment has to end in its own way.

use std::{
    pin::pin,
    sync::Arc,
    task::{Context, Poll, Wake, Waker},
    thread::Thread,
    time::Instant,
};

struct Unpark(Thread);

impl Wake for Unpark {
    fn wake(self: Arc<Self>) {
        self.0.unpark();
    }
}

/// What `future` gives, `None` where `due` comes first. It must not sleep by the runtime's clock.
pub(super) fn wait_until<T>(future: impl Future<Output = T>, due: Option<Instant>) -> Option<T> {
    let waker = Waker::from(Arc::new(Unpark(std::thread::current())));
    let mut context = Context::from_waker(&waker);
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return Some(value);
        }
        match due.map(|due| due.saturating_duration_since(Instant::now())) {
            None => std::thread::park(),
            Some(left) if left.is_zero() => return None,
            Some(left) => std::thread::park_timeout(left),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use tokio::sync::watch;

    use super::wait_until;

    #[test]
    fn a_wait_goes_on_while_the_runtime_shuts_down_and_ends_by_an_event_or_its_time() {
        let runtime = tokio::runtime::Runtime::new().expect("runtime");
        let (sender, mut news) = watch::channel(0);
        let due = Instant::now() + Duration::from_secs(60);
        let waiting = std::thread::spawn(move || {
            wait_until(async { news.changed().await.is_ok() }, Some(due))
        });
        runtime.shutdown_background();
        sender.send_replace(1);
        assert_eq!(waiting.join().expect("no panic"), Some(true));

        let soon = Instant::now() + Duration::from_millis(5);
        assert_eq!(wait_until(std::future::pending::<()>(), Some(soon)), None);
    }
}
