//! Signatures are really checked.

use weir_api::{
    ApiRequest, Moment,
    auth::Credential,
    dataworks::{Paging, SignatureVersion, group},
};

use super::client::{Works, moment};
use crate::api::common::{PASSWORD, answer};

fn keys(works: &Works, version: SignatureVersion, token: Option<&str>) -> Credential {
    match &works.credential {
        Credential::AlibabaKeys { id, secret, .. } => Credential::AlibabaKeys {
            id: id.clone(),
            secret: secret.clone(),
            token: token.map(String::from),
            version,
        },
        other => panic!("{other:?}"),
    }
}

fn list() -> ApiRequest {
    group::list("a b*", Paging::first()).query("ProjectId", "1")
}

#[tokio::test(flavor = "multi_thread")]
async fn both_versions_with_and_without_a_token() {
    let works = Works::start().await;
    for version in [SignatureVersion::V1, SignatureVersion::V3] {
        for token in [None, Some("sts/token+=")] {
            let credential = keys(&works, version, token);
            let request = credential.sign(&works.base, list(), &moment());
            let body = works.send_as_it_is(&request).await;
            let body = body.unwrap_or_else(|error| panic!("{version:?} {token:?}: {error:?}"));
            assert_eq!(group::listed(&body).expect("page").total, 0);
            // The same call again is refused.
            let again = works.send_as_it_is(&request).await.expect_err("used");
            assert!(
                format!("{again:?}").contains("SignatureNonceUsed"),
                "{again:?}"
            );
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_changed_on_the_way_is_refused() {
    let works = Works::start().await;
    for version in [SignatureVersion::V1, SignatureVersion::V3] {
        let signed = || keys(&works, version, None).sign(&works.base, list(), &moment());
        let refusal = async |request: &ApiRequest| {
            let error = works.send_as_it_is(request).await.expect_err("refused");
            format!("{error:?}")
        };
        let mut changed = signed();
        changed
            .body
            .as_mut()
            .expect("body")
            .bytes
            .extend_from_slice(b"&PageSize=1");
        let words = refusal(&changed).await;
        assert!(
            words.contains("SignatureDoesNotMatch"),
            "{version:?}: {words}"
        );
        let mut changed = signed();
        changed.query.push(("Extra".into(), "1".into()));
        let words = refusal(&changed).await;
        assert!(
            words.contains("SignatureDoesNotMatch"),
            "{version:?}: {words}"
        );
        assert!(words.contains("string to sign"), "{version:?}: {words}");

        let old = Moment {
            at_ms: moment().at_ms - 16 * 60 * 1000,
            ..moment()
        };
        let expired = keys(&works, version, None).sign(&works.base, list(), &old);
        let words = refusal(&expired).await;
        assert!(
            words.contains("InvalidTimeStamp.Expired"),
            "{version:?}: {words}"
        );

        let unknown = Credential::AlibabaKeys {
            id: "nobody".into(),
            secret: "x".into(),
            token: None,
            version,
        };
        let words = refusal(&unknown.sign(&works.base, list(), &moment())).await;
        assert!(
            words.contains("InvalidAccessKeyId.NotFound"),
            "{version:?}: {words}"
        );
    }
    let mut unsigned =
        keys(&works, SignatureVersion::V3, None).sign(&works.base, list(), &moment());
    unsigned
        .headers
        .push(("x-acs-security-token".into(), "smuggled".into()));
    let error = works.send_as_it_is(&unsigned).await.expect_err("refused");
    assert!(
        format!("{error:?}").contains("IncompleteSignature"),
        "{error:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn the_cookie_of_a_session_is_enough_and_nothing_is_not() {
    let works = Works::start().await;
    let backend = works.backend();
    let path = "/dataworks/?Action=ListDataServiceGroups&ProjectId=1";
    let nobody = answer(backend.bare(reqwest::Method::GET, path))
        .await
        .expect(401);
    assert_eq!(nobody.json()["Code"], "MissingAccessKeyId");
    let body = serde_json::json!({"user": "admin", "password": PASSWORD}).to_string();
    let signed_in = backend
        .bare(reqwest::Method::POST, "/api/session")
        .body(body);
    let signed_in = answer(signed_in).await;
    assert!(signed_in.status.is_success(), "{}", signed_in.body);
    let cookie = signed_in
        .header("set-cookie")
        .split(';')
        .next()
        .expect("cookie")
        .to_string();
    let listed = backend
        .bare(reqwest::Method::GET, path)
        .header("Cookie", cookie);
    let listed = answer(listed).await.expect(200);
    assert_eq!(listed.json()["GroupPagingResult"]["TotalCount"], 0);
    assert_eq!(
        listed.json()["RequestId"]
            .as_str()
            .expect("id")
            .to_lowercase(),
        listed.header("x-request-id")
    );
}
