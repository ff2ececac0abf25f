//! Each field of what servers answer: null, missing, of other kinds, beside others.

#![allow(clippy::expect_used)] // clippy.toml does not know these functions as tests.

use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use weir_api::{azion, dataworks, lenient::from_slice, secmaster, timeplus};

/// With something in each field that can hold a text, a number or a truth.
fn filled(value: &Value) -> Value {
    match value {
        Value::String(_) => "text".into(),
        Value::Number(_) => 7.into(),
        Value::Bool(_) => true.into(),
        Value::Object(map) => map
            .iter()
            .map(|(key, value)| (key.clone(), filled(value)))
            .collect(),
        other => other.clone(),
    }
}

fn fields_of<T: Serialize>(read: &T) -> Map<String, Value> {
    let value = serde_json::to_value(read).expect("value");
    let mut fields = value.as_object().expect("an object").clone();
    // What is not known is kept; here it is what was put there.
    fields.remove(weir_api::object::BESIDE);
    fields
}

fn all<T: DeserializeOwned + Serialize + Default>(name: &str) {
    let fields = filled(&Value::Object(fields_of(&T::default())));
    let fields = fields.as_object().expect("an object").clone();
    let body = serde_json::to_vec(&fields).expect("text");
    let plain = fields_of(&from_slice::<T>(&body).expect("plain").value);
    // What one field says changes no other one.
    let stands = |read: &T, field: &str, odd: &str| {
        let now = fields_of(read);
        for (key, value) in plain.iter().filter(|(key, _)| *key != field) {
            assert_eq!(now.get(key), Some(value), "{name}.{key} with {field} {odd}");
        }
    };
    for field in fields.keys() {
        for odd in ["null", "\"odd\"", "7", "\"7\"", "[]", "{}", "true"] {
            let mut one = fields.clone();
            one.insert(field.clone(), serde_json::from_str(odd).expect("JSON"));
            one.insert("extra".into(), odd.into());
            let body = serde_json::to_vec(&[fields.clone(), one]).expect("text");
            let read = from_slice::<Vec<T>>(&body);
            let read = read.unwrap_or_else(|e| panic!("{name}.{field} = {odd}: {e:?}"));
            let [_, second] = read.value.as_slice() else {
                panic!("{name}.{field} = {odd} hides it: {:?}", read.unread);
            };
            stands(second, field, odd);
            if odd == "null" {
                assert_eq!(read.unread, Vec::<String>::new(), "{name}.{field}");
            }
            if odd == "\"7\"" && fields[field].is_number() {
                assert_eq!(fields_of(second), plain, "{name}.{field} as text");
            }
        }
        let mut less = fields.clone();
        less.remove(field);
        let body = serde_json::to_vec(&less).expect("text");
        let read = from_slice::<T>(&body);
        let read = read.unwrap_or_else(|e| panic!("{name} without {field}: {e:?}"));
        stands(&read.value, field, "left out");
    }
}

/// Answers with all that the specifications name, each text and number of its own.
const SAMPLES: &str = include_str!("samples.json");

/// Texts and numbers in it.
fn leaves(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(map) => map.values().for_each(|value| leaves(value, found)),
        Value::Array(list) => list.iter().for_each(|value| leaves(value, found)),
        Value::String(text) => found.push(text.clone()),
        Value::Number(number) => found.push(number.to_string()),
        Value::Null | Value::Bool(_) => {}
    }
}

/// Pointers to everything in it.
fn pointers(value: &Value, at: &str, found: &mut Vec<String>) {
    let mut inside = |key: &str, value: &Value| {
        let at = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
        found.push(at.clone());
        pointers(value, &at, found);
    };
    match value {
        Value::Object(map) => map.iter().for_each(|(key, value)| inside(key, value)),
        Value::Array(list) => {
            let all = list.iter().enumerate();
            all.for_each(|(at, value)| inside(&at.to_string(), value));
        }
        _ => {}
    }
}

fn told<T: DeserializeOwned + Serialize>(name: &str, body: &Value) -> Vec<String> {
    let body = serde_json::to_vec(body).expect("text");
    let read = from_slice::<T>(&body).unwrap_or_else(|e| panic!("{name}: {e:?}"));
    let mut found = Vec::new();
    leaves(
        &serde_json::to_value(&read.value).expect("value"),
        &mut found,
    );
    found
}

