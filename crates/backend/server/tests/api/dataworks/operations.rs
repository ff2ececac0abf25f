//! The contract of all operations. Runs against any server that is named, see
//! [`super::client::Works::named`].

use weir_api::{
    ApiError,
    dataworks::{
        Paging,
        api::{self, Filter, Settings},
        application, authority, codes, folder, group, picker, test,
    },
};

use super::client::{Works, api as definition, request_parameter, script};

/// Names that no earlier run has used.
fn unique(name: &str) -> String {
    let nonce = super::client::moment().at_ms;
    format!("{name}_{nonce}")
}

#[tokio::test(flavor = "multi_thread")]
async fn an_api_from_its_creation_to_its_end() {
    let works = Works::named().await;
    if let Some(backend) = &works.backend {
        let columns = [("id", "int64"), ("name", "string")];
        backend.create_stream("person", &columns).await;
    }
    let source = works.source().await;
    let name = unique("group");
    let made = group::Create {
        name: name.clone(),
        gateway_group: "gw-1".into(),
        description: "For a test".into(),
    };
    let group = works.ask(group::create(&made), group::created).await;
    let shown = works.ask(group::get(&group), group::got).await;
    assert_eq!(
        (shown.group_name, shown.api_gateway_group_id),
        (name.clone(), "gw-1".into())
    );
    let groups = works
        .ask(group::list(&name, Paging::first()), group::listed)
        .await;
    assert_eq!(
        (groups.total, groups.items[0].group_id.as_str()),
        (1, group.as_str())
    );

    let made = folder::Create {
        name: "people".into(),
        group: group.clone(),
        parent: 0,
    };
    let outer = works.ask(folder::create(&made), folder::created).await;
    let made = folder::Create {
        name: "inner".into(),
        parent: outer,
        ..made
    };
    let inner = works.ask(folder::create(&made), folder::created).await;
    let shown = works.ask(folder::get(inner), folder::got).await;
    assert_eq!(
        (shown.folder_name.as_str(), shown.parent_id),
        ("inner", outer)
    );
    let folders = works
        .ask(folder::list(&group, "", Paging::first()), folder::listed)
        .await;
    assert_eq!(folders.total, 2);

    let sql = "select id as id1, name as name1 from person where id=${inputid}";
    let parameters = vec![request_parameter("inputid", 2, true)];
    let (name, path) = (unique("person"), format!("/test/{}", unique("p")));
    let mut made = definition(&name, &group, &path, script(source, sql, parameters));
    made.folder = Some(inner);
    made.sql_mode = Some(0);
    let id = works
        .ask(api::create(&made).expect("request"), api::created)
        .await;
    let shown = works.ask(api::get(id), api::got).await;
    assert_eq!(
        (shown.api_name.as_str(), shown.api_path.as_str()),
        (name.as_str(), path.as_str())
    );
    assert_eq!(
        (shown.status, shown.folder_id, shown.timeout),
        (0, inner, 10_000)
    );
    assert_eq!(shown.protocols, [0, 1]);
    let details = shown.script_details.clone().expect("script");
    assert_eq!(details.script, sql);
    assert_eq!(
        details.script_request_parameters,
        [request_parameter("inputid", 2, true)]
    );
    let by_name = Filter {
        name: name.clone(),
        path: path.clone(),
        ..Filter::default()
    };
    let listed = works
        .ask(api::list(&by_name, Paging::first()), api::listed)
        .await;
    assert_eq!((listed.total, listed.items[0].api_id), (1, id));

    let changed = Settings {
        description: "Changed".into(),
        timeout_ms: 5000,
        ..made.settings.clone()
    };
    let update = api::update(id, &changed).expect("request");
    works.ask(update, weir_api::dataworks::answer::done).await;
    let shown = works.ask(api::get(id), api::got).await;
    assert_eq!(
        (shown.description.as_str(), shown.timeout),
        ("Changed", 5000)
    );

    let input = test::Input {
        parameters: vec![(codes::QUERY, "inputid".into(), "1".into())],
        body: String::new(),
    };
    let run = works.ask(test::start(id, &input), test::started).await;
    let ended = works.finished(run).await;
    assert_eq!((ended.api_id, ended.ret_code), (id, Some(0)), "{ended:?}");
    let runs = works.ask(test::list(id, 10), test::listed).await;
    assert_eq!(runs[0].test_id, run);
    let done = weir_api::dataworks::answer::done;
    works.ask(test::save_result(id, None), done).await;

    works.ask(api::submit(id), done).await;
    works.ask(api::publish(id), done).await;
    let published = works.ask(api::get_published(id), api::got).await;
    assert_eq!(
        (published.status, published.api_path.as_str()),
        (codes::PUBLISHED, path.as_str())
    );
    let listed = works
        .ask(api::list_published(&by_name, Paging::first()), api::listed)
        .await;
    assert_eq!(listed.total, 1);

    let projects = works
        .ask(picker::projects(Paging::first()), picker::listed_projects)
        .await;
    let own: i64 = works.project.parse().expect("number");
    assert!(
        projects
            .items
            .iter()
            .any(|project| project.project_id == own)
    );
    let other = own + 1;
    let end = super::client::moment().at_ms / 1000 + 3600;
    works.ask(authority::create(id, other, end), done).await;
    let granted = works
        .ask(authority::list(&name, Paging::first()), authority::listed)
        .await;
    assert_eq!(granted.items[0].authorization_records[0].project_id, other);
    works
        .ask(
            authority::list_received("", Paging::first()),
            authority::listed_received,
        )
        .await;
    works.ask(authority::delete(id, other), done).await;
    let granted = works
        .ask(authority::list(&name, Paging::first()), authority::listed)
        .await;
    assert_eq!(granted.total, 0);

    let listed = application::list(&[own], Paging::first());
    let listed = works.ask(listed, application::listed).await;
    if let Some(first) = listed.items.first() {
        let told = works
            .ask(application::get(first.application_id), application::got)
            .await;
        assert!(!told.application_code.is_empty());
        assert!(!format!("{told:?}").contains(&told.application_code));
    }

    works.ask(api::abolish(id), done).await;
    works.ask(api::delete(id), done).await;
    assert!(works.send(api::get(id)).await.is_err());
}

