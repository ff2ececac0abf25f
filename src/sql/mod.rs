//! SQL where people write it: names to complete, and a query as
//! a field of a form.

pub mod functions;
pub mod query;
pub mod relation;
pub mod relations;
pub mod streams;
