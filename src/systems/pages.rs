//! From the address of a page to the page, for all sections alike.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use super::registry::{View, place, places};
use crate::shell::NotFound;

pub fn list() -> AnyView {
    shown("section", |section| Some(place(section)?.pages.list))
}

pub fn create() -> AnyView {
    shown("kind", |kind| {
        let place = places().find(|place| place.creates == Some(kind))?;
        place.pages.create
    })
}

pub fn detail() -> AnyView {
    shown("section", |section| place(section)?.pages.detail)
}

pub fn edit() -> AnyView {
    shown("section", |section| place(section)?.pages.edit)
}

/// `find` turns the route's parameter into a page.
fn shown(parameter: &'static str, find: fn(&str) -> Option<View>) -> AnyView {
    let params = use_params_map();
    // A memo, because the router tells of the same parameters again when the page is left.
    let value = Memo::new(move |_| params.with(|params| params.get(parameter).unwrap_or_default()));
    (move || match value.with(|value| find(value)) {
        Some(view) => view(),
        None => NotFound().into_any(),
    })
    .into_any()
}
