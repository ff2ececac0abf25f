//! A delivery copies what comes into one stream to another, each row once.

use serde_json::{Value, json};
use weir_api::{
    ApiError, ApiRequest,
    secmaster::{
        Page, answer,
        authorization::{self, Authorization, Decision, authorized},
        dataspace::{self, Dataspace},
        done, page,
        pipe::{self, CreatePipe},
        plain,
        shipper::{self, End, Filter, Shipper, ShipperDef, consumption, status},
        workspace::{self, CreateWorkspace, Workspace},
    },
};

use super::{
    super::common::{Backend, PATIENCE},
    client::{Client, field, refused},
};

fn definition(name: &str, from: &str, to: &str) -> ShipperDef {
    let end = |pipe: &str| End {
        pipe: pipe.into(),
        ..End::default()
    };
    ShipperDef {
        shipper_name: name.into(),
        shipper_source: end(from),
        shipper_destination: end(to),
        ..ShipperDef::default()
    }
}

async fn create(client: &Client, definition: &ShipperDef) -> Result<Shipper, ApiError> {
    let request = shipper::create(definition).expect("request");
    let _: i64 = answer(&client.send(request).await?)?;
    let filter = Filter {
        shipper_name: definition.shipper_name.clone(),
        ..Filter::default()
    };
    let found = client.send(shipper::list(&filter, 0, 10)).await?;
    let found: Page<Shipper> = page(&found)?;
    Ok(found.items.into_iter().next().expect("the delivery"))
}

async fn show(client: &Client, id: &str) -> Shipper {
    let body = client.send(shipper::get(id)).await.expect("delivery");
    answer(&body).expect("delivery")
}

async fn act(client: &Client, request: ApiRequest) -> Result<(), ApiError> {
    done(&client.send(request).await?)
}

/// Two streams, the second with a column less.
async fn streams(backend: &Backend) {
    let columns = [("n", "int64"), ("big", "uint64"), ("text", "string")];
    backend.create_stream("a", &columns).await;
    backend.create_stream("b", &columns[..2]).await;
}

