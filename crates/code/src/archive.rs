//! A folder of files as one zip, made and read in memory.

use std::io::{Cursor, Read, Write};

use zip::{CompressionMethod, ZipArchive, ZipWriter, write::SimpleFileOptions};

/// Path with `/` between its parts, and text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    pub path: String,
    pub text: String,
}

/// Why an archive cannot be made or read, in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ArchiveError(pub String);

impl std::fmt::Display for ArchiveError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for ArchiveError {}

fn failed(error: impl std::fmt::Display) -> ArchiveError {
    ArchiveError(error.to_string())
}

/// Equal files give equal bytes: the archive holds no times.
pub fn pack(files: &[File]) -> Result<Vec<u8>, ArchiveError> {
    let options = SimpleFileOptions::default().compression_method(CompressionMethod::Deflated);
    let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
    for file in files {
        writer
            .start_file(file.path.as_str(), options)
            .map_err(failed)?;
        writer.write_all(file.text.as_bytes()).map_err(failed)?;
    }
    Ok(writer.finish().map_err(failed)?.into_inner())
}

/// Bytes of all files together, unpacked: more is refused, whatever the archive says of itself.
const MOST_BYTES: u64 = 64 << 20;

/// Files in the order of the archive; folders are left out.
pub fn unpack(bytes: &[u8]) -> Result<Vec<File>, ArchiveError> {
    let cut = |error| ArchiveError(format!("the zip is damaged or cut off: {error}"));
    let mut archive = ZipArchive::new(Cursor::new(bytes)).map_err(cut)?;
    let mut files = Vec::new();
    let mut left = MOST_BYTES;
    for at in 0..archive.len() {
        let entry = archive.by_index(at).map_err(failed)?;
        if entry.is_dir() {
            continue;
        }
        let path = entry.name().map_err(failed)?.replace('\\', "/");
        // What file managers put beside the files.
        if path
            .split('/')
            .any(|part| part.starts_with('.') || part == "__MACOSX")
        {
            continue;
        }
        let mut text = String::new();
        let read = entry.take(left + 1).read_to_string(&mut text);
        let read = read.map_err(|error| ArchiveError(format!("{path}: {error}")))? as u64;
        if read > left {
            let most = MOST_BYTES >> 20;
            return Err(ArchiveError(format!(
                "the archive is larger than {most} MiB"
            )));
        }
        left -= read;
        files.push(File { path, text });
    }
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_packed_comes_back_in_its_order() {
        let file = |path: &str, text: &str| File {
            path: path.into(),
            text: text.into(),
        };
        let files = [
            file("2/ä b.json", "{}\n"),
            file("1/x.sql", &"SELECT 1;\n".repeat(1000)),
        ];
        let bytes = pack(&files).expect("packed");
        assert!(bytes.len() < 2000, "compressed: {}", bytes.len());
        assert_eq!(unpack(&bytes).expect("unpacked"), files);
        assert_eq!(
            pack(&files).expect("again"),
            bytes,
            "nothing in it tells the time"
        );
    }

    #[test]
    fn what_is_no_archive_or_too_large_is_refused() {
        assert!(unpack(b"PK but no zip").is_err());
        let large = File {
            path: "x".into(),
            text: " ".repeat(MOST_BYTES as usize + 1),
        };
        let error = unpack(&pack(&[large]).expect("packed")).expect_err("too large");
        assert!(error.0.contains("64 MiB"), "{error}");
    }
}
