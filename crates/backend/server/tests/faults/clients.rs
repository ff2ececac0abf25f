//! Clients that stand still or vanish, and many of them.

use std::time::{Duration, Instant};

use base64::{Engine, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpSocket, TcpStream},
};
use weir_api::sse::Decoder;

use super::program::{PASSWORD, Program, command};

/// A live query over a connection of its own, in HTTP/1.0 so that nothing is between its events, whose answer the kernel takes only little of.
pub(super) async fn open(program: &Program, sql: &str) -> TcpStream {
    let address = program.root.strip_prefix("http://").expect("address");
    let socket = TcpSocket::new_v4().expect("socket");
    socket.set_recv_buffer_size(64 << 10).expect("buffer");
    let mut stream = socket
        .connect(address.parse().expect("address"))
        .await
        .expect("connection");
    let body = json!({"sql": sql}).to_string();
    let user = STANDARD.encode(format!("admin:{PASSWORD}"));
    let head = format!(
        "POST /default/api/v1beta2/queries HTTP/1.0\r\nHost: {address}\r\n\
         Authorization: Basic {user}\r\nAccept: text/event-stream\r\n\
         Content-Length: {}\r\n\r\n{body}",
        body.len()
    );
    stream.write_all(head.as_bytes()).await.expect("sent");
    // Its query has begun.
    stream.readable().await.expect("an answer");
    stream
}

/// Reads events until there were so many rows; fails at a gap and at the end.
pub(super) async fn rows(stream: &mut TcpStream, enough: usize) {
    let (mut decoder, mut buffer, mut seen) = (Decoder::default(), vec![0; 64 << 10], 0);
    while seen < enough {
        let size = stream.read(&mut buffer).await.expect("bytes");
        assert!(size > 0, "it ended after {seen} rows");
        decoder.push(&buffer[..size], |event| {
            let event = event.expect("small enough");
            assert_ne!(event.event, "gap");
            if event.event == "message" {
                let rows: Value = serde_json::from_slice(event.data).expect("rows");
                seen += rows.as_array().map_or(0, Vec::len);
            }
        });
    }
    assert_eq!(seen, enough);
}

async fn running(program: &Program) -> usize {
    let list = program.get("/queries").await;
    let list = list.as_array().expect("queries").iter();
    list.filter(|query| query["status"] == "running").count()
}

pub(super) async fn until_running(program: &Program, count: usize, within: Duration) {
    let started = Instant::now();
    while running(program).await != count {
        assert!(started.elapsed() < within, "still running after {within:?}");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

async fn stream(program: &Program) {
    let columns = json!([{"name": "n", "type": "int64"}, {"name": "text", "type": "string"}]);
    let stream = json!({"name": "s", "columns": columns});
    program.done("/streams", &stream, 201).await;
}

async fn ingest(program: &Program, rows: usize, length: usize) {
    let text = "x".repeat(length);
    let rows: Vec<Value> = (0..rows).map(|n| json!([n, text])).collect();
    let body = json!({"columns": ["n", "text"], "data": rows});
    program.done("/streams/s/ingest", &body, 200).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_stands_still_holds_up_nobody_and_little_memory() {
    let dir = tempfile::tempdir().expect("folder");
    let program = Program::start(dir.path());
    stream(&program).await;
    let mut still = Vec::new();
    for _ in 0..20 {
        still.push(open(&program, "SELECT n, text FROM s").await);
    }
    let mut reads = open(&program, "SELECT n, text FROM s").await;
    until_running(&program, 21, Duration::from_secs(30)).await;
    let before = program.memory();
    let all = tokio::spawn(async move {
        rows(&mut reads, 60 * 500).await;
        reads
    });
    for _ in 0..60 {
        // 30 MiB in all for each of them.
        ingest(&program, 500, 1000).await;
    }
    let reads = all.await.expect("every row");
    let more = program.memory().saturating_sub(before);
    println!("20 clients that stand still: {more} MiB more");
    assert!(more < 400, "{more} MiB");
    assert_eq!(running(&program).await, 21);
    // They vanish: with a reset, as the kernel still holds what they did not read.
    drop(still);
    until_running(&program, 1, Duration::from_secs(2)).await;
    drop(reads);
    until_running(&program, 0, Duration::from_secs(2)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_thousand_live_queries_get_every_row() {
    const QUERIES: usize = 1000;
    const BATCHES: usize = 5;
    let dir = tempfile::tempdir().expect("folder");
    let limits = "[limits]\nrunning_queries = 1100\nqueries_per_user = 1050\n";
    std::fs::write(dir.path().join("weir.toml"), limits).expect("settings");
    let program = Program::spawn(command(dir.path()));
    stream(&program).await;
    let mut clients = Vec::new();
    for _ in 0..QUERIES {
        clients.push(open(&program, "SELECT n FROM s").await);
    }
    until_running(&program, QUERIES, Duration::from_secs(120)).await;
    let started = Instant::now();
    let readers: Vec<_> = clients
        .into_iter()
        .map(|mut client| {
            tokio::spawn(async move {
                rows(&mut client, BATCHES * 200).await;
                (started.elapsed(), client)
            })
        })
        .collect();
    for _ in 0..BATCHES {
        ingest(&program, 200, 10).await;
    }
    let mut times = Vec::new();
    let mut clients = Vec::new();
    for reader in readers {
        let (took, client) = reader.await.expect("every row");
        times.push(took);
        clients.push(client);
    }
    times.sort();
    let (half, last, memory) = (times[QUERIES / 2], times[QUERIES - 1], program.memory());
    let connections = program.connections();
    println!(
        "{QUERIES} queries: median {half:.1?}, last {last:.1?}, {memory} MiB, \
         {connections} connections to the database"
    );
    assert!(memory < 1024, "{memory} MiB");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    // Some work at once, the backend's own among them; then the writer and who reads settings.
    assert!(connections <= 2 * (2 * cores).max(8) + 8, "{connections}");
    // Nobody is starved: the last one has its rows soon after the others.
    assert!(
        last < half * 4 + Duration::from_secs(5),
        "{half:?}, {last:?}"
    );
    drop(clients);
    until_running(&program, 0, Duration::from_secs(30)).await;
}
