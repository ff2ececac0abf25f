//! Data objects: alerts, incidents and so on, each of a class that says which fields it has.

pub mod classes;
pub mod create;
pub mod detail;
pub mod draft;
pub mod edit;
pub mod form;
pub mod import;
pub mod list;
pub mod search;

use serde::Deserialize;
use weir_api::{
    ApiRequest,
    secmaster::{
        answer,
        data_class::DataClass,
        data_object::{self, DataObject},
        page,
    },
};

use crate::{
    kit::{Calls, Names, Resource, ResourceSpec},
    ui::table::Sort,
};

pub use list::list_page;

pub struct DataObjects;

/// One with what names it in addresses: `alerts:` and its id.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(from = "DataObject")]
pub struct Model {
    pub key: String,
    pub name: String,
    pub object: DataObject,
}

impl From<DataObject> for Model {
    fn from(object: DataObject) -> Self {
        let class = DataClass {
            name: object.dataclass_ref.name.clone(),
            ..DataClass::default()
        };
        Self {
            key: format!("{}:{}", class.plural(), object.id),
            name: name(&object),
            object,
        }
    }
}

/// What people call it.
fn name(object: &DataObject) -> String {
    let fields = ["title", "name", "vul_name", "value"];
    let told = fields.iter().find_map(|field| {
        let text = object.data_object.get(*field)?.as_str()?;
        Some(text.to_owned()).filter(|text| !text.is_empty())
    });
    told.unwrap_or_else(|| object.id.clone())
}

/// Plural name of the class, and id.
pub fn parts(key: &str) -> (&str, &str) {
    key.split_once(':').unwrap_or(("", key))
}

const NAMES: Names = Names {
    segment: search::SEGMENT,
    kind: "data-object",
    one: "data object",
    many: "data objects",
    title: "Data objects",
    hint: "Alerts, incidents, indicators and vulnerabilities, each with the fields of its class.",
};

impl Resource for DataObjects {
    type Model = Model;
    /// The forms of objects depend on their class: see [`create`] and [`edit`].
    type Draft = ();

    const SPEC: ResourceSpec<Model, ()> = ResourceSpec {
        loss: Some("All fields are lost."),
        read: |body| answer::<DataObject>(body).map(Model::from),
        read_list: |body| {
            let found = page::<DataObject>(body)?;
            Ok(found.items.into_iter().map(Model::from).collect())
        },
        name: Some(|model| &model.name),
        sort: Sort {
            column: 4,
            descending: true,
        },
        edit: Some("Edit"),
        facts: detail::facts,
        tabs: |_, model| detail::tabs(model),
        ..ResourceSpec::new(
            NAMES,
            Calls::Own {
                list: || ApiRequest::get("/soc/dataclasses"),
                get: |key| {
                    let (class, id) = parts(key);
                    data_object::get_named(class, id)
                },
                delete: Some(|key| {
                    let (class, id) = parts(key);
                    data_object::delete(class, &[id.into()])
                }),
            },
            |model| &model.key,
            list::COLUMNS,
        )
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_named_and_found_again() {
        let body = br#"{"code":"0","message":"","success":true,"data":{"id":"a:b",
            "dataclass_ref":{"id":"c","name":"Vulnerability"},"data_object":{"title":"t"}}}"#;
        let shown = (DataObjects::SPEC.read)(body).expect("object");
        assert_eq!(shown.key, "vulnerabilities:a:b");
        assert_eq!(shown.name, "t");
        assert_eq!(parts(&shown.key), ("vulnerabilities", "a:b"));
        assert_eq!(
            DataObjects::SPEC.calls.get(&shown.key).target(),
            "/soc/vulnerabilities/a%3Ab"
        );
    }
}
