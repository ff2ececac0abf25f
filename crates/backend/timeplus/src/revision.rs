//! The operations of one revision of the API only, as servers of that time have them.

use axum::{
    extract::{MatchedPath, OriginalUri, Request, State},
    http::{Method, StatusCode},
    middleware::Next,
    response::{IntoResponse, Response},
};

use weir_platform::{error::Failure, revision::Revision};

/// What a revision lacks. Variable parts of addresses are `{}`.
struct Dropped {
    /// Every method of these.
    addresses: &'static [&'static str],
    /// These, while others remain at the same address.
    methods: &'static [(&'static str, Method)],
}

const BEFORE_2026: Dropped = Dropped {
    addresses: &[
        "/info",
        "cluster",
        "databases",
        "dictionaries",
        "dictionaries/{}",
        "exec",
        "licenses",
        "licenses/trial",
        "licenses/usage",
        "licenses/validations",
        "materialized_views/{}/pause",
        "materialized_views/{}/recover",
        "materialized_views/{}/resume",
        "materialized_views/{}/transfer",
        "pipeline/parseddl",
        "pipelines",
        "pipelines/{}",
        "pipelines/{}/append",
        "sinks/{}/logs",
        "sources/{}/logs",
    ],
    methods: &[],
};

const SINCE_2026: Dropped = Dropped {
    addresses: &[
        "alerts",
        "alerts/{}",
        "alerts/{}/resolve",
        "alerts/{}/start",
        "alerts/{}/stop",
        "auth/api_keys",
        "auth/api_keys/{}",
        "external_streams/{}/stats",
        "invitations",
        "invitations/{}",
        "subscription",
        "views/{}/stats",
    ],
    methods: &[
        ("external_streams", Method::POST),
        ("external_tables", Method::POST),
        ("materialized_views", Method::POST),
        ("materialized_views/{}", Method::PATCH),
        ("schemas", Method::POST),
        ("schemas/{}", Method::PUT),
        ("streams", Method::POST),
        ("streams/{}", Method::PATCH),
        ("udfs", Method::POST),
        ("udfs/{}", Method::PUT),
        ("views", Method::POST),
        ("views/{}", Method::PATCH),
    ],
};

/// Answers for an operation that the configured revision lacks as for one that never was.
pub(crate) async fn served(
    State(revision): State<Revision>,
    path: Option<MatchedPath>,
    OriginalUri(uri): OriginalUri,
    request: Request,
    next: Next,
) -> Response {
    let dropped = match revision {
        Revision::Both => return next.run(request).await,
        Revision::Y2025 => BEFORE_2026,
        Revision::Y2026 => SINCE_2026,
    };
    let address = path.map(|path| shape(path.as_str())).unwrap_or_default();
    let method = request.method();
    if dropped.addresses.contains(&address.as_str()) {
        let words = format!("there is no {method} {}", uri.path());
        return Failure::new(StatusCode::NOT_FOUND, words).into_response();
    }
    let mut here = dropped.methods.iter().filter(|(at, _)| *at == address);
    if here.any(|(_, gone)| gone == method) {
        let words = format!("{method} is not possible on {}", uri.path());
        return Failure::new(StatusCode::METHOD_NOT_ALLOWED, words).into_response();
    }
    next.run(request).await
}

/// `/{workspace}/api/v1beta2/streams/{name}` as `streams/{}`.
fn shape(matched: &str) -> String {
    let path = match matched.split_once("/api/v1beta2/") {
        Some((_, path)) => path,
        None => matched.split_once("/api").map_or(matched, |(_, path)| path),
    };
    let parts = path.split('/').map(|part| match part.starts_with('{') {
        true => "{}",
        false => part,
    });
    parts.collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_is_recognised_whatever_its_parameters_are_called() {
        assert_eq!(
            shape("/{workspace}/api/v1beta2/sinks/{id}/logs"),
            "sinks/{}/logs"
        );
        assert_eq!(shape("/{workspace}/api/info"), "/info");
    }
}
