//! One module per administered system.

pub mod pages;
pub mod registry;
pub mod timeplus;
