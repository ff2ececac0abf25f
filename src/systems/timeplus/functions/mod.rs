//! Functions that people define: JavaScript, or HTTP services.

pub mod arguments;
pub mod check;
pub mod ddl;
pub mod detail;
pub mod draft;
pub mod form;
pub mod list;
pub mod sample;
pub mod template;
pub mod trial;

use leptos::prelude::*;
use weir_api::{
    ApiRequest, FieldError,
    capability::{Capabilities, Capability},
    timeplus::{
        exec,
        udf::{self, Udf},
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

pub struct Functions;

impl ResourceSpec for Functions {
    type Model = Udf;
    type Draft = Draft;

    const SEGMENT: &'static str = "functions";
    const KIND: &'static str = "function";
    const ONE: &'static str = "function";
    const MANY: &'static str = "functions";
    const TITLE: &'static str = "Functions";
    const HINT: &'static str = "A function of your own stands in SQL like the built-in ones: JavaScript that the server runs, or a service that it calls.";
    const DELETION: Option<Deletion> = Some(Deletion {
        one: Self::ONE,
        many: Self::MANY,
        request: udf::delete,
        loss: "Queries that call it can no longer be started; a function that views call cannot be deleted before them.",
    });

    fn list() -> ApiRequest {
        udf::list()
    }

    fn get(key: &str) -> ApiRequest {
        udf::get(key)
    }

    fn key(model: &Udf) -> &str {
        &model.name
    }

    fn columns() -> Vec<Column> {
        list::columns()
    }

    fn cells(model: &Udf) -> Vec<Cell> {
        list::cells(model)
    }

    fn search(model: &Udf) -> String {
        format!("{} {}", model.source, model.url)
    }

    fn deeds(connection: &str, key: &str) -> Vec<Deed> {
        vec![Self::edit_deed(connection, key)]
    }

    fn draft(model: &Udf) -> Draft {
        Draft::of(model)
    }

    fn sections(draft: RwSignal<Draft>, edited: &Edited<Udf>) -> Vec<FieldGroup> {
        form::sections(draft, matches!(edited, Edited::New))
    }

    fn aside(draft: RwSignal<Draft>, edited: &Edited<Udf>) -> Option<ViewFn> {
        let replace = matches!(edited, Edited::Existing(_));
        Some(ViewFn::from(move || form::sql(draft, replace)))
    }

    fn parse(
        draft: &Draft,
        edited: &Edited<Udf>,
        can: Capabilities,
    ) -> Result<ApiRequest, Vec<FieldError>> {
        let as_sql = !can.has(Capability::Definitions);
        let (definition, errors) = draft.definition(as_sql);
        if !errors.is_empty() {
            return Err(errors);
        }
        let replace = matches!(edited, Edited::Existing(_));
        let request = match edited {
            _ if as_sql => exec::ddl(&ddl::create(&definition, replace)),
            Edited::New => udf::create(&definition),
            Edited::Existing(before) => udf::update(&before.name, &definition),
        };
        request.map_err(errors::unsent)
    }

    fn made(draft: &Draft, _answer: &[u8]) -> String {
        draft.name.trim().into()
    }

    fn facts(model: Signal<Udf>) -> AnyView {
        detail::facts(model)
    }

    fn actions(connection: &str, model: Signal<Udf>, _load: Load, delete: Callback<()>) -> AnyView {
        detail::actions(connection, model, delete)
    }

    fn tabs(connection: &str, model: Signal<Udf>) -> Vec<Tab> {
        detail::tabs(connection, model)
    }
}
