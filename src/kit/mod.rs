//! Turns a resource's description into its list, create, edit, detail and delete pages.

pub mod act;
pub mod address;
pub mod call;
mod column;
pub mod created;
pub mod delete;
pub mod dependents;
pub mod detail;
pub mod drafts;
pub mod figured;
pub mod form;
pub mod form_errors;
pub mod list;
pub mod load;
pub mod notice;
pub mod page_name;
pub mod pages;
pub mod properties;
pub mod required;
pub mod section;
pub mod short_list;
pub mod spec;

pub use act::{Act, Actor, use_act};
pub use call::{Call, use_call, use_call_with, use_call_with_toast, use_form_call};
pub use column::{Column, cells, latest};
pub use delete::{Delete, Deletion, capital, use_deletion, use_named_deletion};
pub use detail::Detail;
pub use figured::Figured;
pub use form::{FieldGroup, Form, FormView};
pub use list::{List, ListView, Narrow};
pub use load::{Load, fetch, fetch_all, fetch_parts, use_load, use_load_all, whole};
pub use pages::{create_page, detail_page, edit_page, list_of, list_page, narrowed_list_page};
pub use required::{needed, sendable};
pub use section::{Group, Section, View};
pub use short_list::{ShortList, short_list};
pub use spec::{Actions, Calls, Edited, Names, Resource, ResourceSpec, Submit};
