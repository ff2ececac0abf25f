//! What a connection's navigation is made of.

use leptos::prelude::AnyView;
use weir_api::capability::{Capabilities, Capability};

use super::{
    List, PageKind, Resource,
    pages::{prefetch_list, show_list},
};
use crate::ui::{IconName, lazy::Lazy};

/// Sections under one heading.
pub struct Group {
    pub label: &'static str,
    pub sections: &'static [Section],
}

/// A section of a connection, at `/c/{connection}/{segment}`. It holds what the navigation needs;
/// the code of its pages comes when one of them is opened.
pub struct Section {
    pub label: &'static str,
    pub segment: &'static str,
    /// In `/c/{connection}/new/{creates}`.
    pub creates: Option<&'static str>,
    pub icon: IconName,
    /// Without it the section is not offered.
    pub needs: Option<Capability>,
    /// Without it they are only looked at.
    changed_with: Option<Capability>,
    /// One of its resources, in words; empty where it has none.
    pub one: &'static str,
    /// How its resources are listed, where it has such.
    pub listed: Option<Lazy<(), List>>,
    /// The list has to be asked for something: nobody reads it as a whole.
    searched: bool,
    pages: Lazy<PageKind>,
    /// The page of one of them, where it does without the code of the others.
    detail: Option<Lazy<()>>,
    /// The page with the list shows what `listed` makes and nothing else: it does without the code
    /// of the other pages.
    list_alone: bool,
    has_detail: bool,
    has_edit: bool,
    /// Its resources run and can fail: the navigation tells when one did.
    pub runs: bool,
}

impl PartialEq for Section {
    fn eq(&self, other: &Self) -> bool {
        self.segment == other.segment
    }
}

impl Section {
    /// A section with one page.
    pub const fn page(
        label: &'static str,
        segment: &'static str,
        icon: IconName,
        pages: Lazy<PageKind>,
    ) -> Self {
        Self {
            label,
            segment,
            creates: None,
            icon,
            needs: None,
            changed_with: None,
            pages,
            detail: None,
            list_alone: false,
            has_detail: false,
            has_edit: false,
            one: "",
            listed: None,
            searched: false,
            runs: false,
        }
    }

    /// A section with the pages of a resource; [`resource!`](crate::kit::resource) makes these.
    pub const fn resource<S: Resource>(
        icon: IconName,
        pages: Lazy<PageKind>,
        list: Lazy<(), List>,
    ) -> Self {
        let names = S::SPEC.names;
        let mut section = Self::page(names.title, names.segment, icon, pages);
        section.creates = Some(names.kind);
        section.one = names.one;
        section.listed = Some(list);
        section.has_detail = true;
        section.has_edit = true;
        section
    }

    pub const fn that_runs(mut self) -> Self {
        self.runs = true;
        self
    }

    pub const fn with_list_alone(mut self) -> Self {
        self.list_alone = true;
        self
    }

    pub const fn with_detail_alone(mut self, detail: Lazy<()>) -> Self {
        self.detail = Some(detail);
        self
    }

    /// As soon as its code is there.
    pub fn show(&self, page: PageKind) -> AnyView {
        match (page, self.list_page(), self.detail) {
            (PageKind::List, Some(list), _) => show_list(list),
            (PageKind::Detail, _, Some(detail)) => detail.show(()),
            _ => self.pages.show(page),
        }
    }

    /// The code of the page that the navigation leads to.
    pub fn prefetch(&self) {
        match self.list_page() {
            Some(list) => prefetch_list(list),
            None => self.pages.prefetch(),
        }
    }

    fn list_page(&self) -> Option<Lazy<(), List>> {
        self.listed.filter(|_| self.list_alone)
    }

    pub const fn has(&self, page: PageKind) -> bool {
        match page {
            PageKind::List => true,
            PageKind::Create => self.creates.is_some(),
            PageKind::Detail => self.has_detail,
            PageKind::Edit => self.has_edit,
        }
    }

    /// Only some servers have it.
    pub const fn needs(mut self, capability: Capability) -> Self {
        self.needs = Some(capability);
        self
    }

    /// Only some servers create and change them.
    pub const fn changed_with(mut self, capability: Capability) -> Self {
        self.changed_with = Some(capability);
        self
    }

    /// Whether a server that can do this has the page.
    pub fn offered(&self, page: PageKind, can: Capabilities) -> bool {
        let changes = matches!(page, PageKind::Create | PageKind::Edit);
        let needed = [self.needs, self.changed_with.filter(|_| changes)];
        needed.into_iter().flatten().all(|needed| can.has(needed))
    }

    /// Its list shows what is searched for.
    pub const fn searched(mut self) -> Self {
        self.searched = true;
        self
    }

    /// How all of its resources are listed, where that can be done.
    pub fn whole(&self) -> Option<Lazy<(), List>> {
        self.listed.filter(|_| !self.searched)
    }

    /// Made once and not edited.
    pub const fn unchanging(mut self) -> Self {
        self.has_edit = false;
        self
    }

    /// `one` names what is created, as in `Create API key`.
    pub const fn with_create(mut self, kind: &'static str, one: &'static str) -> Self {
        self.creates = Some(kind);
        self.one = one;
        self
    }

    pub const fn with_detail(mut self) -> Self {
        self.has_detail = true;
        self
    }
}

/// `resource!(icon, list, streams, stream: Streams)`: the section of a resource. What lists it is in
/// the module `list`, its forms in the module `streams`, the page of one in the module `stream`;
/// `=> page` names another page of one. `resource!(icon, list, streams: Streams => page)`: `page`
/// makes all of its pages.
macro_rules! resource {
    ($icon:expr, $lists:ident, $pages:ident, $detail:ident: $resource:ty) => {
        $crate::kit::resource!($icon, $lists, $pages, $detail: $resource => $crate::kit::detail_page::<$resource>)
    };
    ($icon:expr, $lists:ident, $pages:ident, $detail:ident: $resource:ty => $page:expr) => {
        $crate::kit::resource!($icon, $lists, $pages: $resource => $crate::kit::form_page::<$resource>)
            .with_list_alone()
            .with_detail_alone($crate::ui::lazy::lazy!($detail: () => |()| $page()))
    };
    ($icon:expr, $lists:ident, $pages:ident: $resource:ty => $page:expr) => {
        $crate::kit::Section::resource::<$resource>(
            $icon,
            $crate::ui::lazy::lazy!($pages: $crate::kit::PageKind => $page),
            $crate::ui::lazy::lazy!($lists: (), $crate::kit::List => |()| {
                $crate::kit::list_of::<$resource>($crate::ui::lazy::lazy!(
                    code in $pages: (), $crate::kit::Code => |()| $crate::kit::code_of::<$resource>()
                ))
            }),
        )
    };
}
pub(crate) use resource;
