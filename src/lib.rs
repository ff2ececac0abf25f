//! Weir's console: a single-page application that administers streaming data platforms straight
//! from the browser.

pub mod app;
pub mod connections;
pub mod crash;
pub mod dashboards;
pub mod deliveries;
pub mod errors;
pub mod http;
pub mod kit;
pub mod live;
pub mod paths;
pub mod registry;
pub mod routes;
pub mod shell;
pub mod sql;
pub mod systems;
pub mod ui;
pub mod workspace;
