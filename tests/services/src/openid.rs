use std::{
    io::{Read, Write},
    net::TcpStream,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::Value;

use crate::{
    Result, program,
    server::{self, Server},
};

/// A provider of OpenID Connect: npm's `oidc-provider`. `provider.mjs` says who may sign in.
#[derive(Debug)]
pub struct OpenId {
    _server: Server,
    pub issuer: String,
}

impl OpenId {
    /// What a client is called once it is registered, and its secret.
    pub const CLIENT: (&str, &str) = ("weir", "hush: hush, said the lady & all were still");

    /// `None`, with a word why, where Node or the package is missing.
    pub fn start() -> Result<Option<Self>> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let package: PathBuf = root.join("../../node_modules/oidc-provider");
        let (Ok(node), true) = (program::find("node"), package.is_dir()) else {
            eprintln!("skipped: Node or its package oidc-provider is missing; run tools/npm.sh");
            return Ok(None);
        };
        let mut command = Command::new(node);
        command.arg(root.join("src/provider.mjs"));
        let mut server = Server::spawn(server::folder("openid")?, &mut command)?;
        let issuer = server.wait(|folder| std::fs::read_to_string(folder.join("issuer")).ok())?;
        Ok(Some(Self {
            _server: server,
            issuer,
        }))
    }

    /// Makes [`Self::CLIENT`] known: `client` holds at least its `redirect_uris`.
    pub fn register(&self, client: &Value) -> Result {
        let address = self.issuer.trim_start_matches("http://");
        let body = client.to_string();
        let request = format!(
            "POST /reg HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\
             Content-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        );
        let mut answer = String::new();
        TcpStream::connect(address)
            .and_then(|mut stream| {
                stream.write_all(request.as_bytes())?;
                stream.read_to_string(&mut answer)
            })
            .map_err(|error| format!("{address}: {error}"))?;
        match answer.starts_with("HTTP/1.1 201") {
            true => Ok(()),
            false => Err(format!("the client is not registered: {answer}")),
        }
    }
}
