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

use leptos::prelude::*;
use serde::Deserialize;
use weir_api::{
    ApiError, ApiRequest,
    secmaster::{
        answer,
        data_class::DataClass,
        data_object::{self, DataObject},
        page,
    },
};

use crate::{
    kit::{Deletion, Edited, FieldGroup, Load, ResourceSpec},
    ui::{
        Tab,
        table::{Cell, Column, Deed, Sort},
    },
};

pub use list::list_page;

pub struct DataObjects;

/// One with what names it in addresses: `alerts:` and its id.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(from = "DataObject")]
pub struct Shown {
    pub key: String,
    pub name: String,
    pub object: DataObject,
}

impl From<DataObject> for Shown {
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
    let fields = ["title", "name", "value"];
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

impl ResourceSpec for DataObjects {
    type Model = Shown;
    /// The forms of objects depend on their class: see [`create`] and [`edit`].
    type Draft = ();

    const SEGMENT: &'static str = "data-objects";
    const KIND: &'static str = "data-object";
    const ONE: &'static str = "data object";
    const MANY: &'static str = "data objects";
    const TITLE: &'static str = "Data objects";
    const HINT: &'static str =
        "Alerts, incidents, indicators and vulnerabilities, each with the fields of its class.";
    const SORT: Sort = Sort {
        column: 4,
        descending: true,
    };
    const DELETION: Option<Deletion> = Some(Deletion {
        one: Self::ONE,
        many: Self::MANY,
        request: |key| {
            let (class, id) = parts(key);
            data_object::delete(class, &[id.into()])
        },
        loss: "Its fields are lost.",
    });

    fn list() -> ApiRequest {
        ApiRequest::get("/soc/dataclasses")
    }

    fn get(key: &str) -> ApiRequest {
        let (class, id) = parts(key);
        data_object::get_named(class, id)
    }

    fn read(body: &[u8]) -> Result<Shown, ApiError> {
        answer::<DataObject>(body).map(Shown::from)
    }

    fn read_list(body: &[u8]) -> Result<Vec<Shown>, ApiError> {
        let found = page::<DataObject>(body)?;
        Ok(found.items.into_iter().map(Shown::from).collect())
    }

    fn key(model: &Shown) -> &str {
        &model.key
    }

    fn name(model: &Shown) -> &str {
        &model.name
    }

    fn columns() -> Vec<Column> {
        list::columns()
    }

    fn cells(model: &Shown) -> Vec<Cell> {
        list::cells(model)
    }

    fn deeds(connection: &str, key: &str) -> Vec<Deed> {
        vec![Self::edit_deed(connection, key)]
    }

    fn draft(_model: &Shown) {}

    fn sections(_draft: RwSignal<()>, _edited: &Edited<Shown>) -> Vec<FieldGroup> {
        Vec::new()
    }

    fn made(_draft: &(), _answer: &[u8]) -> String {
        String::new()
    }

    fn facts(model: Signal<Shown>) -> AnyView {
        detail::facts(model)
    }

    fn actions(
        connection: &str,
        model: Signal<Shown>,
        _load: Load,
        delete: Callback<()>,
    ) -> AnyView {
        detail::actions(connection, model, delete)
    }

    fn tabs(_connection: &str, model: Signal<Shown>) -> Vec<Tab> {
        detail::tabs(model)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_named_and_found_again() {
        let body = br#"{"code":"0","message":"","success":true,"data":{"id":"a:b",
            "dataclass_ref":{"id":"c","name":"Vulnerability"},"data_object":{"title":"t"}}}"#;
        let shown = DataObjects::read(body).expect("object");
        assert_eq!(shown.key, "vulnerabilities:a:b");
        assert_eq!(shown.name, "t");
        assert_eq!(parts(&shown.key), ("vulnerabilities", "a:b"));
        assert_eq!(
            DataObjects::get(&shown.key).target(),
            "/soc/vulnerabilities/a%3Ab"
        );
    }
}
