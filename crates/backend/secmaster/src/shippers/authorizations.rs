use axum::{
    extract::State,
    response::{IntoResponse, Response},
};
use serde_json::json;
use weir_api::secmaster::authorization::{Decision, Filter, Handle};

use super::super::{
    vendor_error::VendorError,
    wire::{Json, Part, Query, Workspace, done, nothing},
};
use crate::{Services, audit::Change};

pub(super) async fn list(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    Query(part): Query<Part>,
    Query(filter): Query<Filter>,
) -> Response {
    let mut all = app.secmaster.shippers.authorizations(&workspace);
    let fits = |wanted: &str, has: String| wanted.is_empty() || wanted == has;
    all.retain(|one| {
        fits(&filter.source_region, one.region.clone())
            && fits(&filter.destination_shipper_type, one.data_type.to_string())
            && fits(&filter.shipper_status, one.run_status.to_string())
            && fits(&filter.auth_status, one.authorize_status.to_string())
    });
    let (data, total) = part.of(all);
    let page = json!({"data": data, "limit": part.limit, "offset": part.offset, "total": total});
    done(page).into_response()
}

pub(super) async fn handle(
    State(app): State<Services>,
    Workspace(workspace): Workspace,
    Json(Handle { ids, decision }): Json<Handle>,
) -> Result<Response, VendorError> {
    let decision = Decision::numbered(decision)
        .ok_or_else(|| VendorError::field("type", "0 (agree), 2 (reject) or 3 (cancel)"))?;
    let shippers = &app.secmaster.shippers;
    let names = shippers.decide(&workspace, &ids, decision).await?;
    let action = match decision {
        Decision::Agree => "agree",
        Decision::Reject => "reject",
        Decision::Cancel => "cancel",
    };
    let change = Change::made(action, "delivery_authorization", names.join(", "));
    Ok(change.on(nothing().into_response()))
}
