//! Live results: a query's rows from the wire to the screen.

pub mod breaks;
pub mod core;
pub mod detail;
pub mod drive;
pub mod frame;
pub mod gaps;
pub mod grid;
pub mod pace;
pub mod pretty;
pub mod preview;
pub mod resume;
pub mod rows;
pub mod session;
pub mod settings;
pub mod status;
pub mod tools;

pub use preview::{LivePreview, LiveResults};
pub use session::Session;
