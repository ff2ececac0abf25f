//! What a connection's navigation is made of.

use leptos::prelude::AnyView;
use weir_api::capability::Capability;

use super::{List, Resource, pages};
use crate::ui::IconName;

/// Sections under one heading.
pub struct Group {
    pub label: &'static str,
    pub sections: &'static [Section],
}

/// A section of a connection, at `/c/{connection}/{segment}`.
pub struct Section {
    pub label: &'static str,
    pub segment: &'static str,
    /// In `/c/{connection}/new/{creates}`.
    pub creates: Option<&'static str>,
    pub icon: IconName,
    /// Without it the section is not offered.
    pub needs: Option<Capability>,
    pub pages: Pages,
    /// How its resources are listed, where it has such.
    pub listed: Option<fn() -> List>,
}

impl PartialEq for Section {
    fn eq(&self, other: &Self) -> bool {
        self.segment == other.segment
    }
}

pub type View = fn() -> AnyView;

/// The key of `detail` and `edit` is the route's parameter `key`.
pub struct Pages {
    pub list: View,
    pub create: Option<View>,
    pub detail: Option<View>,
    pub edit: Option<View>,
}

impl Section {
    /// A section with one page.
    pub const fn page(
        label: &'static str,
        segment: &'static str,
        icon: IconName,
        list: View,
    ) -> Self {
        let pages = Pages {
            list,
            create: None,
            detail: None,
            edit: None,
        };
        Self {
            label,
            segment,
            creates: None,
            icon,
            needs: None,
            pages,
            listed: None,
        }
    }

    /// The pages that `kit` makes of a resource.
    pub const fn resource<S: Resource>(icon: IconName) -> Self {
        let mut section = Self::page(
            S::SPEC.names.title,
            S::SPEC.names.segment,
            icon,
            pages::list_page::<S>,
        );
        section.creates = Some(S::SPEC.names.kind);
        section.listed = Some(pages::list_of::<S>);
        section.pages.create = Some(pages::create_page::<S>);
        section.pages.detail = Some(pages::detail_page::<S>);
        section.pages.edit = Some(pages::edit_page::<S>);
        section
    }

    /// Only some servers have it.
    pub const fn needs(mut self, capability: Capability) -> Self {
        self.needs = Some(capability);
        self
    }

    /// Made once and not edited.
    pub const fn unchanging(mut self) -> Self {
        self.pages.edit = None;
        self
    }

    pub const fn with_create(mut self, kind: &'static str, create: View) -> Self {
        self.creates = Some(kind);
        self.pages.create = Some(create);
        self
    }

    pub const fn with_list(mut self, list: View) -> Self {
        self.pages.list = list;
        self
    }

    pub const fn with_edit(mut self, edit: View) -> Self {
        self.pages.edit = Some(edit);
        self
    }

    pub const fn with_detail(mut self, detail: View) -> Self {
        self.pages.detail = Some(detail);
        self
    }
}
