//! Several processes with one key, which know nothing of each other.

use reqwest::{Method, Url};
use serde_json::json;
use weir_backend::config::Config;
use weir_services::OpenId;
use weir_store::SecretKey;

use super::{
    super::common::{Backend, answer},
    CALLBACK, Place,
    browser::Browser,
    settings,
};

/// Two replicas that relay to a third process, the only one with streams.
struct Replicas {
    cluster: Backend,
    first: Place,
    second: Backend,
}

fn replica(config: &mut Config, cluster: &Backend, provider: &OpenId) {
    let upstream = format!(
        "upstream = 'http://{}'\nsystem = 'timeplus'\n\
         credential = {{ kind = 'basic', user = 'admin', password = '{}' }}",
        cluster.running.address,
        super::super::common::PASSWORD
    );
    config.relay.insert(
        "prod".into(),
        toml::from_str(&upstream).expect("an upstream"),
    );
    config.oidc = Some(settings(provider));
    config.connections = Some(config.data.join("connections.json"));
    config.replica_key = Some(SecretKey::parse(&"0f".repeat(32)).expect("a key"));
}

impl Replicas {
    async fn start() -> Option<Self> {
        let cluster = Backend::start().await;
        let provider = OpenId::start().expect("a provider")?;
        let first = Backend::start_with(|config| replica(config, &cluster, &provider)).await;
        let second = Backend::start_with(|config| replica(config, &cluster, &provider)).await;
        let first = Place {
            backend: first,
            provider,
        };
        let client = json!({"redirect_uris": [first.url(CALLBACK).as_str()]});
        first.provider.register(&client).expect("registered");
        Some(Self {
            cluster,
            first,
            second,
        })
    }

    /// The same address at the other replica.
    fn at_second(&self, url: &Url) -> Url {
        let mut there = url.clone();
        let port = self.second.running.address.port();
        there.set_port(Some(port)).expect("a port");
        there
    }
}

#[tokio::test]
async fn what_one_began_another_ends_and_each_knows_who_is_signed_in() {
    let Some(replicas) = Replicas::start().await else {
        return;
    };
    let (first, second) = (&replicas.first, &replicas.second);
    let mut browser = Browser::new();
    let back = first.answered(&mut browser, "17-ann", "").await;
    // The balancer sends the browser elsewhere now.
    let signed_in = browser.get(&replicas.at_second(&back)).await.expect(303);
    let cookie = signed_in.header("set-cookie").to_string();
    assert!(cookie.contains("Max-Age=43200"), "{cookie}");

    let session = first.url("/api/session");
    for url in [session.clone(), replicas.at_second(&session)] {
        let who = browser.get(&url).await.expect(200).json();
        assert_eq!(who["role"], "admin", "{url}: {who}");
    }
    replicas
        .cluster
        .create_stream("orders", &[("n", "int")])
        .await;
    let streams = first.url("/relay/prod/default/api/v1beta2/streams/orders");
    for url in [streams.clone(), replicas.at_second(&streams)] {
        browser.get(&url).await.expect(200);
    }
    // Nothing that only one of them would know.
    let own = first.url("/default/api/v1beta2/streams");
    browser.get(&own).await.expect(404);

    // One is gone: the other goes on.
    let changed = browser.pair("weir_session").replace("ey", "eY");
    let Place { backend, provider } = replicas.first;
    backend.running.stop().await;
    let url = second.bare(Method::GET, "/api/session");
    let url = url.header("Cookie", browser.pair("weir_session"));
    answer(url).await.expect(200);
    // Nobody writes a session but who has the key.
    let forged = second.bare(Method::GET, "/api/session");
    answer(forged.header("Cookie", changed)).await.expect(401);
    let stranger = Backend::start_with(|config| {
        replica(config, &replicas.cluster, &provider);
        config.replica_key = Some(SecretKey::parse(&"0e".repeat(32)).expect("a key"));
    })
    .await;
    let pair = browser.pair("weir_session");
    let (_, value) = pair.split_once('=').expect("a pair");
    let names = answer(stranger.bare(Method::GET, "/signin/oidc")).await;
    let instance = names.header("set-cookie").to_string();
    let instance = instance.split('_').nth(2).expect("an instance");
    let planted = format!("weir_session_{instance}={value}");
    let request = stranger.bare(Method::GET, "/api/session");
    answer(request.header("Cookie", planted)).await.expect(401);
}

#[tokio::test]
async fn a_session_that_was_ended_is_over_where_it_was_ended() {
    let Some(replicas) = Replicas::start().await else {
        return;
    };
    let first = &replicas.first;
    let mut browser = Browser::new();
    first.sign_in(&mut browser, "17-ann").await.expect(303);
    let pair = browser.pair("weir_session");
    let session = first.url("/api/session");
    browser
        .send(Method::DELETE, &session, &[])
        .await
        .expect(200);
    let stolen = || {
        let request = first.backend.bare(Method::GET, "/api/session");
        answer(request.header("Cookie", &pair))
    };
    stolen().await.expect(401);
    stolen().await.expect(401);
    assert_eq!(browser.cookie("weir_session"), None);
}
