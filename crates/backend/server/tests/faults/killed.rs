//! `kill -9` while definitions change and while a database is upgraded. Rows, views and deliveries: `api/crash.rs`.

use std::{
    io::{Seek, SeekFrom, Write},
    path::Path,
    sync::{Arc, Mutex},
    time::Duration,
};

use reqwest::Method;
use serde_json::{Value, json};

use super::program::{PASSWORD, Program, command};

/// Creates and deletes streams, views and sinks until the program is gone; what was answered.
async fn change_until_gone(root: String, round: usize, known: Arc<Mutex<Vec<(String, bool)>>>) {
    let client = reqwest::Client::new();
    let call = async |method: Method, path: &str, body: Value| {
        let url = format!("{root}/default/api/v1beta2{path}");
        let request = client
            .request(method, url)
            .basic_auth("admin", Some(PASSWORD));
        let answer = request.body(body.to_string()).send().await.ok()?;
        Some(answer.status().as_u16())
    };
    for n in 0..10_000 {
        let name = format!("s_{round}_{n}");
        let stream = json!({"name": name, "columns": [{"name": "n", "type": "int64"}]});
        match call(Method::POST, "/streams", stream).await {
            Some(201) => known.lock().expect("lock").push((name.clone(), true)),
            Some(other) => panic!("{name}: {other}"),
            None => return,
        }
        // Every third goes again.
        if n % 3 == 0 {
            match call(Method::DELETE, &format!("/streams/{name}"), Value::Null).await {
                Some(204) => known.lock().expect("lock").push((name, false)),
                Some(other) => panic!("{name}: {other}"),
                None => {
                    // Whether it is gone was not said.
                    known
                        .lock()
                        .expect("lock")
                        .retain(|(other, _)| *other != name);
                    return;
                }
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn definitions_are_whole_after_kill_9() {
    let dir = tempfile::tempdir().expect("folder");
    let known: Arc<Mutex<Vec<(String, bool)>>> = Arc::default();
    let mut program = Program::start(dir.path());
    for round in 0..4 {
        let changing = change_until_gone(program.root.clone(), round, known.clone());
        let changing = tokio::spawn(changing);
        let enough = known.lock().expect("lock").len() + 10 + 7 * round;
        while known.lock().expect("lock").len() < enough {
            tokio::task::yield_now().await;
        }
        program.kill();
        changing.await.expect("no panic");
        program = Program::start(dir.path());
        let list = program.get("/streams").await;
        let list: Vec<&str> = list
            .as_array()
            .expect("streams")
            .iter()
            .filter_map(|stream| stream["name"].as_str())
            .filter(|name| name.starts_with("s_"))
            .collect();
        let known = known.lock().expect("lock").clone();
        for (name, _) in &known {
            let there = known.iter().rev().find(|(other, _)| other == name);
            let there = there.is_some_and(|(_, there)| *there);
            assert_eq!(list.contains(&name.as_str()), there, "{name}");
        }
        // At most the one that was not answered is beside them, and all are whole.
        let answered = |name: &&&str| known.iter().any(|(other, _)| other == **name);
        let beside = list.iter().filter(|name| !answered(name)).count();
        assert!(beside <= round + 1, "{beside} streams that nobody made");
        for name in list.iter().rev().take(5) {
            let rows = json!({"columns": ["n"], "data": [[1]]});
            program
                .done(&format!("/streams/{name}/ingest"), &rows, 200)
                .await;
            assert_eq!(program.count(name).await, 1, "{name}");
            let path = format!("/streams/{name}");
            let gone = program.request(Method::DELETE, &path).send().await;
            assert_eq!(gone.expect("answer").status(), 204);
            let again = json!({"name": name, "columns": [{"name": "n", "type": "int64"}]});
            program.done("/streams", &again, 201).await;
            assert_eq!(
                program.count(name).await,
                0,
                "{name}: nothing of the old one"
            );
        }
    }
}

/// As the first release left it: without a version.
fn as_before(data: &Path) {
    let wal = std::fs::metadata(data.join("weir.db-wal")).map_or(0, |wal| wal.len());
    assert_eq!(wal, 0, "it was closed");
    let file = std::fs::OpenOptions::new()
        .write(true)
        .open(data.join("weir.db"));
    let mut file = file.expect("database");
    // Where SQLite's header keeps `user_version`.
    file.seek(SeekFrom::Start(60)).expect("header");
    file.write_all(&[0; 4]).expect("version");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_upgrade_of_the_database_is_whole_after_kill_9() {
    const ROWS: u64 = 2000;
    let dir = tempfile::tempdir().expect("folder");
    let data = dir.path().join("data");
    let mut program = Program::start(dir.path());
    let stream = json!({"name": "kept", "columns": [{"name": "n", "type": "int64"}]});
    program.done("/streams", &stream, 201).await;
    let rows: Vec<Value> = (0..ROWS).map(|n| json!([n])).collect();
    let rows = json!({"columns": ["n"], "data": rows});
    program.done("/streams/kept/ingest", &rows, 200).await;
    let view = json!({"name": "v", "query": "SELECT n FROM table(kept)"});
    program.done("/views", &view, 201).await;
    program.terminate();
    drop(program);
    let known = weir_store::database_version(&data).expect("version");
    let mut broken_off = 0;
    for round in 0..12 {
        as_before(&data);
        let mut upgrading = command(dir.path()).spawn().expect("program");
        // At another moment each time: from before it begins to after it has ended.
        std::thread::sleep(Duration::from_millis(8 * round));
        upgrading.kill().expect("SIGKILL");
        upgrading.wait().expect("end");
        let found = weir_store::database_version(&data).expect("readable");
        assert!(found == Some(0) || found == known, "{found:?}");
        broken_off += u32::from(found == Some(0));
        let mut program = Program::start(dir.path());
        assert_eq!(program.count("kept").await, ROWS, "round {round}");
        let seen = program.rows("SELECT count() FROM v").await;
        assert_eq!(seen[0][0], ROWS, "round {round}");
        program.terminate();
        drop(program);
        let found = weir_store::database_version(&data).expect("version");
        assert_eq!(found, known, "round {round}");
    }
    assert!(
        broken_off > 0,
        "every upgrade was done before it was killed"
    );
}
