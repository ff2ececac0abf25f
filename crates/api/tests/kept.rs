//! What a server has and this program does not know goes back where a form replaces the whole.

#![allow(clippy::expect_used)] // clippy.toml does not know these functions as tests.

use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use weir_api::{
    ApiError, ApiRequest, azion,
    dataworks::{
        self,
        api::{Api, Settings},
    },
    json_response, timeplus,
};

fn read<T: DeserializeOwned>(sent: &Value) -> T {
    json_response(sent.to_string().as_bytes()).expect("an answer")
}

fn body(request: Result<ApiRequest, ApiError>) -> Value {
    let body = request.expect("a request").body.expect("a body");
    serde_json::from_slice(&body.bytes).expect("JSON")
}

/// With what the servers of today send of it, and what later ones may.
fn sent(mut own: Value) -> Value {
    let more = json!({"id": "7", "created_at": "2026-01-01", "last_updated_by": null,
        "later": {"deep": [1.5, null]}, "labels": ["a"]});
    let all = own.as_object_mut().expect("an object");
    all.extend(more.as_object().expect("an object").clone());
    own
}

fn is_kept(body: &Value) {
    assert_eq!(body["later"], json!({"deep": [1.5, null]}), "{body}");
    assert_eq!(body["labels"], json!(["a"]), "{body}");
    assert!(body.get("$beside").is_none(), "{body}");
}

#[test]
fn timeplus() {
    use timeplus::{alert, dashboard, saved_query, schema};
    let had: dashboard::Dashboard = read(&sent(json!({"name": "d", "panels": null})));
    is_kept(&body(dashboard::update("7", &had.into())));
    let had: saved_query::SavedQuery = read(&sent(json!({"name": "q", "sql": "SELECT 1"})));
    is_kept(&body(saved_query::update(
        "7",
        &saved_query::SavedQueryDef {
            beside: had.beside,
            ..Default::default()
        },
    )));
    let had: schema::Schema = read(&sent(json!({"name": "s", "content": "x"})));
    is_kept(&body(schema::update(&schema::SchemaDef {
        beside: had.beside,
        ..Default::default()
    })));
    let had: alert::Alert = read(&sent(json!({"name": "a", "status": "running"})));
    let definition = alert::AlertDef {
        beside: had.beside,
        ..Default::default()
    };
    let whole = body(alert::replace("7", &definition));
    is_kept(&whole);
    // What it knows and does not send is the server's own.
    for own in ["status", "id", "created_at", "last_updated_by"] {
        assert!(whole.get(own).is_none(), "{own}");
    }
}

#[test]
fn functions_keep_what_their_arguments_and_their_header_are() {
    use timeplus::udf::{self, Argument, CreateUdf, Udf};
    let had: Udf = read(&sent(
        json!({"name": "f", "type": "remote", "auth_method": "oauth",
        "auth_context": {"key_name": "k"},
        "arguments": [{"name": "x", "type": "int64", "default": "1"}]}),
    ));
    let argument = |name: &str| Argument {
        name: name.into(),
        data_type: "string".into(),
        ..Argument::default()
    };
    let definition = CreateUdf {
        arguments: vec![argument("new"), argument("x")],
        auth_method: "none".into(),
        ..CreateUdf::default()
    };
    let whole = body(udf::update("f", &definition.keeping(&had)));
    is_kept(&whole);
    let arguments = json!([{"name": "new", "type": "string"},
        {"name": "x", "type": "string", "default": "1"}]);
    assert_eq!(whole["arguments"], arguments);
    assert_eq!(whole["auth_method"], "oauth");
}

