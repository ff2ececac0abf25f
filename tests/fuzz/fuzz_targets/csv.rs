#![no_main]
//! Bytes as CSV: nothing panics, and the records are the same wherever the bytes are cut.

use libfuzzer_sys::fuzz_target;
use weir_api::csv::{Parser, guess_delimiter};

fuzz_target!(|input: (u8, &[u8])| {
    let (cut, bytes) = input;
    let delimiter = guess_delimiter(bytes);
    let mut whole = Vec::new();
    let mut parser = Parser::new(delimiter);
    parser.push(bytes, &mut whole);
    parser.finish(&mut whole);
    let mut parts = Vec::new();
    let mut parser = Parser::new(delimiter);
    for part in bytes.chunks(usize::from(cut).max(1)) {
        parser.push(part, &mut parts);
    }
    parser.finish(&mut parts);
    assert_eq!(whole, parts);
});
