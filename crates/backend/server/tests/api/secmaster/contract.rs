//! Every operation that the console uses, in one walk. It runs against this backend, and against
//! any endpoint: `WEIR_SECMASTER_URL` (for example `https://secmaster.cn-north-4.myhuaweicloud.com`),
//! `WEIR_SECMASTER_PROJECT`, `WEIR_SECMASTER_WORKSPACE`, and either `WEIR_SECMASTER_TOKEN` or
//! `WEIR_SECMASTER_AK` and `WEIR_SECMASTER_SK`. What it makes there begins with `wc_` and is deleted
//! again.

use std::env::var;

use serde_json::json;
use weir_api::{
    auth::Credential,
    secmaster::{
        Page, answer, authorization,
        data_class::{self, DataClass, Field},
        data_object::{self, Created, DataObject, Deleted, Fields, ListName},
        dataspace::{self, Dataspace},
        done, page,
        pipe::{self, CreatePipe, Pipe},
        plain,
        search::{Condition, Operator, Search, Term},
        shipper::{self, End, Filter, Shipper, ShipperDef},
        workspace::{self, Workspace},
    },
};

use super::{
    super::common::Backend,
    client::{Client, token},
};

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_answers_as_the_console_reads_it() {
    let backend = Backend::start().await;
    walk(&Client::of(&backend).await).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn every_operation_of_the_endpoint_named_by_the_environment() {
    let Ok(url) = var("WEIR_SECMASTER_URL") else {
        return;
    };
    let credential = match (var("WEIR_SECMASTER_AK"), var("WEIR_SECMASTER_SK")) {
        (Ok(id), Ok(secret)) => Credential::HuaweiKeys { id, secret },
        _ => token(var("WEIR_SECMASTER_TOKEN").expect("WEIR_SECMASTER_TOKEN")),
    };
    let mut client = Client::new(url, credential);
    client.project = var("WEIR_SECMASTER_PROJECT").expect("WEIR_SECMASTER_PROJECT");
    client.workspace = var("WEIR_SECMASTER_WORKSPACE").expect("WEIR_SECMASTER_WORKSPACE");
    walk(&client).await;
}

async fn walk(client: &Client) {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    let mark = format!("wc_{:x}", now.expect("time").as_millis());
    let body = client.send_project(workspace::list(0, 100)).await;
    let workspaces: Page<Workspace> = page(&body.expect("workspaces")).expect("workspaces");
    assert!(workspaces.items.iter().any(|w| w.id == client.workspace));
    let space = dataspace(client, &mark).await;
    let (from, to) = (format!("{mark}_from"), format!("{mark}_to"));
    for name in [&from, &to] {
        pipe(client, &space, name).await;
    }
    deliveries(client, &mark, &space, &from, &to).await;
    for name in [&from, &to] {
        client.send(pipe::delete(name)).await.expect("pipe deleted");
    }
    let deleted = client.send(dataspace::delete(&space.dataspace_id)).await;
    deleted.expect("data space deleted");
    objects(client, &mark).await;
}

async fn dataspace(client: &Client, mark: &str) -> Dataspace {
    let create = dataspace::create(mark, "made by a test").expect("request");
    let made: Dataspace = plain(&client.send(create).await.expect("made")).expect("made");
    let all = client.send(dataspace::list(0, 1000)).await.expect("list");
    let all: Page<Dataspace> = page(&all).expect("list");
    assert!(
        all.items
            .iter()
            .any(|one| one.dataspace_id == made.dataspace_id)
    );
    let got = client.send(dataspace::get(&made.dataspace_id)).await;
    let got: Dataspace = plain(&got.expect("data space")).expect("data space");
    assert_eq!(got.dataspace_name, mark);
    got
}

async fn pipe(client: &Client, space: &Dataspace, name: &str) {
    let create = CreatePipe {
        dataspace_id: space.dataspace_id.clone(),
        pipe_name: name.into(),
        shards: 1,
        storage_period: 7,
        ..CreatePipe::default()
    };
    let create = pipe::create(&create).expect("request");
    let made: Pipe = plain(&client.send(create).await.expect("made")).expect("made");
    assert_eq!((made.pipe_name.as_str(), made.storage_period), (name, 7));
    let all = client.send(pipe::list(&space.dataspace_id, 0, 1000)).await;
    let all: Page<Pipe> = page(&all.expect("pipes")).expect("pipes");
    assert!(all.items.iter().any(|one| one.pipe_id == made.pipe_id));
    let got = client.send(pipe::get(&made.pipe_id)).await.expect("pipe");
    let got: Pipe = plain(&got).expect("pipe");
    assert_eq!(got.pipe_id, made.pipe_id);
}

async fn deliveries(client: &Client, mark: &str, space: &Dataspace, from: &str, to: &str) {
    let end = |pipe: &str, data_param: &str| End {
        workspace: client.workspace.clone(),
        dataspace: space.dataspace_id.clone(),
        dataspace_name: space.dataspace_name.clone(),
        pipe: pipe.into(),
        pipe_name: pipe.into(),
        identity: "pipe-strategy".into(),
        data_param: data_param.into(),
        ..End::default()
    };
    let definition = ShipperDef {
        shipper_name: mark.into(),
        version: "v1".into(),
        shipper_source: end(from, ""),
        shipper_destination: end(to, "{}"),
        ..ShipperDef::default()
    };
    let create = shipper::create(&definition).expect("request");
    let _: i64 = answer(&client.send(create).await.expect("made")).expect("made");
    let filter = Filter {
        shipper_name: mark.into(),
        ..Filter::default()
    };
    let found = client.send(shipper::list(&filter, 0, 10)).await;
    let found: Page<Shipper> = page(&found.expect("list")).expect("list");
    assert_eq!((found.items.len(), found.total), (1, Some(1)));
    let id = found.items[0].shipper_id.clone();
    let got: Shipper = answer(&client.send(shipper::get(&id)).await.expect("got")).expect("got");
    assert_eq!(got.shipper_name, mark);
    assert_eq!(got.shipper_source.pipe, from);
    assert_eq!(got.shipper_destination.pipe, to);
    assert_eq!(got.definition().shipper_source.identity, "pipe-strategy");
    for request in [shipper::pause(&id), shipper::resume(&id)] {
        done(&client.send(request).await.expect("changed")).expect("changed");
    }
    let all = client
        .send(authorization::list(&Default::default(), 0, 10))
        .await;
    let _: Page<authorization::Authorization> = page(&all.expect("list")).expect("list");
    let delete = shipper::delete(std::slice::from_ref(&id));
    done(&client.send(delete).await.expect("deleted")).expect("deleted");
    let left = client
        .send(shipper::list(&filter, 0, 10))
        .await
        .expect("list");
    let left: Page<Shipper> = page(&left).expect("list");
    assert!(left.items.is_empty());
}

async fn objects(client: &Client, mark: &str) {
    let classes = client
        .send(data_class::list(0, 100))
        .await
        .expect("classes");
    let classes: Page<DataClass> = page(&classes).expect("classes");
    let class = classes
        .items
        .iter()
        .find(|class| class.plural() == "alerts");
    let class = class.expect("the class of alerts");
    let got = client
        .send(data_class::get(&class.id))
        .await
        .expect("class");
    let got: DataClass = plain(&got).expect("class");
    assert_eq!(got.id, class.id);
    let fields = client.send(data_class::fields(&class.id, 0, 1000)).await;
    let fields: Page<Field> = page(&fields.expect("fields")).expect("fields");
    assert!(fields.items.iter().any(|field| field.field_key == "title"));
    let object = |n: i64| -> Fields {
        let json = json!({"title": format!("{mark} {n}"), "severity": "High", "count": n});
        serde_json::from_value(json).expect("fields")
    };
    let mut ids = Vec::new();
    for (list, objects) in [
        (ListName::New, vec![object(1), object(2)]),
        (ListName::Old, vec![object(3)]),
    ] {
        let create = data_object::batch_create(&class.id, &objects, list).expect("request");
        let made = client.send(create).await.expect("made");
        let made: Vec<Created> = plain(&made).expect("made");
        assert_eq!(made.len(), objects.len());
        ids.extend(made.into_iter().map(|created| created.id));
    }
    let term = |field: &str, operator, value: &str| Term {
        field: field.into(),
        operator,
        value: value.into(),
    };
    let search = Search {
        limit: 10,
        sort_by: "create_time".into(),
        order: "ASC".into(),
        condition: Condition::all_of(&[
            term("title", Operator::Contains, mark),
            term("count", Operator::AtLeast, "2"),
        ]),
        ..Search::default()
    };
    let search = data_object::search(&class.id, &search);
    let found = client.send(search.clone()).await.expect("found");
    let found: Page<DataObject> = page(&found).expect("found");
    assert_eq!((found.items.len(), found.total), (2, Some(2)));
    assert_eq!(found.items[0].data_object["count"], 2);
    let got = client.send(data_object::get(&class.id, &ids[0])).await;
    let got: DataObject = answer(&got.expect("object")).expect("object");
    assert_eq!(got.data_object["title"], format!("{mark} 1"));
    let changed = serde_json::from_value(json!({"count": 7})).expect("fields");
    let update = data_object::update(&class.plural(), &ids[0], &changed).expect("request");
    let updated: DataObject =
        answer(&client.send(update).await.expect("updated")).expect("updated");
    assert_eq!(updated.data_object["count"], 7);
    assert_eq!(updated.data_object["severity"], "High");
    let delete = data_object::delete(&class.plural(), &ids);
    let deleted: Deleted = plain(&client.send(delete).await.expect("deleted")).expect("deleted");
    assert_eq!(deleted.success_ids.len(), ids.len());
    let left: Page<DataObject> = page(&client.send(search).await.expect("found")).expect("found");
    assert!(left.items.is_empty());
}
