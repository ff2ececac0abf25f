//! Data deliveries: records copied from pipe to pipe.

pub mod detail;
pub mod draft;
pub mod filter;
pub mod form;
pub mod list;
pub mod replace;

use leptos::prelude::*;
use weir_api::{
    ApiError, ApiRequest, FieldError,
    capability::Capabilities,
    secmaster::{
        answer, page,
        shipper::{self, Filter, Shipper},
    },
};

use crate::{
    errors,
    kit::{self, Deletion, Edited, FieldGroup, Load, ResourceSpec},
    paths,
    ui::{
        IconName, Tab,
        table::{Cell, Column, Deed},
    },
};
use draft::Draft;

pub struct Deliveries;

/// Of one list; the vendor's largest is not published.
const LIMIT: u32 = 1000;

impl ResourceSpec for Deliveries {
    type Model = Shipper;
    type Draft = Draft;

    const SEGMENT: &'static str = "deliveries";
    const KIND: &'static str = "delivery";
    const ONE: &'static str = "delivery";
    const MANY: &'static str = "deliveries";
    const TITLE: &'static str = "Deliveries";
    const HINT: &'static str =
        "A delivery copies the records of one pipe into another, at once or on a schedule.";
    const NAME_FIELD: &'static str = "shipper_name";
    const DELETION: Option<Deletion> = Some(Deletion {
        one: Self::ONE,
        many: Self::MANY,
        request: |key| shipper::delete(&[key.into()]),
        loss: "Records are no longer delivered, and where it stood is forgotten.",
    });

    fn list() -> ApiRequest {
        shipper::list(&Filter::default(), 0, LIMIT)
    }

    fn get(key: &str) -> ApiRequest {
        shipper::get(key)
    }

    /// One that was just made is found in a list, see [`Self::requests`].
    fn read(body: &[u8]) -> Result<Shipper, ApiError> {
        match page::<Shipper>(body) {
            Ok(found) => {
                let newest = found.items.into_iter().max_by_key(|one| one.create_time);
                newest.ok_or_else(|| ApiError::Decode("the delivery is not there".into()))
            }
            Err(error @ ApiError::Status(_)) => Err(error),
            Err(_) => answer(body),
        }
    }

    fn read_list(body: &[u8]) -> Result<Vec<Shipper>, ApiError> {
        page(body).map(|page| page.items)
    }

    fn key(model: &Shipper) -> &str {
        &model.shipper_id
    }

    fn name(model: &Shipper) -> &str {
        &model.shipper_name
    }

    fn columns() -> Vec<Column> {
        list::columns()
    }

    fn cells(model: &Shipper) -> Vec<Cell> {
        list::cells(model)
    }

    fn deeds(connection: &str, key: &str) -> Vec<Deed> {
        vec![Deed::open(
            format!("Replace {key}"),
            IconName::Edit,
            paths::edit_item(connection, Self::SEGMENT, key),
        )]
    }

    fn draft(model: &Shipper) -> Draft {
        Draft::of(model)
    }

    fn sections(draft: RwSignal<Draft>, _edited: &Edited<Shipper>) -> Vec<FieldGroup> {
        form::sections(draft)
    }

    /// The answer to creating does not tell the id, so the new one is looked for by its name.
    fn requests(
        draft: &Draft,
        _edited: &Edited<Shipper>,
        _can: Capabilities,
    ) -> Result<Vec<ApiRequest>, Vec<FieldError>> {
        let definition = draft.definition()?;
        let create = shipper::create(&definition).map_err(errors::unsent)?;
        Ok(vec![create, named(&definition.shipper_name)])
    }

    fn made(draft: &Draft, answer: &[u8]) -> String {
        let found = page::<Shipper>(answer).map(|page| page.items);
        let name = draft.name.trim();
        let mut found = found.unwrap_or_default().into_iter();
        let made = found.find(|one| one.shipper_name == name);
        made.map(|one| one.shipper_id).unwrap_or_default()
    }

    fn facts(model: Signal<Shipper>) -> AnyView {
        detail::facts(model)
    }

    fn actions(
        connection: &str,
        model: Signal<Shipper>,
        load: Load,
        delete: Callback<()>,
    ) -> AnyView {
        detail::actions(connection, model, load, delete)
    }

    fn tabs(_connection: &str, model: Signal<Shipper>) -> Vec<Tab> {
        detail::tabs(model)
    }
}

/// Deliveries with this in their names.
fn named(name: &str) -> ApiRequest {
    let filter = Filter {
        shipper_name: name.into(),
        ..Filter::default()
    };
    shipper::list(&filter, 0, LIMIT)
}

pub fn list_page() -> AnyView {
    kit::narrowed_list_page::<Deliveries>(filter::narrow)
}
