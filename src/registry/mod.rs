//! Every section of every system: the navigation, the addresses and the pages read it.

mod timeplus;

use weir_api::System;

use crate::{
    kit::{Group, Section},
    systems::{azion, dataworks, secmaster},
};

/// Sections of a connection of the system.
pub fn groups(system: System) -> &'static [Group] {
    match system {
        System::Timeplus => timeplus::GROUPS,
        System::Azion => azion::GROUPS,
        System::SecMaster => secmaster::GROUPS,
        System::DataWorks => dataworks::GROUPS,
    }
}

/// The system that has the section.
pub fn system_of(section: &Section) -> Option<System> {
    System::ALL.into_iter().find(|system| {
        let sections = groups(*system).iter().flat_map(|group| group.sections);
        sections.into_iter().any(|one| one == section)
    })
}

/// Of all systems: no two have a section of the same segment.
pub fn sections() -> impl Iterator<Item = &'static Section> {
    let groups = System::ALL.into_iter().flat_map(groups);
    groups.flat_map(|group| group.sections)
}

pub fn section(segment: &str) -> Option<&'static Section> {
    sections().find(|section| section.segment == segment)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_two_systems_share_a_segment_or_a_kind() {
        let mut segments: Vec<&str> = sections().map(|section| section.segment).collect();
        let mut kinds: Vec<&str> = sections().filter_map(|section| section.creates).collect();
        for names in [&mut segments, &mut kinds] {
            let all = names.len();
            names.sort_unstable();
            names.dedup();
            assert_eq!(names.len(), all, "{names:?}");
        }
    }
}
