//! Data spaces: what groups pipes. `default` holds every stream that is in no other.

use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use weir_api::secmaster::dataspace::Dataspace;
use weir_store::{Store, StoreError};

use super::Records;
use crate::{
    vendor_error::{VendorError, code},
    wire::DEFAULT,
};

pub(crate) struct Dataspaces(Records<Placed>);

#[derive(Clone, Serialize, Deserialize)]
struct Placed {
    workspace: String,
    dataspace: Dataspace,
}

impl Dataspaces {
    pub(crate) async fn load(store: &Store) -> Result<Self, StoreError> {
        Ok(Self(Records::load(store, "dataspace").await?))
    }

    /// Of a workspace, by name.
    pub(crate) fn list(&self, workspace: &str) -> Vec<Dataspace> {
        let kept = self.0.list().into_iter();
        let here = kept.filter(|placed| placed.workspace == workspace);
        let mut all: Vec<Dataspace> = here.map(|placed| placed.dataspace).collect();
        if workspace == DEFAULT {
            all.push(first());
        }
        all.sort_by(|a, b| a.dataspace_name.cmp(&b.dataspace_name));
        all
    }

    pub(crate) fn get(&self, workspace: &str, id: &str) -> Result<Dataspace, VendorError> {
        let mut all = self.list(workspace).into_iter();
        let found = all.find(|dataspace| dataspace.dataspace_id == id);
        found.ok_or_else(|| {
            let words = format!("data space '{id}' does not exist");
            VendorError::new(StatusCode::NOT_FOUND, code::NO_OBJECT, words)
        })
    }

    /// One that can be changed.
    pub(crate) fn own(&self, workspace: &str, id: &str) -> Result<Dataspace, VendorError> {
        let dataspace = self.get(workspace, id)?;
        match id {
            DEFAULT => Err(VendorError::bad("data space 'default' cannot be changed")),
            _ => Ok(dataspace),
        }
    }

    pub(crate) async fn put(
        &self,
        workspace: String,
        dataspace: &Dataspace,
    ) -> Result<(), StoreError> {
        let placed = Placed {
            workspace,
            dataspace: dataspace.clone(),
        };
        self.0.put(&dataspace.dataspace_id, placed).await
    }

    pub(crate) async fn remove(&self, id: &str) -> Result<(), StoreError> {
        self.0.remove(id).await
    }
}

pub(crate) fn first() -> Dataspace {
    Dataspace {
        dataspace_id: DEFAULT.into(),
        dataspace_name: DEFAULT.into(),
        dataspace_type: "system-defined".into(),
        description: "Every stream that is in no other data space".into(),
        domain_id: DEFAULT.into(),
        project_id: DEFAULT.into(),
        region_id: DEFAULT.into(),
        ..Dataspace::default()
    }
}
