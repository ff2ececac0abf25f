//! Azion Data Streaming.

pub mod streamings;
pub mod templates;

use streamings::Streamings;

use crate::{
    kit::{Group, PageKind, Section, resource},
    ui::{IconName, lazy::lazy},
};

pub const GROUPS: &[Group] = &[Group {
    label: "Data Streaming",
    sections: &[
        resource!(IconName::Send, azion_lists, azion: Streamings),
        Section::page(
            "Templates",
            "templates",
            IconName::Braces,
            lazy!(azion: PageKind => |_| templates::page()),
        ),
    ],
}];
