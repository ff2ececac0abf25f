//! Azion Data Streaming, version 3.

use super::registry::Group;

pub const GROUPS: &[Group] = &[];