/// Whatever stands somewhere inside an answer, what stands elsewhere is read.
fn inside<T: DeserializeOwned + Serialize>(name: &str) {
    let samples: Value = serde_json::from_str(SAMPLES).expect("samples");
    let sample = samples.get(name).expect("a sample").clone();
    let plain = told::<T>(name, &sample);
    assert!(!plain.is_empty(), "{name}");
    let mut all = Vec::new();
    pointers(&sample, "", &mut all);
    let odd = [
        "null",
        "\"odd\"",
        "7",
        "\"7\"",
        "[]",
        "{}",
        "true",
        "[null, 7]",
    ];
    for at in &all {
        for odd in odd {
            let mut changed = sample.clone();
            let place = changed.pointer_mut(at).expect("a place");
            let mut gone = Vec::new();
            leaves(place, &mut gone);
            *place = serde_json::from_str(odd).expect("JSON");
            let now = told::<T>(&format!("{name}{at} = {odd}"), &changed);
            let lost = plain
                .iter()
                .filter(|one| !gone.contains(one) && !now.contains(one));
            let lost: Vec<_> = lost.collect();
            assert!(lost.is_empty(), "{name}{at} = {odd} loses {lost:?}");
        }
    }
    // An odd element of a list hides none of the others.
    let list = serde_json::json!([null, sample, 7, "odd", sample, {}]);
    let body = serde_json::to_vec(&list).expect("text");
    let read = from_slice::<Vec<T>>(&body).unwrap_or_else(|e| panic!("{name}: {e:?}"));
    let whole = |one: &T| {
        let mut found = Vec::new();
        leaves(&serde_json::to_value(one).expect("value"), &mut found);
        plain.iter().all(|leaf| found.contains(leaf))
    };
    let whole = read.value.iter().filter(|one| whole(one)).count();
    assert_eq!(whole, 2, "{name} in a list: {:?}", read.unread);
}

#[test]
fn odd_answers_are_read_however_deep_it_is() {
    inside::<timeplus::alert::Alert>("alert");
    inside::<timeplus::api_key::ApiKey>("API key");
    inside::<timeplus::cluster::Node>("node of a cluster");
    inside::<timeplus::dashboard::Dashboard>("dashboard");
    inside::<timeplus::database::Database>("database");
    inside::<timeplus::dictionary::Dictionary>("dictionary");
    inside::<timeplus::external_stream::ExternalStream>("external stream");
    inside::<timeplus::external_table::ExternalTable>("external table");
    inside::<timeplus::info::Info>("info");
    inside::<timeplus::invitation::Invitation>("invitation");
    inside::<timeplus::license::License>("license");
    inside::<timeplus::materialized_view::MaterializedView>("materialized view");
    inside::<timeplus::materialized_view::MaterializedView>("materialized view of 2025");
    inside::<timeplus::metrics::GlobalMetrics>("metrics");
    inside::<timeplus::pipeline::Pipeline>("pipeline");
    inside::<timeplus::query::Query>("query");
    inside::<timeplus::saved_query::SavedQuery>("saved query");
    inside::<timeplus::schema::Schema>("schema");
    inside::<timeplus::sink::Sink>("sink");
    inside::<timeplus::source::Source>("source");
    inside::<timeplus::stream::Stream>("stream");
    inside::<timeplus::stream::Stream>("stream of 2025");
    inside::<timeplus::stream::StreamStats>("figures of a stream");
    inside::<timeplus::stream::StreamStats>("figures of a stream of 2025");
    inside::<timeplus::subscription::Subscription>("subscription");
    inside::<timeplus::topology::Graph>("topology");
    inside::<timeplus::udf::Udf>("function");
    inside::<timeplus::udf::Udf>("function of 2025");
    inside::<timeplus::user::User>("user");
    inside::<timeplus::view::View>("view");
    inside::<timeplus::workspace::Workspace>("workspace");
    inside::<timeplus::sql::Analysis>("analysis");
}

