//! Which files there are.

use std::{
    fs::Metadata,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
};

/// What stays the same when a file is renamed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct Identity(u64, u64);

impl Identity {
    pub(super) fn of(metadata: &Metadata) -> Self {
        Self(metadata.dev(), metadata.ino())
    }
}

#[derive(Debug, Clone)]
pub(super) struct LogFile {
    pub(super) path: PathBuf,
    pub(super) identity: Identity,
}

/// Files of a folder whose names fit, longest unchanged first. Links are no files: they could lead
/// anywhere.
pub(super) fn find(folder: &Path, names: &[String]) -> Result<Vec<LogFile>, String> {
    let failed = |error: std::io::Error| format!("{}: {error}", folder.display());
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        // A file can go at any time.
        let Ok(metadata) = entry.metadata() else {
            continue;
        };
        if metadata.is_file() && names.iter().any(|pattern| fits(pattern, &name)) {
            let modified = (metadata.mtime(), metadata.mtime_nsec());
            found.push((modified, name.into_owned(), entry.path(), metadata));
        }
    }
    found.sort_by(|a, b| (a.0, &a.1).cmp(&(b.0, &b.1)));
    let found = found.into_iter().map(|(_, _, path, metadata)| LogFile {
        path,
        identity: Identity::of(&metadata),
    });
    Ok(found.collect())
}

/// `*` is any text, `?` any character.
fn fits(pattern: &str, name: &str) -> bool {
    wildmatch::WildMatch::new(pattern).matches(name)
}

#[cfg(test)]
mod tests {
    use super::fits;

    #[test]
    fn names_fit_patterns() {
        for (pattern, name) in [
            ("a.log", "a.log"),
            ("*.log", ".log"),
            ("a*b?.log", "axxbb1.log"),
        ] {
            assert!(fits(pattern, name), "{pattern} {name}");
        }
        for (pattern, name) in [("a.log", "a.log.1"), ("?.log", ".log"), ("*.log", "a.txt")] {
            assert!(!fits(pattern, name), "{pattern} {name}");
        }
    }

    #[test]
    fn many_stars_take_no_time() {
        let pattern = "*a".repeat(40);
        assert!(!fits(&pattern, &"a".repeat(39)));
    }
}
