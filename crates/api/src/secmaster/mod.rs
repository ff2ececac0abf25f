//! Huawei Cloud SecMaster: data deliveries and data objects.

mod error;
mod sign;

pub use error::read as error;
pub use sign::sign;
