//! Alerts that become one incident.

use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde::Deserialize;
use serde_json::Value;
use weir_api::secmaster::data_object::{Deleted, Fields};

use super::{
    super::{
        classes,
        vendor_error::VendorError,
        wire::{Json, Rest, Workspace},
    },
    change::Sent,
    relations,
    routes::answered,
};
use crate::{Services, audit::Change};

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Order {
    ids: Vec<String>,
    incident_content: Content,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Content {
    title: String,
    incident_type: Value,
}

/// What the incident takes from an alert.
const TAKEN: [&str; 4] = ["title", "description", "severity", "labels"];

/// The incident is related to its alerts.
pub(super) async fn create(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    rest: Rest,
    Json(sent): Json<Order>,
) -> Result<Response, VendorError> {
    let alerts = classes::by_plural(rest.part(0))?;
    let incidents = classes::by_plural("incidents")?;
    if alerts.name != "Alert" {
        return Err(VendorError::missing(
            "this operation of other classes than Alert",
        ));
    }
    let objects = &app.secmaster.objects;
    let found = objects
        .find(&alerts, &workspace, sent.ids.clone(), false)
        .await?;
    let is_there = |id: &String| found.iter().any(|object| object.id == *id);
    let (success_ids, error_ids): (Vec<_>, Vec<_>) = sent.ids.into_iter().partition(is_there);
    let mut change = Change::None;
    if let Some(first) = found.first() {
        let alert = first.fields();
        let mut incident: Fields = TAKEN
            .into_iter()
            .filter_map(|key| Some((key.to_owned(), alert.get(key)?.clone())))
            .collect();
        let Content {
            title,
            incident_type,
        } = sent.incident_content;
        if !title.trim().is_empty() {
            incident.insert("title".into(), title.into());
        }
        if !incident_type.is_null() {
            incident.insert("incident_type".into(), incident_type);
        }
        incident.insert("handle_status".into(), "Open".into());
        let made = objects
            .create(&incidents, &workspace, 1, Sent::One(incident))
            .await?;
        change = Change::named(format!("Incident {}", made.join(", ")));
        let related = (&incidents, made);
        relations::relate(&app, &workspace, (&alerts, &success_ids), related).await?;
    }
    let done = Deleted {
        success_ids,
        error_ids,
    };
    Ok(change.on(answered(done).into_response()))
}
