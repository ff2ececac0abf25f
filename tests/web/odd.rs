//! Odd answers on the screen: for each resource each field null, missing, an unknown word or of
//! another kind, beside fields that nobody knows. What the list, the page and the form show of the
//! other fields stays there.

use leptos::{prelude::*, wasm_bindgen::JsValue, web_sys::Element};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};
use wasm_bindgen_test::wasm_bindgen_test;
use weir::{
    kit::{Edited, Resource, cells, form::section},
    systems::{azion, dataworks, secmaster, timeplus},
    ui::field::FormErrors,
};
use weir_api::lenient::from_slice;

use crate::page::{Page, settle, show};

/// What each part of the pages shows, in words.
#[derive(Debug)]
struct Seen {
    parts: [(&'static str, String); 3],
}

/// A text of its own in each field that can hold one, a number in each that can hold that.
fn marked(value: &Value, next: &mut u64) -> Value {
    *next += 1;
    match value {
        Value::String(_) | Value::Null => format!("mark{next}x").into(),
        Value::Number(_) => (700 + *next).into(),
        Value::Bool(_) => true.into(),
        Value::Object(map) => {
            let field = |(key, value): (&String, &Value)| (key.clone(), marked(value, next));
            map.iter().map(field).collect()
        }
        Value::Array(_) => value.clone(),
    }
}

/// Texts and numbers in it, as they would be shown.
fn marks(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::String(text) => found.push(text.clone()),
        Value::Number(number) => found.push(number.to_string()),
        Value::Object(map) => map.values().for_each(|value| marks(value, found)),
        _ => {}
    }
}

fn words(place: &Page, part: &str) -> String {
    let root = place.find(&format!("[data-part={part}]"));
    let mut words = root.text_content().unwrap_or_default();
    for control in place.all(&format!("[data-part={part}] :is(input,textarea,select)")) {
        let control: &Element = &control;
        let value = js_sys::Reflect::get(control, &JsValue::from("value"));
        words.push('\n');
        words.push_str(
            &value
                .ok()
                .and_then(|value| value.as_string())
                .unwrap_or_default(),
        );
    }
    words
}

async fn seen<S: Resource>(model: S::Model) -> Seen {
    let row = cells(S::SPEC.columns, &model);
    let row: Vec<String> = row.iter().map(|cell| cell.words().to_string()).collect();
    let page = show(move || {
        provide_context(FormErrors::new());
        let one = Signal::stored(model.clone());
        let tabs = (S::SPEC.tabs)("c", one).into_iter();
        let tabs: Vec<AnyView> = tabs.map(|tab| tab.view.run()).collect();
        let fields = S::SPEC.edit.map(|_| {
            let draft = RwSignal::new((S::SPEC.draft)(&model));
            let groups = (S::SPEC.fields)(draft, &Edited::Existing(model.clone()));
            groups.into_iter().map(section).collect_view()
        });
        view! {
            <div data-part="page">{(S::SPEC.facts)(one)} {tabs}</div>
            <div data-part="form">{fields}</div>
        }
        .into_any()
    });
    settle().await;
    Seen {
        parts: [
            ("list", row.join("\n")),
            ("page", words(&page, "page")),
            ("form", words(&page, "form")),
        ],
    }
}

fn read<M: DeserializeOwned>(name: &str, fields: &Map<String, Value>) -> M {
    let body = serde_json::to_vec(fields).expect("JSON");
    let read = from_slice::<M>(&body);
    read.unwrap_or_else(|e| panic!("{name}: {e:?}")).value
}

/// `decides` are fields that say what the others mean: where they are odd, others may be shown
/// elsewhere.
async fn nothing_is_lost<S: Resource, W: Serialize + Default>(decides: &[&str]) {
    let name = S::SPEC.names.one;
    let plain = serde_json::to_value(W::default()).expect("a value");
    let plain = marked(&plain, &mut 0);
    let plain = plain.as_object().expect("an object").clone();
    let before = seen::<S>(read(name, &plain)).await;
    let mut lost = Vec::new();
    for (field, value) in plain
        .iter()
        .filter(|(field, _)| !decides.contains(&field.as_str()))
    {
        let unheard = match value {
            Value::String(_) => Some(Value::from("unheard")),
            Value::Number(number) => Some(number.to_string().into()),
            _ => None,
        };
        let odd = [
            Some(Value::Null),
            unheard,
            Some(serde_json::json!({"odd": [1]})),
            None,
        ];
        for odd in odd {
            let mut fields = plain.clone();
            match &odd {
                Some(odd) => fields.insert(field.clone(), odd.clone()),
                None => fields.remove(field),
            };
            fields.insert("newer".into(), serde_json::json!({"unknown": [null]}));
            let mut kept = Vec::new();
            let others = plain.iter().filter(|(other, _)| *other != field);
            others.for_each(|(_, value)| marks(value, &mut kept));
            let now = seen::<S>(read(name, &fields)).await;
            for ((part, was), (_, is)) in before.parts.iter().zip(&now.parts) {
                let gone = kept
                    .iter()
                    .filter(|mark| was.contains(*mark) && !is.contains(*mark));
                lost.extend(gone.map(|mark| format!("{part}: {mark} where {field} is {odd:?}")));
                // A word that nobody knows is shown as it came.
                let word = value.as_str().zip(odd.as_ref().and_then(Value::as_str));
                if let Some((mark, word)) = word
                    && was.contains(mark)
                    && !is.contains(word)
                {
                    lost.push(format!("{part}: {word} in {field}"));
                }
            }
        }
    }
    let shown: usize = before.parts.iter().map(|(_, words)| words.len()).sum();
    assert!(shown > 0, "{name}: nothing is shown at all");
    assert!(lost.is_empty(), "{name} loses {lost:#?}\nof {plain:#?}");
}

/// A stream of Azion's version 4, which lists what comes in, what is done to it and where it goes.
#[derive(Serialize)]
#[serde(transparent)]
struct Version4(Value);

impl Default for Version4 {
    fn default() -> Self {
        let part = |kind: &str, key: &str, value: Value| serde_json::json!({"type": kind, "attributes": {key: value}});
        Self(serde_json::json!({
            "id": 1, "name": "", "last_editor": "", "created": "", "last_modified": "",
            "product_version": "", "active": true,
            "inputs": [part("raw_logs", "data_source", "waf".into())],
            "transform": [
                part("filter_workloads", "workloads", [7].into()),
                part("sampling", "rate", 10.into()),
                part("render_template", "template", 2.into()),
                part("of tomorrow", "how", "so".into()),
            ],
            "outputs": [
                part("splunk", "url", "https://splunk.example".into()),
                part("of tomorrow", "where", "there".into()),
            ],
        }))
    }
}

/// `test: Resource, fields that decide;`, or `test: Resource = what the server sends, …` where the
/// resource's model is more than that.
macro_rules! resources {
    ($($test:ident: $resource:ty $(= $wire:ty)?, [$($decides:literal),*];)*) => {
        $(
            #[wasm_bindgen_test]
            async fn $test() {
                nothing_is_lost::<$resource, wire!($resource $(, $wire)?)>(&[$($decides),*]).await;
            }
        )*
    };
}

macro_rules! wire {
    ($resource:ty) => {
        <$resource as Resource>::Model
    };
    ($resource:ty, $wire:ty) => {
        $wire
    };
}

resources! {
    odd_alerts: timeplus::alerts::Alerts, ["action"];
    odd_dashboards: timeplus::dashboards::Dashboards, [];
    odd_external_streams: timeplus::external_streams::ExternalStreams, ["type", "settings"];
    odd_external_tables: timeplus::external_tables::ExternalTables, ["type", "settings"];
    odd_functions: timeplus::functions::Functions, ["type"];
    odd_materialized_views: timeplus::materialized_views::MaterializedViews, [];
    odd_pipelines: timeplus::pipelines::Pipelines, [];
    odd_saved_queries: timeplus::saved_queries::SavedQueries, [];
    odd_schemas: timeplus::schemas::Schemas, [];
    odd_sinks: timeplus::sinks::Sinks, ["type"];
    odd_sources: timeplus::sources::Sources, ["type"];
    odd_streams: timeplus::streams::Streams, [];
    odd_users: timeplus::users::Users, [];
    odd_views: timeplus::views::Views, [];
    odd_tasks: timeplus::by_sql::BySql<timeplus::by_sql::kinds::Tasks>, [];
    odd_sql_alerts: timeplus::by_sql::BySql<timeplus::by_sql::kinds::SqlAlerts>, [];
    odd_random_streams: timeplus::by_sql::BySql<timeplus::by_sql::kinds::RandomStreams>, [];
    odd_scheduled_views: timeplus::by_sql::BySql<timeplus::by_sql::kinds::ScheduledViews>, [];
    odd_named_collections: timeplus::by_sql::BySql<timeplus::by_sql::kinds::NamedCollections>, [];
    odd_disks: timeplus::by_sql::BySql<timeplus::by_sql::kinds::Disks>, [];
    odd_storage_policies: timeplus::by_sql::BySql<timeplus::by_sql::kinds::StoragePolicies>, [];
    odd_access_roles: timeplus::by_sql::BySql<timeplus::by_sql::kinds::AccessRoles>, [];
    odd_grants: timeplus::by_sql::BySql<timeplus::by_sql::kinds::Grants>, [];
    odd_row_policies: timeplus::by_sql::BySql<timeplus::by_sql::kinds::RowPolicies>, [];
    odd_quotas: timeplus::by_sql::BySql<timeplus::by_sql::kinds::Quotas>, [];
    odd_streamings: azion::streamings::Streamings, [];
    odd_streams_of_version_4: azion::streamings::Streamings = Version4, ["inputs", "transform", "outputs"];
    odd_templates: azion::templates::Templates = weir_api::azion::template::Template, [];
    odd_deliveries: secmaster::deliveries::Deliveries, [];
    odd_data_objects: secmaster::objects::DataObjects = weir_api::secmaster::data_object::DataObject, [];
    odd_pipes: secmaster::pipes::Pipes, [];
    odd_dataspaces: secmaster::dataspaces::Dataspaces, [];
    odd_workspaces: secmaster::workspaces::Workspaces, [];
    odd_apis: dataworks::apis::DataApis = weir_api::dataworks::api::Api, [];
    odd_api_groups: dataworks::groups::ApiGroups = weir_api::dataworks::group::Group, [];
    odd_api_folders: dataworks::folders::ApiFolders = weir_api::dataworks::folder::Folder, [];
}
