//! One binary for all tests that open a store.

#![allow(clippy::expect_used, reason = "helpers of tests fail as tests do")]

mod columns;
mod common;
mod definitions;
mod durability;
mod ingest;
mod retention;
mod sealed;
mod statistics;
mod views;
