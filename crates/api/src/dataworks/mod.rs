//! Alibaba Cloud DataWorks DataService, API version 2020-05-18.

mod error;
mod sign;

pub use error::read as error;
pub use sign::{AccessKey, SignatureVersion, sign};
