//! Guessing passwords, and what stays after signing out.

use std::time::{Duration, Instant};

use reqwest::Method;
use serde_json::json;

use super::{
    common::{Answer, Backend, PASSWORD, answer},
    people::{audited, sign_in},
};

async fn attempt(backend: &Backend, user: &str, password: &str) -> Answer {
    let body = json!({"user": user, "password": password}).to_string();
    answer(backend.bare(Method::POST, "/api/session").body(body)).await
}

#[tokio::test]
async fn guessing_is_slowed_down_and_recorded_with_the_name() {
    let backend = Backend::start().await;
    // Whoever was right before is not kept out by the guesses of others.
    backend.get("/info").await.expect(200);
    let mut checked = 0;
    for n in 0..60 {
        let refused = attempt(&backend, "admin", &format!("guess {n}")).await;
        match refused.status.as_u16() {
            401 => checked += 1,
            429 => assert!(!refused.header("retry-after").is_empty()),
            other => panic!("{other}: {}", refused.body),
        }
    }
    assert!(checked < 12, "{checked} of 60 guesses were checked");
    let basic = backend.bare(Method::GET, "/default/api/info");
    let basic = answer(basic.basic_auth("bob", Some("guess"))).await;
    basic.expect(401);
    let rows = audited(&backend, "action = 'sign_in' AND resource_name = 'bob'", 1).await;
    assert_eq!(rows[0]["status"], 401, "{rows:?}");
    let rows = audited(
        &backend,
        "action = 'sign_in' AND resource_name = 'admin'",
        5,
    )
    .await;
    assert!(
        rows.iter().all(|row| row["actor"] == ""),
        "nobody was proven: {rows:?}"
    );
}

#[tokio::test]
async fn many_guesses_at_once_keep_nobody_waiting() {
    let backend = Backend::start().await;
    let guesses = (0..200).map(|n| {
        let name = if n % 2 == 0 { "admin" } else { "nobody" };
        let body = json!({"user": name, "password": format!("guess {n}")}).to_string();
        answer(backend.bare(Method::POST, "/api/session").body(body))
    });
    let guesses = futures_util::future::join_all(guesses);
    let page = async {
        let started = Instant::now();
        answer(backend.bare(Method::GET, "/api/session"))
            .await
            .expect(401);
        started.elapsed()
    };
    let started = Instant::now();
    let (answers, page) = tokio::join!(guesses, page);
    let checked = answers.iter().filter(|answer| answer.status == 401).count();
    assert!(checked <= 24, "{checked} of 200 were checked");
    assert!(
        started.elapsed() < Duration::from_secs(10),
        "{:?}",
        started.elapsed()
    );
    assert!(page < Duration::from_secs(5), "{page:?}");
}

#[tokio::test]
async fn passwords_that_are_guessed_first_are_refused() {
    let backend = Backend::start().await;
    for weak in [
        "password",
        "aaaaaaaa",
        "aaaaaaaaaaaa",
        "Password123",
        "1234567890",
        "short",
        "somebody1",
    ] {
        let user = json!({"username": "somebody", "role": "read_only", "password": weak});
        let refused = backend.post("/v1beta2/users", &user).await.expect(400);
        assert!(
            refused.body.contains("password"),
            "{weak}: {}",
            refused.body
        );
    }
    let dir = tempfile::tempdir().expect("folder");
    let mut config = super::common::config(dir.path());
    config.admin_password = Some("password".into());
    let refused = weir_backend::start(config).await.err().expect("refused");
    assert!(
        refused.to_string().contains("WEIR_ADMIN_PASSWORD"),
        "{refused}"
    );
}

#[tokio::test]
async fn ones_own_password_is_changed_with_the_current_one() {
    let backend = Backend::start().await;
    let (here, there) = (
        sign_in(&backend, "admin", PASSWORD).await,
        sign_in(&backend, "admin", PASSWORD).await,
    );
    let change = |current: &str, new: &str| {
        let body = json!({"current_password": current, "password": new}).to_string();
        let request = backend.bare(Method::PUT, "/api/session/password");
        answer(request.header("Cookie", &here).body(body))
    };
    change("wrong", "battery staple").await.expect(400);
    change(PASSWORD, "password").await.expect(400);
    let by_admin = backend.bare(Method::PATCH, "/default/api/v1beta2/users/admin");
    let by_admin = by_admin.header("Cookie", &here);
    let body = json!({"password": "battery staple"}).to_string();
    answer(by_admin.body(body)).await.expect(400);
    change(PASSWORD, "battery staple").await.expect(204);
    let session = |cookie: &str| {
        answer(
            backend
                .bare(Method::GET, "/api/session")
                .header("Cookie", cookie),
        )
    };
    session(&here).await.expect(200);
    session(&there).await.expect(401);
    attempt(&backend, "admin", "battery staple")
        .await
        .expect(200);
}

