//! Alibaba Cloud DataWorks DataService: APIs over data, their groups and folders, and who may
//! call them.

pub mod apis;
pub mod authorizations;
pub mod folders;
pub mod groups;
pub mod moment;
pub mod pick;

use self::moment::moment;
use crate::{
    kit::{Group, PageKind, Section, resource},
    ui::{IconName, lazy::lazy},
};

pub const GROUPS: &[Group] = &[
    Group {
        label: "DataService",
        sections: &[
            resource!(IconName::Braces, dataworks_lists, dataworks_apis: apis::DataApis),
            resource!(IconName::Layers, dataworks_lists, dataworks: groups::ApiGroups).unchanging(),
            resource!(IconName::Bookmark, dataworks_lists, dataworks: folders::ApiFolders)
                .unchanging(),
        ],
    },
    Group {
        label: "Access",
        sections: &[Section::page(
            "Authorizations",
            "api-authorizations",
            IconName::Key,
            lazy!(dataworks: PageKind => |_| authorizations::page()),
        )],
    },
];
