//! `weir health`: asks a running one at the address that it would listen on.

use std::{
    io::{self, Read, Write},
    net::{Ipv4Addr, SocketAddr, TcpStream},
    sync::Arc,
    time::Duration,
};

use rustls::{ClientConnection, StreamOwned, pki_types::ServerName};
use weir_platform::tls;

const PATIENCE: Duration = Duration::from_secs(2);

/// What is wrong, in words.
pub fn ask(listen: SocketAddr, over_tls: bool) -> Result<(), String> {
    let mut address = listen;
    if address.ip().is_unspecified() {
        address.set_ip(Ipv4Addr::LOCALHOST.into());
    }
    let answer = exchange(address, over_tls).map_err(|error| format!("{address}: {error}"))?;
    let status = answer.split_whitespace().nth(1).unwrap_or_default();
    match status {
        "200" => Ok(()),
        _ => Err(format!("{address}: not well (status {status})")),
    }
}

fn exchange(address: SocketAddr, over_tls: bool) -> io::Result<String> {
    let connection = TcpStream::connect_timeout(&address, PATIENCE)?;
    connection.set_read_timeout(Some(PATIENCE))?;
    connection.set_write_timeout(Some(PATIENCE))?;
    if !over_tls {
        return asked(connection, address);
    }
    // Its certificate has the name that others know it by.
    let config = Arc::new(tls::client(false));
    let name = ServerName::from(address.ip());
    let session = ClientConnection::new(config, name).map_err(io::Error::other)?;
    asked(StreamOwned::new(session, connection), address)
}

/// The first line of the answer, and what came with it.
fn asked(mut connection: impl Read + Write, address: SocketAddr) -> io::Result<String> {
    let request = format!("GET /healthz HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    connection.write_all(request.as_bytes())?;
    let mut answer = Vec::new();
    let mut piece = [0; 512];
    while !answer.contains(&b'\n') && answer.len() < 4096 {
        match connection.read(&mut piece)? {
            0 => break,
            read => answer.extend_from_slice(&piece[..read]),
        }
    }
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
