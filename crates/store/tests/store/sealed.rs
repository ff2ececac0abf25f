//! Secrets in the database, and their key.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use rusqlite::Connection;
use weir_store::{SecretKey, Store, StoreError};

const SECRET: &str = "{\"password\": \"hush-9f2c\"}";

/// As an earlier version left it: in clear, and one that was deleted.
fn older(folder: &Path) {
    let conn = Connection::open(folder.join("weir.db")).expect("database");
    conn.execute_batch(&format!(
        "PRAGMA journal_mode = WAL;
         CREATE TABLE backend_sinks (id TEXT PRIMARY KEY, record TEXT NOT NULL) STRICT;
         INSERT INTO backend_sinks VALUES ('a', '{SECRET}'), ('gone', '{SECRET}');
         DELETE FROM backend_sinks WHERE id = 'gone';"
    ))
    .expect("table");
}

async fn record(store: &Store) -> String {
    let sql = "SELECT unsealed(record) FROM backend_sinks WHERE id = 'a'";
    let read = store.write(move |tx| Ok(tx.query_row(sql, [], |row| row.get(0))?));
    read.await.expect("record")
}

async fn close(store: Store) {
    let closed = store.closed();
    drop(store);
    closed.await;
}

/// Also while it is open: the log is a file as well.
fn tells_nothing(folder: &Path) {
    for entry in fs::read_dir(folder).expect("folder") {
        let path = entry.expect("entry").path();
        if path.is_file() {
            let bytes = fs::read(&path).expect("file");
            let found = bytes.windows(9).any(|part| part == b"hush-9f2c");
            assert!(!found, "{}", path.display());
        }
    }
}

#[tokio::test]
async fn what_an_earlier_version_left_in_clear_is_encrypted_when_it_is_opened() {
    let folder = tempfile::tempdir().expect("folder");
    older(folder.path());
    let store = Store::open(folder.path()).expect("store");
    assert_eq!(record(&store).await, SECRET);
    tells_nothing(folder.path());
    let key = fs::metadata(folder.path().join("secrets.key")).expect("key");
    assert_eq!(key.permissions().mode() & 0o777, 0o600);
    let again = store.write(|tx| {
        let sql = "INSERT OR REPLACE INTO backend_sinks VALUES ('a', seal(?1))";
        tx.execute(sql, [SECRET])?;
        Ok(())
    });
    again.await.expect("stored");
    tells_nothing(folder.path());
    close(store).await;
    tells_nothing(folder.path());
    let store = Store::open(folder.path()).expect("again");
    assert_eq!(record(&store).await, SECRET);
}

#[tokio::test]
async fn without_the_right_key_it_is_not_opened() {
    let folder = tempfile::tempdir().expect("folder");
    older(folder.path());
    close(Store::open(folder.path()).expect("store")).await;
    let file = folder.path().join("secrets.key");
    let key = fs::read_to_string(&file).expect("key");

    fs::remove_file(&file).expect("lost");
    let lost = Store::open(folder.path()).err().expect("refused");
    assert!(matches!(lost, StoreError::WrongKey), "{lost}");
    assert!(!file.exists(), "no other key is made in its place");
    fs::write(&file, "ab".repeat(32)).expect("another");
    let other = Store::open(folder.path()).err().expect("refused");
    assert!(matches!(other, StoreError::WrongKey), "{other}");
    fs::write(&file, "short").expect("damaged");
    let damaged = Store::open(folder.path()).err().expect("refused");
    assert!(damaged.to_string().contains("secrets.key"), "{damaged}");

    fs::remove_file(&file).expect("lost");
    let given = SecretKey::parse(&key).expect("key");
    let store = Store::open_with(folder.path(), Some(given)).expect("with the key itself");
    assert_eq!(record(&store).await, SECRET);
}

#[tokio::test]
async fn a_change_of_the_key_leaves_nothing_for_the_old_one() {
    let folder = tempfile::tempdir().expect("folder");
    older(folder.path());
    let store = Store::open(folder.path()).expect("store");
    let busy = Store::rotate_key(folder.path(), None, None).expect_err("it is open");
    assert!(matches!(busy, StoreError::Locked(_)), "{busy}");
    close(store).await;
    let file = folder.path().join("secrets.key");
    let old = fs::read_to_string(&file).expect("key");
    Store::rotate_key(folder.path(), None, None).expect("a new file");
    let new = fs::read_to_string(&file).expect("key");
    assert_ne!(old, new);
    let old = SecretKey::parse(&old).expect("key");
    let refused = Store::open_with(folder.path(), Some(old)).err();
    assert!(matches!(refused, Some(StoreError::WrongKey)));
    let store = Store::open(folder.path()).expect("with the new one");
    assert_eq!(record(&store).await, SECRET);
    close(store).await;

    // To a key that is given; the file is not needed any more.
    let given = SecretKey::parse(&"5a".repeat(32)).expect("key");
    Store::rotate_key(folder.path(), None, Some(given.clone())).expect("changed");
    assert!(!file.exists());
    let store = Store::open_with(folder.path(), Some(given)).expect("with it");
    assert_eq!(record(&store).await, SECRET);
    tells_nothing(folder.path());
}

/// The process ended between the change of the database and that of the file.
#[tokio::test]
async fn a_change_of_the_key_that_broke_off_is_brought_to_its_end() {
    let folder = tempfile::tempdir().expect("folder");
    older(folder.path());
    close(Store::open(folder.path()).expect("store")).await;
    let file = folder.path().join("secrets.key");
    let next = folder.path().join("secrets.key.next");
    let old = fs::read_to_string(&file).expect("key");
    Store::rotate_key(folder.path(), None, None).expect("changed");
    fs::rename(&file, &next).expect("not yet in its place");
    fs::write(&file, &old).expect("the old one");
    let store = Store::open(folder.path()).expect("store");
    assert_eq!(record(&store).await, SECRET);
    assert!(!next.exists());
    close(store).await;

    // Before the database was changed: the old one is still right.
    fs::write(&next, "ab".repeat(32)).expect("begun");
    let store = Store::open(folder.path()).expect("store");
    assert_eq!(record(&store).await, SECRET);
    close(store).await;
    Store::rotate_key(folder.path(), None, None).expect("once more");
    Store::open(folder.path()).expect("store");
}
