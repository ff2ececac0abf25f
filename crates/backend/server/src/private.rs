//! Files that only the user may read whom the backend runs as.

use std::{
    fs::{self, OpenOptions, Permissions},
    io::{self, ErrorKind},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

/// What the database's library and the store put beside each other; SQLite gives the log and the
/// index the rights of the database.
const FILES: [&str; 6] = [
    "weir.db",
    "weir.db-wal",
    "weir.db-shm",
    "weir.lock",
    "keys.secret",
    "secrets.key",
];

/// The data folder and what is in it, made where it is missing; rights that are too wide are taken
/// away. An error names the path.
pub(crate) fn data_folder(folder: &Path) -> Result<(), (PathBuf, io::Error)> {
    let named = |path: &Path| {
        let path = path.to_owned();
        move |error| (path, error)
    };
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true).mode(0o700);
    builder.create(folder).map_err(named(folder))?;
    narrow(folder, 0o700).map_err(named(folder))?;
    // An empty file is an empty database.
    for file in ["weir.db", "weir.lock"] {
        let path = folder.join(file);
        let mut options = OpenOptions::new();
        match options.write(true).create_new(true).mode(0o600).open(&path) {
            Ok(_) => {}
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
            Err(error) => return Err((path, error)),
        }
    }
    for file in FILES {
        let path = folder.join(file);
        match narrow(&path, 0o600) {
            Ok(()) => {}
            Err(error) if error.kind() == ErrorKind::NotFound => {}
            Err(error) => return Err((path, error)),
        }
    }
    Ok(())
}

fn narrow(path: &Path, most: u32) -> io::Result<()> {
    let mode = fs::metadata(path)?.permissions().mode() & 0o7777;
    match mode & !most {
        0 => Ok(()),
        _ => match fs::set_permissions(path, Permissions::from_mode(mode & most)) {
            // It is somebody else's, who decides.
            Err(error) if error.kind() == ErrorKind::PermissionDenied => {
                tracing::warn!("{} can be read by others: {error}", path.display());
                Ok(())
            }
            done => done,
        },
    }
}
