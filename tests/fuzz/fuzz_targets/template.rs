#![no_main]
//! Text as a template: reading it and writing a row with it end, and nothing panics.

use libfuzzer_sys::fuzz_target;
use weir_template::{Template, Value};

fuzz_target!(|text: &str| {
    if let Ok(template) = Template::parse(text) {
        let row = r#"{"n": 1, "a": "<b>&\"x\"", "list": [1, null, "c"], "map": {"k": {"l": -0.5}}}"#;
        let row = Value::from_json(row).unwrap_or_default();
        let _ = template.render(&row);
        let _ = template.check_fields(&["n", "a"]);
    }
});