#[tokio::test]
async fn what_one_uses_of_a_quota_is_told() {
    let backend = Backend::start().await;
    let cookie = sign_in(&backend, "admin", PASSWORD).await;
    let _running = backend.query("SELECT * FROM host_metrics").await;
    let asked = backend.bare(Method::GET, "/api/session/usage");
    let usage = answer(asked.header("Cookie", &cookie)).await.expect(200);
    let usage = usage.json();
    for (name, value) in [
        ("queries", 1),
        ("queries_limit", 50),
        ("all_queries", 1),
        ("all_queries_limit", 500),
        ("memory_limit", 512 << 20),
        ("all_memory_limit", 1 << 30),
        ("connections", 1),
        ("connections_limit", 2000),
        ("rows_limit", 0),
    ] {
        assert_eq!(usage[name], value, "{name}: {usage}");
    }
    let figures = backend.bare(Method::GET, "/metrics");
    let figures = answer(figures.basic_auth("admin", Some(PASSWORD))).await;
    for line in [
        "weir_user_queries_running{user=\"admin\"} 1",
        "weir_user_connections{user=\"admin\"} 2",
        "weir_user_memory_bytes{user=\"admin\"} 0",
    ] {
        assert!(figures.body.contains(line), "{line}: {}", figures.body);
    }
    let unknown = backend.bare(Method::GET, "/api/session/usage");
    answer(unknown).await.expect(401);
}

#[tokio::test]
async fn all_sessions_are_listed_and_ended_together() {
    let backend = Backend::start().await;
    let (here, there) = (
        sign_in(&backend, "admin", PASSWORD).await,
        sign_in(&backend, "admin", PASSWORD).await,
    );
    let call = |method: Method, path: &str, cookie: &str| {
        answer(backend.bare(method, path).header("Cookie", cookie))
    };
    let listed = call(Method::GET, "/api/sessions", &here).await.expect(200);
    let listed = listed.json();
    assert_eq!(listed.as_array().map(Vec::len), Some(2), "{listed}");
    assert!(
        !listed
            .to_string()
            .contains(here.split('=').nth(1).expect("secret"))
    );
    call(Method::DELETE, "/api/sessions", &here)
        .await
        .expect(204);
    for cookie in [&here, &there] {
        call(Method::GET, "/api/session", cookie).await.expect(401);
    }
}

#[tokio::test]
async fn the_cookie_is_secure_behind_tls() {
    let backend = Backend::start().await;
    let body = json!({"user": "admin", "password": PASSWORD}).to_string();
    let request = backend.bare(Method::POST, "/api/session").body(body);
    let signed_in = answer(request.header("X-Forwarded-Proto", "https"))
        .await
        .expect(200);
    let cookie = signed_in.header("set-cookie").to_string();
    assert!(
        cookie.contains("; Secure") && cookie.starts_with("__Host-"),
        "{cookie}"
    );
    // Over a connection in clear anybody could have set it.
    let pair = cookie.split(';').next().expect("pair").to_string();
    let asked = |https: bool| {
        let request = backend
            .bare(Method::GET, "/api/session")
            .header("Cookie", &pair);
        answer(match https {
            true => request.header("X-Forwarded-Proto", "https"),
            false => request,
        })
    };
    asked(true).await.expect(200);
    asked(false).await.expect(401);
}

/// The statuses of so many guesses, each as from another caller.
async fn guesses(backend: &Backend, header: &str) -> Vec<u16> {
    let mut statuses = Vec::new();
    for n in 0..40 {
        let body = json!({"user": format!("user {n}"), "password": "guess"}).to_string();
        let request = backend.bare(Method::POST, "/api/session").body(body);
        let named = match header {
            "Forwarded" => format!("for=203.0.113.{n}"),
            _ => format!("203.0.113.{n}"),
        };
        statuses.push(answer(request.header(header, named)).await.status.as_u16());
    }
    statuses
}

