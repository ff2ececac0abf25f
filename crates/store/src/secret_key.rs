//! A key that the administrator keeps: it encrypts secrets in the database, or signs.

use std::{
    fmt, fs,
    io::{ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use ring::rand::{SecureRandom, SystemRandom};

use crate::StoreError;

const LENGTH: usize = 32;

/// 32 bytes, written as 64 hexadecimal digits.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretKey([u8; LENGTH]);

/// Says nothing of what it is.
impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretKey")
    }
}

impl SecretKey {
    /// The words of the error do not repeat the text.
    pub fn parse(text: &str) -> Result<Self, String> {
        let bytes = hex::decode(text.trim()).ok();
        let bytes = bytes.and_then(|bytes| bytes.try_into().ok());
        bytes.map(Self).ok_or_else(|| {
            "a key is 64 hexadecimal digits, such as openssl rand -hex 32 writes".to_string()
        })
    }

    fn random() -> Result<Self, StoreError> {
        let mut bytes = [0; LENGTH];
        let filled = SystemRandom::new().fill(&mut bytes);
        filled.map_err(|_| StoreError::Commit("the system gives no random numbers".into()))?;
        Ok(Self(bytes))
    }

    pub(crate) fn bytes(&self) -> &[u8] {
        &self.0
    }

    /// As HMAC itself pads a key to the block of its hash.
    pub fn padded(&self) -> [u8; 64] {
        let mut padded = [0; 64];
        padded[..LENGTH].copy_from_slice(&self.0);
        padded
    }

    fn text(&self) -> String {
        format!("{}\n", hex::encode(self.0))
    }
}

/// The file beside the database, and the one that takes its place when the key is changed.
pub(crate) struct KeyFile {
    path: PathBuf,
    next: PathBuf,
}

impl KeyFile {
    pub(crate) fn of(folder: &Path) -> Self {
        Self {
            path: folder.join("secrets.key"),
            next: folder.join("secrets.key.next"),
        }
    }

    pub(crate) fn read(&self) -> Result<Option<SecretKey>, StoreError> {
        read(&self.path)
    }

    pub(crate) fn read_or_make(&self) -> Result<SecretKey, StoreError> {
        match self.read()? {
            Some(key) => Ok(key),
            None => make(&self.path),
        }
    }

    pub(crate) fn read_next(&self) -> Result<Option<SecretKey>, StoreError> {
        read(&self.next)
    }

    pub(crate) fn make_next(&self) -> Result<SecretKey, StoreError> {
        // Of a change that did not come to its end, and is not needed: the database was opened.
        match fs::remove_file(&self.next) {
            Err(source) if source.kind() != ErrorKind::NotFound => Err(io(&self.next, source)),
            _ => make(&self.next),
        }
    }

    pub(crate) fn take_next(&self) -> Result<(), StoreError> {
        fs::rename(&self.next, &self.path).map_err(|source| io(&self.path, source))
    }

    pub(crate) fn remove(&self) -> Result<(), StoreError> {
        match fs::remove_file(&self.path) {
            Err(source) if source.kind() != ErrorKind::NotFound => Err(io(&self.path, source)),
            _ => Ok(()),
        }
    }
}

fn io(path: &Path, source: std::io::Error) -> StoreError {
    StoreError::Io {
        path: path.to_owned(),
        source,
    }
}

fn read(path: &Path) -> Result<Option<SecretKey>, StoreError> {
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(io(path, error)),
    };
    let key = SecretKey::parse(&text);
    let key = key.map_err(|words| io(path, std::io::Error::new(ErrorKind::InvalidData, words)))?;
    Ok(Some(key))
}

/// Readable by the backend's user only, and on the disk before anything is encrypted with it.
fn make(path: &Path) -> Result<SecretKey, StoreError> {
    let key = SecretKey::random()?;
    let written = fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .and_then(|mut file| {
            file.write_all(key.text().as_bytes())?;
            file.sync_all()
        });
    written.map_err(|source| io(path, source))?;
    if let Some(folder) = path.parent() {
        let synced = fs::File::open(folder).and_then(|folder| folder.sync_all());
        synced.map_err(|source| io(folder, source))?;
    }
    Ok(key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_as_they_are_written() {
        let key = SecretKey::random().expect("key");
        assert_eq!(SecretKey::parse(&key.text()), Ok(key));
        for wrong in [
            "",
            "abc",
            &"g".repeat(64),
            &"a".repeat(63),
            &"a".repeat(66),
            &"ä".repeat(32),
        ] {
            assert!(SecretKey::parse(wrong).is_err(), "{wrong}");
        }
    }
}
