use std::sync::atomic::{AtomicU32, Ordering};

use tokio::sync::mpsc;

use super::*;

const HOUR: Duration = Duration::from_secs(3600);

struct Fixture {
    runners: Runners,
    stop: watch::Sender<bool>,
    store: Store,
    _dir: tempfile::TempDir,
}

async fn fixture() -> Fixture {
    let dir = tempfile::tempdir().expect("folder");
    let store = Store::open(dir.path()).expect("store");
    let (stop, stopping) = watch::channel(false);
    let runners = Runners::load(&store, "source", stopping)
        .await
        .expect("load");
    Fixture {
        runners,
        stop,
        store,
        _dir: dir,
    }
}

/// Counts a row, then runs until it is stopped.
fn steady(up: mpsc::UnboundedSender<()>) -> Work {
    Arc::new(move |monitor: Monitor| {
        let up = up.clone();
        Box::pin(async move {
            monitor.up();
            monitor.count(1, 60);
            up.send(()).expect("receiver");
            monitor.stopped().await;
            Ok(())
        })
    })
}

#[tokio::test]
async fn what_was_started_is_wanted_again_with_its_figures() {
    let f = fixture().await;
    let (up, mut ups) = mpsc::unbounded_channel();
    f.runners
        .start("a", steady(up.clone()))
        .await
        .expect("start");
    f.runners.start("b", steady(up)).await.expect("start");
    ups.recv().await.expect("first");
    ups.recv().await.expect("second");
    assert_eq!(f.runners.report("a").status, Status::Running);
    f.runners.stop("b").await.expect("stop");
    assert_eq!(f.runners.report("b").status, Status::Stopped);
    f.stop.send_replace(true);
    while f.runners.is_active("a") {
        tokio::task::yield_now().await;
    }
    // Behind the last figures in the writer's queue.
    while keep::load(&f.store, "source").await.expect("load")["a"]
        .report()
        .successes
        == 0
    {}

    let (_stop, stopping) = watch::channel(false);
    let again = Runners::load(&f.store, "source", stopping)
        .await
        .expect("load");
    assert_eq!(again.wanted(), ["a"]);
    assert_eq!(again.report("a").successes, 1);
    assert_eq!(again.report("b").successes, 1);
    let (_stop, stopping) = watch::channel(false);
    let sinks = Runners::load(&f.store, "sink", stopping)
        .await
        .expect("load");
    assert!(sinks.wanted().is_empty(), "kinds do not mix");
}

#[tokio::test]
async fn a_failure_is_listed_and_work_goes_on() {
    let f = fixture().await;
    let attempts = Arc::new(AtomicU32::new(0));
    let (up, mut ups) = mpsc::unbounded_channel();
    let (counted, steady) = (attempts.clone(), steady(up));
    let work: Work = Arc::new(
        move |monitor| match counted.fetch_add(1, Ordering::Relaxed) {
            0 => Box::pin(async { Err("refused".into()) }),
            1 => Box::pin(async { panic!("a mistake") }),
            _ => steady(monitor),
        },
    );
    f.runners.start("a", work).await.expect("start");
    ups.recv().await.expect("up");
    assert_eq!(attempts.load(Ordering::Relaxed), 3);
    let report = f.runners.report("a");
    assert_eq!(
        (report.status, report.message.as_str()),
        (Status::Running, "")
    );
    assert_eq!((report.successes, report.failures), (1, 2));
    let errors = f.runners.errors("a", HOUR);
    assert_eq!(errors.len(), 2);
    assert_eq!(errors[1].message, "refused");
    let log = f.runners.logs("a", 100).join("\n");
    assert!(log.contains("ERROR refused"), "{log}");
    assert_eq!(f.runners.logs("a", 1).len(), 1);
    let points = f.runners.throughput("a", HOUR);
    assert!(points.iter().any(|(_, bps)| *bps > 0.0), "{points:?}");
}

#[tokio::test]
async fn a_wait_for_the_next_attempt_can_be_stopped() {
    let f = fixture().await;
    let (tried, mut tries) = mpsc::unbounded_channel();
    let work: Work = Arc::new(move |_| {
        tried.send(()).expect("receiver");
        Box::pin(async { Err("refused".into()) })
    });
    f.runners.start("a", work).await.expect("start");
    for _ in 0..3 {
        tries.recv().await.expect("try");
    }
    while f.runners.report("a").status != Status::Interrupted {
        tokio::task::yield_now().await;
    }
    assert_eq!(f.runners.report("a").message, "refused");
    assert_eq!(f.runners.report("a").status.sink_word(), "error");
    f.runners.stop("a").await.expect("stop");
    assert_eq!(f.runners.report("a").status, Status::Stopped);
    assert!(f.runners.wanted().is_empty());
}

#[tokio::test]
async fn what_is_done_is_complete_and_can_be_started_again() {
    let f = fixture().await;
    let (up, mut ups) = mpsc::unbounded_channel();
    let work: Work = Arc::new(move |_| {
        up.send(()).expect("receiver");
        Box::pin(async { Ok(()) })
    });
    for _ in 0..2 {
        f.runners.start("a", work.clone()).await.expect("start");
        ups.recv().await.expect("run");
        while f.runners.report("a").status != Status::Complete {
            tokio::task::yield_now().await;
        }
        // The task itself is over a moment later.
        f.runners.stop("a").await.expect("stop");
    }
}

#[tokio::test]
async fn what_is_removed_is_forgotten() {
    let f = fixture().await;
    let (up, mut ups) = mpsc::unbounded_channel();
    f.runners.start("a", steady(up)).await.expect("start");
    ups.recv().await.expect("up");
    f.runners.remove("a").await.expect("remove");
    assert_eq!(f.runners.report("a"), Report::default());
    let kept = keep::load(&f.store, "source").await.expect("load");
    assert!(kept.is_empty());
}
