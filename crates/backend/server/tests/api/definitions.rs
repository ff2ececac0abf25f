//! Definitions in SQL as the store keeps them: dictionaries, versions and families of rows, indexes.

use serde_json::{Value, json};

use super::common::{Answer, Backend};

async fn run(backend: &Backend, sql: &str) -> Answer {
    backend
        .post("/v1beta2/queries", json!({ "sql": sql }))
        .await
}

async fn rows(backend: &Backend, sql: &str) -> Vec<Value> {
    let body = json!({"sql": sql, "type": "historical"});
    let answer = backend.post("/v1beta2/exec", body).await.expect(200);
    answer.json()["data"]
        .as_array()
        .cloned()
        .unwrap_or_default()
}

#[tokio::test]
async fn a_dictionary_is_made_listed_used_and_dropped() {
    let backend = Backend::start().await;
    let password = "Heron-Weir-77";
    for sql in [
        "CREATE MUTABLE STREAM zones (id uint16, borough string) PRIMARY KEY id",
        "INSERT INTO zones (id, borough) VALUES (132, 'Queens')",
    ] {
        run(&backend, sql).await.expect(204);
    }
    let create = format!(
        "CREATE DICTIONARY d (id uint16, borough string DEFAULT '?') PRIMARY KEY id \
         SOURCE(TIMEPLUS(STREAM 'zones' USER 'admin' PASSWORD '{password}')) LAYOUT(HASHED()) LIFETIME(10)"
    );
    let made = run(&backend, &create).await.expect(204);
    // What of it has no effect is told.
    let told: Vec<String> = serde_json::from_str(made.header("x-weir-notices")).expect("notices");
    assert!(
        told.iter().any(|words| words.starts_with("LIFETIME")),
        "{told:?}"
    );
    let again = run(&backend, &create).await.expect(400);
    assert!(
        again.message().contains("dictionary 'd' exists"),
        "{}",
        again.body
    );
    run(&backend, "DROP VIEW d").await.expect(400);

    let list = backend.get("/v1beta2/dictionaries").await.expect(200);
    assert!(!list.body.contains(password), "{}", list.body);
    assert_eq!(list.json()[0]["name"], "d");
    let views = backend.get("/v1beta2/views").await.expect(200);
    assert_eq!(views.json(), json!([]));
    let one = backend.get("/v1beta2/dictionaries/d").await.expect(200);
    let text = one.json()["query"].as_str().expect("text").to_string();
    assert!(text.starts_with("CREATE DICTIONARY default.d"), "{text}");

    let sql = "SELECT dict_get('d', 'borough', 132), dict_get('d', 'borough', 1), dict_has('d', 1)";
    assert_eq!(rows(&backend, sql).await, [json!(["Queens", "?", 0])]);
    // Its stream and what looks up in it hold on to it.
    run(
        &backend,
        "CREATE VIEW v AS SELECT dict_get('d', 'borough', id) AS b FROM zones",
    )
    .await
    .expect(204);
    let held = run(&backend, "DROP STREAM zones").await.expect(400);
    assert!(held.message().contains("is used by"), "{}", held.body);
    run(&backend, "DROP DICTIONARY d").await.expect(400);
    let graph = backend.get("/v1beta2/topology").await.expect(200).json();
    let edges = graph["edges"].to_string();
    for (from, to) in [("stream:zones", "dictionary:d"), ("dictionary:d", "view:v")] {
        let edge = json!({"source": from, "target": to}).to_string();
        assert!(edges.contains(&edge), "{edge} is not in {edges}");
    }

    let backend = backend.restart().await;
    assert_eq!(rows(&backend, sql).await, [json!(["Queens", "?", 0])]);
    run(&backend, "DROP VIEW v").await.expect(204);
    backend.delete("/v1beta2/dictionaries/d").await.expect(204);
    backend.delete("/v1beta2/dictionaries/d").await.expect(404);
    run(&backend, "DROP DICTIONARY IF EXISTS d")
        .await
        .expect(204);
    run(&backend, "DROP STREAM zones").await.expect(204);
}

#[tokio::test]
async fn a_view_with_parameters_stands_in_the_graph() {
    let backend = Backend::start().await;
    backend.create_stream("s", &[("n", "int64")]).await;
    for sql in [
        "CREATE VIEW v AS SELECT n, _tp_time FROM s WHERE n > {least:int64}",
        "CREATE VIEW w AS SELECT n FROM v(least = 3)",
    ] {
        run(&backend, sql).await.expect(204);
    }
    let graph = backend.get("/v1beta2/topology").await.expect(200).json();
    let edges = graph["edges"].to_string();
    for (from, to) in [("stream:s", "view:v"), ("view:v", "view:w")] {
        let edge = json!({"source": from, "target": to}).to_string();
        assert!(edges.contains(&edge), "{edge} is not in {edges}");
    }
}