#[test]
fn odd_answers_of_the_others_are_read_however_deep_it_is() {
    inside::<secmaster::shipper::Shipper>("delivery");
    inside::<secmaster::shipper::Shipper>("delivery that is shown");
    inside::<secmaster::authorization::Authorization>("authorization");
    inside::<secmaster::workspace::Workspace>("SecMaster workspace");
    inside::<secmaster::dataspace::Dataspace>("data space");
    inside::<secmaster::pipe::Pipe>("pipe");
    inside::<secmaster::data_class::DataClass>("data class");
    inside::<secmaster::data_class::Field>("field");
    inside::<secmaster::data_object::DataObject>("data object");
    inside::<dataworks::api::Api>("API");
    inside::<dataworks::api::Api>("API in a list");
    inside::<dataworks::application::Application>("application");
    inside::<dataworks::authority::Granted>("API that others may call");
    inside::<dataworks::authority::Received>("API of others");
    inside::<dataworks::group::Group>("group");
    inside::<dataworks::folder::Folder>("folder");
    inside::<dataworks::picker::DataSource>("data source");
    inside::<dataworks::picker::Project>("project");
    inside::<dataworks::test::Test>("test");
}

#[test]
fn odd_answers_of_timeplus_are_read() {
    all::<timeplus::alert::Alert>("alert");
    all::<timeplus::api_key::ApiKey>("API key");
    all::<timeplus::cluster::Node>("node of a cluster");
    all::<timeplus::dashboard::Dashboard>("dashboard");
    all::<timeplus::database::Database>("database");
    all::<timeplus::dictionary::Dictionary>("dictionary");
    all::<timeplus::external_stream::ExternalStream>("external stream");
    all::<timeplus::external_table::ExternalTable>("external table");
    all::<timeplus::info::Info>("info");
    all::<timeplus::invitation::Invitation>("invitation");
    all::<timeplus::license::License>("license");
    all::<timeplus::license::Usage>("usage");
    all::<timeplus::materialized_view::MaterializedView>("materialized view");
    all::<timeplus::metrics::GlobalMetrics>("metrics");
    all::<timeplus::pipeline::Pipeline>("pipeline");
    all::<timeplus::query::Query>("query");
    all::<timeplus::saved_query::SavedQuery>("saved query");
    all::<timeplus::schema::Schema>("schema");
    all::<timeplus::sink::Sink>("sink");
    all::<timeplus::source::Source>("source");
    all::<timeplus::stream::Stream>("stream");
    all::<timeplus::stream::StreamStats>("figures of a stream");
    all::<timeplus::subscription::Subscription>("subscription");
    all::<timeplus::topology::Graph>("topology");
    all::<timeplus::udf::Udf>("udf");
    all::<timeplus::user::User>("user");
    all::<timeplus::view::View>("view");
    all::<timeplus::workspace::Workspace>("workspace");
}

#[test]
fn odd_answers_of_the_others_are_read() {
    all::<azion::streaming::Streaming>("streaming");
    all::<azion::template::Template>("template");
    all::<azion::domain::Domain>("domain");
    all::<azion::v4::stream::Stream>("stream");
    all::<azion::v4::template::Template>("template of version 4");
    all::<secmaster::shipper::Shipper>("delivery");
    all::<secmaster::authorization::Authorization>("authorization");
    all::<secmaster::workspace::Workspace>("workspace");
    all::<secmaster::dataspace::Dataspace>("data space");
    all::<secmaster::pipe::Pipe>("pipe");
    all::<secmaster::data_class::DataClass>("data class");
    all::<secmaster::data_class::Field>("field");
    all::<secmaster::data_object::DataObject>("data object");
    all::<dataworks::api::Api>("API");
    all::<dataworks::application::Application>("application");
    all::<dataworks::authority::Granted>("API that others may call");
    all::<dataworks::authority::Received>("API of others");
    all::<dataworks::group::Group>("group");
    all::<dataworks::folder::Folder>("folder");
    all::<dataworks::picker::DataSource>("data source");
    all::<dataworks::picker::Project>("project");
    all::<dataworks::picker::Table>("table");
    all::<dataworks::picker::TableColumn>("column");
    all::<dataworks::picker::ResourceGroup>("resource group");
    all::<dataworks::test::Test>("test");
}

