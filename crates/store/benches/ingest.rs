//! Rows acknowledged per second: requests of 1,000 rows × 10 mixed columns, parsed, stored and
//! flushed to disk before the next one of the same client.
//!
//! `cargo bench -p weir-store --profile native [-- SECONDS]`; writes to the folder for temporary
//! files, so that `TMPDIR` chooses the disk.

use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use weir_api::{
    Owner,
    timeplus::{
        ingest::Format,
        stream::{ColumnDef, StreamDef},
    },
};
use weir_store::{Store, ingest};

type Failure = Box<dyn std::error::Error + Send + Sync>;

const ROWS: u64 = 1000;
const COLUMNS: [(&str, &str); 10] = [
    ("id", "uint64"),
    ("device", "string"),
    ("temperature", "float64"),
    ("ok", "bool"),
    ("level", "int8"),
    ("amount", "decimal(18, 4)"),
    ("at", "datetime64(3)"),
    ("tags", "array(string)"),
    ("region", "low_cardinality(string)"),
    ("note", "nullable(string)"),
];

#[tokio::main(flavor = "multi_thread")]
async fn main() -> Result<(), Failure> {
    let seconds = std::env::args().find_map(|argument| argument.parse().ok());
    let time = Duration::from_secs(seconds.unwrap_or(5));
    for clients in [1, 4] {
        let dir = tempfile::tempdir()?;
        let store = Store::open(dir.path())?;
        create(&store).await?;
        let started = Instant::now();
        let running: Vec<_> = (0..clients)
            .map(|client| tokio::spawn(ingest_for(store.clone(), client, time)))
            .collect();
        let (mut rows, mut bytes) = (0, 0);
        for client in running {
            let (sent, size) = client.await??;
            rows += sent;
            bytes += size;
        }
        let elapsed = started.elapsed().as_secs_f64();
        println!(
            "ingest clients={clients} batch={ROWS} columns={} rows/s={:.0} MB/s={:.1}",
            COLUMNS.len(),
            rows as f64 / elapsed,
            bytes as f64 / elapsed / 1e6,
        );
        assert_eq!(store.stats("bench", None)?.row_count, i64::try_from(rows)?);
    }
    Ok(())
}

async fn create(store: &Store) -> Result<(), Failure> {
    let columns = COLUMNS.map(|(name, data_type)| ColumnDef {
        name: name.into(),
        data_type: data_type.into(),
        ..ColumnDef::default()
    });
    let definition = StreamDef {
        name: "bench".into(),
        columns: columns.into(),
        ..StreamDef::default()
    };
    store.create_stream(definition, Owner::default()).await?;
    Ok(())
}

/// Rows and bytes acknowledged.
async fn ingest_for(store: Store, client: u64, time: Duration) -> Result<(u64, u64), Failure> {
    let info = store.catalog().stream("bench").ok_or("no stream")?;
    let body = body(client)?;
    let (started, mut rows) = (Instant::now(), 0);
    while started.elapsed() < time {
        let parsed = ingest::parse(&info, Format::Compact, body.as_bytes())?;
        rows += store.append("bench", parsed).await?;
    }
    Ok((rows, rows / ROWS * body.len() as u64))
}

fn body(client: u64) -> Result<String, std::fmt::Error> {
    let names = COLUMNS.map(|(name, _)| format!("\"{name}\"")).join(",");
    let mut body = format!("{{\"columns\":[{names}],\"data\":[");
    for row in 0..ROWS {
        if row > 0 {
            body.push(',');
        }
        write!(
            body,
            "[{},\"device-{}\",{:.3},{},{},{}.25,\"2023-02-01 01:02:03.{:03}\",\
             [\"a\",\"b{}\"],\"region-{}\",null]",
            u64::MAX - row,
            row % 50,
            20.0 + row as f64 / 7.0,
            row % 2 == 0,
            row % 100,
            row * 3,
            row % 1000,
            row % 9,
            client,
        )?;
    }
    body.push_str("]}");
    Ok(body)
}
