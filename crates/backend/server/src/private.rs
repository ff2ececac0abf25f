//! Files that only the user may read whom the backend runs as.

use std::{
    fs::{self, OpenOptions, Permissions},
    io::{self, ErrorKind},
    os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt},
    path::{Path, PathBuf},
};

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
    // The database, its log and its index, keys, copies from before upgrades.
    for entry in fs::read_dir(folder).map_err(named(folder))? {
        let entry = entry.map_err(named(folder))?;
        let path = entry.path();
        let most = match entry.file_type().map_err(named(&path))? {
            kind if kind.is_file() => 0o600,
            kind if kind.is_dir() && entry.file_name() == "tmp" => 0o700,
            _ => continue,
        };
        match narrow(&path, most) {
            Ok(()) => {}
            // It went meanwhile.
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
