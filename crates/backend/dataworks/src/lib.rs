//! Alibaba Cloud DataWorks DataService, API version 2020-05-18, at the vendor's own paths:
//! operations at `/dataworks/`, published APIs below `/dataworks/api/`.

mod apis;
mod applications;
mod authorities;
mod call;
mod calling;
mod calls;
mod folders;
mod groups;
mod metadata;
mod mybatis;
mod nonces;
mod operations;
mod outcome;
mod parameters;
mod pickers;
mod proxy;
mod records;
mod rows;
mod rpc;
mod run;
mod serve;
mod services;
mod signature;
mod statement;
mod times;
mod trials;
mod values;
mod vendor_error;
mod written;

use axum::Router;
use weir_engine::{Given, SqlError};
use weir_platform::{
    access, audit, auth, clock, error, extract,
    operations::{Operations, plainly},
    outbound, random,
};
use weir_queries::run as queries;

pub use self::services::Services;
use self::{
    services::{DataWorks, KIND},
    times::now,
};

/// What a MyBatis script becomes with these values: SQL with `${name}` for each. For whoever feeds it
/// with hostile input.
pub fn rendered(script: &str, given: &[(String, Given)]) -> Result<String, SqlError> {
    mybatis::render(script, given).map(|rendered| rendered.sql)
}

/// At `/dataworks`. Who calls, and what, is found out by the handlers, which also answer other
/// methods.
pub fn routes(services: &Services) -> Router {
    let operations = Operations::of(KIND)
        .any("/dataworks", rpc::answer)
        .any("/dataworks/", rpc::answer);
    let published = Operations::of(KIND).any("/dataworks/api/{*path}", serve::answer);
    let router = |rows: Operations<Services>| rows.inner_router(plainly, services);
    router(operations)
        .method_not_allowed_fallback(rpc::answer)
        .merge(router(published).method_not_allowed_fallback(serve::answer))
        .with_state(services.clone())
}
