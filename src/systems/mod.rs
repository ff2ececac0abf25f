//! One module per administered system.

pub mod azion;
pub mod dataworks;
pub mod pages;
pub mod registry;
pub mod secmaster;
pub mod timeplus;