#[tokio::test]
async fn nobody_but_a_trusted_proxy_says_who_guesses() {
    let trusting = |networks: &'static [&'static str]| {
        Backend::start_with(move |config| {
            let networks: Vec<String> = networks.iter().map(ToString::to_string).collect();
            config.proxies.add(&networks, None).expect("networks");
        })
    };
    // Each guess as from another address: whoever is not believed has one for all of them.
    for (networks, header) in [
        (&[][..], "X-Forwarded-For"),
        (&["10.0.0.0/8"][..], "X-Forwarded-For"),
        (&["127.0.0.1"][..], "Forwarded"),
        (&["127.0.0.1"][..], "X-Real-IP"),
    ] {
        let statuses = guesses(&trusting(networks).await, header).await;
        let braked = statuses.contains(&429);
        assert!(braked, "{networks:?} {header}: {statuses:?}");
    }
    let backend = trusting(&["127.0.0.0/8"]).await;
    let statuses = guesses(&backend, "X-Forwarded-For").await;
    assert!(statuses.iter().all(|status| *status == 401), "{statuses:?}");
    // What a caller wrote before the proxy's own word is worth nothing.
    let mut braked = false;
    for n in 0..40 {
        let body = json!({"user": format!("name {n}"), "password": "guess"}).to_string();
        let request = backend.bare(Method::POST, "/api/session").body(body);
        let named = format!("198.51.100.{n}, 192.0.2.1");
        let guess = answer(request.header("X-Forwarded-For", named)).await;
        braked |= guess.status == 429;
    }
    assert!(braked);
    let rows = audited(&backend, "remote = '192.0.2.1'", 5).await;
    assert!(
        rows.iter().all(|row| row["action"] == "sign_in"),
        "{rows:?}"
    );
}

#[tokio::test]
async fn cookies_of_other_ports_of_the_host_neither_sign_out_nor_in() {
    let backend = Backend::start().await;
    let own = sign_in(&backend, "admin", PASSWORD).await;
    let (name, secret) = own.split_once('=').expect("a pair");
    super::people::add_reader(&backend).await;
    let reader = sign_in(
        &backend,
        super::people::READER,
        super::people::READERS_PASSWORD,
    )
    .await;
    let who = async |cookie: String| {
        let asked = backend.bare(Method::GET, "/api/session");
        answer(asked.header("Cookie", cookie)).await
    };
    // A browser sends those of longer paths first.
    for other in [
        format!("{name}=planted; {own}"),
        format!("weir_session=planted; {own}; weir_session=planted"),
        format!("{own}; {name}=planted"),
        format!("{name}=; {own}; {name}="),
        format!("{reader}; {own}"),
    ] {
        let answer = who(other.clone()).await.expect(200);
        assert_eq!(answer.json()["user"], "admin", "{other}");
    }
    who(format!("weir_session={secret}")).await.expect(401);
    // Another backend on the same host calls its cookie otherwise.
    let second = Backend::start().await;
    let there = sign_in(&second, "admin", PASSWORD).await;
    assert_ne!(there.split_once('=').expect("a pair").0, name);
    let both = second.bare(Method::GET, "/api/session");
    answer(both.header("Cookie", format!("{own}; {there}")))
        .await
        .expect(200);
    // Signing out ends one's own, whatever else comes along.
    let out = backend.bare(Method::DELETE, "/api/session");
    answer(out.header("Cookie", format!("{name}=planted; {own}")))
        .await
        .expect(204);
    who(own.clone()).await.expect(401);
}

/// Keys, tokens and signatures are guessed as passwords are.
#[tokio::test]
async fn keys_that_are_none_are_recorded() {
    let backend = Backend::start().await;
    let signed = "SDK-HMAC-SHA256 Access=x, SignedHeaders=host;x-sdk-date, Signature=y";
    for (path, name, value) in [
        ("/default/api/v1beta2/streams", "X-Api-Key", "guess"),
        ("/metrics", "X-Api-Key", "guess"),
        (
            "/azion/data_streaming/streamings",
            "Authorization",
            "Token guess",
        ),
        ("/secmaster/v1/default/workspaces", "X-Auth-Token", "guess"),
        ("/secmaster/v1/default/workspaces", "Authorization", signed),
    ] {
        let request = backend.bare(Method::GET, path).header(name, value);
        answer(request).await.expect(401);
    }
    let unknown = "/dataworks/?Action=ListProjects&AccessKeyId=x&Signature=y&SignatureNonce=1&\
                   Timestamp=2026-01-01T00:00:00Z&SignatureMethod=HMAC-SHA1&SignatureVersion=1.0";
    answer(backend.bare(Method::GET, unknown)).await.expect(404);
    let attempts = audited(&backend, "action = 'sign_in' AND status >= 400", 6).await;
    assert_eq!(attempts.len(), 6, "{attempts:?}");
    // Who only has no session attempts nothing.
    answer(backend.bare(Method::GET, "/api/session"))
        .await
        .expect(401);
    backend.create_stream("mark", &[("a", "int32")]).await;
    audited(&backend, "resource_name = 'mark'", 1).await;
    let attempts = audited(&backend, "action = 'sign_in' AND status >= 400", 6).await;
    assert_eq!(attempts.len(), 6, "{attempts:?}");
}
