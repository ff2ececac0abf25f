//! Published APIs answer at their paths, with parameters bound.

use axum::{http::StatusCode, response::IntoResponse};
use reqwest::Method;
use serde_json::json;
use weir_api::dataworks::{
    Paging,
    api::{self, Details},
    application, authority, codes,
    details::{Registration, RequestParameter, Source, Wizard},
    group, test,
};

use super::client::{Works, api as definition, request_parameter, response_parameter, script};
use crate::api::{
    common::{Backend, answer},
    receiver::Receiver,
};

fn done(body: &[u8]) -> Result<(), weir_api::ApiError> {
    weir_api::dataworks::answer::done(body)
}

/// A backend with people, and a group.
async fn people() -> (Works, String) {
    let works = Works::start().await;
    let columns = [("id", "int64"), ("name", "string"), ("big", "uint64")];
    works.backend().create_stream("person", &columns).await;
    let rows = r#"[[1,"Ann",18446744073709551615],[2,"x' OR '1'='1",2],[3,"Ann",3]]"#;
    works
        .backend()
        .ingest("person", r#"["id","name","big"]"#, rows)
        .await;
    let made = group::Create {
        name: "people".into(),
        gateway_group: "gw".into(),
        description: String::new(),
    };
    let group = works.ask(group::create(&made), group::created).await;
    (works, group)
}

async fn publish(works: &Works, definition: &api::Create) -> i64 {
    let create = api::create(definition).expect("request");
    let id = works.ask(create, api::created).await;
    works.ask(api::submit(id), done).await;
    works.ask(api::publish(id), done).await;
    id
}

#[tokio::test(flavor = "multi_thread")]
async fn a_script_answers_with_its_parameters_bound() {
    let (works, group) = people().await;
    let sql = "select id, name, big from person where name = ${name} and id > ${after} order by id";
    let mut parameters = vec![
        request_parameter("name", 0, true),
        request_parameter("after", 2, false),
    ];
    parameters[1].default_value = "0".into();
    let id = publish(
        &works,
        &definition(
            "by_name",
            &group,
            "/people/by-name",
            script(1, sql, parameters),
        ),
    )
    .await;

    let (status, answer) = works.call("/people/by-name?name=Ann").await;
    assert_eq!(status, 200, "{answer}");
    assert_eq!(
        (&answer["errCode"], &answer["errMsg"]),
        (&json!(0), &json!("success"))
    );
    let text = works
        .get("/people/by-name?name=Ann&after=0")
        .send()
        .await
        .expect("answer");
    let text = text.text().await.expect("text");
    assert!(text.contains("\"big\":18446744073709551615"), "{text}");
    assert_eq!(answer["data"].as_array().expect("rows").len(), 2);
    let (_, answer) = works.call("/people/by-name?name=Ann&after=1").await;
    assert_eq!(answer["data"][0]["id"], 3);
    // What looks like SQL is only a name.
    let (_, answer) = works
        .call("/people/by-name?name=x%27%20OR%20%271%27%3D%271")
        .await;
    assert_eq!(
        answer["data"],
        json!([{"id": 2, "name": "x' OR '1'='1", "big": 2}])
    );
    let (_, answer) = works
        .call("/people/by-name?name=%27%3B%20DROP%20STREAM%20person%3B--")
        .await;
    assert_eq!(answer["data"], json!([]));

    let (status, answer) = works.call("/people/by-name").await;
    assert_eq!(
        (status.as_u16(), &answer["errCode"]),
        (400, &json!(1_108_110_519))
    );
    assert!(
        answer["errMsg"].as_str().expect("words").contains("name"),
        "{answer}"
    );
    let (_, answer) = works
        .call("/people/by-name?name=Ann&after=1%20OR%201=1")
        .await;
    assert_eq!(answer["errCode"], 1_108_110_519);

    let post = works
        .request(reqwest::Method::POST, "/people/by-name")
        .send()
        .await;
    assert_eq!(post.expect("answer").status(), 405);
    assert_eq!(works.call("/people/none").await.0, 404);
    works.ask(api::abolish(id), done).await;
    assert_eq!(works.call("/people/by-name?name=Ann").await.0, 404);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_wizard_pages_and_filters() {
    let (works, group) = people().await;
    let parameter = |column: &str, kind, operator| RequestParameter {
        column_name: column.into(),
        parameter_operator: operator,
        ..request_parameter(column, kind, false)
    };
    let mut shown = response_parameter("big", 0);
    shown.parameter_name = "amount".into();
    let wizard = Wizard {
        is_paged_response: true,
        wizard_connection: Source {
            connection_id: 1,
            table_name: "person".into(),
            ..Source::default()
        },
        wizard_request_parameters: vec![
            parameter("id", 2, codes::IN),
            parameter("name", 0, codes::LIKE),
        ],
        wizard_response_parameters: vec![response_parameter("id", 2), shown],
        ..Wizard::default()
    };
    let mut made = definition("wizard", &group, "/wizard", Details::Wizard(wizard));
    made.settings.method = codes::POST;
    publish(&works, &made).await;
    let call = async |query: &str, body: &'static str| {
        let request = works.request(reqwest::Method::POST, &format!("/wizard{query}"));
        let request = request
            .header("Content-Type", "application/json")
            .body(body);
        let answer = request
            .send()
            .await
            .expect("answer")
            .text()
            .await
            .expect("text");
        serde_json::from_str::<serde_json::Value>(&answer).expect("JSON")
    };
    let all = call("", "").await;
    assert_eq!(all["data"]["totalNum"], 3, "{all}");
    assert_eq!(
        all["data"]["rows"][0],
        json!({"id": 1, "amount": "18446744073709551615"})
    );
    let page = call("?pageSize=2&pageNum=2", "").await;
    assert_eq!(page["data"]["rows"], json!([{"id": 3, "amount": "3"}]));
    assert_eq!(
        (&page["data"]["pageNum"], &page["data"]["pageSize"]),
        (&json!(2), &json!(2))
    );
    let some = call("", r#"{"id":[1,2],"name":"An%"}"#).await;
    assert_eq!(some["data"]["totalNum"], 1, "{some}");
    let wrong = call("?pageSize=0", "").await;
    assert_eq!(wrong["errCode"], 1_108_110_519);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_registered_api_goes_on_to_its_host() {
    let (works, group) = people().await;
    let mut receiver = Receiver::answering(|_, _| {
        let xml = [("content-type", "application/xml")];
        (StatusCode::CREATED, xml, "<ok/>").into_response()
    })
    .await;
    let parameter = |name: &str, position, operator, default: &str| RequestParameter {
        parameter_position: position,
        parameter_operator: operator,
        default_value: default.into(),
        ..request_parameter(name, 0, operator == codes::EQUAL)
    };
    let registration = Registration {
        service_host: receiver.url(""),
        service_path: "/users/[uid]".into(),
        service_content_type: 1,
        registration_request_parameters: vec![
            parameter("uid", codes::PATH, codes::EQUAL, ""),
            parameter("q", codes::QUERY, codes::EQUAL, ""),
            parameter("X-Team", codes::HEAD, codes::CONST, "ops"),
            parameter("note", codes::BODY, codes::EQUAL, ""),
        ],
        ..Registration::default()
    };
    let mut made = definition(
        "registered",
        &group,
        "/registered",
        Details::Registration(registration),
    );
    made.settings.method = codes::PUT;
    made.settings.response_content_type = 1;
    made.request_content_type = Some(1);
    publish(&works, &made).await;
    let request = works.request(reqwest::Method::PUT, "/registered?uid=a/b&q=x%20y&other=1");
    let answer = request
        .header("Content-Type", "application/json")
        .body(r#"{"note":"hi \"you\"","more":1}"#)
        .send()
        .await
        .expect("answer");
    assert_eq!(answer.status(), 201);
    assert_eq!(answer.headers()["content-type"], "application/xml");
    assert_eq!(answer.text().await.expect("text"), "<ok/>");
    let got = receiver.next().await;
    assert_eq!(
        (got.method.as_str(), got.path.as_str()),
        ("PUT", "/users/a%2Fb?q=x%20y")
    );
    assert_eq!(got.header("x-team"), "ops");
    assert_eq!(got.header("x-api-key"), "", "credentials stay here");
    assert_eq!(got.body, r#"{"note":"hi \"you\""}"#);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_test_runs_what_is_developed_and_keeps_its_result() {
    let (works, group) = people().await;
    let sql = "select id from person where id = ${n}";
    let made = definition(
        "tested",
        &group,
        "/tested",
        script(1, sql, vec![request_parameter("n", 2, true)]),
    );
    let id = works
        .ask(api::create(&made).expect("request"), api::created)
        .await;
    let run = async |value: &str| {
        let input = test::Input {
            parameters: vec![(codes::QUERY, "n".into(), value.into())],
            body: String::new(),
        };
        let run = works.ask(test::start(id, &input), test::started).await;
        works.finished(run).await
    };
    let good = run("2").await;
    assert_eq!(
        (good.ret_code, good.param_map.as_str()),
        (Some(0), r#"{"n":"2"}"#)
    );
    assert!(good.ret_result.contains(r#""data":[{"id":2}]"#), "{good:?}");
    assert!(good.debug_info.contains("1 rows"), "{good:?}");
    let bad = run("two").await;
    assert_eq!(bad.ret_code, Some(1_108_110_519));
    let runs = works.ask(test::list(id, 1), test::listed).await;
    assert_eq!((runs.len(), runs[0].ret_code), (1, bad.ret_code));
    works.ask(test::save_result(id, None), done).await;
    works.ask(api::submit(id), done).await;
    works.ask(api::publish(id), done).await;
    let shown = works.ask(api::get_published(id), api::got).await;
    let shown = shown.script_details.expect("script");
    assert_eq!(shown.successful_result_sample, good.ret_result);
    assert_eq!(shown.failed_result_sample, bad.ret_result);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_published_changes_only_by_publishing() {
    let (works, group) = people().await;
    let mut made = definition(
        "versions",
        &group,
        "/versions",
        script(1, "select 1 as v", Vec::new()),
    );
    let id = publish(&works, &made).await;
    made.settings.details = script(1, "select 2 as v", Vec::new());
    works
        .ask(api::update(id, &made.settings).expect("request"), done)
        .await;
    let value = async || works.call("/versions").await.1["data"][0]["v"].clone();
    assert_eq!(value().await, 1);
    works.ask(api::publish(id), done).await;
    assert_eq!(value().await, 1, "only what is submitted is published");
    works.ask(api::submit(id), done).await;
    works.ask(api::publish(id), done).await;
    assert_eq!(value().await, 2);
    // A stream that is gone is no reason to stop.
    made.settings.details = script(1, "select id from nothing", Vec::new());
    works
        .ask(api::update(id, &made.settings).expect("request"), done)
        .await;
    let (_, words) = works.refused(api::submit(id)).await;
    assert!(
        words.contains("unknown stream or view 'nothing'"),
        "{words}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn applications_call_what_their_workspace_may() {
    let (works, group) = people().await;
    let made = definition(
        "shared",
        &group,
        "/shared",
        script(1, "select 1 as v", Vec::new()),
    );
    let id = publish(&works, &made).await;
    let call = async |code: &str| {
        let url = format!("{}/api/shared", works.base);
        let request = reqwest::Client::new().get(url);
        let request = request.header("Authorization", format!("APPCODE {code}"));
        request.send().await.expect("answer").status().as_u16()
    };
    let code = async |works: &Works| {
        let project: i64 = works.project.parse().expect("number");
        let told = works.ask(application::get(project), application::got).await;
        told.application_code
    };
    assert_eq!(call(&code(&works).await).await, 200);
    assert_eq!(call("wrong").await, 401);
    let unsigned = reqwest::get(format!("{}/api/shared", works.base))
        .await
        .expect("answer");
    assert_eq!(unsigned.status(), 401);

    let end = super::client::moment().at_ms / 1000 + 3600;
    works.ask(authority::create(id, 2, end), done).await;
    let other = Works {
        project: "2".into(),
        ..works
    };
    let theirs = code(&other).await;
    let received = authority::list_received("", Paging::first());
    let received = other.ask(received, authority::listed_received).await;
    assert_eq!((received.total, received.items[0].api_id), (1, id));
    let works = Works {
        project: "1".into(),
        ..other
    };
    let call = async |code: &str| {
        let url = format!("{}/api/shared", works.base);
        let request = reqwest::Client::new().get(url);
        let request = request.header("Authorization", format!("APPCODE {code}"));
        request.send().await.expect("answer").status().as_u16()
    };
    assert_eq!(call(&theirs).await, 200);
    works.ask(authority::delete(id, 2), done).await;
    // Nothing is left in workspace 2, so it has no application any more.
    assert_eq!(call(&theirs).await, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_call_counts_among_the_queries_of_its_caller() {
    let backend = Backend::start_with(|config| config.limits.queries_per_user = 1).await;
    let works = Works::over(backend).await;
    let backend = works.backend();
    backend.create_stream("person", &[("id", "int64")]).await;
    let made = group::Create {
        name: "people".into(),
        gateway_group: "gw".into(),
        description: String::new(),
    };
    let group = works.ask(group::create(&made), group::created).await;
    let script = script(1, "select id from person", Vec::new());
    publish(
        &works,
        &definition("person_ids", &group, "/people/ids", script),
    )
    .await;
    let key = backend.post("/v1beta2/auth/api_keys", json!({"name": "a"}));
    let key = key.await.expect(201).json()["api_key"].clone();
    let call = || {
        let request = backend.bare(Method::GET, "/dataworks/api/people/ids");
        answer(request.header("X-Api-Key", key.as_str().expect("key")))
    };
    call().await.expect(200);
    let _running = backend.query("SELECT id FROM person").await;
    let full = call().await.expect(429).json();
    assert_eq!(full["errCode"], 1_108_113_002, "{full}");
}
