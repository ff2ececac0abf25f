//! The delivery hub: what moves data from where to where, over all connections.

mod azion;
mod dataworks;
mod gather;
pub mod model;
mod new;
mod page;
mod secmaster;
mod timeplus;

pub use page::DeliveriesPage;
