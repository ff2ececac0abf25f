//! Agencies that may deliver for the account.

use axum::{extract::State, response::IntoResponse};
use serde::Deserialize;
use weir_api::secmaster::shipper::Agency;
use weir_store::{Store, StoreError};

use super::{Json, Query, Rest, kept::Kept, nothing, refusal::Refusal};
use crate::{Services, audit::Change};

/// By account.
pub(super) struct Agencies(Kept<Vec<String>>);

impl Agencies {
    pub(super) async fn load(store: &Store) -> Result<Self, StoreError> {
        Ok(Self(Kept::load(store, "agency").await?))
    }
}

#[derive(Deserialize)]
pub(super) struct Named {
    #[serde(default)]
    agency_name: String,
}

pub(super) async fn check(
    State(app): State<Services>,
    rest: Rest,
    Query(Named { agency_name }): Query<Named>,
) -> Result<impl IntoResponse, Refusal> {
    let known = app.secmaster.agencies.0.get(rest.part(0));
    match known.is_some_and(|names| names.contains(&agency_name)) {
        true => Ok(nothing()),
        false => Err(Refusal::not_now(format!(
            "agency '{agency_name}' is not authorised"
        ))),
    }
}

pub(super) async fn create(
    State(app): State<Services>,
    rest: Rest,
    Json(Agency { agency_name }): Json<Agency>,
) -> Result<impl IntoResponse, Refusal> {
    if agency_name.trim().is_empty() {
        return Err(Refusal::field("agency_name", "is needed"));
    }
    let agencies = &app.secmaster.agencies.0;
    let mut names = agencies.get(rest.part(0)).unwrap_or_default();
    if !names.contains(&agency_name) {
        names.push(agency_name.clone());
    }
    agencies.put(rest.part(0), names).await?;
    let change = Change::made("create", "agency", agency_name);
    Ok(change.on(nothing().into_response()))
}