#[tokio::test]
async fn a_lesser_version_of_a_row_does_not_replace_a_greater_one() {
    let backend = Backend::start().await;
    run(
        &backend,
        "CREATE MUTABLE STREAM versioned (p string, i int, v uint64) PRIMARY KEY p \
         SETTINGS version_column='v', late_insert_overrides=false",
    )
    .await
    .expect(204);
    let read = "SELECT p, i, v FROM table(versioned)";
    for (values, row) in [
        ("('p', 1, 10)", json!(["p", 1, 10])),
        ("('p', 2, 9)", json!(["p", 1, 10])),
        ("('p', 3, 11)", json!(["p", 3, 11])),
        ("('p', 4, 11)", json!(["p", 3, 11])),
        ("('p', 5, 12), ('p', 6, 12)", json!(["p", 5, 12])),
    ] {
        let sql = format!("INSERT INTO versioned (p, i, v) VALUES {values}");
        run(&backend, &sql).await.expect(204);
        assert_eq!(rows(&backend, read).await, [row], "{values}");
    }
    let sql = "CREATE STREAM late (i int, k string) PRIMARY KEY k \
               SETTINGS mode='versioned_kv', version_column='i'";
    run(&backend, sql).await.expect(204);
    run(
        &backend,
        "INSERT INTO late (i, k) VALUES (2, 'a'), (1, 'a'), (2, 'a')",
    )
    .await
    .expect(204);
    let sql = "SELECT count(), max(i) FROM table(late)";
    assert_eq!(rows(&backend, sql).await, [json!([1, 2])]);
    let wrong = run(
        &backend,
        "CREATE STREAM s (a int) SETTINGS version_column = 'a'",
    )
    .await
    .expect(400);
    assert!(wrong.message().contains("version_column"), "{}", wrong.body);
}

#[tokio::test]
async fn a_row_replaces_the_families_that_it_gives_whole() {
    let backend = Backend::start().await;
    run(
        &backend,
        "CREATE MUTABLE STREAM c (p string, m1 int, m2 int, m3 int, m4 int, FAMILY cf1(m1, m2), \
         FAMILY cf2(m3, m4), FAMILY cf_ts(_tp_time)) PRIMARY KEY p SETTINGS coalesced = true",
    )
    .await
    .expect(204);
    let read = "SELECT m1, m2, m3, m4, to_unix_timestamp(_tp_time) FROM table(c)";
    for (insert, row) in [
        (
            "(p, m1, m2, _tp_time) VALUES ('p', 1, 11, '1970-01-01 00:00:01')",
            json!([1, 11, 0, 0, 1]),
        ),
        (
            "(p, m3, m4, _tp_time) VALUES ('p', 2, 22, '1970-01-01 00:00:02')",
            json!([1, 11, 2, 22, 2]),
        ),
        // The time is not given and stays.
        ("(p, m1, m2) VALUES ('p', 3, 33)", json!([3, 33, 2, 22, 2])),
        // Half of a family.
        (
            "(p, m1, _tp_time) VALUES ('p', 5, '1970-01-01 00:00:04')",
            json!([3, 33, 2, 22, 4]),
        ),
    ] {
        run(&backend, &format!("INSERT INTO c {insert}"))
            .await
            .expect(204);
        assert_eq!(rows(&backend, read).await, [row], "{insert}");
    }
}

#[tokio::test]
async fn indexes_are_added_and_dropped() {
    let backend = Backend::start().await;
    let backend = {
        run(
            &backend,
            "CREATE MUTABLE STREAM p (id uint64, name string, vendor string, INDEX a (name)) PRIMARY KEY id",
        )
        .await
        .expect(204);
        run(
            &backend,
            "INSERT INTO p (id, name, vendor) VALUES (1, 'x', 'v'), (2, 'y', 'v')",
        )
        .await
        .expect(204);
        run(&backend, "ALTER STREAM p ADD INDEX b (vendor)")
            .await
            .expect(204);
        run(&backend, "ALTER STREAM p ADD INDEX b (name)")
            .await
            .expect(400);
        // Two rows of the same vendor.
        let twice = run(&backend, "ALTER STREAM p ADD INDEX c (vendor) UNIQUE")
            .await
            .expect(400);
        assert!(
            twice.message().contains("cannot be unique"),
            "{}",
            twice.body
        );
        run(&backend, "ALTER STREAM p DROP INDEX a")
            .await
            .expect(204);
        run(&backend, "ALTER STREAM p DROP INDEX a")
            .await
            .expect(400);
        run(&backend, "ALTER STREAM p DROP INDEX IF EXISTS a")
            .await
            .expect(204);
        let nothing = run(&backend, "ALTER STREAM p MATERIALIZE INDEX b WITH CLEAR")
            .await
            .expect(204);
        assert!(
            nothing
                .header("x-weir-notices")
                .contains("MATERIALIZE INDEX")
        );
        backend.restart().await
    };
    let shown = rows(&backend, "SHOW CREATE STREAM p").await;
    let text = shown[0][0].as_str().expect("text");
    assert!(
        text.contains("INDEX b (vendor)") && !text.contains("INDEX a"),
        "{text}"
    );
    run(&backend, "ALTER STREAM p ADD INDEX a (name) UNIQUE")
        .await
        .expect(204);
    let same = run(
        &backend,
        "INSERT INTO p (id, name, vendor) VALUES (3, 'x', 'w')",
    )
    .await
    .expect(400);
    assert!(same.message().contains("unique"), "{}", same.body);
}