#[test]
fn azion() {
    use azion::{streaming, streaming::Streaming};
    let had: Streaming = read(&sent(
        json!({"name": "s", "delivery": {"state": "failing"}}),
    ));
    is_kept(&body(streaming::replace("7", &had.definition)));
    let whole = sent(json!({"name": "s",
        "inputs": [{"type": "raw_logs", "attributes": {"data_source": "waf"}, "shard": 3}],
        "transform": [{"type": "sampling", "attributes": {"rate": 5}, "order": 1}],
        "outputs": [{"type": "qradar", "attributes": {"url": "https://q.example"}, "region": "x"}]}));
    let had: Streaming = read(&whole);
    let stream = had.stream.expect("a stream");
    let mut after = had.definition.clone();
    after.sampling_percentage = Some(6);
    after
        .endpoint
        .insert("url".into(), "https://r.example".into());
    let whole =
        body(azion::v4::adapt::change(&stream, &had.definition, &after, false).expect("one"));
    assert_eq!(whole["later"], json!({"deep": [1.5, null]}));
    assert!(whole.get("id").is_none() && whole.get("last_editor").is_none());
    assert_eq!(whole["inputs"][0]["shard"], 3);
    assert_eq!(
        whole["transform"],
        json!([{"type": "sampling", "attributes": {"rate": 6}, "order": 1}])
    );
    let output = &whole["outputs"][0];
    assert_eq!(
        (&output["region"], &output["attributes"]["url"]),
        (&json!("x"), &json!("https://r.example"))
    );
}

#[test]
fn dataworks() {
    let answer = json!({"Success": true, "Data": {"ApiId": 1, "ApiMode": 0, "Protocols": [0, 7],
        "WizardDetails": {"IsPagedResponse": "true", "SuccessfulResultSample": "s",
            "WizardErrorCodes": [{"ErrorCode": "1"}], "CacheSeconds": 60,
            "WizardConnection": {"ConnectionId": "9", "TableName": "t", "Schema": "x"},
            "WizardRequestParameters": [
                {"ParameterName": "a", "ParameterDataType": "2", "Mask": {"Kind": 1}},
                {"ParameterName": "gone", "ParameterDataType": "odd"}]}}});
    let had = dataworks::api::got(answer.to_string().as_bytes()).expect("an API");
    // What is text, or odd, hides nothing.
    let wizard = had.wizard_details.as_ref().expect("details");
    assert_eq!(wizard.wizard_connection.connection_id, 9);
    assert_eq!(wizard.wizard_request_parameters[0].parameter_data_type, 2);
    assert_eq!(wizard.wizard_request_parameters.len(), 2);
    let form = dataworks::details::Wizard {
        wizard_connection: dataworks::details::Source {
            connection_id: 10,
            ..Default::default()
        },
        wizard_request_parameters: vec![dataworks::details::RequestParameter {
            parameter_name: "a".into(),
            parameter_data_type: 3,
            ..Default::default()
        }],
        ..Default::default()
    };
    let whole = details(&had, dataworks::api::Details::Wizard(form));
    assert_eq!(whole["cacheSeconds"], 60);
    assert_eq!(whole["successfulResultSample"], "s");
    assert_eq!(whole["wizardErrorCodes"][0]["errorCode"], "1");
    assert_eq!(whole["isPagedResponse"], false);
    assert_eq!(
        whole["wizardConnection"],
        json!({"connectionId": 10, "tableName": "", "schema": "x"})
    );
    let parameters = whole["wizardRequestParameters"].as_array().expect("a list");
    assert_eq!(parameters.len(), 1);
    assert_eq!(
        (&parameters[0]["parameterDataType"], &parameters[0]["mask"]),
        (&json!(3), &json!({"kind": 1}))
    );
    // Shown with all that it has.
    let shown = serde_json::to_value(&had).expect("JSON");
    assert_eq!(shown["WizardDetails"]["CacheSeconds"], 60);
}

/// Of the request that updates it.
fn details(had: &Api, details: dataworks::api::Details) -> Value {
    let settings = Settings {
        path: "/p".into(),
        description: String::new(),
        method: 0,
        response_content_type: 0,
        timeout_ms: 1,
        visible_range: 0,
        protocols: vec![1],
        resource_group: None,
        details,
    };
    let request = dataworks::api::update(1, &settings.keeping(had)).expect("a request");
    let form = dataworks::form(&request.body.expect("a body").bytes);
    let value = |name: &str| {
        let found = form.iter().find(|(key, _)| key == name);
        found.expect(name).1.clone()
    };
    assert_eq!(value("Protocols"), "1,7");
    serde_json::from_str(&value("WizardDetails")).expect("JSON")
}
