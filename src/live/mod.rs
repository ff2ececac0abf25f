//! Live results: a query's rows from the wire to the screen.

pub mod again;
pub mod arrange;
pub mod bounded;
pub mod breaks;
pub mod capture;
pub mod core;
pub mod drive;
pub mod expression;
pub mod filter_bar;
pub mod frame;
pub mod gaps;
pub mod grid;
pub mod grid_menu;
pub mod look_menu;
pub mod older;
mod orphan;
pub mod pace;
pub mod past;
pub mod preview;
pub mod recording;
pub mod replay;
pub mod results;
pub mod resume;
pub mod rows;
pub mod rule_dialog;
pub mod seat;
pub mod session;
pub mod settings;
pub mod side;
pub mod silence;
pub mod status;
pub mod timeline;
pub mod tools;

pub use preview::{LivePreview, LiveResults};
pub use session::{Access, Session};
