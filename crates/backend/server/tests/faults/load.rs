//! Very many rows while they are read.

use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{
    clients::{open, rows, until_running},
    program::Program,
};

const ROWS: usize = 1_000_000;
const BATCH: usize = 10_000;

#[tokio::test(flavor = "multi_thread")]
async fn a_million_rows_arrive_while_queries_read_them() {
    const ALL: usize = 2;
    const SOME: usize = 20;
    let dir = tempfile::tempdir().expect("folder");
    let program = Program::start(dir.path());
    let columns = json!([{"name": "n", "type": "int64"}]);
    let stream = json!({"name": "s", "columns": columns});
    program.done("/streams", &stream, 201).await;
    let mut clients = Vec::new();
    for _ in 0..ALL {
        clients.push((open(&program, "SELECT n FROM s").await, ROWS));
    }
    for _ in 0..SOME {
        let sql = "SELECT n FROM s WHERE n % 1000 = 7";
        clients.push((open(&program, sql).await, ROWS / 1000));
    }
    until_running(&program, ALL + SOME, Duration::from_secs(30)).await;
    let started = Instant::now();
    let readers: Vec<_> = clients
        .into_iter()
        .map(|(mut client, count)| {
            tokio::spawn(async move {
                rows(&mut client, count).await;
                client
            })
        })
        .collect();
    let (mut counted, mut most, mut slowest) = (0, 0, Duration::ZERO);
    for first in (0..ROWS).step_by(BATCH) {
        let batch: Vec<Value> = (first..first + BATCH).map(|n| json!([n])).collect();
        let body = json!({"columns": ["n"], "data": batch});
        program.done("/streams/s/ingest", &body, 200).await;
        most = most.max(program.memory());
        if (first / BATCH).is_multiple_of(10) {
            let asked = Instant::now();
            // What was acknowledged is there.
            counted = program.count("s").await;
            assert_eq!(counted, (first + BATCH) as u64);
            slowest = slowest.max(asked.elapsed());
        }
    }
    let ingested = started.elapsed();
    let mut clients = Vec::new();
    for reader in readers {
        clients.push(reader.await.expect("every row"));
    }
    println!(
        "{ROWS} rows in {ingested:.1?}, read by all after {:.1?}; the slowest of the counts over \
         history {slowest:.1?}; {most} MiB at most",
        started.elapsed()
    );
    assert!(counted > 0 && most < 1024, "{most} MiB");
    assert_eq!(program.count("s").await, ROWS as u64);
    drop(clients);
    until_running(&program, 0, Duration::from_secs(30)).await;
}
