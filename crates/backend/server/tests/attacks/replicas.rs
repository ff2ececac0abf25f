//! Sessions that stand in their cookies: written, swapped, kept for longer than they last.

use axum::response::IntoResponse;
use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::Method;
use serde_json::{Value, json};
use weir_platform::auth::peers;
use weir_store::SecretKey;

use super::{
    common::{Backend, PASSWORD, PATIENCE, answer},
    people::sign_in,
    receiver::Receiver,
};

async fn replica(key: &str, password: &str) -> Backend {
    replica_beside(key, password, &[]).await
}

async fn replica_beside(key: &str, password: &str, others: &[String]) -> Backend {
    let (key, password) = (SecretKey::parse(&key.repeat(32)), password.to_string());
    let others = peers::parse(&others.join(" ")).expect("addresses");
    Backend::start_with(|config| {
        config.replica_peers = others;
        config.connections = Some(config.data.join("connections.json"));
        config.replica_key = Some(key.expect("a key"));
        config.admin_password = Some(password);
    })
    .await
}

async fn status(backend: &Backend, cookie: &str) -> u16 {
    let asked = backend.bare(Method::GET, "/api/session");
    answer(asked.header("Cookie", cookie)).await.status.as_u16()
}

#[tokio::test]
async fn nobody_without_the_key_writes_a_session() {
    let (first, second) = (replica("0f", PASSWORD).await, replica("0f", PASSWORD).await);
    let cookie = sign_in(&first, "admin", PASSWORD).await;
    assert_eq!(status(&second, &cookie).await, 200);
    let (name, value) = cookie.split_once('=').expect("a pair");
    let (text, mark) = value.split_once('.').expect("two parts");
    let said = URL_SAFE_NO_PAD.decode(text).expect("base64");
    let said: Value = serde_json::from_slice(&said).expect("JSON");
    let mut forged = Vec::new();
    for (field, wrong) in [
        ("user", json!("other")),
        ("person", json!(["Ann", "admin"])),
        ("mark", json!("")),
        ("started_ms", json!(i64::MAX)),
        ("expires_ms", json!(i64::MAX)),
    ] {
        let mut changed = said.clone();
        changed[field] = wrong;
        let text = URL_SAFE_NO_PAD.encode(changed.to_string());
        forged.push(format!("{text}.{mark}"));
    }
    let nothing = URL_SAFE_NO_PAD.encode([0; 32]);
    forged.extend([
        format!("{text}."),
        format!("{text}.{nothing}"),
        format!("{text}==.{mark}"),
        format!("{text}.{mark}="),
        format!("{text}.{mark}.{mark}"),
        format!("{text}.{}", mark.to_uppercase()),
        format!("\"{value}\""),
        format!(".{mark}"),
        ".".into(),
        "e".repeat(9000),
        format!("{}.{mark}", text.repeat(30)),
    ]);
    for forged in forged {
        assert_eq!(
            status(&second, &format!("{name}={forged}")).await,
            401,
            "{forged}"
        );
        // And it is in nobody's way.
        let both = format!("{name}={forged}; {cookie}");
        assert_eq!(status(&second, &both).await, 200, "{forged}");
    }
    // Of another key, and of a backend that is none of them.
    let stranger = replica("0e", PASSWORD).await;
    let there = sign_in(&stranger, "admin", PASSWORD).await;
    let (own_name, there_value) = there.split_once('=').expect("a pair");
    assert_eq!(status(&first, &format!("{name}={there_value}")).await, 401);
    assert_eq!(status(&stranger, &format!("{own_name}={value}")).await, 401);
    let alone = Backend::start().await;
    let there = sign_in(&alone, "admin", PASSWORD).await;
    let (own_name, there_value) = there.split_once('=').expect("a pair");
    assert_eq!(status(&first, &format!("{name}={there_value}")).await, 401);
    assert_eq!(status(&alone, &format!("{own_name}={value}")).await, 401);
}

#[tokio::test]
async fn another_password_ends_the_sessions_that_the_old_one_opened() {
    let first = replica("0f", PASSWORD).await;
    let cookie = sign_in(&first, "admin", PASSWORD).await;
    // The data of a replica may be new at each start: nothing there tells of the old password.
    let changed = replica("0f", "a new password for all").await;
    assert_eq!(status(&changed, &cookie).await, 401);
    // One that one replica alone would know is none.
    let body = json!({"current_password": PASSWORD, "password": "battery staple 9"});
    let request = first.bare(Method::PUT, "/api/session/password");
    let request = request.header("Cookie", &cookie).body(body.to_string());
    let refused = answer(request).await.expect(400);
    assert!(
        refused.body.contains("WEIR_ADMIN_PASSWORD"),
        "{}",
        refused.body
    );
    assert_eq!(status(&first, &cookie).await, 200);
}

