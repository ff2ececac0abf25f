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
    value.as_object().expect("an object").clone()
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
