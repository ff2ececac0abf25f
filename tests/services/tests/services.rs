//! Each server answers, and is gone after its value, also when the test panics.

use std::net::TcpStream;

use weir_services::{MariaDb, Nats, Postgres};

fn answers(address: &str) -> bool {
    TcpStream::connect(address).is_ok()
}

#[test]
fn nats_listens_and_ends() {
    let nats = Nats::start().expect("nats");
    let address = nats.url.strip_prefix("nats://").expect("url").to_string();
    assert!(answers(&address), "{address}");
    nats.publish("orders.new", "{}")
        .expect_err("no stream keeps it");
    nats.create_stream("orders").expect("stream");
    nats.publish("orders.new", "{}").expect("kept");
    drop(nats);
    assert!(!answers(&address), "{address}");
}

#[test]
fn postgres_keeps_rows_and_ends() {
    let postgres = Postgres::start().expect("postgres");
    let rows = postgres.run("CREATE TABLE t (a int); INSERT INTO t VALUES (7); SELECT a FROM t");
    assert_eq!(rows.as_deref(), Ok("7\n"));
    let error = postgres.run("SELECT b FROM t").expect_err("no such column");
    assert!(error.contains("column \"b\" does not exist"), "{error}");
    let address = postgres.address();
    drop(postgres);
    assert!(!answers(&address), "{address}");
}

#[test]
fn mariadb_keeps_rows_and_ends_with_a_panic() {
    let mariadb = MariaDb::start().expect("mariadb");
    let rows = mariadb.run("CREATE TABLE t (a int); INSERT INTO t VALUES (7); SELECT a FROM t");
    assert_eq!(rows.as_deref(), Ok("7\n"));
    let address = mariadb.address();
    let ended = std::thread::spawn(move || {
        let _server = mariadb;
        panic!("a test that fails");
    });
    assert!(ended.join().is_err());
    assert!(!answers(&address), "{address}");
}
