//! SQL where people write it: statements in a text, names to complete and to quote, and a query as
//! a field of a form.

pub mod functions;
pub mod query;
pub mod quote;
pub mod statements;
pub mod streams;
