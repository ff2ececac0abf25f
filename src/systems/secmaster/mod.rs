//! Huawei Cloud SecMaster: data deliveries and data objects.

pub mod authorizations;
pub mod dataspaces;
pub mod deliveries;
pub mod objects;
pub mod pick;
pub mod pipes;
pub mod workspaces;

use crate::{
    kit::{Group, Section},
    ui::IconName,
};

pub const GROUPS: &[Group] = &[
    Group {
        label: "Delivery",
        sections: &[
            Section::resource::<deliveries::Deliveries>(IconName::Send)
                .with_list(deliveries::list_page)
                .with_edit(deliveries::replace::page),
            Section::page(
                "Authorizations",
                "delivery-authorizations",
                IconName::Shield,
                authorizations::page,
            ),
        ],
    },
    Group {
        label: "Places",
        sections: &[
            Section::resource::<pipes::Pipes>(IconName::Flow),
            Section::resource::<dataspaces::Dataspaces>(IconName::Layers),
            Section::resource::<workspaces::Workspaces>(IconName::Disks),
        ],
    },
    Group {
        label: "Security",
        sections: &[
            Section::resource::<objects::DataObjects>(IconName::Braces)
                .with_list(objects::list_page)
                .with_create("data-object", objects::create::page)
                .with_edit(objects::edit::page),
            Section::page(
                "Import objects",
                "import-objects",
                IconName::Incoming,
                objects::import::page,
            ),
        ],
    },
];
