//! What goes over the wire to the systems Weir administers, without doing any input or output:
//! requests are values ([`ApiRequest`]), responses are bytes handed to decoders.
//!
//! From the ground: what every system shares; then one module per system with one file per
//! resource, none of which knows another system; then what tells the systems apart ([`System`],
//! [`auth::Credential`]). `tests/architecture.rs` of the workspace holds this.

mod audit;
pub mod capability;
mod column;
pub mod crud;
pub mod csv;
pub mod datatype;
mod error;
pub mod lenient;
pub mod object;
pub mod paging;
pub mod permission;
pub mod property;
pub mod request;
pub mod role;
pub mod session;
pub mod sse;
pub mod unseen;
pub mod word;

pub mod azion;
pub mod dataworks;
pub mod secmaster;
pub mod timeplus;

pub mod auth;
pub mod system;

pub use audit::{Audit, Owner};
pub use column::Column;
pub use datatype::DataType;
pub use error::{ApiError, FieldError, StatusError};
pub use request::{ApiRequest, Body, Method, Moment, json_response, list_response};
pub use system::System;
