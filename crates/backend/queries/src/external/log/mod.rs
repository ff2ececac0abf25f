//! Rows of log files: those there are, and what is written to them from now on. A file that is
//! rotated is read to its end before the one that took its name.

mod files;
mod tail;

use std::{path::PathBuf, time::Duration};

use regex_lite::Regex;
use weir_engine::Seek;

use super::{
    message::Message,
    settings::{Settings, wrong},
};
use crate::error::HttpError;

const LOOK_AGAIN: Duration = Duration::from_millis(250);

pub(super) struct Location {
    folder: PathBuf,
    /// Names with `*` and `?`.
    names: Vec<String>,
    /// Finds the time of a row.
    time: Option<Regex>,
    /// Matches where a row begins; without it, each line is a row.
    start: Option<Regex>,
}

impl Location {
    pub(super) fn of(settings: Settings<'_>, allowed: &[PathBuf]) -> Result<Self, HttpError> {
        let regex = |key: &'static str| match settings.get(key) {
            None | Some("\n" | "\\n") => Ok(None),
            Some(text) => Regex::new(text)
                .map(Some)
                .map_err(|error| wrong(key, error.to_string())),
        };
        let names = settings.required("log_files")?.split(',');
        let names: Vec<String> = names.map(|name| name.trim().to_string()).collect();
        if names
            .iter()
            .any(|name| name.is_empty() || name.contains('/'))
        {
            let words = "names of files in log_dir are needed, separated by commas";
            return Err(wrong("log_files", words));
        }
        let folder = match (settings.get("log_dir"), allowed.first()) {
            (Some(folder), _) => PathBuf::from(folder),
            (None, Some(first)) => first.clone(),
            (None, None) => return Err(wrong("log_dir", "'log_dir' is needed")),
        };
        Ok(Self {
            folder,
            names,
            time: regex("timestamp_regex")?,
            start: regex("row_delimiter")?,
        })
    }

    /// A folder outside of what the configuration allows is refused, whatever links lead to it.
    pub(super) fn check(&self, allowed: &[PathBuf]) -> Result<(), HttpError> {
        let real = self.folder.canonicalize();
        let inside = real.as_ref().is_ok_and(|real| {
            let roots = allowed.iter().filter_map(|root| root.canonicalize().ok());
            roots.into_iter().any(|root| real.starts_with(root))
        });
        if inside {
            return Ok(());
        }
        let list = allowed.iter().map(|folder| folder.display().to_string());
        let words = format!(
            "'{}' is not in a folder that may be read: {} (external.log_folders in weir.toml)",
            self.folder.display(),
            list.collect::<Vec<_>>().join(", ")
        );
        Err(wrong("log_dir", words))
    }
}

pub(super) struct Reader {
    /// Taken while another thread reads.
    tail: Option<tail::Tail>,
    bounded: bool,
    first: bool,
}

impl Reader {
    pub(super) async fn open(place: Location, seek: Seek, bounded: bool) -> Result<Self, String> {
        let tail = blocking(move || tail::Tail::open(place, seek, bounded)).await??;
        Ok(Self {
            tail: Some(tail),
            bounded,
            first: true,
        })
    }

    pub(super) async fn next(&mut self) -> Result<Option<Vec<Message>>, String> {
        loop {
            if !std::mem::take(&mut self.first) && !self.bounded {
                tokio::time::sleep(LOOK_AGAIN).await;
            }
            let mut tail = self
                .tail
                .take()
                .ok_or("the files' reader was interrupted")?;
            let (tail, batch) = blocking(move || {
                let batch = tail.read();
                (tail, batch)
            })
            .await?;
            self.tail = Some(tail);
            let batch = batch?;
            if self.bounded && batch.is_empty() {
                return Ok(None);
            }
            if !batch.is_empty() {
                // There may be more at once.
                self.first = true;
                return Ok(Some(batch));
            }
        }
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, String> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| error.to_string())
}
