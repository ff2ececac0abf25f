//! The thin typed layer between a resource and its pages. Only this folder is compiled again for
//! each resource: decoding, and the draft that its form edits.

mod detail;
mod form;
mod list;
mod meanwhile;
mod saved;

use leptos::prelude::*;

use super::{PageKind, Resource};
use crate::{connections::use_connection_id, paths};

pub use detail::detail_page;
pub use form::{create_page, edit_page};
pub use list::{list_of, list_page, narrowed_list_page};
pub(crate) use list::{prefetch_list, show_list};
pub(crate) use meanwhile::sentences;

/// The connection of the page's address; pages are only shown where there is one.
fn connection() -> String {
    use_connection_id().get_untracked().unwrap_or_default()
}

fn path<S: Resource>(connection: &str, key: &str) -> String {
    paths::item(connection, S::SPEC.names.segment, key)
}

/// The page of a resource as `kit` makes it.
pub fn page<S: Resource>(kind: PageKind) -> AnyView {
    match kind {
        PageKind::List => list_page::<S>(),
        PageKind::Create => create_page::<S>(),
        PageKind::Detail => detail_page::<S>(),
        PageKind::Edit => edit_page::<S>(),
    }
}

/// Those with its form.
pub fn form_page<S: Resource>(kind: PageKind) -> AnyView {
    match kind {
        PageKind::Edit => edit_page::<S>(),
        _ => create_page::<S>(),
    }
}
