#![no_main]
//! Bytes as an event stream, and as a batch of rows of every kind of column: nothing panics, every
//! cell held reads back from its own JSON, the counts add up.

use libfuzzer_sys::fuzz_target;
use weir_api::{Column, timeplus::event::{QueryEvent, QueryEvents}};
use weir_live::{Filter, Limits, Profiler, Ring, RingColumn, export, format};

const TYPES: [&str; 10] = [
    "bool",
    "int64",
    "uint64",
    "float64",
    "decimal(38, 9)",
    "datetime64(3)",
    "string",
    "uint256",
    "json",
    "array(string)",
];

fuzz_target!(|data: &[u8]| {
    let header: Vec<Column> = TYPES
        .iter()
        .map(|data_type| Column {
            name: (*data_type).to_string(),
            data_type: (*data_type).to_string(),
        })
        .collect();
    let limits = Limits {
        rows: 20,
        bytes: 4 << 10,
    };
    let mut ring = Ring::new(RingColumn::from_header(&header), limits);
    let mut events = QueryEvents::with_limit(1 << 16);
    for piece in data.chunks(7) {
        events.push(piece, |event| {
            if let Ok(QueryEvent::Rows(rows)) = event {
                let _ = ring.push(rows);
            }
        });
    }
    let _ = ring.push(data);

    assert_eq!(ring.received(), ring.dropped() + ring.len());
    let columns: Vec<usize> = (0..TYPES.len()).collect();
    let mut text = String::new();
    export::CSV.write_rows(&ring, &columns, ring.first()..ring.end(), &mut text);
    export::write_insert(&ring, "s", &columns, ring.first()..ring.end(), &mut text);
    for column in columns {
        for (_, cell) in ring.cells(column, 0..u64::MAX) {
            let json = cell.json();
            let mut again = Ring::new(vec![ring.columns()[column].clone()], limits);
            let pushed = again.push(format!("[[{json}]]").as_bytes());
            assert!(pushed.is_ok(), "{json}: {pushed:?}");
            assert_eq!(again.cell(0, 0).json(), json);
            format::pretty(&json);
        }
        let mut profiler = Profiler::new(&ring, column, 0..u64::MAX);
        profiler.step(&ring, u64::MAX);
        profiler.profile(5, 5);
    }
    Filter::new(Vec::new()).update(&ring, u64::MAX);
});
