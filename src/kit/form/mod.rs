//! The page with a form: sections of fields, one banner, errors at their fields, one button.

pub mod errors;
pub mod notes;
mod spec;
mod submit;
pub mod view;

pub use spec::{FieldGroup, Form, Meanwhile};
pub use view::{FormView, section};
