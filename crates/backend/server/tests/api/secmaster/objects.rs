//! Data objects: checked, versioned, found, and in a stream of their class.

use serde_json::{Value, json};
use weir_api::{
    ApiError,
    secmaster::{
        Page, answer,
        data_class::{self, DataClass},
        data_object::{self, Created, DataObject, Deleted, Fields, ListName},
        page, plain,
        search::Search,
    },
};

use super::{
    super::common::{Backend, answer as call},
    client::{Client, field, key, refused},
};

async fn alerts(client: &Client) -> DataClass {
    let body = client
        .send(data_class::list(0, 100))
        .await
        .expect("classes");
    let classes: Page<DataClass> = page(&body).expect("classes");
    let mut classes = classes.items.into_iter();
    classes.find(|class| class.name == "Alert").expect("alerts")
}

fn fields(json: Value) -> Fields {
    serde_json::from_value(json).expect("fields")
}

async fn create(
    client: &Client,
    class: &DataClass,
    objects: &[Fields],
) -> Result<Vec<String>, ApiError> {
    let request = data_object::batch_create(&class.id, objects, ListName::New).expect("request");
    let made: Vec<Created> = plain(&client.send(request).await?)?;
    Ok(made.into_iter().map(|created| created.id).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_batch_is_made_as_a_whole_or_not_at_all_and_never_twice() {
    let backend = Backend::start().await;
    let client = Client::of(&backend).await;
    let class = alerts(&client).await;
    let good = fields(json!({"title": "t", "severity": "Low", "id": "own", "more": {"a": 1}}));
    for (wrong, place) in [
        (json!({"severity": "Low"}), "data_object_list[1].title"),
        (
            json!({"title": "t", "severity": "Huge"}),
            "data_object_list[1].severity",
        ),
        (
            json!({"title": "t", "severity": "Low", "count": "many"}),
            "data_object_list[1].count",
        ),
        (
            json!({"title": "t", "severity": "Low", "id": "own"}),
            "data_object_list[1].id",
        ),
    ] {
        let batch = [good.clone(), fields(wrong)];
        assert_eq!(field(create(&client, &class, &batch).await), place);
    }
    let batch = [good.clone()];
    assert_eq!(
        create(&client, &class, &batch).await.expect("made"),
        ["own"]
    );
    // Sent again after a break: it is there once.
    let again = create(&client, &class, &batch).await;
    assert_eq!(field(again), "data_object_list[0].id");
    let search = data_object::search(&class.id, &Search::default());
    let found: Page<DataObject> = page(&client.send(search).await.expect("found")).expect("found");
    assert_eq!(found.total, Some(1));
    assert_eq!(found.items[0].data_object["more"]["a"], 1);
    assert_eq!(found.items[0].version, 1);
    backend.running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn changes_survive_a_restart_and_can_be_followed_in_a_stream() {
    let backend = Backend::start().await;
    let client = Client::of(&backend).await;
    let class = alerts(&client).await;
    let object = fields(json!({"title": "a", "severity": "Low", "count": 9007199254740993_i64}));
    let ids = create(&client, &class, &[object.clone(), object])
        .await
        .expect("made");
    let mut events = backend
        .query("SELECT id, version, deleted FROM secmaster_alerts SETTINGS seek_to = 'latest'")
        .await;
    let changed = fields(json!({"severity": "High", "count": null, "id": "other"}));
    let update = data_object::update("alerts", &ids[0], &changed).expect("request");
    let updated: DataObject = answer(&client.send(update).await.expect("made")).expect("updated");
    assert_eq!((updated.id.as_str(), updated.version), (ids[0].as_str(), 2));
    assert_eq!(updated.data_object.get("count"), None);
    assert_eq!(events.rows(1).await[0], json!([ids[0], 2, false]));
    let wrong = fields(json!({"severity": "Huge"}));
    let update = data_object::update("alerts", &ids[0], &wrong).expect("request");
    assert_eq!(field(client.send(update).await), "data_object.severity");
    let gone = [ids[1].clone(), "none".to_owned()];
    let delete = data_object::delete("alerts", &gone);
    let deleted: Deleted = plain(&client.send(delete).await.expect("answer")).expect("deleted");
    assert_eq!(deleted.success_ids, [ids[1].clone()]);
    assert_eq!(deleted.error_ids, ["none"]);
    drop(events);
    let backend = backend.restart().await;
    let client = Client::of(&backend).await;
    let got = client.send(data_object::get(&class.id, &ids[0])).await;
    let got: DataObject = answer(&got.expect("object")).expect("object");
    assert_eq!(got.data_object["severity"], "High");
    let (status, words) = refused(client.send(data_object::get(&class.id, &ids[1])).await);
    assert_eq!(status, 400);
    assert!(words.starts_with("SecMaster.20030005"), "{words}");
    backend.running.stop().await;
}

/// The addresses by name take the same requests as those by id.
#[tokio::test(flavor = "multi_thread")]
async fn the_older_addresses_answer_too() {
    let backend = Backend::start().await;
    let (_, key) = key(&backend, json!({"name": "k"})).await;
    let path = "/secmaster/v1/default/workspaces/default/soc/incidents";
    let post = |path: String, body: Value| {
        backend
            .bare(reqwest::Method::POST, &path)
            .header("X-Auth-Token", &key)
            .body(body.to_string())
    };
    let body = json!({"data_object": {"title": "i", "severity": "Tips"}});
    let made = call(post(path.into(), body)).await.expect(200).json();
    assert_eq!(made["success"], true);
    let id = made["data"]["id"].as_str().expect("id").to_owned();
    let search = json!({"limit": 10, "offset": 0});
    let found = call(post(format!("{path}/search"), search))
        .await
        .expect(200);
    assert_eq!(found.json()["data"][0]["id"], id.as_str());
    let got = backend
        .bare(reqwest::Method::GET, &format!("{path}/{id}"))
        .header("X-Auth-Token", &key);
    assert_eq!(call(got).await.expect(200).json()["data"]["version"], 1);
    let unknown = post(
        "/secmaster/v1/default/workspaces/default/soc/moons".into(),
        json!({}),
    );
    let unknown = call(unknown).await.expect(400).json();
    assert_eq!(unknown["code"], "SecMaster.20030005");
    assert!(
        unknown["message"]
            .as_str()
            .is_some_and(|m| m.contains("moons"))
    );
    backend.running.stop().await;
}
