//! Every address of the backend.

use std::{sync::Arc, time::Duration};

use axum::{
    Router,
    extract::{DefaultBodyLimit, Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state, map_response},
    response::{IntoResponse, Response},
    routing::any,
};
use tower_http::{
    CompressionLevel,
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    cors::{AllowOrigin, CorsLayer},
    csrf::{ConfigError, CsrfLayer, ProtectionError},
    timeout::RequestBodyTimeoutLayer,
};

use weir_platform::{
    access::{self, before_sign_in},
    error::HttpError,
    extract::{BODY_LIMIT, SIGN_IN_LIMIT},
};

use crate::{
    beside::{beside, packed_beside},
    config::Config,
    held::{Bodies, bounded},
    metrics::Health,
    operations, pieces,
    site::{self, Site},
    static_host::{StaticHost, accepts_page},
};

/// How long a body may stand still.
const STANDS_STILL: Duration = Duration::from_secs(30);

/// How well answers are packed that somebody waits for, of nine or more: better ones take longer than
/// they save. What the console consists of was packed well before.
const PACKED: i32 = 2;

/// `systems` are the routers of all systems, each at its own addresses; `relay` passes on what comes
/// as it is.
pub(crate) fn router(
    config: &Config,
    health: &Health,
    systems: impl IntoIterator<Item = Router>,
    relay: Router,
    invite: Router,
) -> Result<Router, ConfigError> {
    let console = Arc::new(StaticHost::new(config));
    let ours = Arc::new(Site::new(&config.hosts, &config.cors_origins));
    let api = Router::new().nest("/api", operations::session_routes(health));
    let api = systems
        .into_iter()
        .fold(api, Router::merge)
        .layer(from_fn(beside))
        .layer(from_fn(site::unpacked))
        .merge(relay)
        .layer(from_fn_with_state(Bodies::default(), bounded))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(same_origin(&config.cors_origins)?)
        .layer(from_fn_with_state(ours.clone(), site::own_pages))
        .layer(cors(&config.cors_origins))
        .layer(from_fn_with_state(console.clone(), pages_first));

    let figures =
        operations::figures_routes(health).layer(from_fn_with_state(ours.clone(), site::own_pages));
    Ok(api
        .merge(figures)
        .merge(operations::other_routes(health))
        .merge(
            invite
                .layer(same_origin(&config.cors_origins)?)
                .layer(before_sign_in())
                .layer(DefaultBodyLimit::max(SIGN_IN_LIMIT)),
        )
        .fallback_service(any(serve_console).with_state(console))
        .layer(map_response(async |response| pieces::in_pieces(response)))
        .layer(CompressionLayer::new().quality(CompressionLevel::Precise(PACKED)))
        .layer(map_response(async |response| packed_beside(response)))
        .layer(RequestBodyTimeoutLayer::new(STANDS_STILL))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(ours, site::known_host))
        .layer(from_fn(site::private))
        .layer(from_fn_with_state(health.platform.clone(), access::record))
        .layer(from_fn(access::complete)))
}

async fn serve_console(State(console): State<Arc<StaticHost>>, request: Request) -> Response {
    console.serve(request).await
}

/// A page of the console may have an address like that of an API, for example of a connection
/// called `api`. Browsers ask for pages as HTML, and the API speaks no HTML.
async fn pages_first(
    State(console): State<Arc<StaticHost>>,
    request: Request,
    next: Next,
) -> Response {
    let html = accepts_page(&request, |accept| accept.starts_with("text/html"));
    let default = format!("/{}/api/", weir_timeplus::WORKSPACE);
    let path = request.uri().path();
    if html && request.method() == Method::GET && !path.starts_with(&default) {
        return console.serve(request).await;
    }
    next.run(request).await
}

/// Refuses changes that a page of another origin asks for, unless it is one of ours.
pub(crate) fn same_origin(
    trusted: &[String],
) -> Result<CsrfLayer<impl Fn(ProtectionError) -> Response + Clone + use<>>, ConfigError> {
    let layer = trusted.iter().try_fold(CsrfLayer::new(), |layer, origin| {
        layer.add_trusted_origin(origin)
    })?;
    Ok(layer.with_rejection_response(|_error: ProtectionError| {
        let words = "this page's origin may not change anything here; the backend's setting \
                     cors.allowed_origins lists those that may";
        site::refuse(words)
    }))
}

fn cors(origins: &[String]) -> CorsLayer {
    let origins = origins.iter().filter_map(|o| HeaderValue::from_str(o).ok());
    CorsLayer::new()
        .allow_origin(AllowOrigin::list(origins))
        .allow_methods([
            Method::GET,
            Method::POST,
            Method::PUT,
            Method::PATCH,
            Method::DELETE,
        ])
        .allow_headers([
            header::ACCEPT,
            header::AUTHORIZATION,
            header::CONTENT_TYPE,
            HeaderName::from_static("last-event-id"),
            HeaderName::from_static("prefer"),
            HeaderName::from_static("x-api-key"),
            HeaderName::from_static("x-acs-accesskey-id"),
            HeaderName::from_static("x-acs-action"),
            HeaderName::from_static("x-acs-content-sha256"),
            HeaderName::from_static("x-acs-date"),
            HeaderName::from_static("x-acs-security-token"),
            HeaderName::from_static("x-acs-signature-nonce"),
            HeaderName::from_static("x-acs-version"),
            HeaderName::from_static("x-auth-token"),
            HeaderName::from_static("x-project-id"),
            HeaderName::from_static("x-sdk-date"),
        ])
        .expose_headers([
            access::REQUEST_ID,
            header::RETRY_AFTER,
            HeaderName::from_static("x-subject-token"),
        ])
        .max_age(Duration::from_secs(600))
}

fn panicked(panic: Box<dyn std::any::Any + Send>) -> Response {
    let words = panic
        .downcast_ref::<&str>()
        .map(ToString::to_string)
        .or_else(|| panic.downcast_ref::<String>().cloned())
        .unwrap_or_default();
    tracing::error!("a request handler panicked: {words}");
    let answer = "internal error of the backend; its log says more";
    HttpError::new(StatusCode::INTERNAL_SERVER_ERROR, answer).into_response()
}
