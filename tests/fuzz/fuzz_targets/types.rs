#![no_main]
//! Text as a type: nothing panics, and what is read is written as a text that means the same.

use libfuzzer_sys::fuzz_target;
use weir_api::DataType;

fuzz_target!(|text: &str| {
    if let Ok(data_type) = DataType::parse(text) {
        let written = data_type.to_string();
        assert_eq!(DataType::parse(&written).as_ref(), Ok(&data_type), "{written}");
    }
});
