//! SQL where people write it: statements in a text, names to complete, and a query as
//! a field of a form.

pub mod functions;
pub mod query;
pub mod statements;
pub mod streams;
