//! Each field of what servers answer: null, missing, of other kinds, beside others.

#![allow(clippy::expect_used)] // clippy.toml does not know these functions as tests.

use serde::de::DeserializeOwned;
use weir_api::{azion, dataworks, lenient::from_slice, secmaster, timeplus};

fn all<T: DeserializeOwned + serde::Serialize + Default>(name: &str) {
    let whole = serde_json::to_value(T::default()).expect("value");
    let fields = whole.as_object().expect("an object").clone();
    for field in fields.keys() {
        for odd in ["null", "\"odd\"", "7", "\"7\"", "[]", "{}"] {
            let mut one = fields.clone();
            one.insert(field.clone(), serde_json::from_str(odd).expect("JSON"));
            one.insert("extra".into(), odd.into());
            let body = serde_json::to_vec(&[fields.clone(), one]).expect("text");
            let read = from_slice::<Vec<T>>(&body);
            let read = read.unwrap_or_else(|e| panic!("{name}.{field} = {odd}: {e:?}"));
            assert!(!read.value.is_empty(), "{name}.{field} = {odd}");
            if odd == "null" {
                assert_eq!(read.unread, Vec::<String>::new(), "{name}.{field}");
            }
        }
        let mut less = fields.clone();
        less.remove(field);
        let body = serde_json::to_vec(&less).expect("text");
        from_slice::<T>(&body).unwrap_or_else(|e| panic!("{name} without {field}: {e:?}"));
    }
}

#[test]
fn odd_answers_of_timeplus_are_read() {
    all::<timeplus::alert::Alert>("alert");
    all::<timeplus::dashboard::Dashboard>("dashboard");
    all::<timeplus::info::Info>("info");
    all::<timeplus::invitation::Invitation>("invitation");
    all::<timeplus::materialized_view::MaterializedView>("materialized view");
    all::<timeplus::metrics::GlobalMetrics>("metrics");
    all::<timeplus::query::Query>("query");
    all::<timeplus::saved_query::SavedQuery>("saved query");
    all::<timeplus::sink::Sink>("sink");
    all::<timeplus::source::Source>("source");
    all::<timeplus::stream::Stream>("stream");
    all::<timeplus::subscription::Subscription>("subscription");
    all::<timeplus::udf::Udf>("udf");
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
    all::<dataworks::group::Group>("group");
    all::<dataworks::folder::Folder>("folder");
    all::<dataworks::picker::DataSource>("data source");
    all::<dataworks::picker::Project>("project");
    all::<dataworks::picker::Table>("table");
    all::<dataworks::picker::TableColumn>("column");
    all::<dataworks::picker::ResourceGroup>("resource group");
    all::<dataworks::test::Test>("test");
}
