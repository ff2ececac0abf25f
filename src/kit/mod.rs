//! Turns a resource's description into its list, create, edit, detail and delete pages.

pub mod act;
pub mod address;
pub mod bulk;
pub mod call;
pub mod code;
pub mod code_view;
mod column;
pub mod created;
pub mod delete;
pub mod dependents;
pub mod detail;
pub mod drafts;
pub mod favourites;
pub mod figured;
pub mod form;
pub mod list;
pub mod load;
pub mod notice;
pub mod page_kind;
pub mod page_name;
pub mod pages;
pub mod properties;
pub mod required;
pub mod section;
pub mod short_list;
pub mod spec;
pub mod used_by;

pub use act::{Act, Actor, Target, use_act, use_act_then};
pub use bulk::{BulkAction, BulkDialog, Job};
pub use call::{Call, use_call, use_call_with, use_call_with_toast, use_form_call};
pub use code::{ApplyError, Code, Described, code_of};
pub use code_view::{CodeButton, Written};
pub use column::{Column, cells, latest};
pub use delete::{Delete, Deletion, use_deletion, use_named_deletion};
pub use detail::{Detail, described};
pub use figured::Figured;
pub use form::{FieldGroup, Form, FormView, Meanwhile};
pub use list::{List, ListView, Narrow};
pub use load::{Load, fetch, fetch_all, fetch_parts, use_load, use_load_all, whole};
pub use page_kind::PageKind;
pub(crate) use pages::sentences;
pub use pages::{
    create_page, detail_page, edit_page, form_page, list_of, list_page, narrowed_list_page, page,
};
pub use required::{needed, sendable};
pub(crate) use section::resource;
pub use section::{Group, Section};
pub use short_list::{ShortList, short_list};
pub use spec::{Actions, Calls, Edited, Names, Resource, ResourceSpec, Submit};
pub use used_by::UsedBy;
