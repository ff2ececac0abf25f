//! What goes over the wire to the systems Weir administers, without doing any input or output:
//! requests are values ([`ApiRequest`]), responses are bytes handed to decoders.
//!
//! One module per system, one file per resource.

pub mod auth;
pub mod azion;
pub mod datatype;
pub mod dataworks;
mod error;
pub mod object;
pub mod request;
pub mod secmaster;
pub mod session;
pub mod sse;
pub mod system;
pub mod timeplus;

pub use datatype::DataType;
pub use error::{ApiError, FieldError, StatusError};
pub use request::{ApiRequest, Body, Method, json_response};
pub use system::System;
