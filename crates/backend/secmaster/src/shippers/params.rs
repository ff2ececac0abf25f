//! Menus of a delivery's parameters. The vendor publishes neither their names nor their answers;
//! these are `workspace`, `dataspace` of a workspace and `pipe` of a data space.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::{Deserialize, Serialize};

use super::super::{
    vendor_error::VendorError,
    wire::{Query, Rest, Workspace, done},
};
use crate::Services;

#[derive(Deserialize)]
pub(super) struct Level {
    /// Id of the level above.
    #[serde(default)]
    param: String,
}

#[derive(Serialize)]
struct Choice {
    id: String,
    name: String,
}

pub(super) async fn list(
    State(app): State<Services>,
    Workspace(here): Workspace,
    rest: Rest,
    Query(Level { param }): Query<Level>,
) -> Result<Response, VendorError> {
    let system = &app.secmaster;
    let choices: Vec<Choice> = match rest.part(0) {
        "workspace" => {
            let all = system.workspaces.list().into_iter();
            all.map(|w| Choice {
                id: w.id,
                name: w.name,
            })
            .collect()
        }
        "dataspace" => {
            let workspace = if param.is_empty() { here } else { param };
            let all = system.dataspaces.list(&workspace).into_iter();
            all.map(|d| Choice {
                id: d.dataspace_id,
                name: d.dataspace_name,
            })
            .collect()
        }
        "pipe" => {
            let all = system.pipes.list(&app.store, &here, &param).into_iter();
            all.map(|p| Choice {
                id: p.pipe_id,
                name: p.pipe_name,
            })
            .collect()
        }
        other => {
            let words = format!("'{other}' is not one of workspace, dataspace, pipe");
            return Err(VendorError::field("param_type", words));
        }
    };
    Ok(done(choices).into_response())
}