async fn ingest(backend: &Backend, rows: std::ops::Range<i64>) {
    let rows: Vec<String> = rows
        .map(|n| format!("[{n},18446744073709551615,\"x\"]"))
        .collect();
    let rows = format!("[{}]", rows.join(","));
    backend.ingest("a", r#"["n","big","text"]"#, &rows).await;
}

/// The numbers in `stream` once there are so many.
async fn numbers(backend: &Backend, stream: &str, count: usize) -> Vec<Value> {
    let limit = std::time::Instant::now() + PATIENCE;
    loop {
        let sql = format!("SELECT n, big FROM table({stream}) ORDER BY n");
        let mut events = backend.query(&sql).await;
        let mut rows = Vec::new();
        for event in events.rest().await {
            if event.is_rows() {
                rows.extend(event.json().as_array().expect("rows").clone());
            }
        }
        if rows.len() >= count {
            return rows;
        }
        assert!(std::time::Instant::now() < limit, "{rows:?}");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
}

fn expected(rows: std::ops::Range<i64>) -> Vec<Value> {
    let big = 18_446_744_073_709_551_615_u64;
    rows.map(|n| json!([n, big])).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_row_comes_once_through_pauses_and_restarts() {
    let backend = Backend::start().await;
    streams(&backend).await;
    ingest(&backend, 0..5).await;
    let client = Client::of(&backend).await;
    let made = create(&client, &definition("copy", "a", "b"))
        .await
        .expect("made");
    assert_eq!(made.status, status::DELIVERING);
    // From now on, not what was there.
    ingest(&backend, 5..10).await;
    assert_eq!(numbers(&backend, "b", 5).await, expected(5..10));
    act(&client, shipper::pause(&made.shipper_id))
        .await
        .expect("paused");
    let (status, words) = refused(act(&client, shipper::pause(&made.shipper_id)).await);
    assert_eq!(status, 200, "{words}");
    assert!(words.contains("cannot be paused"), "{words}");
    ingest(&backend, 10..15).await;
    let backend = backend.restart().await;
    let client = Client::of(&backend).await;
    assert_eq!(
        show(&client, &made.shipper_id).await.status,
        status::SUSPENDED
    );
    act(&client, shipper::resume(&made.shipper_id))
        .await
        .expect("resumed");
    assert_eq!(numbers(&backend, "b", 10).await, expected(5..15));
    let backend = backend.restart().await;
    ingest(&backend, 15..20).await;
    assert_eq!(numbers(&backend, "b", 15).await, expected(5..20));
    let client = Client::of(&backend).await;
    let shown = show(&client, &made.shipper_id).await;
    let progress = shown.weir.expect("progress");
    assert_eq!((progress.records, progress.last_error.as_str()), (15, ""));
    backend.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scheduled_delivery_waits_for_its_time_and_keeps_it() {
    let backend = Backend::start().await;
    streams(&backend).await;
    let client = Client::of(&backend).await;
    let mut hourly = definition("hourly", "a", "b");
    hourly.consumption_type = consumption::SCHEDULED;
    let hourly = create(&client, &hourly).await.expect("made");
    let next = hourly.weir.expect("progress").next_run;
    let first = match next {
        Some(at) => at,
        // It is told once the task has begun.
        None => loop {
            let shown = show(&client, &hourly.shipper_id)
                .await
                .weir
                .expect("progress");
            if let Some(at) = shown.next_run {
                break at;
            }
            tokio::task::yield_now().await;
        },
    };
    assert_eq!((first - hourly.create_time) / 60_000, 60);
    let delete = shipper::delete(&[hourly.shipper_id]);
    act(&client, delete).await.expect("deleted");
    let mut often = definition("often", "a", "b");
    often.consumption_type = consumption::SCHEDULED;
    often.shipper_destination.data_param = r#"{"interval_seconds":1}"#.into();
    create(&client, &often).await.expect("made");
    ingest(&backend, 0..3).await;
    assert_eq!(numbers(&backend, "b", 3).await, expected(0..3));
    ingest(&backend, 3..6).await;
    assert_eq!(numbers(&backend, "b", 6).await, expected(0..6));
    let backend = backend.restart().await;
    ingest(&backend, 6..8).await;
    assert_eq!(numbers(&backend, "b", 8).await, expected(0..8));
    backend.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_cannot_be_delivered_is_refused_with_its_field() {
    let backend = Backend::start().await;
    streams(&backend).await;
    backend.create_stream("c", &[("n", "string")]).await;
    backend.create_stream("d", &[("other", "string")]).await;
    let client = Client::of(&backend).await;
    let try_it = async |change: &dyn Fn(&mut ShipperDef)| {
        let mut wanted = definition("x", "a", "b");
        change(&mut wanted);
        field(create(&client, &wanted).await)
    };
    assert_eq!(try_it(&|d| d.shipper_name.clear()).await, "shipper_name");
    assert_eq!(
        try_it(&|d| d.consumption_type = 7).await,
        "consumption_type"
    );
    let source = |pipe: &'static str| move |d: &mut ShipperDef| d.shipper_source.pipe = pipe.into();
    assert_eq!(try_it(&source("none")).await, "source_pipe");
    let to =
        |pipe: &'static str| move |d: &mut ShipperDef| d.shipper_destination.pipe = pipe.into();
    for pipe in ["none", "a", "c", "d", "audit_log"] {
        assert_eq!(try_it(&to(pipe)).await, "destination_pipe", "{pipe}");
    }
    let obs = |d: &mut ShipperDef| d.shipper_destination.data_type = 1;
    assert_eq!(try_it(&obs).await, "destination_shipper_type");
    let param = |d: &mut ShipperDef| d.shipper_destination.data_param = "[]".into();
    assert_eq!(try_it(&param).await, "data_param");
    create(&client, &definition("x", "a", "b"))
        .await
        .expect("made");
    assert_eq!(try_it(&|_| {}).await, "shipper_name");
    // Round and round.
    let back = create(&client, &definition("back", "b", "a")).await;
    assert_eq!(field(back), "destination_pipe");
    let (code, words) = refused(client.send(pipe::delete("a")).await);
    assert_eq!(code, 400, "{words}");
    assert!(words.contains("delivery 'x' uses this pipe"), "{words}");
    backend.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_are_filtered_and_come_in_parts() {
    let backend = Backend::start().await;
    streams(&backend).await;
    backend.create_stream("c", &[("n", "int64")]).await;
    let client = Client::of(&backend).await;
    for (name, to) in [("one", "b"), ("two", "c"), ("three", "b")] {
        let mut wanted = definition(name, "a", to);
        wanted.shipper_source.identity = format!("role-{name}");
        wanted.consumption_type = i64::from(name == "two");
        create(&client, &wanted).await.expect("made");
    }
    let names = async |name: &str, value: &str| {
        let mut filter = Filter::default();
        filter.set(name, value.into());
        let body = client
            .send(shipper::list(&filter, 0, 10))
            .await
            .expect("list");
        let found: Page<Shipper> = page(&body).expect("list");
        let names = found.items.into_iter().map(|s| s.shipper_name);
        names.collect::<Vec<_>>().join(" ")
    };
    assert_eq!(names("shipper_name", "").await, "three two one");
    assert_eq!(names("shipper_name", "o").await, "two one");
    assert_eq!(names("pipe_id", "a").await, "three two one");
    assert_eq!(names("pipe_id", "b").await, "");
    assert_eq!(names("dataspace_id", "default").await, "three two one");
    assert_eq!(names("shipper_source_region", "elsewhere").await, "");
    assert_eq!(names("shipper_source_strategy", "role-two").await, "two");
    assert_eq!(names("shipper_consumption_type", "1").await, "two");
    assert_eq!(
        names("destination_shipper_type", "0").await,
        "three two one"
    );
    assert_eq!(names("shipper_status", "1").await, "");
    assert_eq!(names("create_time", "99999999999999").await, "");
    let body = client.send(shipper::list(&Filter::default(), 1, 1)).await;
    let part: Page<Shipper> = page(&body.expect("list")).expect("list");
    assert_eq!((part.items.len(), part.total), (1, Some(3)));
    assert_eq!(part.items[0].shipper_name, "two");
    let mut filter = Filter::default();
    filter.set("shipper_status", "paused".into());
    let wrong = client.send(shipper::list(&filter, 0, 10)).await;
    assert_eq!(field(wrong), "shipper_status");
    backend.running.stop().await;
}

/// A workspace with a pipe in it.
async fn other_workspace(client: &Client) -> (Client, String) {
    let create = CreateWorkspace {
        name: "other".into(),
        region_id: "default".into(),
        ..CreateWorkspace::default()
    };
    let create = workspace::create(&create).expect("request");
    let made: Workspace = plain(&client.send_project(create).await.expect("made")).expect("made");
    let other = client.within(&made.id);
    let space = dataspace::create("space", "").expect("request");
    let space: Dataspace = plain(&other.send(space).await.expect("made")).expect("made");
    let create = CreatePipe {
        dataspace_id: space.dataspace_id,
        pipe_name: "there".into(),
        shards: 1,
        storage_period: 7,
        mapping: serde_json::from_value(json!({"n": {"type": "long"}})).expect("mapping"),
        ..CreatePipe::default()
    };
    let create = pipe::create(&create).expect("request");
    other.send(create).await.expect("made");
    (other, made.id)
}

#[tokio::test(flavor = "multi_thread")]
async fn another_workspace_has_to_agree() {
    let backend = Backend::start().await;
    streams(&backend).await;
    let client = Client::of(&backend).await;
    let (other, id) = other_workspace(&client).await;
    // The pipe is in the other workspace and in no other.
    let body = client.send(pipe::get("there")).await;
    assert_eq!(refused(body).0, 400);
    let mut wanted = definition("abroad", "a", "there");
    wanted.shipper_destination.workspace = id;
    let made = create(&client, &wanted).await.expect("made");
    assert_eq!(made.status, status::PENDING);
    assert_eq!(made.shipper_destination.workspace_name, "other");
    let id = made.shipper_id.clone();
    ingest(&backend, 0..3).await;
    let asked = async || {
        let list = authorization::list(&Default::default(), 0, 10);
        let body = other.send(list).await.expect("list");
        let list: Page<Authorization> = page(&body).expect("list");
        list.items.into_iter().next().expect("one")
    };
    let one = asked().await;
    assert_eq!(one.authorize_status, authorized::WAITING);
    assert_eq!(
        (one.shipper_name.as_str(), one.pipe.as_str()),
        ("abroad", "a")
    );
    let decide = async |decision| {
        let ids = [one.id.to_string()];
        act(
            &other,
            authorization::decide(&ids, decision).expect("request"),
        )
        .await
    };
    decide(Decision::Reject).await.expect("rejected");
    assert_eq!(show(&client, &id).await.status, status::REFUSED);
    act(&client, shipper::retry_authorization(&id))
        .await
        .expect("asked again");
    assert_eq!(show(&client, &id).await.status, status::PENDING);
    decide(Decision::Agree).await.expect("agreed");
    assert_eq!(show(&client, &id).await.status, status::DELIVERING);
    // What came while it waited is delivered now.
    let limit = std::time::Instant::now() + PATIENCE;
    while show(&client, &id).await.weir.expect("progress").records < 3 {
        assert!(std::time::Instant::now() < limit);
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(refused(decide(Decision::Agree).await).0, 200);
    decide(Decision::Cancel).await.expect("cancelled");
    assert_eq!(show(&client, &id).await.status, status::CANCELED);
    act(&client, shipper::retry(&id)).await.expect("retried");
    let shown = show(&client, &id).await;
    assert_eq!(shown.status, status::PENDING);
    assert_eq!(asked().await.authorize_status, authorized::WAITING);
    backend.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn agencies_and_menus_answer() {
    let backend = Backend::start().await;
    streams(&backend).await;
    let client = Client::of(&backend).await;
    let ask = || shipper::delegation("default", "agency");
    assert_eq!(refused(act(&client, ask()).await).0, 200);
    let allow = shipper::delegate("default", "agency").expect("request");
    act(&client, allow).await.expect("allowed");
    act(&client, ask()).await.expect("known");
    let menu = client.send(shipper::parameters("pipe", "default")).await;
    let menu: Vec<Value> = answer(&menu.expect("menu")).expect("menu");
    assert!(menu.iter().any(|choice| choice["id"] == "a"), "{menu:?}");
    let unknown = client.send(shipper::parameters("moon", "")).await;
    assert_eq!(refused(unknown).0, 400);
    backend.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn many_are_deleted_together_or_not_at_all() {
    let backend = Backend::start().await;
    streams(&backend).await;
    backend.create_stream("c", &[("n", "int64")]).await;
    let client = Client::of(&backend).await;
    let mut ids = Vec::new();
    for (name, to) in [("one", "b"), ("two", "c")] {
        let made = create(&client, &definition(name, "a", to))
            .await
            .expect("made");
        ids.push(made.shipper_id);
    }
    let mut wrong = ids.clone();
    wrong.push("none".into());
    let refusal = act(&client, shipper::delete(&wrong)).await;
    assert_eq!(refused(refusal).0, 400);
    assert_eq!(show(&client, &ids[0]).await.shipper_name, "one");
    act(&client, shipper::delete(&ids)).await.expect("deleted");
    let gone = client.send(shipper::get(&ids[0])).await;
    let (code, words) = refused(gone);
    assert_eq!(code, 400);
    assert!(words.starts_with("SecMaster.20030005"), "{words}");
    backend.running.stop().await;
}
