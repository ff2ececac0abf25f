//! Sign-in by OpenID Connect, with a real provider: npm's `oidc-provider`.

mod browser;
mod replicas;

use reqwest::{Method, Url};
use serde_json::{Value, json};
use weir_api::role::Role;
use weir_backend::config::Config;
use weir_platform::auth::oidc::Settings;
use weir_services::OpenId;

use self::browser::{BEHIND_TLS, Browser, led};
use super::common::{Answer, Backend, answer};

const CALLBACK: &str = "/signin/oidc/callback";

/// A backend and its provider.
struct Place {
    backend: Backend,
    provider: OpenId,
}

fn settings(provider: &OpenId) -> Settings {
    let (id, secret) = OpenId::CLIENT;
    let settings = json!({
        "name": "Example ID", "issuer": provider.issuer, "client_id": id, "client_secret": secret,
        "roles": {"weir-admins": "admin", "staff": "read_only"},
    });
    serde_json::from_value(settings).expect("settings")
}

impl Place {
    /// `None` where the provider cannot run here; `client` is how the provider knows the backend.
    async fn new(mut client: Value, adjust: impl FnOnce(&mut Config)) -> Option<Self> {
        let provider = OpenId::start().expect("a provider")?;
        let backend = Backend::start_with(|config| {
            config.oidc = Some(settings(&provider));
            adjust(config);
        })
        .await;
        let place = Self { backend, provider };
        if client["redirect_uris"].is_null() {
            client["redirect_uris"] = json!([place.url(CALLBACK).as_str()]);
        }
        place.provider.register(&client).expect("registered");
        Some(place)
    }

    fn url(&self, path: &str) -> Url {
        let url = format!("http://{}{path}", self.backend.running.address);
        url.parse().expect("an address")
    }

    /// As far as the provider's answer: the address that the browser is led to.
    async fn answered(&self, browser: &mut Browser, login: &str, next: &str) -> Url {
        let begin = self.url(&format!("/signin/oidc?next={next}"));
        let begun = browser.get(&begin).await.expect(303);
        let cookie = begun.header("set-cookie");
        for part in ["HttpOnly", "SameSite=Lax", "Path=/;"] {
            assert!(cookie.contains(part), "{cookie}");
        }
        let start = led(&begin, &begun);
        let home = self.url("/").to_string();
        browser.at_provider(&start, login, &home).await
    }

    async fn sign_in(&self, browser: &mut Browser, login: &str) -> Answer {
        let back = self.answered(browser, login, "").await;
        assert_eq!(back.path(), CALLBACK);
        browser.get(&back).await
    }

    async fn session(&self, browser: &mut Browser) -> Answer {
        browser.get(&self.url("/api/session")).await
    }

    /// The newest sign-ins in the audit log.
    async fn audited(&self, filter: &str) -> String {
        let sql = format!(
            "SELECT actor, status, resource_name, detail FROM table(audit_log) \
             WHERE action = 'sign_in' AND {filter}"
        );
        let limit = std::time::Instant::now() + super::common::PATIENCE;
        loop {
            let mut events = self.backend.query(&sql).await;
            let rows = events.rest().await;
            if let Some(rows) = rows.iter().find(|event| event.is_rows()) {
                return rows.data.clone();
            }
            assert!(std::time::Instant::now() < limit, "nothing where {filter}");
            tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        }
    }
}

