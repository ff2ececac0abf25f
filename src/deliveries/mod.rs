//! The delivery hub: what moves data from where to where, over all connections.

pub mod azion;
pub mod dataworks;
pub mod gather;
pub mod model;
pub mod new;
pub mod page;
pub mod secmaster;
pub mod timeplus;

pub use page::DeliveriesPage;
