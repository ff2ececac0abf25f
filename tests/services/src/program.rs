//! Where programs are, and running them to their end.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use crate::{Result, user};

/// A program on PATH, in `/usr/sbin`, or of the newest PostgreSQL that Debian installed.
pub(crate) fn find(name: &str) -> Result<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut folders: Vec<PathBuf> = std::env::split_paths(&path).collect();
    folders.push("/usr/sbin".into());
    let mut versions: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
        .map(|entries| entries.flatten().map(|entry| entry.path()).collect())
        .unwrap_or_default();
    versions.sort();
    folders.extend(
        versions
            .into_iter()
            .rev()
            .map(|version| version.join("bin")),
    );
    // Where `tools/services.sh` unpacks.
    let cache = std::env::var_os("WEIR_CACHE").map(PathBuf::from);
    let home = std::env::var_os("HOME").map(|home| Path::new(&home).join(".cache/weir"));
    folders.extend(cache.or(home).map(|cache| cache.join("tools/bin")));
    folders
        .into_iter()
        .map(|folder| folder.join(name))
        .find(|file| file.is_file())
        .ok_or_else(|| format!("{name} is not installed: run tools/services.sh"))
}

/// Runs it as the servers' user; its output is told when it fails.
pub(crate) fn as_servers(command: &mut Command) -> Result<String> {
    user::run_as(command)?;
    finish(command, "")
}

/// What it printed. `input` is its standard input.
pub(crate) fn finish(command: &mut Command, input: &str) -> Result<String> {
    let name = format!("{:?}", command.get_program());
    let failed = |error: std::io::Error| format!("{name}: {error}");
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    if let Some(mut stdin) = child.stdin.take() {
        stdin.write_all(input.as_bytes()).map_err(failed)?;
    }
    let out = child.wait_with_output().map_err(failed)?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if out.status.success() {
        Ok(text(&out.stdout))
    } else {
        let (stdout, stderr) = (text(&out.stdout), text(&out.stderr));
        Err(format!("{name}: {}\n{stdout}{stderr}", out.status))
    }
}
