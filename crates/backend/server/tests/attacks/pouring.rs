//! A database that an admin named, or somebody in its place, sends without end.

use std::{
    io::{Read, Write},
    net::{TcpListener, TcpStream},
    sync::mpsc,
};

use serde_json::json;

use super::common::Backend;

/// It lets everybody in, and answers the first statement with a row that has no end. How many bytes
/// of it were taken comes in the end.
fn database() -> (String, mpsc::Receiver<usize>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("port");
    let address = listener.local_addr().expect("address").to_string();
    let (told, taken) = mpsc::channel();
    std::thread::spawn(move || {
        let Ok((mut client, _)) = listener.accept() else {
            return;
        };
        let _ = told.send(pour(&mut client));
    });
    (address, taken)
}

fn pour(client: &mut TcpStream) -> usize {
    const WELCOME: &[u8] = b"R\0\0\0\x08\0\0\0\0Z\0\0\0\x05I";
    const ROW: &[u8] = b"D\x7f\xff\xff\xff";
    let mut said = [0; 4096];
    let begun = client
        .read(&mut said)
        .and_then(|_| client.write_all(WELCOME));
    let asked = begun.and_then(|()| client.read(&mut said));
    if asked.and_then(|_| client.write_all(ROW)).is_err() {
        return 0;
    }
    let (piece, mut taken) = (vec![0; 1 << 20], 0);
    while taken < 1 << 30 && client.write_all(&piece).is_ok() {
        taken += piece.len();
    }
    taken
}

#[tokio::test]
async fn what_a_database_sends_without_end_is_not_gathered() {
    let backend = Backend::start().await;
    let (address, taken) = database();
    let setting = |key: &str, value: &str| json!({"key": key, "value": value});
    let table = json!({"name": "t", "settings": [
        setting("type", "postgresql"), setting("address", &address), setting("user", "u"),
        setting("password", "p"), setting("database", "d"), setting("table", "t"),
    ]});
    let refused = backend.post("/v1beta2/external_tables", table).await;
    refused.expect(400);
    let taken = tokio::task::spawn_blocking(move || taken.recv()).await;
    let taken = taken.expect("task").expect("a figure");
    assert!(taken < 200 << 20, "{taken} bytes");
}
