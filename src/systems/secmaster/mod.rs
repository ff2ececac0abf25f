//! Huawei Cloud SecMaster: data deliveries and data objects.

use super::registry::Group;

pub const GROUPS: &[Group] = &[];
