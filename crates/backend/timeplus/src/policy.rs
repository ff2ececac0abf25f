//! What roles and API keys may do, for every route in one place. A route that nobody thought of
//! is for admins only.

use axum::{
    extract::{MatchedPath, Request},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};
use weir_api::role::Role;

use crate::{
    auth::{Actor, permission::Verb},
    error::Failure,
};

/// Requests that change nothing although their method says so, or only what is the caller's own.
/// The handlers of queries and `/exec` look at the statement and the owner. Previews are not among
/// them: they connect to whatever address the request names, from inside this network.
const OPEN: &[(Method, &str)] = &[
    (Method::POST, "/queries"),
    (Method::POST, "/queries/{id}/cancel"),
    (Method::DELETE, "/queries/{id}"),
    (Method::POST, "/exec"),
    (Method::POST, "/format"),
    (Method::POST, "/sqlanalyze"),
    (Method::POST, "/pipeline/parseddl"),
];

/// Lets a request through to its handler or answers 403.
pub(crate) async fn enforce(actor: Actor, request: Request, next: Next) -> Response {
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let path = matched.as_ref().map_or("", MatchedPath::as_str);
    match check(&actor, request.method(), path) {
        Ok(()) => next.run(request).await,
        Err(failure) => failure.into_response(),
    }
}

/// `path` is the route's pattern as a whole.
fn check(actor: &Actor, method: &Method, path: &str) -> Result<(), Failure> {
    // Other addresses say what the backend is, or do not exist.
    let Some((_, path)) = path.split_once("/v1beta2/") else {
        return Ok(());
    };
    let path = format!("/{path}");
    let open = OPEN.iter().any(|(m, p)| m == method && *p == path);
    if actor.role != Role::Admin && !method.is_safe() && !open {
        return Err(actor.refusal(&format!("{method} /v1beta2{path} needs role admin")));
    }
    let verb = match () {
        () if method.is_safe() || open && !path.starts_with("/queries") => Verb::Read,
        () => Verb::Write,
    };
    actor.must_have(verb, kind(&path))
}

/// The kind of resource behind a route, as permissions name it.
fn kind(path: &str) -> &str {
    match path.split('/').nth(1).unwrap_or_default() {
        "auth" => "api_key",
        "queries" | "exec" | "format" | "sqlanalyze" => "query",
        "savedqueries" => "saved_query",
        "dictionaries" => "dictionary",
        "global-metrics" => "metrics",
        segment => segment.strip_suffix('s').unwrap_or(segment),
    }
}

#[cfg(test)]
mod tests {
    use weir_api::permission::KINDS;

    use super::*;

    /// Every method and path of the router's own table, which only its `Debug` form tells.
    fn routes() -> Vec<(Method, String)> {
        let table = format!("{:?}", crate::v1beta2());
        let (table, _) = table.split_once("fallback_router: ").expect("fallback");
        let methods = [
            ("get", Method::GET),
            ("delete", Method::DELETE),
            ("patch", Method::PATCH),
            ("post", Method::POST),
            ("put", Method::PUT),
        ];
        let (endpoints, paths) = table.split_once("node: ").expect("paths");
        let mut all = Vec::new();
        for entry in paths.split("RouteId(").skip(1) {
            let Some((id, rest)) = entry.split_once("): \"") else {
                continue;
            };
            let path = rest.split('"').next().expect("path");
            let endpoint = endpoints
                .split(&format!("RouteId({id}): "))
                .nth(1)
                .expect("endpoint");
            for (name, method) in &methods {
                let field = endpoint.split(&format!("{name}: ")).nth(1).expect("method");
                if !field.starts_with("None") {
                    all.push((method.clone(), path.to_string()));
                }
            }
        }
        all.sort_by(|a, b| (&a.1, a.0.as_str()).cmp(&(&b.1, b.0.as_str())));
        all.dedup();
        all
    }

    #[test]
    fn every_route_has_a_kind_that_permissions_can_name() {
        for (method, path) in routes() {
            assert!(KINDS.contains(&kind(&path)), "{method} {path}");
        }
    }
}
