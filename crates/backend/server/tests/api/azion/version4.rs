//! Version 4 as the console speaks it: the calls of its pages, upgraded, and lists to their end.

use serde_json::json;
use weir_api::{
    ApiError, ApiRequest,
    azion::{
        self,
        streaming::{self, Streaming, StreamingDef},
        template::{self, Template},
        v4::{adapt, template as own},
    },
    paging::Gather,
};

use super::{
    super::common::Backend,
    client::{Caller, refused},
};

/// As `System::Azion` calls it where the server has version 4.
struct Console(Caller);

impl Console {
    async fn send(&self, mut request: ApiRequest) -> Result<Vec<u8>, ApiError> {
        request = adapt::upgrade(request);
        request.path = format!("/v4{}", request.path);
        self.0.send(request).await
    }

    async fn all(&self, request: ApiRequest) -> Vec<Streaming> {
        let mut gather = Gather::new(request, azion::part);
        while let Some(next) = gather.next() {
            gather.push(self.send(next).await.expect("a part"));
        }
        let (parts, stopped) = gather.finish();
        assert_eq!(stopped, None);
        azion::all(&parts).expect("streamings")
    }
}

fn definition(name: &str, template: i64) -> StreamingDef {
    serde_json::from_value(json!({
        "name": name, "template_id": template, "data_source": "http", "active": false,
        "all_domains": true, "endpoint": {"endpoint_type": "splunk", "url": "https://s.example", "api_key": "hush"},
    }))
    .expect("a definition")
}

#[tokio::test]
async fn the_pages_of_streamings_work_on_version_4() {
    let backend = Backend::start().await;
    let console = Console(Caller::of(&backend).await);
    let made = own::create(&own::TemplateDef {
        name: "mine".into(),
        data_set: "$status".into(),
        ..own::TemplateDef::default()
    });
    let body = console
        .send(made.expect("request"))
        .await
        .expect("a template");
    assert!(!azion::pending(&body));
    let mine: Template = azion::one(&body).expect("a template");
    assert_eq!(
        (mine.custom, mine.template_model.as_str()),
        (Some(true), "$status")
    );
    let body = console
        .send(template::get_named(&mine.id.to_string()))
        .await;
    let read: Template = azion::one(&body.expect("a template")).expect("a template");
    assert_eq!(read.name, "mine");

    // More than one page of them.
    for number in 0..23 {
        let request = streaming::create(&definition(&format!("out {number}"), mine.id));
        console
            .send(request.expect("request"))
            .await
            .expect("a streaming");
    }
    let all = console.all(streaming::list()).await;
    assert_eq!(all.len(), 23);
    let first = all
        .iter()
        .find(|one| one.definition.name == "out 0")
        .expect("the first");
    assert_eq!(first.definition.template_id, Some(mine.id));

    // Only what differs is sent, and the secret that is not shown stays.
    let body = console.send(streaming::get(&first.id)).await.expect("one");
    let shown: Streaming = azion::one(&body).expect("one");
    let stream = shown.stream.clone().expect("as version 4 has it");
    let mut after = shown.definition.clone();
    after.name = "renamed".into();
    after.sampling_percentage = Some(30);
    let change = adapt::change(&stream, &shown.definition, &after, false).expect("a change");
    console
        .send(change.expect("request"))
        .await
        .expect("changed");
    let body = console.send(streaming::get(&first.id)).await.expect("one");
    let changed: Streaming = azion::one(&body).expect("one");
    assert_eq!(changed.definition.name, "renamed");
    assert_eq!(changed.definition.sampling_percentage, Some(30));
    assert_eq!(changed.definition.template_id, Some(mine.id));

    // What is wrong is at its field of the form.
    let mut wrong = definition("", mine.id);
    wrong.endpoint.insert("url".into(), "nowhere".into());
    let outcome = console
        .send(streaming::create(&wrong).expect("request"))
        .await;
    let (status, fields, _) = refused(outcome);
    assert_eq!(status, 400);
    assert!(fields.contains(&"name".to_string()), "{fields:?}");

    for one in &all {
        console
            .send(streaming::delete(&one.id))
            .await
            .expect("deleted");
    }
    let gone = console.send(streaming::get(&first.id)).await;
    assert_eq!(refused(gone).0, 404);
    let id = mine.id.to_string();
    console.send(own::delete(&id)).await.expect("deleted");
}
