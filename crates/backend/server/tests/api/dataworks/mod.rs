//! DataWorks: every operation through the client code of the console.

mod client;
mod operations;
mod published;
mod signatures;
