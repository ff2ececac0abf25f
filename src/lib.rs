//! Weir's console: a single-page application that administers streaming data platforms straight
//! from the browser.

pub mod app;
pub mod connections;
pub mod http;
pub mod paths;
