//! A disk that is full or read-only, and a damaged database.

use std::{
    fs,
    os::unix::fs::{FileExt, PermissionsExt},
    os::unix::process::CommandExt,
    path::Path,
    process::Command,
};

use serde_json::{Value, json};

use super::program::{Program, command, command_on_a_full_disk, refused, with_program};

fn batch(first: u64) -> Value {
    let text = "x".repeat(1000);
    let rows: Vec<Value> = (first..first + 200).map(|n| json!([n, text])).collect();
    json!({"columns": ["n", "text"], "data": rows})
}

async fn with_stream(dir: &Path) -> Program {
    let program = Program::start(dir);
    let columns = json!([{"name": "n", "type": "int64"}, {"name": "text", "type": "string"}]);
    let stream = json!({"name": "s", "columns": columns});
    program.done("/streams", &stream, 201).await;
    program
}

#[tokio::test]
async fn a_full_disk_is_said_and_takes_nothing_with_it() {
    let dir = tempfile::tempdir().expect("folder");
    with_stream(dir.path()).await.kill();
    let mut program = Program::spawn(command_on_a_full_disk(dir.path(), 8 << 10));
    let mut stored = 0;
    let words = loop {
        let (status, text) = program
            .post("/streams/s/ingest", &batch(stored))
            .await
            .expect("it still answers");
        match status {
            200 => stored += 200,
            _ => break text,
        }
        assert!(stored < 100_000, "the disk never became full");
    };
    assert!(words.contains("not stored"), "{words}");
    assert!(words.contains("disk"), "{words}");
    // Reading goes on, and so does refusing; nothing that was stored is gone.
    for _ in 0..3 {
        assert_eq!(program.count("s").await, stored);
        let (status, text) = program
            .post("/streams/s/ingest", &batch(stored))
            .await
            .expect("answer");
        assert!(status >= 500, "{status}: {text}");
    }
    program.kill();
    let program = Program::start(dir.path());
    assert_eq!(program.count("s").await, stored);
    program.done("/streams/s/ingest", &batch(stored), 200).await;
    assert_eq!(program.count("s").await, stored + 200);
}

#[tokio::test]
async fn a_read_only_folder_is_named() {
    let dir = tempfile::tempdir().expect("folder");
    with_stream(dir.path()).await.kill();
    let data = dir.path().join("data");
    for entry in fs::read_dir(&data).expect("folder") {
        let path = entry.expect("entry").path();
        let mode = if path.is_dir() { 0o555 } else { 0o444 };
        fs::set_permissions(&path, fs::Permissions::from_mode(mode)).expect("rights");
    }
    for folder in [&data, &dir.path().to_path_buf()] {
        fs::set_permissions(folder, fs::Permissions::from_mode(0o555)).expect("rights");
    }
    let own = dir.path().join("weir-backend");
    fs::copy(env!("CARGO_BIN_EXE_weir-backend"), &own).expect("program");
    let mut command = with_program(dir.path(), Command::new(&own));
    // Rights do not bind root; nobody may have no way to where the program was built.
    if fs::metadata("/proc/self").is_ok_and(|own| std::os::unix::fs::MetadataExt::uid(&own) == 0) {
        command.uid(65534).gid(65534);
    }
    let (code, said) = refused(command);
    fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o755)).expect("rights");
    fs::set_permissions(&data, fs::Permissions::from_mode(0o755)).expect("rights");
    assert_eq!(code, Some(1), "{said}");
    let last = said.lines().last().unwrap_or_default();
    assert!(last.contains("data/") && last.contains("denied"), "{said}");
}

#[tokio::test]
async fn a_damaged_database_is_said_with_what_to_do() {
    let dir = tempfile::tempdir().expect("folder");
    let mut program = with_stream(dir.path()).await;
    for n in 0..20 {
        program
            .done("/streams/s/ingest", &batch(n * 200), 200)
            .await;
    }
    program.terminate();
    let file = dir.path().join("data/weir.db");
    let whole = fs::read(&file).expect("database");
    let garbage = |from: u64, length: usize| {
        fs::write(&file, &whole).expect("as it was");
        for log in ["weir.db-wal", "weir.db-shm"] {
            let _ = fs::remove_file(dir.path().join("data").join(log));
        }
        let open = fs::OpenOptions::new()
            .write(true)
            .open(&file)
            .expect("file");
        open.write_all_at(&vec![0x5a; length], from)
            .expect("damage");
    };
    garbage(0, 100);
    let (code, said) = refused(command(dir.path()));
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("weir.db") && said.contains("backup"),
        "{said}"
    );
    garbage(100, 4096 * 8);
    let (code, said) = refused(command(dir.path()));
    assert_eq!(code, Some(1), "{said}");
    assert!(
        said.contains("damaged") && said.contains(".recover"),
        "{said}"
    );
    assert_eq!(fs::metadata(&file).expect("file").len(), whole.len() as u64);
}

/// What was acknowledged last is in the log, and SQLite drops without a word what it cannot read of
/// it.
#[tokio::test]
async fn a_damaged_log_is_said_and_nothing_of_it_is_lost() {
    let dir = tempfile::tempdir().expect("folder");
    let mut program = with_stream(dir.path()).await;
    for n in 0..20 {
        program
            .done("/streams/s/ingest", &batch(n * 200), 200)
            .await;
    }
    program.kill();
    let log = dir.path().join("data/weir.db-wal");
    let database = dir.path().join("data/weir.db");
    let (whole, kept) = (
        fs::read(&log).expect("log"),
        fs::read(&database).expect("file"),
    );
    let half = u64::try_from(whole.len() / 2).expect("small");
    for (from, length) in [(0, 32), (18, 4), (half, 64), (half, 5000)] {
        fs::write(&log, &whole).expect("as it was");
        let open = fs::OpenOptions::new().write(true).open(&log).expect("log");
        open.write_all_at(&vec![0x5a; length], from)
            .expect("damage");
        let damaged = fs::read(&log).expect("log");
        let (code, said) = refused(command(dir.path()));
        assert_eq!(code, Some(1), "{from}: {said}");
        assert!(
            said.contains("weir.db-wal") && said.contains("backup"),
            "{from}: {said}"
        );
        assert!(
            fs::read(&log).expect("log") == damaged,
            "it is left as it is"
        );
    }
    fs::write(&log, &whole).expect("as it was");
    fs::write(&database, b"").expect("emptied");
    let (_, said) = refused(command(dir.path()));
    assert!(said.contains("weir.db is empty"), "{said}");
    fs::write(&database, kept).expect("as it was");
    let mut program = Program::start(dir.path());
    assert_eq!(program.count("s").await, 4000);
    program.terminate();
}
