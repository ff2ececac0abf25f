//! Azion Data Streaming.

pub mod streamings;
pub mod templates;

use streamings::Streamings;

use super::registry::{Group, Place};
use crate::ui::IconName;

pub const GROUPS: &[Group] = &[Group {
    label: "Data Streaming",
    places: &[
        Place::resource::<Streamings>(IconName::Send),
        Place::page("Templates", "templates", IconName::Braces, templates::page),
    ],
}];