/// What a refusal says, whatever its other fields are.
#[test]
fn odd_refusals_are_told() {
    use weir_api::ApiError;
    type Read = fn(u16, Option<String>, &[u8]) -> ApiError;
    let timeplus: Read = timeplus::error;
    let (secmaster, dataworks): (Read, Read) = (secmaster::error, dataworks::error);
    for (read, body) in [
        (
            timeplus,
            r#"{"code":"62","message":"why","request_id":7,"fields":null}"#,
        ),
        (
            timeplus,
            r#"{"code":null,"message":"why","fields":[null,7,{"field":"a"}]}"#,
        ),
        (timeplus, r#"{"error":"why"}"#),
        (timeplus, r#"{"detail":"why","message":null}"#),
        (
            secmaster,
            r#"{"code":0,"error_code":"SecMaster.1","message":"why","error":null}"#,
        ),
        (
            secmaster,
            r#"{"error_msg":"why","msg":"too","error":"text","fields":{}}"#,
        ),
        (
            secmaster,
            r#"{"error":{"message":"why","title":null,"code":"401"}}"#,
        ),
        (
            dataworks,
            r#"{"Code":404,"Message":"why","HttpStatusCode":"404"}"#,
        ),
        (
            dataworks,
            r#"{"ErrorCode":{},"ErrorMessage":"why","Recommend":[],"Success":"false"}"#,
        ),
        (timeplus, "why, in plain words"),
        (dataworks, "<h1>why</h1>"),
    ] {
        let ApiError::Status(told) = read(400, None, body.as_bytes()) else {
            panic!("{body}");
        };
        assert_eq!(told.status, 400, "{body}");
        assert!(told.message.contains("why"), "{body}: {told:?}");
        assert!(!told.message.contains('{'), "{body}: {told:?}");
    }
    // Said beside a status that is none.
    let body = br#"{"Success":"false","ErrorCode":7,"ErrorMessage":"why","HttpStatusCode":"404"}"#;
    let refused = dataworks::refusal(body).expect("refused");
    assert_eq!(refused.status(), Some(404));
}

#[test]
fn what_comes_under_two_names_is_read_once() {
    let body =
        r#"[{"name":"a","auth_context":{"auth_header":"X-Key","key_name":"other"}},{"name":"b"}]"#;
    let read = from_slice::<Vec<timeplus::udf::Udf>>(body.as_bytes()).expect("functions");
    let context = read.value[0].auth_context.clone().expect("a header");
    assert_eq!(
        (context.key_name.as_deref(), read.value.len()),
        (Some("X-Key"), 2)
    );
    let body = r#"{"id":1,"name":"s","domain_ids":[5],"domains_ids":[5]}"#;
    let read = from_slice::<azion::streaming::Streaming>(body.as_bytes()).expect("a streaming");
    assert_eq!(read.value.definition.domain_ids, [5]);
}

#[test]
fn odd_events_of_a_query_stop_nothing() {
    use timeplus::event::{QueryEvent, QueryEvents};
    let stream = concat!(
        "event: query\ndata: {\"id\":7,\"status\":\"dancing\",\"duration\":\"12\",",
        "\"created_by\":\"admin\",\"tags\":\"one\",\"timeColumns\":[],\"analysis\":7,",
        "\"result\":{\"header\":[null,{\"name\":\"a\",\"type\":\"int32\",\"x\":1}]}}\n\n",
        "data: [[1]]\n\n",
        "event: gap\ndata: {\"from_id\":\"3\",\"to_id\":4.0,\"rows\":null}\n\n",
        "event: later\ndata: ???\n\n",
    );
    let mut seen = Vec::new();
    QueryEvents::default().push(stream.as_bytes(), |event| {
        seen.push(match event {
            Ok(QueryEvent::Started(query)) => {
                let header = query.result.header.into_iter();
                let names: Vec<String> = header.map(|column| column.name).collect();
                format!("{} {}", query.id, names.join(","))
            }
            Ok(QueryEvent::Rows(rows)) => String::from_utf8_lossy(rows).into_owned(),
            Ok(QueryEvent::Gap(gap)) => format!("gap {}-{}", gap.from_id, gap.to_id),
            other => format!("{other:?}"),
        });
    });
    assert_eq!(seen, ["7 a", "[[1]]", "gap 3-4"]);
}
