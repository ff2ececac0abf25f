#![no_main]
//! Bytes as rows to be stored, in every format: nothing panics.

use libfuzzer_sys::fuzz_target;
use weir_api::{DataType, timeplus::ingest::Format};
use weir_engine::{StreamInfo, catalog::ColumnInfo};

const TYPES: [&str; 12] = [
    "bool",
    "int8",
    "uint64",
    "int256",
    "float32",
    "decimal(38, 9)",
    "datetime64(3)",
    "nullable(string)",
    "json",
    "array(array(int8))",
    "map(string, uint8)",
    "tuple(a int8, b string)",
];

fn stream(types: &[&str]) -> StreamInfo {
    let column = |(at, text): (usize, &&str)| {
        Some(ColumnInfo {
            name: format!("c{at}"),
            data_type: DataType::parse(text).ok()?,
        })
    };
    let time = ColumnInfo {
        name: "_tp_time".into(),
        data_type: DataType::parse("datetime64(3)").expect("a type"),
    };
    StreamInfo {
        name: "s".into(),
        table: "stream_1".into(),
        columns: types.iter().enumerate().filter_map(column).chain([time]).collect(),
        keyed: false,
    }
}

fuzz_target!(|body: &[u8]| {
    let (many, one) = (stream(&TYPES), stream(&["string"]));
    for format in Format::ALL {
        for stream in [&many, &one] {
            let _ = weir_store::ingest::parse(stream, format, body);
        }
    }
});
