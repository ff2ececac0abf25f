//! The secret that the secrets of API keys are derived from. It lies beside the database, not in
//! it: a copy of the database alone tells no key.

use std::{
    fs::{self, OpenOptions},
    io::{ErrorKind, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use super::AuthError;

const FILE: &str = "keys.secret";

/// Made at the first start; readable by the backend's user only.
pub(super) fn load(data: &Path) -> Result<[u8; 64], AuthError> {
    let path = data.join(FILE);
    read_or_make(&path).map_err(|source| AuthError::Master { path, source })
}

fn read_or_make(path: &Path) -> std::io::Result<[u8; 64]> {
    match fs::read(path) {
        Ok(bytes) => bytes
            .try_into()
            .map_err(|_| std::io::Error::new(ErrorKind::InvalidData, "it is not 64 bytes long")),
        Err(error) if error.kind() == ErrorKind::NotFound => {
            let secret = rand::random::<[u8; 64]>();
            let mut options = OpenOptions::new();
            let mut file = options
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(path)?;
            file.write_all(&secret)?;
            file.sync_all()?;
            Ok(secret)
        }
        Err(error) => Err(error),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_made_once_and_a_damaged_one_is_refused() {
        let folder = tempfile::tempdir().expect("folder");
        let made = load(folder.path()).expect("made");
        assert_eq!(load(folder.path()).expect("read"), made);
        fs::write(folder.path().join(FILE), b"short").expect("write");
        let refused = load(folder.path()).expect_err("damaged");
        assert!(refused.to_string().contains("keys.secret"), "{refused}");
    }
}
