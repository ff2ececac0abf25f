#![no_main]
//! Text as a template: reading it and writing a row with it end, and nothing panics.

use libfuzzer_sys::fuzz_target;
use serde_json::json;
use weir_template::Template;

fuzz_target!(|text: &str| {
    if let Ok(template) = Template::parse(text) {
        let row = json!({"n": 1, "a": "<b>&\"x\"", "list": [1, null, "c"], "map": {"k": {"l": -0.5}}});
        let _ = template.render(&row);
        let _ = template.check_fields(&["n", "a"]);
    }
});
