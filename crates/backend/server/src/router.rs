//! Every address of the backend.

use std::{sync::Arc, time::Duration};

use axum::{
    Extension, Json, Router,
    extract::{DefaultBodyLimit, OriginalUri, Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    cors::{AllowOrigin, CorsLayer},
    csrf::{ConfigError, CsrfLayer, ProtectionError},
    timeout::RequestBodyTimeoutLayer,
};

use weir_platform::{
    access::{self, before_sign_in},
    auth::{Auth, middleware::authenticate, oidc::routes as oidc, routes as auth},
    error::Failure,
    extract::{BODY_LIMIT, SIGN_IN_LIMIT},
};

use weir_api::session::Usage;
use weir_queries::run::Queries;

use crate::{
    config::Config,
    metrics::{self, Health},
    site::{self, Site},
    static_host::StaticHost,
};

/// How long a body may stand still.
const STANDS_STILL: Duration = Duration::from_secs(30);

/// The services of each system.
pub(crate) struct Systems {
    pub timeplus: weir_timeplus::Services,
    pub azion: weir_azion::Services,
    pub secmaster: weir_secmaster::Services,
    pub dataworks: weir_dataworks::Services,
    pub relay: weir_relay::Services,
}

pub(crate) fn router(
    config: &Config,
    health: &Health,
    systems: &Systems,
) -> Result<Router, ConfigError> {
    let platform = &health.platform;
    let console = Arc::new(StaticHost::new(config));
    let ours = Arc::new(Site::new(&config.hosts, &config.cors_origins));
    let session = Router::new()
        .route(
            "/session",
            get(auth::current)
                .post(auth::by_password)
                .delete(auth::sign_out),
        )
        .route("/session/ways", get(auth::ways))
        .route(
            "/session/usage",
            get(usage).layer(Extension(health.queries.clone())),
        )
        .route(
            "/session/password",
            axum::routing::put(auth::change_password),
        )
        .route(
            "/sessions",
            get(auth::list).delete(auth::sign_out_everywhere),
        )
        .route("/sessions/{id}", axum::routing::delete(auth::end_session))
        .route("/{*unknown}", any(unknown));
    // Outside of what only pages of ours may reach: the provider's leads to the last of them.
    let signin = Router::new()
        .route("/signin", get(auth::by_link))
        .route("/signin/oidc", get(oidc::begin))
        .route("/signin/oidc/callback", get(oidc::callback));

    let api = Router::new()
        .nest("/{workspace}/api", weir_timeplus::routes(&systems.timeplus))
        .nest(
            "/api",
            session
                .layer(before_sign_in())
                .layer(DefaultBodyLimit::max(SIGN_IN_LIMIT))
                .with_state(platform.clone()),
        )
        .nest("/relay", weir_relay::routes(&systems.relay))
        .nest("/azion/v4", weir_azion::routes_of_version_4(&systems.azion))
        .nest("/azion", weir_azion::routes(&systems.azion))
        .nest(
            "/secmaster",
            weir_secmaster::routes(&systems.secmaster).merge(weir_secmaster::unknown_routes()),
        )
        // Huawei's own client drops a path from its endpoint.
        .merge(weir_secmaster::routes(&systems.secmaster))
        .merge(weir_dataworks::routes(&systems.dataworks))
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(same_origin(&config.cors_origins)?)
        .layer(from_fn_with_state(ours.clone(), site::own_pages))
        .layer(cors(&config.cors_origins))
        .layer(from_fn(site::private))
        .layer(from_fn_with_state(console.clone(), pages_first));

    Ok(api
        .merge(signin.with_state(platform.clone()))
        .merge(health_routes(health))
        .merge(
            weir_timeplus::invite(&systems.timeplus)
                .layer(before_sign_in())
                .layer(DefaultBodyLimit::max(SIGN_IN_LIMIT)),
        )
        .fallback_service(any(serve_console).with_state(console))
        .layer(CompressionLayer::new())
        .layer(RequestBodyTimeoutLayer::new(STANDS_STILL))
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(ours, site::known_host))
        .layer(from_fn_with_state(platform.clone(), access::record))
        .layer(from_fn(access::complete)))
}

fn health_routes(health: &Health) -> Router {
    let authenticated = from_fn_with_state(health.platform.auth.clone(), authenticate);
    Router::new()
        .route("/metrics", get(metrics::metrics).layer(authenticated))
        .route("/healthz", get(metrics::healthz))
        .with_state(health.clone())
}

async fn serve_console(State(console): State<Arc<StaticHost>>, request: Request) -> Response {
    console.serve(request).await
}

/// What somebody who is signed in uses of what there is.
async fn usage(
    State(auth): State<Arc<Auth>>,
    Extension(queries): Extension<Queries>,
    headers: HeaderMap,
) -> Result<Json<Usage>, Failure> {
    let actor = auth::signed_in(&auth, &headers)?;
    Ok(Json(queries.usage(&actor.owner())))
}

async fn unknown(method: Method, OriginalUri(uri): OriginalUri) -> Failure {
    let words = format!("there is no {method} {}", uri.path());
    Failure::new(StatusCode::NOT_FOUND, words)
}

/// A page of the console may have an address like that of an API, for example of a connection
/// called `api`. Browsers ask for pages as HTML, and the API speaks no HTML.
async fn pages_first(
    State(console): State<Arc<StaticHost>>,
    request: Request,
    next: Next,
) -> Response {
    let accept = request.headers().get(header::ACCEPT);
    let html = accept
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.starts_with("text/html"));
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
        Failure::new(StatusCode::FORBIDDEN, words).into_response()
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
    Failure::new(StatusCode::INTERNAL_SERVER_ERROR, answer).into_response()
}
