//! What 10,000 streams cost: making them, opening the store with them, their figures, a reader.
//!
//! `cargo bench -p weir-store --profile native --bench streams [-- COUNT]`

use std::time::Instant;

use weir_api::{
    Owner,
    timeplus::{
        ingest::Format,
        stream::{ColumnDef, StreamDef},
    },
};
use weir_store::{Store, ingest};

type Failure = Box<dyn std::error::Error>;

#[tokio::main(flavor = "multi_thread")]
async fn main() -> Result<(), Failure> {
    let count = std::env::args().find_map(|argument| argument.parse().ok());
    let count: u32 = count.unwrap_or(10_000);
    let dir = tempfile::tempdir()?;
    let store = Store::open(dir.path())?;
    let started = Instant::now();
    for number in 0..count {
        let definition = StreamDef {
            name: format!("stream_{number:05}"),
            columns: vec![ColumnDef {
                name: "a".into(),
                data_type: "int64".into(),
                ..ColumnDef::default()
            }],
            ..StreamDef::default()
        };
        store.create_stream(definition, Owner::default()).await?;
    }
    report("create, each", started, count);

    let started = Instant::now();
    for stream in store.streams() {
        let info = store.catalog().stream(&stream.name).ok_or("no stream")?;
        let rows = ingest::parse(&info, Format::Streaming, br#"{"a":1}"#)?;
        store.append(&stream.name, rows).await?;
    }
    report("append one row, each", started, count);

    let started = Instant::now();
    drop(store);
    let store = Store::open(dir.path())?;
    report("reopen", started, 1);

    for history in [None, Some(7)] {
        let started = Instant::now();
        for stream in store.streams() {
            store.stats(&stream.name, history)?;
        }
        report(&format!("stats history={history:?}, each"), started, count);
    }
    let started = Instant::now();
    let reader = store.reader()?;
    reader.query_row("SELECT count(*) FROM streams", [], |_| Ok(()))?;
    report("open a reader", started, 1);
    let started = Instant::now();
    tokio::task::block_in_place(|| store.apply_retention(0))?;
    report("retention without work", started, 1);
    Ok(())
}

fn report(what: &str, started: Instant, count: u32) {
    println!("{what}: {:?}", started.elapsed() / count);
}
