//! Azion Data Streaming.

pub mod streamings;
pub mod templates;

use streamings::Streamings;

use crate::{
    kit::{Group, PageKind, Section, page},
    ui::{IconName, lazy::lazy},
};

pub const GROUPS: &[Group] = &[Group {
    label: "Data Streaming",
    sections: &[
        Section::resource::<Streamings>(
            IconName::Send,
            lazy!(azion: PageKind => page::<Streamings>),
        ),
        Section::page(
            "Templates",
            "templates",
            IconName::Braces,
            lazy!(azion: PageKind => |_| templates::page()),
        ),
    ],
}];
