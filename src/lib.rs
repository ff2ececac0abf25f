//! Weir's console: a single-page application that administers streaming data platforms straight
//! from the browser.

pub mod account;
pub mod activity;
pub mod app;
pub mod as_code;
pub mod connections;
pub mod crash;
pub mod dashboards;
pub mod deliveries;
pub mod errors;
pub mod example;
pub mod http;
pub mod kit;
pub mod links;
pub mod live;
pub mod overview;
pub mod paths;
pub mod query;
pub mod registry;
pub mod routes;
pub mod shell;
pub mod sql;
pub mod statements;
pub mod storage;
pub mod systems;
pub mod text;
pub mod ui;
pub mod workspace;
