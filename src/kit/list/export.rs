//! Selected rows as files of code; its own code is fetched when it is asked for.

use std::{future::Future, pin::Pin};

use weir_api::{ApiError, capability::Capabilities};
use weir_code::Definition;

use crate::{
    http::{Abort, Endpoint},
    kit::{Code, fetch},
    ui::lazy::{Lazy, lazy},
};

pub(super) struct Export {
    pub(super) endpoint: Endpoint,
    pub(super) code: Lazy<(), Code>,
    /// Keys and names.
    pub(super) items: Vec<(String, String)>,
    pub(super) can: Capabilities,
}

pub(super) struct Exported {
    /// None where it could not be packed.
    pub(super) archive: Option<Vec<u8>>,
    pub(super) count: u64,
    /// Names of those that cannot be written.
    pub(super) left: Vec<String>,
}

type Exporting = Pin<Box<dyn Future<Output = Result<Exported, ApiError>>>>;

pub(super) const EXPORT: Lazy<Export, Exporting> =
    lazy!(list_export: Export, Exporting => |asked| Box::pin(export(asked)));

async fn export(asked: Export) -> Result<Exported, ApiError> {
    let code = asked.code.get(()).await?;
    let abort = Abort::new()?;
    let (mut all, mut left) = (Vec::<Definition>::new(), Vec::new());
    for (key, name) in asked.items {
        let answer = fetch(&asked.endpoint, (code.get)(&key), &abort).await?;
        match (code.got)(&answer, asked.can)?.definition {
            Ok(definition) => all.push(definition),
            Err(_) => left.push(name),
        }
    }
    let count = all.len() as u64;
    let files = weir_code::write(&weir_code::order(all), &asked.endpoint.written_base());
    Ok(Exported {
        archive: weir_code::pack(&files).ok(),
        count,
        left,
    })
}
