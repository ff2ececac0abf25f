//! Azion Data Streaming.

pub mod streamings;
pub mod templates;

use streamings::Streamings;
use weir_api::capability::Capability;

use crate::{
    kit::{Group, PageKind, page, resource},
    ui::IconName,
};

pub const GROUPS: &[Group] = &[Group {
    label: "Data Streaming",
    sections: &[
        resource!(IconName::Send, azion_list_streamings, azion, detail_azion_streamings: Streamings).that_runs(),
        resource!(IconName::Braces, azion_list_templates, azion: templates::Templates => |kind| match kind {
            PageKind::List => templates::list_page(),
            other => page::<templates::Templates>(other),
        })
        .changed_with(Capability::AzionParts),
    ],
}];