#[tokio::test]
async fn what_ends_on_a_replica_does_not_come_back_there_by_its_cookie() {
    let (first, second) = (replica("0f", PASSWORD).await, replica("0f", PASSWORD).await);
    let session = async || sign_in(&first, "admin", PASSWORD).await;
    let end = async |cookie: &str, path: &str| {
        let request = second.bare(Method::DELETE, path);
        answer(request.header("Cookie", cookie)).await.expect(204)
    };
    let (one, two, three) = (session().await, session().await, session().await);
    end(&one, "/api/session").await;
    assert_eq!(status(&second, &one).await, 401);
    assert_eq!(status(&second, &two).await, 200, "another of the same user");
    end(&two, "/api/sessions").await;
    // Also one that this replica had not seen before.
    for cookie in [&two, &three] {
        assert_eq!(status(&second, cookie).await, 401);
    }
    let later = session().await;
    assert_eq!(status(&second, &later).await, 200);
    // More than anybody needs: the oldest end, and stay so.
    let mut all = vec![later];
    for _ in 0..100 {
        all.push(sign_in(&second, "admin", PASSWORD).await);
    }
    assert_eq!(status(&second, &all[0]).await, 401);
    assert_eq!(status(&second, &all[100]).await, 200);
}

/// Copies of a cookie are of no use anywhere once its session was ended somewhere.
#[tokio::test]
async fn what_ends_on_one_replica_ends_on_those_that_hear_of_it() {
    let first = replica("0f", PASSWORD).await;
    let at_first = format!("http://{}", first.running.address);
    let second = replica_beside("0f", PASSWORD, std::slice::from_ref(&at_first)).await;
    // By way of the second alone.
    let at_second = format!("http://{}", second.running.address);
    let third = replica_beside("0f", PASSWORD, &[at_second]).await;
    let end = async |cookie: &str, path: &str| {
        let request = first.bare(Method::DELETE, path);
        answer(request.header("Cookie", cookie)).await.expect(204)
    };
    let ended = async |cookie: &str| {
        for replica in [&second, &third] {
            let over = async {
                while status(replica, cookie).await != 401 {
                    tokio::time::sleep(std::time::Duration::from_millis(50)).await;
                }
            };
            let over = tokio::time::timeout(PATIENCE, over).await;
            assert!(over.is_ok(), "it goes on");
        }
    };
    let session = async || sign_in(&first, "admin", PASSWORD).await;
    let (one, two, unseen) = (session().await, session().await, session().await);
    for replica in [&second, &third] {
        assert_eq!(status(replica, &one).await, 200);
        assert_eq!(status(replica, &two).await, 200);
    }
    end(&one, "/api/session").await;
    ended(&one).await;
    assert_eq!(status(&third, &two).await, 200, "another of the same user");
    end(&two, "/api/sessions").await;
    ended(&two).await;
    ended(&unseen).await;
    let later = session().await;
    assert_eq!(status(&third, &later).await, 200);
    // Whoever begins later knows what was before.
    let fourth = replica_beside("0f", PASSWORD, &[at_first]).await;
    assert_eq!(status(&fourth, &one).await, 401);
    assert_eq!(status(&fourth, &later).await, 200);
}

#[tokio::test]
async fn only_replicas_of_the_key_say_and_hear_what_was_ended() {
    let first = replica("0f", PASSWORD).await;
    let cookie = sign_in(&first, "admin", PASSWORD).await;
    let (_, sealed) = cookie.split_once('=').expect("a pair");
    let ask = |heard: &str| {
        let request = first.bare(Method::GET, "/api/replicas/ended");
        answer(
            request
                .header("X-Weir-Replica", heard)
                .header("Cookie", &cookie),
        )
    };
    // A session is sealed with the same key, for another purpose.
    for heard in ["", "e30.", sealed] {
        assert_eq!(ask(heard).await.status, 401, "{heard}");
    }
    let alone = Backend::start().await;
    let asked = alone.bare(Method::GET, "/api/replicas/ended");
    answer(asked.header("X-Weir-Replica", sealed))
        .await
        .expect(401);
    // Somebody in the place of a replica would end the sessions of all.
    let mut evil = Receiver::answering(|_, _| {
        let news = json!({"run": "r", "last": 1, "sessions": [], "users": [["admin", i64::MAX]]});
        let text = URL_SAFE_NO_PAD.encode(news.to_string());
        format!("{text}.{}", URL_SAFE_NO_PAD.encode([0; 32])).into_response()
    })
    .await;
    let misled = replica_beside("0f", PASSWORD, &[evil.url("")]).await;
    evil.next().await;
    evil.next().await;
    assert_eq!(status(&misled, &cookie).await, 200);
}
