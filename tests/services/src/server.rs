//! One running server: its folder, its log, its end.

use std::{
    fs::File,
    net::TcpListener,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::{Result, user};

/// A server that is not ready after this long never will be.
const PATIENCE: Duration = Duration::from_secs(60);
const LOOK_AGAIN: Duration = Duration::from_millis(20);
/// Between finding a port and using it another program may take it.
const ATTEMPTS: usize = 3;
const LOG: &str = "server.log";

#[derive(Debug)]
pub(crate) struct Server {
    process: Child,
    folder: TempDir,
}

/// A folder that belongs to the user the servers run as.
pub(crate) fn folder(name: &str) -> Result<TempDir> {
    let folder = TempDir::with_prefix(format!("weir-{name}-"));
    let folder = folder.map_err(|error| format!("temporary folder: {error}"))?;
    user::own(folder.path())?;
    Ok(folder)
}

impl Server {
    /// Its output goes to a file, so that a server left over holds nobody's pipe open.
    pub(crate) fn spawn(folder: TempDir, command: &mut Command) -> Result<Self> {
        let name = format!("{:?}", command.get_program());
        let failed = |error: std::io::Error| format!("{name}: {error}");
        let log = File::create(folder.path().join(LOG)).map_err(failed)?;
        command
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(log.try_clone().map_err(failed)?)
            .stderr(log);
        let process = command.spawn().map_err(failed)?;
        Ok(Self { process, folder })
    }

    /// The same for a server that refuses to run as root. Its program has to lie where everybody
    /// reaches it.
    pub(crate) fn spawn_unprivileged(folder: TempDir, command: &mut Command) -> Result<Self> {
        user::run_as(command)?;
        Self::spawn(folder, command)
    }

    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Asks `look` until it answers, the server ends, or patience does.
    pub(crate) fn wait<T>(&mut self, mut look: impl FnMut(&Path) -> Option<T>) -> Result<T> {
        let deadline = Instant::now() + PATIENCE;
        loop {
            if let Some(answer) = look(self.folder.path()) {
                return Ok(answer);
            }
            let ended = self.process.try_wait().map_err(|error| error.to_string())?;
            if ended.is_some() || Instant::now() > deadline {
                return Err(format!("the server is not ready: {}", self.log()));
            }
            std::thread::sleep(LOOK_AGAIN);
        }
    }

    fn log(&self) -> String {
        std::fs::read_to_string(self.folder.path().join(LOG)).unwrap_or_default()
    }

    /// PostgreSQL's own processes leave their shared memory only when they are told to.
    fn quit(&mut self) {
        let pid = self.process.id().to_string();
        let told = Command::new("kill").args(["-QUIT", &pid]).status();
        let deadline = Instant::now() + Duration::from_secs(2);
        while told.is_ok() && Instant::now() < deadline {
            match self.process.try_wait() {
                Ok(None) => std::thread::sleep(LOOK_AGAIN),
                _ => return,
            }
        }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.quit();
        // Nothing is left to do where it has ended.
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// Starts it on a port that is free, with another one where somebody was faster.
pub(crate) fn on_free_port<T>(start: impl Fn(u16) -> Result<T>) -> Result<T> {
    let mut last = String::new();
    for _ in 0..ATTEMPTS {
        let listener = TcpListener::bind(("127.0.0.1", 0)).map_err(|error| error.to_string())?;
        let port = listener.local_addr().map_err(|error| error.to_string())?;
        drop(listener);
        match start(port.port()) {
            Ok(started) => return Ok(started),
            Err(error) => last = error,
        }
    }
    Err(last)
}