#[tokio::test(flavor = "multi_thread")]
async fn mistakes_are_named_with_their_parameter() {
    let works = Works::start().await;
    works
        .backend()
        .create_stream("person", &[("id", "int64")])
        .await;
    let made = group::Create {
        name: "g".into(),
        gateway_group: "gw".into(),
        description: String::new(),
    };
    let group = works.ask(group::create(&made), group::created).await;
    let good = || {
        definition(
            "person",
            &group,
            "/p",
            script(1, "select id from person", Vec::new()),
        )
    };
    let fields = async |definition: &api::Create| {
        let request = api::create(definition).expect("request");
        match works.send(request).await {
            Err(ApiError::Status(error)) => {
                let names = error.fields.iter().map(|field| field.field.clone());
                (names.collect::<Vec<_>>(), error.message)
            }
            other => panic!("{other:?}"),
        }
    };

    let mut bad = good();
    bad.settings.path = "no slash".into();
    bad.settings.timeout_ms = 30_001;
    bad.settings.method = codes::PUT;
    let (names, _) = fields(&bad).await;
    assert_eq!(names, ["ApiPath", "RequestMethod", "Timeout"]);
    let mut bad = good();
    bad.name = "1ab".into();
    assert_eq!(fields(&bad).await.0, ["ApiName"]);
    let mut bad = good();
    bad.group = "ds_none".into();
    assert_eq!(fields(&bad).await.0, ["GroupId"]);
    let mut bad = good();
    bad.folder = Some(77);
    assert_eq!(fields(&bad).await.0, ["FolderId"]);
    let mut bad = good();
    bad.settings.description = String::new();
    let (names, words) = fields(&bad).await;
    assert_eq!(names, ["ApiDescription"]);
    assert!(words.starts_with("MissingApiDescription"), "{words}");
    let mut bad = good();
    bad.settings.details = script(9, "select 1 as x", Vec::new());
    let (_, words) = fields(&bad).await;
    assert!(
        words.starts_with("Invalid.Tenant.ConnectionNotExists"),
        "{words}"
    );
    let mut bad = good();
    bad.settings.details = script(1, "select id from person where id = ${n}", Vec::new());
    let (names, words) = fields(&bad).await;
    assert_eq!(names, ["ScriptDetails.script"]);
    assert!(words.contains("${n}"), "{words}");

    let id = works
        .ask(api::create(&good()).expect("request"), api::created)
        .await;
    let mut twice = good();
    twice.settings.path = "/other".into();
    assert_eq!(fields(&twice).await.0, ["ApiName"]);
    twice.name = "another".into();
    twice.settings.path = "/p".into();
    assert_eq!(fields(&twice).await.0, ["ApiPath"]);

    let (status, words) = works.refused(api::publish(id)).await;
    assert_eq!(status, 400, "{words}");
    assert!(words.contains("not submitted"), "{words}");
    let done = weir_api::dataworks::answer::done;
    works.ask(api::submit(id), done).await;
    works.ask(api::publish(id), done).await;
    let (_, words) = works.refused(api::delete(id)).await;
    assert!(words.contains("unpublish it first"), "{words}");
    assert_eq!(works.refused(api::get(1)).await.0, 404);
    let mut unknown = api::get(1);
    unknown.query = vec![("Action".into(), "ExecuteDataServiceApiTest".into())];
    let (status, words) = works.refused(unknown).await;
    assert_eq!(status, 404);
    assert!(words.starts_with("InvalidApi.NotFound"), "{words}");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_was_made_survives_a_restart() {
    let mut works = Works::start().await;
    let made = group::Create {
        name: "kept".into(),
        gateway_group: "gw".into(),
        description: String::new(),
    };
    let group = works.ask(group::create(&made), group::created).await;
    let details = script(1, "select 1 as one", Vec::new());
    let create = api::create(&definition("kept_api", &group, "/kept", details)).expect("request");
    let id = works.ask(create, api::created).await;
    let done = weir_api::dataworks::answer::done;
    works.ask(api::submit(id), done).await;
    works.ask(api::publish(id), done).await;
    let before = works.ask(api::get_published(id), api::got).await;
    let backend = works.backend.take().expect("backend").restart().await;
    works.base = format!("http://{}/dataworks", backend.running.address);
    works.backend = Some(backend);
    assert_eq!(works.ask(api::get_published(id), api::got).await, before);
    let (status, answer) = works.call("/kept").await;
    assert_eq!(
        (status.as_u16(), &answer["data"][0]["one"]),
        (200, &1.into())
    );
    let again = group::Create {
        name: "second".into(),
        ..made
    };
    assert_ne!(
        works.ask(group::create(&again), group::created).await,
        group
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reader_only_reads_and_too_many_calls_are_throttled() {
    let backend = super::super::common::Backend::start_with(|config| {
        config.limits.dataworks_calls = 3;
    })
    .await;
    let works = Works::over(backend).await;
    // More calls than fit in the seconds they can take.
    let mut throttled = None;
    for _ in 0..200 {
        if let Err(error) = works.send(group::list("", Paging::first())).await {
            throttled = Some(error);
            break;
        }
    }
    let error = throttled.expect("a throttled call");
    assert_eq!(error.status(), Some(429));
    assert!(weir_api::dataworks::is_throttled(&error), "{error:?}");

    let works = Works::start().await;
    let body = serde_json::json!({"name": "r", "permissions": ["read:data_api"]});
    let made = works
        .backend()
        .post("/v1beta2/auth/api_keys", body)
        .await
        .expect(201)
        .json();
    let reader = Works {
        credential: weir_api::auth::Credential::AlibabaKeys {
            id: made["id"].as_str().expect("id").into(),
            secret: made["api_key"].as_str().expect("key").into(),
            token: None,
            version: Default::default(),
        },
        ..works
    };
    reader
        .ask(group::list("", Paging::first()), group::listed)
        .await;
    let made = group::Create {
        name: "g".into(),
        gateway_group: "gw".into(),
        description: String::new(),
    };
    let (status, words) = reader.refused(group::create(&made)).await;
    assert_eq!(status, 403);
    assert!(words.starts_with("Forbidden.Access"), "{words}");
}
