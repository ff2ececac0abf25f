//! Rows per second from the bytes of an event stream into the ring, on one thread.
//! `cargo bench -p weir-live --profile native`

use std::{
    fmt::Write,
    hint::black_box,
    time::{Duration, Instant},
};

use weir_api::{
    Column,
    timeplus::event::{QueryEvent, QueryEvents},
};
use weir_live::{Limits, Ring, RingColumn};

const ROWS_PER_EVENT: usize = 500;
const EVENTS: usize = 400;
/// A browser hands over the body in pieces of about this size.
const PIECE: usize = 64 << 10;
const MEASURED: Duration = Duration::from_secs(2);

fn main() {
    let (stream, batches) = stream();
    let rows = (EVENTS * ROWS_PER_EVENT) as f64;
    let bytes_per_row = stream.len() as f64 / rows;
    println!("ten mixed columns, {bytes_per_row:.0} bytes a row, {ROWS_PER_EVENT} rows an event");

    let mut ring = new_ring();
    report("ring.push", rows, || {
        for batch in &batches {
            if let Err(error) = ring.push(batch) {
                panic!("{error}");
            }
        }
    });
    let mut ring = new_ring();
    report("event stream and ring.push", rows, || {
        let mut events = QueryEvents::default();
        for piece in stream.chunks(PIECE) {
            events.push(piece, |event| match event {
                Ok(QueryEvent::Rows(batch)) => {
                    if let Err(error) = ring.push(batch) {
                        panic!("{error}");
                    }
                }
                other => panic!("{other:?}"),
            });
        }
    });
    println!("{} rows held in {} bytes", ring.len(), ring.bytes());
    let mut text = String::new();
    report("text of all cells", ring.len() as f64, || {
        for column in 0..ring.columns().len() {
            for (_, cell) in ring.cells(column, ring.first()..ring.end()) {
                text.clear();
                cell.write_text(&mut text);
                black_box(&text);
            }
        }
    });
}

fn report(name: &str, rows: f64, mut pass: impl FnMut()) {
    pass();
    let start = Instant::now();
    let mut passes = 0;
    while start.elapsed() < MEASURED {
        pass();
        passes += 1;
    }
    let rate = rows * f64::from(passes) / start.elapsed().as_secs_f64();
    println!("{name}: {:.2} million rows/s", rate / 1e6);
}

fn new_ring() -> Ring {
    let types = [
        "string",
        "string",
        "int64",
        "uint64",
        "float64",
        "float64",
        "bool",
        "datetime64(3)",
        "int64",
        "string",
    ];
    let header: Vec<Column> = types
        .iter()
        .map(|data_type| Column {
            name: (*data_type).to_string(),
            data_type: (*data_type).to_string(),
        })
        .collect();
    Ring::new(RingColumn::from_header(&header), Limits::default())
}

/// The stream and its batches of rows.
fn stream() -> (Vec<u8>, Vec<Vec<u8>>) {
    let mut seed = 0x9E37_79B9_7F4A_7C15u64;
    let mut random = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    let (mut stream, mut batches) = (Vec::new(), Vec::new());
    for _ in 0..EVENTS {
        let mut batch = String::from("[");
        for row in 0..ROWS_PER_EVENT {
            let comma = if row > 0 { "," } else { "" };
            let (a, b) = (random(), random());
            let written = write!(
                batch,
                "{comma}[\"host-{:012x}\",\"/api/v1/items/{:08}\",{},{},{},{},{},\"2026-11-23T{:02}:{:02}:{:02}.{:03}Z\",{},\"eu-{}\"]",
                a >> 16,
                b % 100_000_000,
                (a as i64) >> 30,
                u64::MAX - (b >> 12),
                (a >> 11) as f64 / 9_007_199_254_740_992.0,
                (b % 100_000) as f64 / 100.0,
                a % 3 == 0,
                a % 24,
                b % 60,
                a % 60,
                b % 1000,
                b % 5000,
                a % 9,
            );
            assert!(written.is_ok());
        }
        batch.push(']');
        stream.extend_from_slice(b"data: ");
        stream.extend_from_slice(batch.as_bytes());
        stream.extend_from_slice(b"\n\n");
        batches.push(batch.into_bytes());
    }
    (stream, batches)
}
