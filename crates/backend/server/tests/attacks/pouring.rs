//! A server that an admin named, or somebody in its place, sends without end, or what no such server
//! would.

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

/// A server of NATS, or who says so. How many bytes were taken of what it sends in the end.
fn nats(last: &'static [u8], without_end: bool) -> (String, mpsc::Receiver<usize>) {
    const INFO: &[u8] = b"INFO {\"server_id\":\"a\",\"version\":\"2.10.0\",\"headers\":true,\"max_payload\":1048576}\r\n";
    let listener = TcpListener::bind("127.0.0.1:0").expect("port");
    let address = listener.local_addr().expect("address").to_string();
    let (told, taken) = mpsc::channel();
    std::thread::spawn(move || {
        for client in listener.incoming() {
            let Ok(mut client) = client else { return };
            let mut said = [0; 4096];
            // CONNECT and PING, then SUB.
            let begun = client
                .write_all(INFO)
                .and_then(|()| client.read(&mut said))
                .and_then(|_| client.write_all(b"PONG\r\n"))
                .and_then(|()| client.read(&mut said));
            let mut bytes = 0;
            if begun.and_then(|_| client.write_all(last)).is_ok() {
                let piece = vec![b'x'; 1 << 20];
                while without_end && bytes < 1 << 30 && client.write_all(&piece).is_ok() {
                    bytes += piece.len();
                }
            }
            let _ = told.send(bytes);
        }
    });
    (address, taken)
}

#[tokio::test]
async fn what_no_server_of_nats_sends_is_neither_gathered_nor_believed() {
    let backend = Backend::start().await;
    for (last, without_end, words) in [
        (&b"INFO {\"a\":\""[..], true, "a line of more than 64 KiB"),
        (b"MSG a 1 2147483648\r\n", true, "more than 64 MiB"),
        (b"PONG\r\n-ERR\r\n", false, "no operation of NATS"),
        (
            b"PONG\r\nMSG a 1 18446744073709551615\r\n",
            false,
            "more than 64 MiB",
        ),
        (
            b"HTTP/1.1 400 Bad Request\r\n",
            false,
            "no operation of NATS",
        ),
    ] {
        let (address, taken) = nats(last, without_end);
        let body = json!({"type": "nats", "size": 1, "timeout": "5s", "properties": {
            "url": format!("nats://{address}"), "subject": "a", "data_type": "text"}});
        let refused = backend.post("/v1beta2/source/preview", body).await;
        let refused = refused.expect(400);
        assert!(
            refused.message().contains(words),
            "{words}: {}",
            refused.body
        );
        let taken = tokio::task::spawn_blocking(move || taken.recv()).await;
        let taken = taken.expect("task").expect("a figure");
        assert!(taken < 20 << 20, "{words}: {taken} bytes");
    }
}