#[tokio::test]
async fn somebody_signs_in_goes_on_where_they_were_and_signs_out() {
    let Some(place) = Place::new(json!({}), |_| {}).await else {
        return;
    };
    let ways = answer(place.backend.bare(Method::GET, "/api/session/ways"));
    assert_eq!(
        ways.await.expect(200).json(),
        json!({"provider": {"name": "Example ID"}})
    );

    let mut browser = Browser::new();
    let back = place
        .answered(&mut browser, "17-ann", "/c/local/streams%3Fq=a")
        .await;
    let signed_in = browser.get(&back).await.expect(303);
    assert_eq!(signed_in.header("location"), "/c/local/streams?q=a");
    assert_eq!(signed_in.header("cache-control"), "no-store");
    let cookie = signed_in.header("set-cookie");
    for part in ["weir_session_", "HttpOnly", "SameSite=Strict", "Path=/;"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let session = place.session(&mut browser).await.expect(200).json();
    let issuer = &place.provider.issuer;
    let key = format!("{issuer}#17-ann");
    assert_eq!(
        session,
        json!({
            "user": key, "role": "admin", "name": format!("ann ({issuer})"),
            "provider": "Example ID",
        })
    );
    // An administrator like others, whose changes carry the name.
    let change = browser
        .send(Method::GET, &place.url("/default/api/v1beta2/users"), &[])
        .await
        .expect(200);
    assert!(
        !change.body.contains("ann"),
        "no user was made: {}",
        change.body
    );
    let audited = place
        .audited("status = 303 AND resource_name LIKE 'ann%'")
        .await;
    assert!(audited.contains(&format!("ann ({key})")), "{audited}");
    assert!(
        audited.contains(&format!("by OpenID Connect of {issuer}")),
        "{audited}"
    );

    let listed = browser
        .get(&place.url("/api/sessions"))
        .await
        .expect(200)
        .json();
    assert_eq!(listed.as_array().map(Vec::len), Some(1), "{listed}");
    assert_eq!(listed[0]["current"], true);
    let life = listed[0]["expires_ms"].as_i64().expect("end")
        - listed[0]["started_ms"].as_i64().expect("start");
    assert_eq!(life, 12 * 60 * 60 * 1000);

    let session = browser.pair("weir_session");
    let out = browser
        .send(Method::DELETE, &place.url("/api/session"), &[])
        .await;
    // The provider has a session, too, which ends there.
    let out = out.expect(200).json();
    let leave = Url::parse(out["continue_at"].as_str().expect("where")).expect("an address");
    assert!(leave.as_str().starts_with(issuer.as_str()), "{leave}");
    let asked: Vec<(String, String)> = leave.query_pairs().into_owned().collect();
    let expected = [
        ("client_id", OpenId::CLIENT.0.to_string()),
        ("post_logout_redirect_uri", place.url("/").to_string()),
    ];
    assert_eq!(
        asked,
        expected.map(|(name, value)| (name.to_string(), value))
    );
    let stolen = place.backend.bare(Method::GET, "/api/session");
    answer(stolen.header("Cookie", session)).await.expect(401);
}

#[tokio::test]
async fn an_answer_counts_once_and_only_for_the_browser_that_began() {
    let Some(place) = Place::new(json!({}), |_| {}).await else {
        return;
    };
    let mut browser = Browser::new();
    let back = place.answered(&mut browser, "17-ann", "").await;
    browser.get(&back).await.expect(303);
    assert_eq!(browser.cookie("weir_oidc"), None, "it is over");
    browser.forget("weir_session");
    let again = browser.get(&back).await.expect(400);
    assert!(again.body.contains("used already"), "{}", again.body);
    assert!(
        again.body.contains("Sign in with Example ID again"),
        "{}",
        again.body
    );
    assert_eq!(again.header("set-cookie"), "");

    // Somebody else's answer, led to by a page or a mail.
    let back = place.answered(&mut browser, "17-ann", "").await;
    let mut other = Browser::new();
    other.get(&back).await.expect(400);
    assert_eq!(other.cookie("weir_session"), None);
    browser.get(&back).await.expect(400);

    for (name, value) in [
        ("state", "guess"),
        ("code", "guess"),
        ("iss", "https://id.example"),
    ] {
        let back = place.answered(&mut browser, "17-ann", "").await;
        let parts: Vec<(String, String)> = back
            .query_pairs()
            .map(|(known, right)| match known == name {
                true => (known.into_owned(), value.to_string()),
                false => (known.into_owned(), right.into_owned()),
            })
            .collect();
        let mut changed = back.clone();
        changed.query_pairs_mut().clear().extend_pairs(&parts);
        let refused = browser.get(&changed).await;
        assert!(
            !refused.status.is_success() && !refused.status.is_redirection(),
            "{name}"
        );
        assert_eq!(browser.cookie("weir_session"), None, "{name}");
    }
    // Without an answer of the provider, or with one that refuses.
    let begin = place.url("/signin/oidc");
    let begun = browser.get(&begin).await.expect(303);
    let start = led(&begin, &begun);
    let state = start
        .query_pairs()
        .find(|(name, _)| name == "state")
        .expect("state")
        .1
        .into_owned();
    let issuer = &place.provider.issuer;
    let denied = format!("{CALLBACK}?state={state}&error=access_denied&iss={issuer}");
    let denied = browser.get(&place.url(&denied)).await.expect(401);
    assert!(
        denied.body.contains("did not let you in"),
        "{}",
        denied.body
    );
    browser.get(&place.url(CALLBACK)).await.expect(400);
    // A page that lets the browser begin many does not fill its requests with cookies.
    for _ in 0..20 {
        browser.get(&begin).await.expect(303);
    }
    assert_eq!(browser.count("weir_oidc"), 3);
    let back = place.answered(&mut browser, "17-ann", "").await;
    browser.get(&back).await.expect(303);
    let audited = place.audited("status = 400").await;
    assert!(audited.contains("used already"), "{audited}");
}

#[tokio::test]
async fn roles_come_from_claims_and_names_are_not_mixed_up() {
    // Here the token says it all; elsewhere it is asked for.
    let place = Place::new(json!({}), |config| {
        let settings = config.oidc.as_mut().expect("settings");
        settings.scopes = vec!["openid".into()];
        settings.roles_claim = "roles".into();
    });
    let Some(place) = place.await else { return };
    let role = async |login: &str| {
        let mut browser = Browser::new();
        place.sign_in(&mut browser, login).await.expect(303);
        let session = place.session(&mut browser).await.expect(200).json();
        (browser, session["role"].clone(), session["user"].clone())
    };
    let (_, admin, _) = role("17-ann").await;
    assert_eq!(admin, Role::Admin.as_str());

    // Called like this backend's own user, and like another of the provider's.
    let (mut reader, role_of_reader, key) = role("18-admin").await;
    assert_eq!(role_of_reader, Role::ReadOnly.as_str());
    let (_, _, other) = role("19-admin").await;
    assert_ne!(key, other);
    let change = reader
        .send(
            Method::POST,
            &place.url("/default/api/v1beta2/streams"),
            &[],
        )
        .await
        .expect(403);
    assert!(change.message().contains("read_only"), "{}", change.body);
    let sessions = reader
        .get(&place.url("/api/sessions"))
        .await
        .expect(200)
        .json();
    assert_eq!(sessions.as_array().map(Vec::len), Some(1), "{sessions}");
    // Ending those of the user of that name does not end theirs.
    let admins = place.backend.bare(Method::POST, "/api/session");
    let who = json!({"user": "admin", "password": super::common::PASSWORD}).to_string();
    let admins = answer(admins.body(who)).await.expect(200);
    let cookie = admins
        .header("set-cookie")
        .split(';')
        .next()
        .expect("pair")
        .to_string();
    let everywhere = place.backend.bare(Method::DELETE, "/api/sessions");
    answer(everywhere.header("Cookie", cookie))
        .await
        .expect(204);
    place.session(&mut reader).await.expect(200);

    // An admin sees and ends it; nobody else does.
    let by_admin = super::signin::cookie(&place.backend).await;
    let call = |method, path: &str, cookie: &str| {
        answer(place.backend.bare(method, path).header("Cookie", cookie))
    };
    let everybody = "/api/sessions/everybody";
    let own = reader.pair("weir_session");
    call(Method::GET, everybody, &own).await.expect(403);
    let all = call(Method::GET, everybody, &by_admin)
        .await
        .expect(200)
        .json();
    let of_reader = all.as_array().expect("a list").iter();
    let of_reader = of_reader
        .filter(|one| {
            one["user"]
                .as_str()
                .is_some_and(|user| user.ends_with("#18-admin"))
        })
        .collect::<Vec<_>>();
    let [one] = of_reader.as_slice() else {
        panic!("{all}");
    };
    let id = one["id"].as_str().expect("id");
    let path = format!("{everybody}/{id}");
    call(Method::DELETE, &path, &own).await.expect(403);
    let user = weir_api::request::encode(one["user"].as_str().expect("user"));
    let users = format!("/api/sessions/users/{user}");
    call(Method::DELETE, &users, &own).await.expect(403);
    call(Method::DELETE, &path, &by_admin).await.expect(204);
    call(Method::DELETE, &path, &by_admin).await.expect(404);
    place.session(&mut reader).await.expect(401);
    place.sign_in(&mut reader, "18-admin").await.expect(303);
    call(Method::DELETE, &users, &by_admin).await.expect(204);
    place.session(&mut reader).await.expect(401);
    place.sign_in(&mut reader, "18-admin").await.expect(303);

    let password = json!({"current_password": "", "password": "battery staple"}).to_string();
    let password = place
        .backend
        .bare(Method::PUT, "/api/session/password")
        .header("Cookie", reader.pair("weir_session"))
        .body(password);
    answer(password).await.expect(403);
    place.backend.get("/info").await.expect(200);

    let mut stranger = Browser::new();
    let refused = place.sign_in(&mut stranger, "20-eve").await.expect(403);
    assert!(
        refused.body.contains("knows you as eve"),
        "{}",
        refused.body
    );
    assert_eq!(stranger.cookie("weir_session"), None);
    let audited = place.audited("status = 403").await;
    assert!(
        audited.contains("eve") && audited.contains("no value of roles"),
        "{audited}"
    );
}

#[tokio::test]
async fn keys_belong_to_users_and_sessions_end_with_the_settings_that_made_them() {
    let Some(place) = Place::new(json!({}), |_| {}).await else {
        return;
    };
    let mut browser = Browser::new();
    place.sign_in(&mut browser, "17-ann").await.expect(303);
    let cookie = browser.pair("weir_session");
    let key = place
        .backend
        .bare(Method::POST, "/default/api/v1beta2/auth/api_keys");
    let refused = answer(key.header("Cookie", &cookie).body(r#"{"name":"a"}"#))
        .await
        .expect(403);
    assert!(
        refused.message().contains("a user of this backend"),
        "{}",
        refused.body
    );

    let Place { backend, provider } = place;
    let asked = |backend: &Backend| {
        let session = backend.bare(Method::GET, "/api/session");
        answer(session.header("Cookie", &cookie))
    };
    backend.running.stop().await;
    let same = Backend::start_in(backend.dir, |c| c.oidc = Some(settings(&provider))).await;
    asked(&same).await.expect(200);
    same.running.stop().await;
    let stricter = Backend::start_in(same.dir, |config| {
        let mut settings = settings(&provider);
        settings.roles.remove("weir-admins");
        config.oidc = Some(settings);
    })
    .await;
    asked(&stricter).await.expect(401);
    stricter.running.stop().await;
    let without = Backend::start_in(stricter.dir, |_| {}).await;
    let begin = answer(without.bare(Method::GET, "/signin/oidc")).await;
    begin.expect(404);
    let ways = answer(without.bare(Method::GET, "/api/session/ways"))
        .await
        .expect(200);
    assert_eq!(ways.json(), json!({"provider": null}));
}

/// What providers ask of their clients: where the secret stands, and how tokens are signed.
#[tokio::test]
async fn clients_of_other_kinds_sign_people_in_too() {
    for client in [
        json!({"token_endpoint_auth_method": "client_secret_post", "id_token_signed_response_alg": "ES256"}),
        json!({"token_endpoint_auth_method": "client_secret_post", "id_token_signed_response_alg": "PS256"}),
        json!({"token_endpoint_auth_method": "none", "id_token_signed_response_alg": "EdDSA"}),
    ] {
        let public = client["token_endpoint_auth_method"] == "none";
        let place = Place::new(client.clone(), |config| {
            let settings = config.oidc.as_mut().expect("settings");
            if public {
                settings.client_secret = None;
            }
        });
        let Some(place) = place.await else { return };
        let mut browser = Browser::new();
        for _ in 0..2 {
            let signed_in = place.sign_in(&mut browser, "18-bob").await;
            assert_eq!(signed_in.status, 303, "{client}: {}", signed_in.body);
        }
        let session = place.session(&mut browser).await.expect(200).json();
        assert_eq!(session["role"], "read_only", "{client}");
    }
    // A shared secret proves nobody.
    let client = json!({"id_token_signed_response_alg": "HS256"});
    if let Some(place) = Place::new(client, |_| {}).await {
        let refused = place.sign_in(&mut Browser::new(), "18-bob").await;
        refused.expect(502);
        let audited = place.audited("status = 502").await;
        assert!(audited.contains("public key"), "{audited}");
    }
}

#[tokio::test]
async fn behind_a_proxy_the_provider_leads_back_to_where_the_browser_was() {
    let outside = "https://weir.example/weir/signin/oidc/callback";
    let client = json!({"redirect_uris": [outside]});
    let place = Place::new(client, |config| {
        config.base_path = "/weir/".into();
        config.hosts = vec!["weir.example".into()];
    });
    let Some(place) = place.await else { return };
    // The proxy takes the path of its own away.
    let mut browser = Browser::new();
    let begin = place.url("/signin/oidc?next=/weir/c/local");
    let begun = browser
        .send(Method::GET, &begin, &BEHIND_TLS)
        .await
        .expect(303);
    let cookie = begun.header("set-cookie").to_string();
    for part in ["__Host-weir_oidc_", "; Secure", "Path=/;"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    let start = led(&begin, &begun);
    let back = browser
        .at_provider(&start, "18-bob", "https://weir.example/")
        .await;
    assert!(back.as_str().starts_with(outside), "{back}");
    let inside = place.url(&format!("{CALLBACK}?{}", back.query().expect("query")));
    let pair = cookie.split(';').next().expect("pair");
    let [host, proto] = BEHIND_TLS;
    let headers = [host, proto, ("cookie", pair)];
    let signed_in = browser
        .send(Method::GET, &inside, &headers)
        .await
        .expect(303);
    assert_eq!(signed_in.header("location"), "/weir/c/local");
    assert!(signed_in.header("set-cookie").contains("; Secure"));
}

#[tokio::test]
async fn a_provider_that_cannot_be_reached_is_told_in_words() {
    let gone = std::net::TcpListener::bind("127.0.0.1:0").expect("port");
    let issuer = format!("http://{}", gone.local_addr().expect("address"));
    drop(gone);
    let backend = Backend::start_with(|config| {
        let settings = json!({
            "name": "<b>ID</b>", "issuer": issuer, "client_id": "weir", "default_role": "read_only",
        });
        config.oidc = Some(serde_json::from_value(settings).expect("settings"));
    })
    .await;
    let page = answer(backend.bare(Method::GET, "/signin/oidc"))
        .await
        .expect(502);
    assert!(page.header("content-type").starts_with("text/html"));
    assert!(
        page.body
            .contains("&lt;b&gt;ID&lt;/b&gt; could not be asked"),
        "{}",
        page.body
    );
    assert!(!page.body.contains("<b>"), "{}", page.body);
    // The password still signs in.
    backend.get("/info").await.expect(200);
}
