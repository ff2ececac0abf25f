//! Alibaba Cloud DataWorks DataService, API version 2020-05-18.

use super::registry::Group;

pub const GROUPS: &[Group] = &[];
