//! Huawei Cloud SecMaster: data deliveries and data objects, at the vendor's own paths. There is
//! one project, `default`; a pipe is a stream, and a delivery is a running copy from one to
//! another.

mod agencies;
mod caller;
mod class_types;
mod classes;
mod dataspaces;
mod iam;
mod layouts;
mod objects;
mod pipes;
mod records;
mod services;
mod shippers;
mod vendor_error;
mod wire;
mod workspaces;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    middleware::{from_fn, from_fn_with_state},
    response::IntoResponse,
    routing::{MethodRouter, any},
};
use weir_platform::{
    access::before_sign_in,
    audit, auth, clock, error, extract,
    extract::SIGN_IN_LIMIT,
    operations::{Operations, plainly},
    random,
    revision::Revision,
    running,
};
use weir_queries::follow;

pub use self::services::Services;
use self::{
    vendor_error::{VendorError, code},
    wire::{DATA_OBJECT, DELIVERY, IN_WORKSPACE},
};

/// At `/secmaster`, and at the root: Huawei's own client drops a path from its endpoint.
pub fn routes(services: &Services) -> Router {
    let elsewhere = Router::new()
        .route("/{*unknown}", any(unknown))
        .layer(from_fn(vendor_error::write));
    at_root(services).nest("/secmaster", at_root(services).merge(elsewhere))
}

fn at_root(services: &Services) -> Router {
    let identify = |handler: MethodRouter<Services>| {
        handler
            .layer(from_fn_with_state(services.clone(), caller::in_workspace))
            .layer(from_fn_with_state(services.clone(), caller::authenticate))
    };
    let refuse = |failure: error::HttpError| {
        let refusal = VendorError::new(StatusCode::FORBIDDEN, code::FORBIDDEN, failure.message());
        refusal.into_response()
    };
    let sign_in = iam::sign_in()
        .router(Revision::Both, identify, plainly, services)
        .layer(before_sign_in())
        .layer(DefaultBodyLimit::max(SIGN_IN_LIMIT));
    operations()
        .router(Revision::Both, identify, refuse, services)
        .merge(sign_in)
        .layer(from_fn(vendor_error::write))
        .with_state(services.clone())
}

/// What only callers reach who are known.
pub fn operations() -> Operations<Services> {
    Operations::all([
        iam::operations(),
        workspaces::operations(),
        dataspaces::operations(),
        pipes::routes::operations(),
        shippers::routes::operations(),
        agencies::operations(),
        classes::operations(),
        class_types::operations(),
        layouts::operations(),
        objects::routes::operations(),
    ])
}

async fn unknown() -> VendorError {
    let words = "there is no such API, or it has no such method";
    VendorError::new(StatusCode::NOT_FOUND, "APIGW.0101", words)
}
