//! One binary for all tests that open a store.

mod common;
mod definitions;
mod durability;
mod ingest;
mod retention;
mod statistics;
mod views;
