use std::{
    collections::BTreeMap,
    env,
    io::{BufRead, BufReader},
    process::{Command, Stdio},
    sync::mpsc,
    time::{Duration, Instant},
};

use rusqlite::Transaction;
use weir_api::timeplus::ingest::Format;
use weir_store::{Store, StoreError};

use crate::common::{append, create, definition, number, open};

const CHILD: &str = "WEIR_STORE_TEST_DIR";
const ROWS: i64 = 7;

/// Not a test by itself: what the parent below starts and kills.
#[test]
fn child_appends_until_it_is_killed() {
    let Ok(dir) = env::var(CHILD) else { return };
    let runtime = tokio::runtime::Runtime::new().expect("runtime");
    runtime.block_on(async {
        let store = Store::open(dir.as_ref()).expect("store");
        create(
            &store,
            definition("s", &[("batch", "int64"), ("text", "string")]),
        )
        .await;
        let writers = (0..4).map(|writer| {
            let store = store.clone();
            tokio::spawn(async move {
                for number in 0.. {
                    let batch = number * 4 + writer;
                    let row = format!("[{batch},\"{}\"]", "x".repeat(100));
                    let data = vec![row; ROWS as usize].join(",");
                    let body = format!(r#"{{"columns":["batch","text"],"data":[{data}]}}"#);
                    append(&store, "s", Format::Compact, &body).await;
                    println!("acknowledged {batch}");
                }
            })
        });
        for writer in writers.collect::<Vec<_>>() {
            writer.await.expect("writer");
        }
    });
}

#[test]
fn acknowledged_rows_survive_a_kill() {
    let dir = tempfile::tempdir().expect("folder");
    let mut child = Command::new(env::current_exe().expect("this test"))
        .args([
            "--exact",
            "durability::child_appends_until_it_is_killed",
            "--nocapture",
        ])
        .env(CHILD, dir.path())
        .stdout(Stdio::piped())
        .spawn()
        .expect("child");
    let stdout = child.stdout.take().expect("stdout");
    let mut acknowledged = Vec::new();
    for line in BufReader::new(stdout).lines() {
        let line = line.expect("line");
        if let Some((_, batch)) = line.rsplit_once("acknowledged ") {
            acknowledged.push(batch.parse::<i64>().expect("batch"));
        }
        if acknowledged.len() == 200 {
            // SIGKILL; what it has written to the pipe until then is still read.
            child.kill().expect("killed");
        }
    }
    child.wait().expect("ended");
    assert!(acknowledged.len() >= 200);

    let store = Store::open(dir.path()).expect("store");
    let table = store.catalog().stream("s").expect("stream").table;
    let conn = store.reader().expect("reader");
    let mut statement = conn
        .prepare(&format!(
            "SELECT batch, count(*) FROM {table} GROUP BY batch"
        ))
        .expect("query");
    let stored: BTreeMap<i64, i64> = statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?)))
        .expect("rows")
        .collect::<Result<_, _>>()
        .expect("rows");
    for batch in &acknowledged {
        assert_eq!(stored.get(batch), Some(&ROWS), "batch {batch}");
    }
    assert!(
        stored.values().all(|rows| *rows == ROWS),
        "no half requests"
    );
    let stats = store.stats("s", None).expect("stats");
    assert_eq!(stats.row_count, number(&store, "s", "count(*)"));
    assert_eq!(
        stats.historical_data_bytes,
        number(&store, "s", "sum(_size)")
    );
}

#[tokio::test]
async fn everything_is_there_after_reopening() {
    let (dir, store) = open();
    create(&store, definition("s", &[("a", "int64")])).await;
    append(
        &store,
        "s",
        Format::Compact,
        r#"{"columns":["a"],"data":[[1],[2]]}"#,
    )
    .await;
    assert!(matches!(
        Store::open(dir.path()),
        Err(StoreError::Locked(_))
    ));
    drop(store);
    let store = Store::open(dir.path()).expect("store");
    assert_eq!(*store.watch("s").expect("watch").borrow(), 2);
    append(
        &store,
        "s",
        Format::Compact,
        r#"{"columns":["a"],"data":[[3]]}"#,
    )
    .await;
    assert_eq!(number(&store, "s", "max(_seq)"), 3);
    assert_eq!(store.stats("s", None).expect("stats").row_count, 3);
}

