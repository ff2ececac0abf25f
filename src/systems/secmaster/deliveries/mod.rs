//! Data deliveries: records copied from pipe to pipe.

pub mod detail;
pub mod draft;
pub mod filter;
pub mod form;
pub mod list;
pub mod replace;

use leptos::prelude::*;
use weir_api::{
    ApiError, ApiRequest,
    secmaster::{
        self, PAGE, answer, page,
        shipper::{self, Filter, Shipper},
    },
};

use crate::{
    errors,
    kit::{self, Actions, BulkAction, Calls, Names, Resource, ResourceSpec, Submit},
};

use draft::Draft;

pub struct Deliveries;

const NAMES: Names = Names {
    segment: "deliveries",
    kind: "delivery",
    one: "delivery",
    many: "deliveries",
    title: "Deliveries",
    hint: "A delivery copies records from one pipe to another, in real time or on a schedule.",
};

impl Resource for Deliveries {
    type Model = Shipper;
    type Draft = Draft;

    const SPEC: ResourceSpec<Shipper, Draft> = ResourceSpec {
        loss: Some("Deliveries stop, and their position is lost."),
        read,
        read_list: |body| page(body).map(|page| page.items),
        more: secmaster::part,
        name: Some(|model| &model.shipper_name),
        edit: Some("Replace"),
        name_field: "shipper_name",
        bulk: &[
            BulkAction {
                verb: "Pause",
                done: "paused",
                request: |key| Ok(shipper::pause(key)),
                effect: "Delivery stops until resumed.",
                needs: None,
                helps: &[],
                halts: true,
                idle: &["paused", "suspended"],
            },
            BulkAction {
                verb: "Resume",
                done: "resumed",
                request: |key| Ok(shipper::resume(key)),
                effect: "Delivery resumes where it stopped.",
                needs: None,
                helps: &[],
                halts: false,
                idle: &["running", "delivering"],
            },
        ],
        draft: Draft::of,
        fields: |draft, _| form::sections(draft),
        submit: Submit::All(|draft, _, _| {
            let definition = draft.definition()?;
            let create = shipper::create(&definition).map_err(errors::unsent)?;
            Ok(vec![create, named(&definition.shipper_name)])
        }),
        made: Some(|draft, answer| {
            let found = page::<Shipper>(answer).map(|page| page.items);
            let name = draft.name.trim();
            let mut found = found.unwrap_or_default().into_iter();
            let made = found.find(|one| one.shipper_name == name);
            made.map(|one| one.shipper_id).unwrap_or_default()
        }),
        facts: detail::facts,
        actions: Actions::With(detail::actions),
        tabs: |_, model| detail::tabs(model),
        ..ResourceSpec::new(
            NAMES,
            Calls::Own {
                list: || shipper::list(&Filter::default(), 0, PAGE),
                get: shipper::get,
                delete: Some(|key| shipper::delete(&[key.into()])),
            },
            |model| &model.shipper_id,
            list::COLUMNS,
        )
    };
}

/// One that was just made is found in a list, see [`Self::requests`].
fn read(body: &[u8]) -> Result<Shipper, ApiError> {
    match page::<Shipper>(body) {
        Ok(found) => {
            let newest = found.items.into_iter().max_by_key(|one| one.create_time);
            newest.ok_or_else(|| ApiError::Decode("delivery not found".into()))
        }
        Err(error @ ApiError::Status(_)) => Err(error),
        Err(_) => answer(body),
    }
}

/// Deliveries with this in their names.
fn named(name: &str) -> ApiRequest {
    let filter = Filter {
        shipper_name: name.into(),
        ..Filter::default()
    };
    shipper::list(&filter, 0, PAGE)
}

pub fn list_page() -> AnyView {
    kit::narrowed_list_page::<Deliveries>(filter::narrow)
}
