use std::{path::Path, process::Command};

use crate::{
    DATABASE, PASSWORD, Result, USER,
    certificates::{self, CERTIFICATE, KEY},
    program,
    server::{self, Server},
};

/// A MariaDB server with one user, who may do everything and has a password.
#[derive(Debug)]
pub struct MariaDb {
    server: Server,
    pub port: u16,
    /// The certificate, in PEM, of who signed the server's; empty where it speaks no TLS.
    pub authority: String,
}

impl MariaDb {
    pub fn start() -> Result<Self> {
        Self::with(false)
    }

    /// Nobody is let in without TLS.
    pub fn start_with_tls() -> Result<Self> {
        Self::with(true)
    }

    fn with(tls: bool) -> Result<Self> {
        server::on_free_port(|port| {
            let folder = server::folder("mariadb")?;
            let data = folder.path().join("data");
            program::as_servers(
                Command::new(program::find("mariadb-install-db")?)
                    .current_dir(folder.path())
                    .args(["--no-defaults", "--skip-test-db"])
                    .arg("--auth-root-authentication-method=normal")
                    .arg(option("datadir", &data)),
            )?;
            let mut command = Command::new(program::find("mariadbd")?);
            command
                .arg("--no-defaults")
                .arg(option("datadir", &data))
                .arg(option("socket", &socket(folder.path())))
                .arg(option("pid-file", &folder.path().join("pid")))
                .arg(format!("--port={port}"))
                .args(["--bind-address=127.0.0.1", "--skip-name-resolve"])
                .args([
                    "--innodb-flush-log-at-trx-commit=0",
                    "--default-time-zone=+00:00",
                ])
                .args([
                    "--innodb-buffer-pool-size=16M",
                    "--character-set-server=utf8mb4",
                ]);
            let mut authority = String::new();
            if tls {
                authority = certificates::make(folder.path())?;
                command
                    .arg("--require-secure-transport=ON")
                    .arg(option("ssl-cert", &folder.path().join(CERTIFICATE)))
                    .arg(option("ssl-key", &folder.path().join(KEY)));
            }
            let mut server = Server::spawn_unprivileged(folder, &mut command)?;
            server.wait(|folder| client(&socket(folder), "", "SELECT 1").ok())?;
            let password = PASSWORD.replace('\'', "''");
            let user = format!(
                "CREATE DATABASE {DATABASE};
                 CREATE USER {USER}@'127.0.0.1' IDENTIFIED BY '{password}';
                 GRANT ALL ON *.* TO {USER}@'127.0.0.1';"
            );
            client(&socket(server.folder()), "", &user)?;
            Ok(Self {
                server,
                port,
                authority,
            })
        })
    }

    /// `127.0.0.1:3306`.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }

    /// Runs statements; rows come back with tabs between their values.
    pub fn run(&self, sql: &str) -> Result<String> {
        client(&socket(self.server.folder()), DATABASE, sql)
    }
}

fn option(name: &str, path: &Path) -> String {
    format!("--{name}={}", path.display())
}

fn socket(folder: &Path) -> std::path::PathBuf {
    folder.join("socket")
}

fn client(socket: &Path, database: &str, sql: &str) -> Result<String> {
    program::finish(
        Command::new(program::find("mariadb")?)
            .args(["--no-defaults", "--batch", "--skip-column-names"])
            .args(["--user=root", "--default-character-set=utf8mb4"])
            .arg(option("socket", socket))
            .arg(format!("--database={database}")),
        sql,
    )
}
