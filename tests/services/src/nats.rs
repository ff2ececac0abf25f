use std::{path::Path, process::Command};

use serde_json::Value;

use crate::{
    Result, program,
    server::{self, Server},
};

/// A NATS server with JetStream.
#[derive(Debug)]
pub struct Nats {
    _server: Server,
    /// `nats://127.0.0.1:4222`.
    pub url: String,
    /// Empty where everybody is let in.
    pub user: &'static str,
    pub password: &'static str,
}

impl Nats {
    /// Lets everybody in.
    pub fn start() -> Result<Self> {
        Self::with("", "")
    }

    pub fn start_with_password() -> Result<Self> {
        Self::with(crate::USER, crate::PASSWORD)
    }

    fn with(user: &'static str, password: &'static str) -> Result<Self> {
        let folder = server::folder("nats")?;
        let mut command = Command::new(program::find("nats-server")?);
        command
            .args(["--addr", "127.0.0.1", "--port", "-1", "--jetstream"])
            .arg("--store_dir")
            .arg(folder.path().join("jetstream"))
            .arg("--ports_file_dir")
            .arg(folder.path());
        if !user.is_empty() {
            command.args(["--user", user, "--pass", password]);
        }
        let mut server = Server::spawn(folder, &mut command)?;
        // It chooses a port and tells which once it listens there.
        let url = server.wait(ports)?;
        Ok(Self {
            _server: server,
            url,
            user,
            password,
        })
    }
}

fn ports(folder: &Path) -> Option<String> {
    let files = std::fs::read_dir(folder).ok()?;
    let file = files
        .flatten()
        .map(|entry| entry.path())
        .find(|path| path.extension().is_some_and(|end| end == "ports"))?;
    let ports: Value = serde_json::from_slice(&std::fs::read(file).ok()?).ok()?;
    Some(ports.pointer("/nats/0")?.as_str()?.to_string())
}
