#![no_main]
//! Text as a statement: reading, writing and planning it end within their bounds, and nothing
//! panics. What is written reads as the same.

use libfuzzer_sys::fuzz_target;
use weir_engine::{Catalog, Statement, StreamInfo, catalog::ColumnInfo};

struct OneStream;

impl Catalog for OneStream {
    fn stream(&self, name: &str) -> Option<StreamInfo> {
        let column = |name: &str, data_type: &str| {
            Some(ColumnInfo {
                name: name.into(),
                data_type: weir_api::DataType::parse(data_type).ok()?,
            })
        };
        let columns = [
            column("n", "int64"),
            column("a", "string"),
            column("_tp_time", "datetime64(3)"),
        ];
        (name == "s").then(|| StreamInfo {
            name: "s".into(),
            table: "stream_1".into(),
            columns: columns.into_iter().flatten().collect(),
            keyed: false,
        })
    }

    fn view(&self, _: &str) -> Option<String> {
        None
    }
}

fuzz_target!(|text: &str| {
    let _ = weir_engine::parameters(text);
    if let Ok(written) = weir_engine::format(text) {
        assert_eq!(weir_engine::format(&written).as_ref(), Ok(&written));
    }
    if let Ok(Statement::Select(select)) = weir_engine::parse(text) {
        let _ = weir_engine::plan(&select, &OneStream, 1_700_000_000_000);
    }
});
