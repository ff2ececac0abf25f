//! Azion Data Streaming.

pub mod streamings;
pub mod templates;

use streamings::Streamings;

use crate::{
    kit::{Group, Section},
    ui::IconName,
};

pub const GROUPS: &[Group] = &[Group {
    label: "Data Streaming",
    sections: &[
        Section::resource::<Streamings>(IconName::Send),
        Section::resource::<templates::Templates>(IconName::Braces).with_list(templates::list_page),
    ],
}];
