//! Huawei Cloud SecMaster: data deliveries and data objects.

pub mod authorizations;
pub mod dataspaces;
pub mod deliveries;
pub mod objects;
pub mod pick;
pub mod pipes;
pub mod workspaces;

use crate::{
    kit::{Group, PageKind, Section, page, resource},
    ui::{IconName, lazy::lazy},
};

pub const GROUPS: &[Group] = &[
    Group {
        label: "Delivery",
        sections: &[
            resource!(IconName::Send, secmaster_list_deliveries, secmaster: deliveries::Deliveries => |kind| match kind {
                PageKind::List => deliveries::list_page(),
                PageKind::Edit => deliveries::replace::page(),
                other => page::<deliveries::Deliveries>(other),
            })
            .that_runs(),
            Section::page(
                "Authorizations",
                "delivery-authorizations",
                IconName::Shield,
                lazy!(secmaster: PageKind => |_| authorizations::page()),
            ),
        ],
    },
    Group {
        label: "Storage",
        sections: &[
            resource!(IconName::Flow, secmaster_list_pipes, secmaster, detail_secmaster_pipes: pipes::Pipes),
            resource!(IconName::Layers, secmaster_list_dataspaces, secmaster, detail_secmaster_dataspaces: dataspaces::Dataspaces),
            resource!(IconName::Disks, secmaster_list_workspaces, secmaster, detail_secmaster_workspaces: workspaces::Workspaces),
        ],
    },
    Group {
        label: "Security",
        sections: &[
            resource!(IconName::Braces, secmaster_list_objects, secmaster_objects: objects::DataObjects => |kind| match kind {
                PageKind::List => objects::list_page(),
                PageKind::Create => objects::create::page(),
                PageKind::Edit => objects::edit::page(),
                PageKind::Detail => page::<objects::DataObjects>(kind),
            })
            .searched(),
            Section::page(
                "Import objects",
                "import-objects",
                IconName::Incoming,
                lazy!(secmaster_objects: PageKind => |_| objects::import::page()),
            ),
        ],
    },
];
