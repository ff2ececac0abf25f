//! A reader tries to change the vendor through the relay, and an upstream tries to act here.

use std::collections::BTreeSet;

use axum::{
    http::StatusCode,
    response::{Html, IntoResponse},
};
use reqwest::{Method, RequestBuilder};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::{
    common::{Answer, Backend, answer},
    people::{READER, READERS_PASSWORD, add_reader, audited, refused, sign_in},
    receiver::Receiver,
};

const FORM: &str = "application/x-www-form-urlencoded";

async fn leading_to(vendor: &Receiver, more: &str) -> (Backend, String) {
    let settings = format!("upstream = '{}'\n{more}", vendor.url("/v3/"));
    let settings = toml::from_str(&settings).expect("settings");
    let backend = Backend::start_with(|config| {
        config.relay.insert("x".into(), settings);
    })
    .await;
    add_reader(&backend).await;
    let cookie = sign_in(&backend, READER, READERS_PASSWORD).await;
    (backend, cookie)
}

fn call(backend: &Backend, cookie: &str, method: Method, path: &str) -> RequestBuilder {
    backend.bare(method, path).header("Cookie", cookie)
}

/// The path as it stands, which clients would tidy up.
async fn raw(backend: &Backend, cookie: &str, method: &str, target: &str) -> String {
    let address = backend.running.address;
    let mut connection = TcpStream::connect(address).await.expect("connection");
    let head = format!(
        "{method} {target} HTTP/1.1\r\nhost: {address}\r\ncookie: {cookie}\r\nconnection: close\r\n\r\n"
    );
    connection.write_all(head.as_bytes()).await.expect("sent");
    let mut answer = Vec::new();
    connection.read_to_end(&mut answer).await.expect("answer");
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_reader_changes_nothing_whatever_the_parameters_say() {
    let mut vendor = Receiver::start().await;
    for kind in ["", "system = 'timeplus'", "system = 'dataworks'"] {
        let (backend, cookie) = leading_to(&vendor, kind).await;
        let streams = "/relay/x/default/api/v1beta2/streams/payroll";
        for query in [
            "",
            "?Action=Get",
            "?Action=ListDataServiceGroups",
            "?Action=List&x=1",
        ] {
            for method in [Method::DELETE, Method::PUT, Method::PATCH] {
                let what = format!("{kind} {method} {query}");
                let path = format!("{streams}{query}");
                refused(call(&backend, &cookie, method, &path), &what).await;
            }
        }
        for query in [
            "Action=DeleteDataServiceApi",
            "%41ction=DeleteDataServiceApi",
            "action=DeleteDataServiceApi",
            "Action=ListDataServiceGroups&Action=DeleteDataServiceApi",
            "Action=ListDataServiceGroups&aCTION=DeleteDataServiceApi",
            "Action=ListDataServiceGroups&a%26Action%3DDeleteDataServiceApi=1",
            "Action=ListDataServiceGroups;Action=DeleteDataServiceApi",
            "Action=ListDataServiceGroups&_method=DELETE",
            "Action=GetRidOfEverything",
        ] {
            for method in [Method::GET, Method::HEAD, Method::POST] {
                let what = format!("{kind} {method} {query}");
                let path = format!("/relay/x/?{query}");
                refused(call(&backend, &cookie, method, &path), &what).await;
            }
        }
        if kind.is_empty() {
            for path in [
                "/relay/x/",
                "/relay/x/delete?id=3",
                "/relay/x/default/api/info",
            ] {
                refused(call(&backend, &cookie, Method::GET, path), path).await;
            }
        } else {
            for path in [
                "/relay/x/admin/delete%3F/api/v1beta2/streams",
                "/relay/x/admin/delete%23/api/v1beta2/streams",
                "/relay/x/admin/delete;/api/v1beta2/streams",
                "/relay/x/admin%2Fdelete/api/v1beta2/streams",
                "/relay/x//default/api/v1beta2/streams",
                "/relay/x/api/delete?Action=ListDataServiceGroups",
                "/relay/x/default/api/v1beta2/delete/everything",
                "/relay/x/a/b/api/v1beta2/streams",
            ] {
                refused(call(&backend, &cookie, Method::GET, path), path).await;
            }
        }
        let list = "/relay/x/?Action=ListDataServiceGroups";
        let hidden = call(&backend, &cookie, Method::GET, list).body("Action=DeleteDataServiceApi");
        refused(hidden.header("Content-Type", FORM), "a body of GET").await;
        let hidden =
            call(&backend, &cookie, Method::POST, list).body("Action=DeleteDataServiceApi");
        refused(hidden.header("Content-Type", FORM), "a body of POST").await;
        let hidden = call(&backend, &cookie, Method::GET, list);
        refused(
            hidden.header("x-acs-action", "DeleteDataServiceApi"),
            "a header",
        )
        .await;
    }
    assert_eq!(vendor.rest(), [], "nothing arrived");
}

/// Paths of Azion and of SecMaster are known as a whole, too.
#[tokio::test]
async fn only_operations_of_the_tables_read() {
    let mut vendor = Receiver::start().await;
    for (system, reads, changes) in [
        (
            "azion",
            [
                "/data_streaming/streamings",
                "/v4/workspace/stream/streams/1",
            ],
            [
                "/anything/data_streaming/streamings",
                "/data_streaming/purge",
            ],
        ),
        (
            "secmaster",
            ["/v1/p/workspaces/w/siem/pipes", "/v3/projects"],
            [
                "/evil/v1/p/workspaces/w/siem/pipes",
                "/v1/p/workspaces/w/soc/a/b/delete",
            ],
        ),
        (
            "timeplus",
            ["/default/api/info", "/default/api/v1beta2/streams/payroll"],
            ["/default/api/v1beta2/purge", "/default/api/v9/streams"],
        ),
    ] {
        let (backend, cookie) = leading_to(&vendor, &format!("system = '{system}'")).await;
        for path in changes {
            let path = format!("/relay/x{path}");
            refused(call(&backend, &cookie, Method::GET, &path), &path).await;
        }
        for path in reads {
            let request = call(&backend, &cookie, Method::GET, &format!("/relay/x{path}"));
            let odd = request
                .header("X-Amz-Target", "DeleteEverything")
                .header("X-New-Way-To-Change-A-Path", "/delete")
                .header("Destination", "/delete");
            answer(odd).await.expect(200);
            let got = vendor.next().await;
            assert_eq!(got.path, format!("/v3{path}"));
            for name in ["x-amz-target", "x-new-way-to-change-a-path", "destination"] {
                assert_eq!(got.header(name), "", "{name}");
            }
        }
        assert_eq!(vendor.rest(), [], "nothing else arrived");
    }
}

#[tokio::test]
async fn a_held_key_signs_no_change_for_a_reader() {
    let mut vendor = Receiver::start().await;
    for version in ["v1", "v3"] {
        let held = format!(
            "[credential]\nkind = 'alibaba_keys'\nid = 'a'\nsecret = 'b'\nsignature = '{version}'"
        );
        let (backend, cookie) = leading_to(&vendor, &held).await;
        for query in [
            "%41ction=CreateUser",
            "Action=ListDataServiceGroups&a%26Action%3DCreateUser=1",
            "Action=ListDataServiceGroups&Action=CreateUser",
            "Action=ListDataServiceGroups&%61ction=CreateUser",
        ] {
            let path = format!("/relay/x/?{query}");
            refused(call(&backend, &cookie, Method::GET, &path), query).await;
        }
        let list = "/relay/x/?Action=ListDataServiceGroups";
        let reads = call(&backend, &cookie, Method::POST, list)
            .header("Content-Type", FORM)
            .header("x-acs-action", "CreateUser")
            .header("X-HTTP-Method-Override", "DELETE")
            .body("PageNumber=1");
        answer(reads).await.expect(200);
        let got = vendor.next().await;
        assert_eq!(got.method, "POST");
        assert!(
            !format!("{:?}{}", got.headers, got.path).contains("CreateUser"),
            "{got:?}"
        );
        assert_eq!(got.header("x-http-method-override"), "");
    }
    assert_eq!(vendor.rest(), [], "nothing else arrived");
}

#[tokio::test]
async fn changes_and_refused_attempts_are_audited_with_name_and_action() {
    let vendor = Receiver::start().await;
    let (backend, cookie) = leading_to(&vendor, "system = 'dataworks'").await;
    let path = "/relay/x/?%41ction=CreateUser";
    refused(call(&backend, &cookie, Method::GET, path), "refused").await;
    refused(
        call(&backend, &cookie, Method::DELETE, "/relay/x/a"),
        "refused",
    )
    .await;
    let admin = sign_in(&backend, "admin", super::common::PASSWORD).await;
    answer(call(&backend, &admin, Method::GET, path))
        .await
        .expect(200);
    let list = "/relay/x/?Action=ListProjects";
    answer(call(&backend, &admin, Method::GET, list))
        .await
        .expect(200);
    let rows = audited(&backend, "resource_kind = 'upstream'", 3).await;
    let row = |row: &serde_json::Value| {
        let text = |name: &str| row[name].as_str().unwrap_or_default().to_string();
        format!(
            "{} {} {} {}",
            text("actor"),
            text("action"),
            row["status"],
            text("detail")
        )
    };
    let said: BTreeSet<String> = rows.iter().map(row).collect();
    let expected = [
        "admin relay 200 GET /relay/x/?Action=CreateUser",
        "reader relay 403 DELETE /relay/x/a",
        "reader relay 403 GET /relay/x/?Action=CreateUser",
    ];
    assert_eq!(said, expected.map(String::from).into());
}

#[tokio::test]
async fn a_path_stays_below_the_upstreams_prefix() {
    let mut vendor = Receiver::start().await;
    let (backend, _) = leading_to(&vendor, "").await;
    let admin = sign_in(&backend, "admin", super::common::PASSWORD).await;
    for target in [
        "/relay/x/../admin",
        "/relay/x/a/../../admin",
        "/relay/x/%2e%2e/admin",
        "/relay/x/.%2E/admin",
        "/relay/x/%252e%252e/admin",
        "/relay/x/..%2fadmin",
        "/relay/x/..%5cadmin",
        "/relay/x/..;/admin",
        "/relay/%78/admin",
    ] {
        let answer = raw(&backend, &admin, "GET", target).await;
        assert!(answer.starts_with("HTTP/1.1 400"), "{target}: {answer}");
    }
    for method in ["TRACE", "CONNECT", "get", "PURGE", "PROPFIND"] {
        let answer = raw(&backend, &admin, method, "/relay/x/a").await;
        let status = answer.split(' ').nth(1).unwrap_or_default();
        assert!(
            ["400", "403", "404", "405"].contains(&status),
            "{method}: {answer}"
        );
    }
    assert_eq!(vendor.rest(), [], "nothing arrived");
}

#[tokio::test]
async fn an_upstreams_answer_is_data_and_no_page_of_this_origin() {
    let vendor = Receiver::answering(|_, _| {
        let headers = [
            ("Content-Security-Policy", "default-src *"),
            ("Clear-Site-Data", "\"*\""),
            ("Refresh", "0;url=http://evil.example"),
            ("Service-Worker-Allowed", "/"),
        ];
        (StatusCode::OK, headers, Html("<script>steal()</script>")).into_response()
    })
    .await;
    let (backend, cookie) = leading_to(&vendor, "system = 'timeplus'").await;
    let read = "/relay/x/default/api/info";
    let page: Answer = answer(call(&backend, &cookie, Method::GET, read))
        .await
        .expect(200);
    let policy = page.header("content-security-policy");
    assert!(
        policy.contains("default-src 'none'") && policy.contains("sandbox"),
        "{policy}"
    );
    assert_eq!(page.header("x-content-type-options"), "nosniff");
    for name in ["clear-site-data", "refresh", "service-worker-allowed"] {
        assert_eq!(page.header(name), "", "{name}");
    }
    for dest in ["document", "iframe", "script", "image", "serviceworker"] {
        let shown = call(&backend, &cookie, Method::GET, read);
        refused(shown.header("Sec-Fetch-Dest", dest), dest).await;
    }
}
