//! A connection as it is kept in the browser and offered by `config.json`.

use serde::{Deserialize, Serialize};
use weir_api::System;

use super::{
    Auth, Connection,
    model::Colour,
    system::{DataWorks, SecMaster, Target, Timeplus},
};

/// The fields of all systems beside each other, of which a connection has those of its own. Serde's
/// ways to do this (`flatten`, `tag`) read everything twice, by code that would be a tenth of what
/// the first page of the console loads.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Stored {
    id: String,
    name: String,
    /// A connection that names no system is one to Timeplus.
    system: System,
    url: String,
    auth: Auth,
    colour: Colour,
    production: bool,
    look_only: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    workspace: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    database: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    project: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    tenant: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    region: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    iam_url: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    vendor_url: String,
}

impl From<Stored> for Connection {
    fn from(stored: Stored) -> Self {
        let target = match stored.system {
            System::Timeplus => Target::Timeplus(Timeplus {
                workspace: stored.workspace,
                database: stored.database,
            }),
            System::Azion => Target::Azion,
            System::SecMaster => Target::SecMaster(SecMaster {
                project: stored.project,
                workspace: stored.workspace,
                region: stored.region,
                iam_url: stored.iam_url,
                vendor_url: stored.vendor_url,
            }),
            System::DataWorks => Target::DataWorks(DataWorks {
                project: stored.project,
                tenant: stored.tenant,
                vendor_url: stored.vendor_url,
            }),
        };
        Self {
            id: stored.id,
            name: stored.name,
            target,
            url: stored.url,
            auth: stored.auth,
            colour: stored.colour,
            production: stored.production,
            look_only: stored.look_only,
        }
    }
}

impl From<Connection> for Stored {
    fn from(connection: Connection) -> Self {
        let stored = Self {
            system: connection.system(),
            id: connection.id,
            name: connection.name,
            url: connection.url,
            auth: connection.auth,
            colour: connection.colour,
            production: connection.production,
            look_only: connection.look_only,
            ..Self::default()
        };
        match connection.target {
            Target::Timeplus(target) => Self {
                workspace: target.workspace,
                database: target.database,
                ..stored
            },
            Target::Azion => stored,
            Target::SecMaster(target) => Self {
                project: target.project,
                workspace: target.workspace,
                region: target.region,
                iam_url: target.iam_url,
                vendor_url: target.vendor_url,
                ..stored
            },
            Target::DataWorks(target) => Self {
                project: target.project,
                tenant: target.tenant,
                vendor_url: target.vendor_url,
                ..stored
            },
        }
    }
}
