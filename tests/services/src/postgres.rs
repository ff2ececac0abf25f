use std::process::Command;

use crate::{
    DATABASE, PASSWORD, Result, USER,
    certificates::{self, CERTIFICATE, KEY},
    program,
    server::{self, Server},
};

/// A PostgreSQL server with one user, a superuser with a password.
#[derive(Debug)]
pub struct Postgres {
    _server: Server,
    pub port: u16,
    /// The certificate, in PEM, of who signed the server's; empty where it speaks no TLS.
    pub authority: String,
}

impl Postgres {
    pub fn start() -> Result<Self> {
        Self::with(false)
    }

    /// Nobody is let in without TLS.
    pub fn start_with_tls() -> Result<Self> {
        Self::with(true)
    }

    fn with(tls: bool) -> Result<Self> {
        server::on_free_port(|port| {
            let folder = server::folder("postgres")?;
            let data = folder.path().join("data");
            let password = folder.path().join("password");
            std::fs::write(&password, PASSWORD).map_err(|error| error.to_string())?;
            program::as_servers(
                Command::new(program::find("initdb")?)
                    .current_dir(folder.path())
                    .args(["--no-sync", "--auth=scram-sha-256", "--encoding=UTF8"])
                    .args(["--locale=C", "--username", USER])
                    .arg("--pwfile")
                    .arg(&password)
                    .arg("--pgdata")
                    .arg(&data),
            )?;
            let mut authority = String::new();
            if tls {
                authority = certificates::make(folder.path())?;
                let only_tls = "hostssl all all all scram-sha-256\n";
                let written = std::fs::write(data.join("pg_hba.conf"), only_tls);
                written.map_err(|error| error.to_string())?;
            }
            let mut command = Command::new(program::find("postgres")?);
            command.arg("-D").arg(&data).args(["-p", &port.to_string()]);
            for setting in [
                "listen_addresses=127.0.0.1",
                "unix_socket_directories=",
                "fsync=off",
                "shared_buffers=16MB",
                "timezone=UTC",
            ] {
                command.args(["-c", setting]);
            }
            if tls {
                let file = |name: &str| folder.path().join(name).display().to_string();
                command.args(["-c", "ssl=on"]);
                command.args(["-c", &format!("ssl_cert_file={}", file(CERTIFICATE))]);
                command.args(["-c", &format!("ssl_key_file={}", file(KEY))]);
            }
            let mut server = Server::spawn_unprivileged(folder, &mut command)?;
            server.wait(|_| psql(port, "postgres", "SELECT 1").ok())?;
            psql(port, "postgres", &format!("CREATE DATABASE {DATABASE}"))?;
            Ok(Self {
                _server: server,
                port,
                authority,
            })
        })
    }

    /// `127.0.0.1:5432`.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Runs statements; rows come back with `|` between their values.
    pub fn run(&self, sql: &str) -> Result<String> {
        psql(self.port, DATABASE, sql)
    }
}

fn psql(port: u16, database: &str, sql: &str) -> Result<String> {
    program::finish(
        Command::new(program::find("psql")?)
            .args(["--no-psqlrc", "--quiet", "--tuples-only", "--no-align"])
            .args(["--set", "ON_ERROR_STOP=1", "--host", "127.0.0.1"])
            .args(["--port", &port.to_string(), "--username", USER])
            .args(["--dbname", database])
            .env("PGPASSWORD", PASSWORD),
        sql,
    )
}
