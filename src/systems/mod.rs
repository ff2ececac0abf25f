//! One module per administered system.

pub mod azion;
pub mod dataworks;
pub mod secmaster;
pub mod timeplus;
