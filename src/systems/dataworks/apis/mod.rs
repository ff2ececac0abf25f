//! Data service APIs.

pub mod actions;
pub mod detail;
pub mod draft;
pub mod form;
pub mod list;
pub mod parameters;
pub mod trial;
pub mod versions;

use leptos::prelude::*;
use serde::Deserialize;
use weir_api::{
    ApiError, ApiRequest, FieldError,
    capability::Capabilities,
    dataworks::{
        Paging,
        api::{self, Api, Filter},
    },
};

use crate::{
    errors,
    kit::{Deletion, Edited, FieldGroup, Load, ResourceSpec},
    ui::{
        Tab,
        table::{Cell, Column, Deed},
    },
};
use draft::Draft;

pub struct DataApis;

/// An API, and its number as text.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Model {
    key: String,
    pub api: Api,
}

impl From<Api> for Model {
    fn from(api: Api) -> Self {
        Self {
            key: api.api_id.to_string(),
            api,
        }
    }
}

/// Keys come out of addresses; 0 is no API's.
fn id(key: &str) -> i64 {
    key.parse().unwrap_or_default()
}

impl ResourceSpec for DataApis {
    type Model = Model;
    type Draft = Draft;

    const SEGMENT: &'static str = "data-apis";
    const KIND: &'static str = "data-api";
    const ONE: &'static str = "API";
    const MANY: &'static str = "APIs";
    const TITLE: &'static str = "APIs";
    const HINT: &'static str = "An API answers with rows of a table (wizard), of a SELECT (script), or passes calls on to a service (registration).";
    const NAME_FIELD: &'static str = "ApiName";
    const DELETION: Option<Deletion> = Some(Deletion {
        one: Self::ONE,
        many: Self::MANY,
        request: |key| api::delete(id(key)),
        loss: "Its definition, tests and authorizations are lost. A published API must be unpublished first.",
    });

    fn list() -> ApiRequest {
        api::list(&Filter::default(), Paging::first())
    }

    fn get(key: &str) -> ApiRequest {
        api::get(id(key))
    }

    fn read(answer: &[u8]) -> Result<Model, ApiError> {
        api::got(answer).map(Model::from)
    }

    fn more(answer: &[u8]) -> Option<ApiRequest> {
        let next = api::listed(answer).ok()?.next()?;
        Some(api::list(&Filter::default(), next))
    }

    fn read_list(answer: &[u8]) -> Result<Vec<Model>, ApiError> {
        let page = api::listed(answer)?;
        Ok(page.items.into_iter().map(Model::from).collect())
    }

    fn key(model: &Model) -> &str {
        &model.key
    }

    fn name(model: &Model) -> &str {
        &model.api.api_name
    }

    fn columns() -> Vec<Column> {
        list::columns()
    }

    fn cells(model: &Model) -> Vec<Cell> {
        list::cells(&model.api)
    }

    fn search(model: &Model) -> String {
        model.api.description.clone()
    }

    fn deeds(connection: &str, key: &str) -> Vec<Deed> {
        vec![Self::edit_deed(connection, key)]
    }

    fn draft(model: &Model) -> Draft {
        Draft::of(&model.api)
    }

    fn sections(draft: RwSignal<Draft>, edited: &Edited<Model>) -> Vec<FieldGroup> {
        match edited {
            Edited::New => form::sections(draft, None),
            Edited::Existing(model) => form::sections(draft, Some(model.api.clone())),
        }
    }

    fn parse(
        draft: &Draft,
        edited: &Edited<Model>,
        _can: Capabilities,
    ) -> Result<ApiRequest, Vec<FieldError>> {
        let request = match edited {
            Edited::New => api::create(&draft.create()?),
            Edited::Existing(model) => api::update(model.api.api_id, &draft.settings()?),
        };
        request.map_err(errors::unsent)
    }

    fn made(_draft: &Draft, answer: &[u8]) -> String {
        api::created(answer).map_or_else(|_| String::new(), |id| id.to_string())
    }

    fn facts(model: Signal<Model>) -> AnyView {
        detail::facts(model)
    }

    fn actions(
        connection: &str,
        model: Signal<Model>,
        load: Load,
        delete: Callback<()>,
    ) -> AnyView {
        actions::actions(connection, model, load, delete)
    }

    fn tabs(_connection: &str, model: Signal<Model>) -> Vec<Tab> {
        vec![
            Tab::new("definition", "Definition", move || {
                detail::definition(model)
            }),
            Tab::new("test", "Test", move || trial::panel(model)),
            Tab::new("published", "Published version", move || {
                versions::panel(model)
            }),
        ]
    }
}
