#![no_main]
//! Text as a script of MyBatis: writing it ends within its bounds and nothing panics, and no value
//! becomes a part of the SQL.

use libfuzzer_sys::fuzz_target;
use weir_engine::Given;

const SECRET: &str = "Zq7value9x";

fuzz_target!(|script: &str| {
    let given = [
        ("a".to_string(), Given::Text(SECRET.into())),
        ("n".to_string(), Given::Int(1)),
        ("none".to_string(), Given::Null),
        (
            "ids".to_string(),
            Given::List(vec![Given::Text(SECRET.into()), Given::Int(2), Given::Null]),
        ),
    ];
    if let Ok(sql) = weir_dataworks::rendered(script, &given) {
        assert!(script.contains(SECRET) || !sql.contains(SECRET), "{sql}");
        assert!(sql.len() < 1 << 20);
    }
});
