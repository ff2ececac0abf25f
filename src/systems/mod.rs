//! One module per administered system.

pub mod timeplus;
