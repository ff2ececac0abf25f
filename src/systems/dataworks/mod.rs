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
            resource!(IconName::Braces, dataworks_list_apis, dataworks_apis, detail_dataworks_apis: apis::DataApis),
            resource!(IconName::Layers, dataworks_list_groups, dataworks, detail_dataworks_groups: groups::ApiGroups)
                .unchanging(),
            resource!(IconName::Bookmark, dataworks_list_folders, dataworks, detail_dataworks_folders: folders::ApiFolders)
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
