//! The harness of the end-to-end tests and the benchmark: a fresh backend, a headless Chromium,
//! and helpers that find things the way a person does, by role and name.

pub mod axe;
pub mod backend;
pub mod browser;
pub mod failure;
pub mod find;
pub mod http;
mod memory;
pub mod nginx;
pub mod receiver;
pub mod run;
pub mod sample;
pub mod screens;
pub mod wait;
pub mod wire;

pub use browser::{Browser, Page};
pub use failure::{Failure, Result};
pub use run::{App, run};
