//! Widgets that know nothing of any resource.

pub mod badge;
pub mod banner;
pub mod button;
pub mod chart;
pub mod copy;
pub mod dialog;
pub mod editor;
pub mod empty;
pub mod field;
pub mod figure;
pub mod graph;
pub mod icon;
mod many_lines;
pub mod menu;
pub mod number;
pub mod save;
pub mod script;
pub mod sparkline;
pub mod table;
pub mod tabs;
pub mod time;
pub mod toast;

use std::sync::atomic::{AtomicU32, Ordering};

pub use badge::{Badge, State, Tone};
pub use banner::{Banner, ErrorBanner};
pub use button::{Button, ButtonKind, ChangeLink};
pub use chart::{Chart, Lines};
pub use copy::{CopyButton, clipboard};
pub use dialog::{Confirm, ConfirmDialog, Confirmer, Dialog, use_confirm};
pub use editor::{CodeEditor, EditorControl, Language, SqlEditor, Words};
pub use empty::Empty;
pub use figure::{Drawing, Figure, Picture};
pub use graph::{Graph, GraphNode};
pub use icon::{Icon, IconName};
pub use menu::Menu;
pub use save::{FileKind, Saving, save_blob};
pub use tabs::{Tab, Tabs};
pub use time::Time;
pub use toast::{ToastRegion, Toasts, use_toasts};

/// A document-wide id for `aria-…` attributes, for example `why-7`.
pub fn unique(prefix: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{prefix}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}
