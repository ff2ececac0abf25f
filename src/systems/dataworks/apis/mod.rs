//! Data service APIs.

pub mod actions;
pub mod detail;
pub mod draft;
pub mod form;
pub mod list;
pub mod model;
pub mod parameters;
pub mod trial;
pub mod versions;

use leptos::prelude::*;
use weir_api::dataworks::{
    Paging,
    answer::part,
    api::{self, Filter},
};

use crate::{
    errors,
    kit::{
        Actions, BulkAction, Calls, Edited, Names, Resource, ResourceSpec, Submit, notice::no_logs,
    },
    ui::Tab,
};

use draft::Draft;
pub use model::Model;
use model::id;

pub struct DataApis;

const NAMES: Names = Names {
    segment: "data-apis",
    kind: "data-api",
    one: "API",
    many: "APIs",
    title: "APIs",
    hint: "An API returns rows of a table (wizard) or of a SELECT (script), or forwards calls to a service (registration).",
};

impl Resource for DataApis {
    type Model = Model;
    type Draft = Draft;

    const SPEC: ResourceSpec<Model, Draft> = ResourceSpec {
        loss: Some(
            "Its definition, tests and authorizations are lost. A published API must be unpublished first.",
        ),
        read: |answer| api::got(answer).map(Model::from),
        read_list: |answer| {
            let page = api::listed(answer)?;
            Ok(page.items.into_iter().map(Model::from).collect())
        },
        more: |_, answer| {
            part(api::listed(answer), |next| {
                api::list(&Filter::default(), next)
            })
        },
        name: Some(|model| &model.api.api_name),
        search: |model| model.api.description.clone(),
        edit: Some("Edit"),
        name_field: "ApiName",
        bulk: &[
            BulkAction {
                verb: "Publish",
                done: "published",
                request: |key| Ok(api::publish(id(key))),
                effect: "Authorized applications can call the current definition.",
                needs: None,
                helps: &[],
                halts: false,
                idle: &[],
            },
            BulkAction {
                verb: "Unpublish",
                done: "unpublished",
                request: |key| Ok(api::abolish(id(key))),
                effect: "Callers receive an error.",
                needs: None,
                helps: &[],
                halts: true,
                idle: &["draft", "unpublished"],
            },
        ],
        draft: |model| Draft::of(&model.api),
        list_is_whole: false,
        fields: |draft, edited| match edited {
            Edited::New => form::sections(draft, None),
            Edited::Existing(model) => form::sections(draft, Some(model.api.clone())),
        },
        submit: Submit::One(|draft, edited, _| {
            let request = match edited {
                Edited::New => api::create(&draft.create()?),
                Edited::Existing(model) => {
                    let settings = draft.settings()?.keeping(&model.api);
                    api::update(model.api.api_id, &settings)
                }
            };
            request.map_err(errors::unsent)
        }),
        made: Some(|_, answer| {
            api::created(answer).map_or_else(|_| String::new(), |id| id.to_string())
        }),
        facts: detail::facts,
        actions: Actions::Own(actions::actions),
        tabs,
        ..ResourceSpec::new(
            NAMES,
            Calls::Own {
                list: || api::list(&Filter::default(), Paging::first()),
                get: |key| api::get(id(key)),
                delete: Some(|key| api::delete(id(key))),
            },
            |model| &model.key,
            list::COLUMNS,
        )
    };
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
        Tab::new("logs", "Logs", no_logs),
    ]
}