#[tokio::test]
async fn what_a_definition_says_without_effect_is_told_and_shown_again() {
    let backend = Backend::start().await;
    let made = run(
        &backend,
        "CREATE STREAM s (a int CODEC(ZSTD(1)), b string COMMENT 'x', INDEX i b TYPE bloom_filter GRANULARITY 3) \
         PARTITION BY a ORDER BY a SETTINGS shards = 3, logstore_codec = 'zstd'",
    )
    .await
    .expect(204);
    let told: Vec<String> = serde_json::from_str(made.header("x-weir-notices")).expect("notices");
    for what in [
        "CODEC",
        "COMMENT of a column",
        "INDEX … TYPE",
        "PARTITION BY",
        "ORDER BY",
        "setting shards",
        "setting logstore_codec",
    ] {
        assert!(
            told.iter().any(|words| words.starts_with(what)),
            "{what}: {told:?}"
        );
    }
    let shown = rows(&backend, "SHOW CREATE s").await;
    let text = shown[0][0].as_str().expect("text");
    for part in [
        "CODEC(ZSTD(1))",
        "INDEX i b TYPE bloom_filter GRANULARITY 3",
        "ORDER BY a",
    ] {
        assert!(text.contains(part), "{part} is not in {text}");
    }
    let plain = run(&backend, "CREATE STREAM t (a int)").await.expect(204);
    assert_eq!(plain.header("x-weir-notices"), "");
}

#[tokio::test]
async fn queries_that_run_are_rows() {
    let backend = Backend::start().await;
    backend.create_stream("s", &[("n", "int64")]).await;
    let running = backend.query("SELECT n FROM s").await;
    let sql = "SELECT query_id, user, query, elapsed >= 0 FROM system.processes";
    let told = rows(&backend, sql).await;
    assert_eq!(
        told,
        [json!([running.id, "admin", "SELECT n FROM s", true])]
    );
}

#[tokio::test]
async fn a_view_takes_columns_of_its_query() {
    let backend = Backend::start().await;
    backend
        .create_stream("s", &[("n", "int64"), ("t", "string")])
        .await;
    run(
        &backend,
        "CREATE MATERIALIZED VIEW m (t string, n int32) AS SELECT n + 1 AS n, t, 1 AS more FROM s",
    )
    .await
    .expect(204);
    backend.ingest("s", r#"["n","t"]"#, r#"[[1,"a"]]"#).await;
    let mut live = backend
        .query("SELECT t, n FROM m SETTINGS seek_to = 'earliest'")
        .await;
    assert_eq!(live.rows(1).await, [json!(["a", 2])]);
    let types = rows(&backend, "DESCRIBE m").await;
    assert_eq!(types[..2], [json!(["t", "string"]), json!(["n", "int32"])]);
}

#[tokio::test]
async fn a_function_of_an_expression_is_made_over_rest() {
    let backend = Backend::start().await;
    let body = json!({
        "name": "twice",
        "type": "sql",
        "arguments": [{"name": "x", "type": ""}],
        "return_type": "",
        "source": "x * 2",
    });
    backend
        .post("/v1beta2/udfs", body.clone())
        .await
        .expect(201);
    assert_eq!(rows(&backend, "SELECT twice(4)").await, [json!([8])]);
    let read = backend.get("/v1beta2/udfs/twice").await.expect(200).json();
    assert_eq!(
        (&read["type"], &read["source"]),
        (&json!("sql"), &json!("x * 2"))
    );
    let mut wrong = body;
    wrong["name"] = json!("odd");
    wrong["source"] = json!("x * y");
    let refused = backend.post("/v1beta2/udfs", wrong).await.expect(400);
    assert!(
        refused.message().contains("'y' is none of its arguments"),
        "{}",
        refused.body
    );
}
