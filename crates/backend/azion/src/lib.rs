//! Azion Data Streaming, version 3, at the vendor's own paths: logs of this backend, sent
//! elsewhere in batches.

mod body;
mod domains;
mod error;
mod guard;
mod personal_tokens;
mod record;
mod routes;
mod run;
mod send;
mod services;
mod source;
mod storage;
mod streamings;
mod templates;
mod tokens;
mod v4;

use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::{Method, StatusCode},
    middleware::from_fn_with_state,
    response::IntoResponse,
};
use weir_platform::{
    access::before_sign_in, audit, auth, clock, delivery, error::HttpError, extract,
    extract::SIGN_IN_LIMIT, operations::Operations, outbound, random, running,
};
use weir_queries::follow;

pub use services::Services;
use services::{KIND, SCHEMA_VERSION};

use self::{error::VendorError, v4::Errors};

/// At `/azion`; version 4 has its version in the address.
pub fn routes(services: &Services) -> Router {
    let refuse = |failure: HttpError| VendorError::from(failure).into_response();
    let version_3 = routes::operations()
        .inner_router(refuse, services)
        .fallback(async || VendorError::not_found())
        .method_not_allowed_fallback(async |method: Method| {
            let words = format!("Method \"{method}\" not allowed.");
            VendorError::new(StatusCode::METHOD_NOT_ALLOWED, words)
        })
        .layer(from_fn_with_state(services.clone(), guard::enter));
    let tokens = tokens::operations()
        .inner_router(refuse, services)
        .layer(before_sign_in())
        .layer(DefaultBodyLimit::max(SIGN_IN_LIMIT));
    let own_keys = personal_tokens::operations()
        .inner_router(refuse, services)
        .layer(from_fn_with_state(
            services.clone(),
            guard::enter_any_version,
        ));
    let version_4 = v4::operations()
        .inner_router(
            |failure: HttpError| Errors::from(VendorError::from(failure)).into_response(),
            services,
        )
        .fallback(async || Errors::from(VendorError::not_found()))
        .method_not_allowed_fallback(async || {
            let words = "This method is not allowed here.";
            Errors::from(VendorError::new(StatusCode::METHOD_NOT_ALLOWED, words))
        })
        .layer(from_fn_with_state(services.clone(), guard::enter_version_4));
    Router::new()
        .nest("/azion/v4", version_4)
        .nest("/azion", version_3.merge(tokens).merge(own_keys))
        .with_state(services.clone())
}

/// Below their addresses.
pub fn operations() -> [(&'static str, Operations<Services>); 3] {
    [
        ("/azion", routes::operations()),
        ("/azion/v4", v4::operations()),
        ("/azion", personal_tokens::operations()),
    ]
}
