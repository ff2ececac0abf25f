//! Agencies that may deliver for the account.

use axum::{extract::State, response::IntoResponse};
use serde::Deserialize;
use weir_api::secmaster::shipper::Agency;
use weir_platform::operations::Operations;

use super::{
    DELIVERY, IN_WORKSPACE,
    vendor_error::VendorError,
    wire::{Json, Query, Rest, nothing},
};
use crate::{Services, audit::Change};

pub(crate) fn operations() -> Operations<Services> {
    Operations::of(DELIVERY)
        .audited_as("agency")
        .below(IN_WORKSPACE)
        .get("/siem/shippers/delegate/auth/{domain}", check)
        .post("/siem/shippers/delegate/auth/{domain}", create)
}

#[derive(Deserialize)]
struct Named {
    #[serde(default)]
    agency_name: String,
}

async fn check(
    State(app): State<Services>,
    rest: Rest,
    Query(Named { agency_name }): Query<Named>,
) -> Result<impl IntoResponse, VendorError> {
    let known = app.secmaster.agencies.get(rest.part(0));
    match known.is_some_and(|names| names.contains(&agency_name)) {
        true => Ok(nothing()),
        false => Err(VendorError::not_now(format!(
            "agency '{agency_name}' is not authorised"
        ))),
    }
}

async fn create(
    State(app): State<Services>,
    rest: Rest,
    Json(Agency { agency_name }): Json<Agency>,
) -> Result<impl IntoResponse, VendorError> {
    if agency_name.trim().is_empty() {
        return Err(VendorError::field("agency_name", "is needed"));
    }
    let agencies = &app.secmaster.agencies;
    let mut names = agencies.get(rest.part(0)).unwrap_or_default();
    if !names.contains(&agency_name) {
        names.push(agency_name.clone());
    }
    agencies.put(rest.part(0), names).await?;
    let change = Change::named(agency_name);
    Ok(change.on(nothing().into_response()))
}
