//! `weir health`: asks a running one at the address that it would listen on.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    time::Duration,
};

const PATIENCE: Duration = Duration::from_secs(2);

/// What is wrong, in words.
pub fn ask(listen: SocketAddr) -> Result<(), String> {
    let mut address = listen;
    if address.ip().is_unspecified() {
        address.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    let answer = exchange(address).map_err(|error| format!("{address}: {error}"))?;
    let status = answer.split_whitespace().nth(1).unwrap_or_default();
    match status {
        "200" => Ok(()),
        _ => Err(format!("{address}: not well (status {status})")),
    }
}

fn exchange(address: SocketAddr) -> std::io::Result<String> {
    let mut connection = TcpStream::connect_timeout(&address, PATIENCE)?;
    connection.set_read_timeout(Some(PATIENCE))?;
    connection.set_write_timeout(Some(PATIENCE))?;
    let request = format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    connection.write_all(request.as_bytes())?;
    let mut answer = String::new();
    // The status line is in the first bytes.
    connection.take(4096).read_to_string(&mut answer)?;
    Ok(answer)
}
