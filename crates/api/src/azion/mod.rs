//! Azion Data Streaming, version 3.

mod error;

pub use error::read as error;
