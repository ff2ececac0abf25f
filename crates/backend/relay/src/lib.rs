//! Calls of the console to vendors whose endpoints refuse pages of other origins: passed on from
//! `/relay/{name}/…` to the upstream of that name in `weir.toml`, and to nowhere else.

mod answer;
mod body;
mod forward;
mod guard;
mod headers;
mod reads;
mod sign;
mod upstream;

use std::{
    collections::{BTreeMap, HashMap},
    sync::Arc,
    time::Duration,
};

use axum::{
    Router,
    http::{HeaderMap, Method, Uri},
};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::{
    client::legacy::{Client, connect::HttpConnector},
    rt::{TokioExecutor, TokioTimer},
};

use guard::Resolver;
pub use reads::Reading;
use reads::{Content, Outgoing};
pub use upstream::Settings;
use upstream::Upstream;
use weir_api::System;
use weir_platform::{
    Platform, audit, auth,
    auth::Auth,
    clock, error, extract,
    operations::{Operations, plainly},
    outbound, random,
};

/// How long an upstream may take to accept a connection.
const CONNECT: Duration = Duration::from_secs(10);

/// What the handlers can reach.
#[derive(Clone)]
pub struct Services {
    auth: Arc<Auth>,
    relay: Arc<Relay>,
}

impl Services {
    /// An error names the setting.
    pub fn new(
        platform: &Platform,
        settings: &BTreeMap<String, Settings>,
        reading: Reading,
    ) -> Result<Self, String> {
        Ok(Self {
            auth: platform.auth.clone(),
            relay: Arc::new(Relay::new(settings, reading)?),
        })
    }
}

/// Whether a call to an upstream only reads, as it is decided before the call is passed on. None
/// where it is refused for anybody. For whoever feeds that with hostile input.
pub fn only_reads(
    table: &Reading,
    system: Option<System>,
    method: &Method,
    target: &str,
    headers: &HeaderMap,
    body: &[u8],
) -> Option<bool> {
    let path = target.split('?').next().unwrap_or_default();
    if !reads::stays_inside(path) {
        return None;
    }
    let url: Uri = format!("http://upstream{target}").parse().ok()?;
    let outgoing = Outgoing {
        system,
        method,
        below: "",
        url: &url,
        headers: &headers::onward(headers),
        content: match body {
            [] => Content::Nothing,
            whole => Content::Whole(whole),
        },
    };
    Some(outgoing.reads(table))
}

/// Whether the settings can be used; an error names the setting.
pub fn check(settings: &BTreeMap<String, Settings>) -> Result<(), String> {
    Relay::new(settings, Reading::default()).map(drop)
}

struct Relay {
    upstreams: HashMap<String, Upstream>,
    reading: Reading,
    client: Client<HttpsConnector<HttpConnector<Resolver>>, axum::body::Body>,
}

impl Relay {
    fn new(settings: &BTreeMap<String, Settings>, reading: Reading) -> Result<Self, String> {
        let upstreams = settings
            .iter()
            .map(|(name, one)| Ok((name.clone(), Upstream::new(name, one)?)));
        let mut connector = HttpConnector::new_with_resolver(Resolver);
        connector.enforce_http(false);
        connector.set_nodelay(true);
        connector.set_connect_timeout(Some(CONNECT));
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(outbound::tls())
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        Ok(Self {
            upstreams: upstreams.collect::<Result<_, String>>()?,
            reading,
            client: Client::builder(TokioExecutor::new())
                .pool_timer(TokioTimer::new())
                .build(connector),
        })
    }

    fn names(&self) -> String {
        let mut names: Vec<&str> = self.upstreams.keys().map(String::as_str).collect();
        names.sort_unstable();
        names.join(", ")
    }
}

/// At `/relay`. Whether a call changes something stands in what is passed on, so the handler finds
/// out who may.
pub fn routes(services: &Services) -> Router {
    let calls = Operations::of("upstream")
        .any("/{name}", forward::forward)
        .any("/{name}/", forward::forward)
        .any("/{name}/{*path}", forward::forward)
        .inner_router(plainly, services)
        .method_not_allowed_fallback(forward::forward);
    Router::new()
        .nest("/relay", calls)
        .with_state(services.clone())
}
