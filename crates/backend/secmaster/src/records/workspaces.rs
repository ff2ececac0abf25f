//! Workspaces: `default` is always there, others can be made.

use weir_api::secmaster::workspace::Workspace;
use weir_store::{Store, StoreError};

use super::Records;
use crate::{vendor_error::VendorError, wire::DEFAULT};

pub(crate) struct Workspaces(pub(crate) Records<Workspace>);

impl Workspaces {
    pub(crate) async fn load(store: &Store) -> Result<Self, StoreError> {
        Ok(Self(Records::load(store, "workspace").await?))
    }

    pub(crate) fn get(&self, id: &str) -> Option<Workspace> {
        match id {
            DEFAULT => Some(first()),
            id => self.0.get(id),
        }
    }

    pub(crate) fn has(&self, id: &str) -> bool {
        self.get(id).is_some()
    }

    pub(crate) fn list(&self) -> Vec<Workspace> {
        let mut all = vec![first()];
        all.extend(self.0.list());
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }
}

pub(crate) fn first() -> Workspace {
    Workspace {
        id: DEFAULT.into(),
        name: DEFAULT.into(),
        description: "All streams of the embedded backend".into(),
        region_id: DEFAULT.into(),
        project_id: DEFAULT.into(),
        project_name: DEFAULT.into(),
        domain_id: DEFAULT.into(),
        domain_name: DEFAULT.into(),
        ..Workspace::default()
    }
}

pub(crate) fn own(all: &Workspaces, id: &str) -> Result<Workspace, VendorError> {
    match id {
        DEFAULT => Err(VendorError::bad("workspace 'default' cannot be changed")),
        id => all
            .get(id)
            .ok_or_else(|| VendorError::missing(format!("workspace '{id}'"))),
    }
}

pub(crate) fn check_name(all: &Workspaces, id: &str, name: &str) -> Result<(), VendorError> {
    if name.trim().is_empty() {
        return Err(VendorError::field("name", "is needed"));
    }
    let taken = |other: &Workspace| other.name == name && other.id != id;
    match all.list().iter().any(taken) {
        true => Err(VendorError::field(
            "name",
            format!("workspace '{name}' already exists"),
        )),
        false => Ok(()),
    }
}
