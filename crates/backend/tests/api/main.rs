//! The backend over HTTP: one file for each part of its addresses.

mod common;
mod console;
mod crash;
mod ingest;
mod live;
mod queries;
mod signin;
mod streams;