#[tokio::test]
async fn a_failing_write_takes_back_itself_only() {
    let (_dir, store) = open();
    create(&store, definition("s", &[("a", "int64")])).await;
    store
        .write(|tx| Ok(tx.execute_batch("CREATE TABLE notes (text TEXT)")?))
        .await
        .expect("table");
    let good = append(
        &store,
        "s",
        Format::Compact,
        r#"{"columns":["a"],"data":[[1]]}"#,
    );
    let bad = store.write(|tx| {
        tx.execute("INSERT INTO notes VALUES ('lost')", [])?;
        Err::<(), _>(StoreError::NotFound("something".into()))
    });
    let other = store.write(|tx| Ok(tx.execute("INSERT INTO notes VALUES ('kept')", [])?));
    let (good, bad, other) = tokio::join!(good, bad, other);
    assert_eq!(good, 1);
    assert!(matches!(bad, Err(StoreError::NotFound(_))));
    assert_eq!(other.expect("written"), 1);
    let reader = store.reader().expect("reader");
    let notes: String = reader
        .query_row("SELECT group_concat(text) FROM notes", [], |row| row.get(0))
        .expect("notes");
    assert_eq!(notes, "kept");
    assert!(
        reader.execute("DELETE FROM notes", []).is_err(),
        "readers only read"
    );
}

/// Rows of one transaction get the same time, so their times count the transactions.
#[tokio::test]
async fn queued_requests_share_a_commit() {
    let (_dir, store) = open();
    create(&store, definition("s", &[("a", "int64")])).await;
    let (release, held) = mpsc::channel();
    let blocking = tokio::spawn({
        let store = store.clone();
        async move {
            let wait = move |_: &Transaction<'_>| Ok(held.recv().is_ok());
            store.write(wait).await
        }
    });
    let appends: Vec<_> = (0..50)
        .map(|number| {
            let store = store.clone();
            tokio::spawn(async move {
                let body = format!(r#"{{"columns":["a"],"data":[[{number}]]}}"#);
                append(&store, "s", Format::Compact, &body).await
            })
        })
        .collect();
    // On this runtime of one thread all of them have been queued when the turn comes back.
    tokio::task::yield_now().await;
    release.send(()).expect("released");
    assert!(blocking.await.expect("task").expect("written"));
    for append in appends {
        assert_eq!(append.await.expect("task"), 1);
    }
    assert_eq!(number(&store, "s", "count(DISTINCT a)"), 50);
    let commits = number(&store, "s", "count(DISTINCT _tp_time)");
    assert!(commits <= 3, "{commits} transactions for 50 requests");
}

#[tokio::test]
async fn commits_are_flushed_to_disk() {
    let (_dir, store) = open();
    let settings = store.write(|tx| {
        let journal: String = tx.query_row("PRAGMA journal_mode", [], |row| row.get(0))?;
        let synchronous: i64 = tx.query_row("PRAGMA synchronous", [], |row| row.get(0))?;
        Ok((journal, synchronous))
    });
    const FULL: i64 = 2;
    assert_eq!(settings.await.expect("settings"), ("wal".to_owned(), FULL));
}

#[tokio::test(flavor = "multi_thread")]
async fn readers_see_whole_requests_while_rows_are_written() {
    let (_dir, store) = open();
    create(&store, definition("s", &[("a", "int64")])).await;
    let readers: Vec<_> = (0..3)
        .map(|_| {
            let store = store.clone();
            std::thread::spawn(move || {
                let conn = store.reader().expect("reader");
                let table = store.catalog().stream("s").expect("stream").table;
                let sql = format!("SELECT count(*), coalesce(max(_seq), 0) FROM {table}");
                let give_up = Instant::now() + Duration::from_secs(60);
                loop {
                    let (rows, seq): (i64, i64) = conn
                        .query_row(&sql, [], |row| Ok((row.get(0)?, row.get(1)?)))
                        .expect("rows");
                    assert_eq!((rows % 10, rows), (0, seq));
                    if rows == 2000 {
                        return;
                    }
                    assert!(Instant::now() < give_up, "stuck at {rows}");
                }
            })
        })
        .collect();
    let data = ["[1]"; 10].join(",");
    let body = format!(r#"{{"columns":["a"],"data":[{data}]}}"#);
    for _ in 0..200 {
        append(&store, "s", Format::Compact, &body).await;
    }
    for reader in readers {
        reader.join().expect("reader");
    }
}
