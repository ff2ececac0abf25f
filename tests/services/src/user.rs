//! PostgreSQL refuses to run as root, so where the tests do, servers run as `nobody`.

use std::{
    os::unix::{fs::chown, process::CommandExt},
    path::Path,
    process::Command,
};

use crate::Result;

#[derive(Debug, Clone, Copy)]
struct Ids {
    uid: u32,
    gid: u32,
}

/// `None`: as whoever runs the tests.
fn other() -> Result<Option<Ids>> {
    if !is_root()? {
        return Ok(None);
    }
    let users = std::fs::read_to_string("/etc/passwd").map_err(|e| format!("/etc/passwd: {e}"))?;
    let ids = users.lines().find_map(|line| {
        let mut fields = line.strip_prefix("nobody:")?.split(':').skip(1);
        Some(Ids {
            uid: fields.next()?.parse().ok()?,
            gid: fields.next()?.parse().ok()?,
        })
    });
    match ids {
        Some(ids) => Ok(Some(ids)),
        None => Err("/etc/passwd has no user 'nobody' for the servers to run as".to_string()),
    }
}

fn is_root() -> Result<bool> {
    let out = Command::new("id").arg("-u").output();
    let out = out.map_err(|error| format!("id: {error}"))?;
    Ok(out.stdout.trim_ascii() == b"0")
}

/// Gives `folder` to the user the servers run as.
pub(crate) fn own(folder: &Path) -> Result {
    match other()? {
        Some(Ids { uid, gid }) => chown(folder, Some(uid), Some(gid))
            .map_err(|error| format!("{}: {error}", folder.display())),
        None => Ok(()),
    }
}

pub(crate) fn run_as(command: &mut Command) -> Result {
    if let Some(Ids { uid, gid }) = other()? {
        command.uid(uid).gid(gid);
    }
    Ok(())
}
