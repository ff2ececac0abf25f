//! Who somebody is after the provider has vouched for them.

use reqwest::Method;
use serde_json::json;
use weir_api::role::Role;

use super::{
    super::{
        common::{Backend, PASSWORD, answer},
        signin,
    },
    Place,
    browser::Browser,
    settings,
};

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
    let who = json!({"user": "admin", "password": PASSWORD}).to_string();
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
    let by_admin = signin::cookie(&place.backend).await;
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
        refused.body.contains("signed you in as eve"),
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
