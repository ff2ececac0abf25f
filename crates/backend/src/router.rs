//! Every address of the backend.

use axum::{
    Router,
    extract::{DefaultBodyLimit, OriginalUri, RawPathParams, Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, header},
    middleware::{Next, from_fn, from_fn_with_state},
    response::{IntoResponse, Response},
    routing::{any, get},
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::CompressionLayer,
    cors::{AllowOrigin, CorsLayer},
    csrf::{ConfigError, CsrfLayer, ProtectionError},
};

use crate::{
    access,
    app::App,
    auth::{middleware::authenticate, policy, routes as auth},
    azion, dataworks,
    error::Failure,
    queries::routes as queries,
    relay, revision, secmaster,
    timeplus::{self, databases, info, invitations, workspace},
};

/// Bytes of a request body.
pub(crate) const BODY_LIMIT: usize = 32 << 20;

pub(crate) fn router(app: &App) -> Result<Router, ConfigError> {
    let workspace_api = Router::new()
        .route("/info", get(info::get))
        .nest("/v1beta2", v1beta2().layer(from_fn(databases::in_database)))
        .route("/{*unknown}", any(unknown))
        .layer(from_fn(policy::enforce))
        .layer(from_fn_with_state(app.clone(), revision::served))
        .layer(from_fn_with_state(app.clone(), in_workspace))
        .layer(from_fn_with_state(app.clone(), authenticate));

    let session = Router::new()
        .route(
            "/session",
            get(auth::current)
                .post(auth::by_password)
                .delete(auth::sign_out),
        )
        .route("/{*unknown}", any(unknown));

    let api = Router::new()
        .nest("/{workspace}/api", workspace_api)
        .nest("/api", session)
        .nest("/relay", relay::routes())
        .nest("/azion", azion::routes(app))
        .nest("/secmaster", secmaster::routes(app))
        .merge(dataworks::routes())
        .layer(DefaultBodyLimit::max(BODY_LIMIT))
        .layer(same_origin(&app.cors_origins)?)
        .layer(cors(&app.cors_origins))
        .layer(from_fn_with_state(app.clone(), pages_first));

    Ok(api
        .route("/signin", get(auth::by_link))
        .route("/invite", get(invitations::show).post(invitations::accept))
        .fallback(console)
        .layer(CompressionLayer::new())
        .layer(CatchPanicLayer::custom(panicked))
        .layer(from_fn_with_state(app.clone(), access::record))
        .layer(from_fn(access::complete))
        .with_state(app.clone()))
}

/// What [`policy`] guards.
pub(crate) fn v1beta2() -> Router<App> {
    timeplus::routes().merge(queries::routes())
}

async fn console(State(app): State<App>, request: Request) -> Response {
    app.console.serve(request).await
}

async fn unknown(method: Method, OriginalUri(uri): OriginalUri) -> Failure {
    let words = format!("there is no {method} {}", uri.path());
    Failure::new(StatusCode::NOT_FOUND, words)
}

/// A page of the console may have an address like that of an API, for example of a connection
/// called `api`. Browsers ask for pages as HTML, and the API speaks no HTML.
async fn pages_first(State(app): State<App>, request: Request, next: Next) -> Response {
    let accept = request.headers().get(header::ACCEPT);
    let html = accept
        .and_then(|accept| accept.to_str().ok())
        .is_some_and(|accept| accept.starts_with("text/html"));
    let default = format!("/{}/api/", workspace::NAME);
    let path = request.uri().path();
    if html && request.method() == Method::GET && !path.starts_with(&default) {
        return app.console.serve(request).await;
    }
    next.run(request).await
}

async fn in_workspace(params: RawPathParams, request: Request, next: Next) -> Response {
    let named = params.iter().find(|(name, _)| *name == "workspace");
    match named.map(|(_, value)| value) {
        Some(workspace::NAME) => next.run(request).await,
        other => {
            let name = other.unwrap_or_default();
            let words = format!("workspace '{name}' does not exist; there is only 'default'");
            Failure::new(StatusCode::NOT_FOUND, words).into_response()
        }
    }
}

/// Refuses changes that a page of another origin asks for, unless it is one of ours.
fn same_origin(
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
        .max_age(std::time::Duration::from_secs(600))
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
