//! Objects are found.

use std::sync::Arc;

use rusqlite::Connection;
use weir_api::secmaster::{data_class::DataClass, data_object::DataObject, search::Search};
use weir_engine::catalog::StreamInfo;

use super::{
    super::vendor_error::VendorError,
    Objects, search,
    stored::{Stored, columns},
};

/// A page of what was found, and how many there are.
pub(super) type Page = (Vec<DataObject>, usize);

impl Objects {
    /// Objects of a workspace by their ids; those that do not exist are left out.
    pub(super) async fn find(
        &self,
        class: &DataClass,
        workspace: &str,
        ids: Vec<String>,
        deleted_too: bool,
    ) -> Result<Vec<Stored>, VendorError> {
        let Some(stream) = self.existing(class) else {
            return Ok(Vec::new());
        };
        let (store, workspace) = (self.store.clone(), workspace.to_owned());
        let read = move |conn: &Connection| -> Result<Vec<Stored>, VendorError> {
            let mut select = conn.prepare(&format!(
                "SELECT {} FROM {} WHERE id = ?1",
                columns(),
                stream.table
            ))?;
            let mut found = Vec::new();
            for id in ids {
                let mut rows = select.query([id])?;
                while let Some(row) = rows.next()? {
                    let stored = Stored::read(row)?;
                    if deleted_too || !stored.deleted && stored.workspace == workspace {
                        found.push(stored);
                    }
                }
            }
            Ok(found)
        };
        tokio::task::spawn_blocking(move || store.read(read)).await??
    }

    pub(super) async fn get(
        &self,
        class: &DataClass,
        workspace: &str,
        id: &str,
    ) -> Result<Stored, VendorError> {
        let found = self.find(class, workspace, vec![id.into()], false).await?;
        let first = found.into_iter().next();
        first.ok_or_else(|| VendorError::missing(format!("data object '{id}'")))
    }

    pub(super) async fn search(
        &self,
        class: DataClass,
        workspace: &str,
        search: Search,
    ) -> Result<Page, VendorError> {
        let wanted = Arc::new(search::Criteria::read(&search)?);
        let Some(stream) = self.existing(&class) else {
            return Ok((Vec::new(), 0));
        };
        let (store, workspace) = (self.store.clone(), workspace.to_owned());
        let read = move |conn: &Connection| found(conn, &stream, &class, &workspace, &wanted);
        tokio::task::spawn_blocking(move || store.read(read)).await??
    }
}

fn found(
    conn: &Connection,
    stream: &StreamInfo,
    class: &DataClass,
    workspace: &str,
    wanted: &search::Criteria,
) -> Result<Page, VendorError> {
    let mut select = conn.prepare(&format!(
        "SELECT {} FROM {} WHERE workspace_id = ?1 AND NOT deleted ORDER BY {}",
        columns(),
        stream.table,
        wanted.order
    ))?;
    let mut rows = select.query([workspace])?;
    let (mut objects, mut total) = (Vec::new(), 0);
    while let Some(row) = rows.next()? {
        let object = Stored::read(row)?.shown(class);
        if !wanted.holds(&object) {
            continue;
        }
        if total >= wanted.offset && objects.len() < wanted.limit {
            objects.push(object);
        }
        total += 1;
    }
    Ok((objects, total))
}
