use super::*;
use crate::timeplus::statement::behind;

fn sql(request: &ApiRequest) -> String {
    let body = &request.body.as_ref().expect("a body").bytes;
    let body: serde_json::Value = serde_json::from_slice(body).expect("JSON");
    body["sql"].as_str().expect("a statement").into()
}

fn answer(columns: &[&str], rows: serde_json::Value) -> Vec<u8> {
    let columns: Vec<_> = columns
        .iter()
        .map(|name| serde_json::json!({"name": name, "type": "string"}))
        .collect();
    serde_json::json!({"columns": columns, "data": rows})
        .to_string()
        .into_bytes()
}

#[test]
fn rows_are_read_whatever_their_columns() {
    let body = answer(
        &["database", "name", "free", "tags", "note"],
        serde_json::json!([
            ["ops", "t.1", 18_446_744_073_709_551_615_u64, ["a"], null],
            ["", "x"]
        ]),
    );
    let all = TASKS.all(&body).expect("tasks");
    assert_eq!(all[0].key, "ops.t.1");
    assert_eq!(all[0].of(&["FREE"]), "18446744073709551615");
    assert_eq!(
        (all[0].of(&["tags"]), all[0].of(&["note"])),
        (r#"["a"]"#, "")
    );
    assert_eq!(all[1].key, "x");
    // More values than columns, and columns of other names.
    let all = DISKS.all(&answer(&["Disk"], serde_json::json!([["d", 7]])));
    let disk = &all.expect("disks")[0];
    assert_eq!(disk.key, "d");
    assert_eq!(disk.fields[1], ("column 2".into(), "7".into()));
    assert!(
        TASKS
            .all(br#"{"columns":null,"data":null}"#)
            .expect("none")
            .is_empty()
    );
}

#[test]
fn what_has_several_rows_is_one_thing() {
    let body = answer(
        &["policy_name", "volume_name", "disks"],
        serde_json::json!([
            ["tiered", "hot", ["default"]],
            ["default", "default", ["default"]],
            ["tiered", "cold", ["s3"]]
        ]),
    );
    let all = STORAGE_POLICIES.all(&body).expect("policies");
    let keys: Vec<&str> = all.iter().map(|one| one.key.as_str()).collect();
    assert_eq!(keys, ["tiered", "default"]);
    let told: Vec<&str> = all[0].fields.iter().map(|(_, it)| it.as_str()).collect();
    assert_eq!(
        told,
        ["tiered", "hot", r#"["default"]"#, "cold", r#"["s3"]"#]
    );
}

#[test]
fn one_is_dropped_by_the_name_it_has() {
    assert_eq!(sql(&TASKS.delete("ops.my task")), "DROP TASK ops.`my task`");
    assert_eq!(sql(&DISKS.delete("a.b")), "DROP DISK `a.b`");
    assert_eq!(
        sql(&ROW_POLICIES.delete("p ON x ON db.*")),
        "DROP ROW POLICY `p ON x` ON db.*"
    );
    let grants = GRANTS.all(&answer(
        &["user_name", "role_name", "access_type", "database", "table"],
        serde_json::json!([[null, "r", "SELECT", "default", null]]),
    ));
    let key = &grants.expect("grants")[0].key;
    assert_eq!(key, "r: SELECT ON default.*.*");
    assert_eq!(
        sql(&GRANTS.get(key)),
        "SELECT * FROM system.grants WHERE coalesce(user_name, role_name) = 'r'"
    );
    assert_eq!(GRANTS.changed(key), "REVOKE SELECT ON default.* FROM r");
}

#[test]
fn a_name_of_a_request_stays_a_name() {
    assert_eq!(
        sql(&NAMED_COLLECTIONS.get("x' OR '1'='1")),
        "SELECT * FROM system.named_collections WHERE name = 'x'' OR ''1''=''1'"
    );
    assert_eq!(
        sql(&SCHEDULED_VIEWS.get("db.v")),
        "SELECT * FROM system.execute_stream_assignments WHERE name = 'v' AND database = 'db'"
    );
    assert_eq!(
        sql(&TASKS.run("SYSTEM PAUSE TASK", "t; x")),
        "SYSTEM PAUSE TASK `t; x`"
    );
}

#[test]
fn what_is_not_there_is_missing() {
    let missing = NAMED_COLLECTIONS.one(&answer(&["name"], serde_json::json!([])));
    assert_eq!(missing.expect_err("missing").status(), Some(404));
    let shown = TASKS.one(&answer(
        &["statement"],
        serde_json::json!([["CREATE TASK t"]]),
    ));
    let shown = shown.expect("a task");
    assert_eq!(
        (shown.key.as_str(), shown.statement()),
        ("t", "CREATE TASK t")
    );
}

#[test]
fn examples_are_what_their_kind_takes_and_lists_only_read() {
    for kind in ALL {
        let begins = |sql: &str| kind.begins.iter().any(|words| behind(sql, words).is_some());
        assert!(begins(kind.create), "{}", kind.create);
        assert!(
            kind.change.is_empty() || begins(kind.change),
            "{}",
            kind.change
        );
        for request in [kind.list(), kind.get("a.b")] {
            let sql = sql(&request);
            assert_eq!(crate::timeplus::read_only::check(&sql), Ok(()), "{sql}");
        }
    }
}
