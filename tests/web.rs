//! Components in a real browser. Run with `tools/test.sh web`.
#![cfg(target_arch = "wasm32")]
// clippy.toml lets tests expect, but does not know these as tests.
#![allow(clippy::expect_used, clippy::unwrap_used)]

#[path = "web/arranged.rs"]
mod arranged;
#[path = "web/charts.rs"]
mod charts;
#[path = "web/clock.rs"]
mod clock;
#[path = "web/code.rs"]
mod code;
#[path = "web/connections.rs"]
mod connections;
#[path = "web/crash.rs"]
mod crash;
#[path = "web/dashboards.rs"]
mod dashboards;
#[path = "web/dialog.rs"]
mod dialog;
#[path = "web/ended.rs"]
mod ended;
#[path = "web/field.rs"]
mod field;
#[path = "web/filters.rs"]
mod filters;
#[path = "web/form.rs"]
mod form;
#[path = "web/limits.rs"]
mod limits;
#[path = "web/links.rs"]
mod links;
#[path = "web/live.rs"]
mod live;
#[path = "web/looks.rs"]
mod looks;
#[path = "web/odd.rs"]
mod odd;
#[path = "web/page.rs"]
mod page;
#[path = "web/palette.rs"]
mod palette;
#[path = "web/properties.rs"]
mod properties;
#[path = "web/replay.rs"]
mod replay;
#[path = "web/saving.rs"]
mod saving;
#[path = "web/seats.rs"]
mod seats;
#[path = "web/shell.rs"]
mod shell;
#[path = "web/stand.rs"]
mod stand;
#[path = "web/table.rs"]
mod table;
#[path = "web/tabs.rs"]
mod tabs;
#[path = "web/theme.rs"]
mod theme;
#[path = "web/toast.rs"]
mod toast;
#[path = "web/told.rs"]
mod told;
#[path = "web/topology.rs"]
mod topology;
#[path = "web/vault.rs"]
mod vault;
#[path = "web/windows.rs"]
mod windows;

wasm_bindgen_test::wasm_bindgen_test_configure!(run_in_browser);
