//! Definitions of resources as code: one definition in every form that people keep it in, folders
//! of them, and what has to happen for one system to become like another.
//!
//! A [`Definition`] is what would have to be sent to make the resource anew: the requests that the
//! resource's own form makes. Every other form is derived from them, so that none can differ.

mod archive;
mod curl;
mod definition;
mod diff;
mod folder;
mod plan;
mod secret;
mod terraform;

pub use archive::{ArchiveError, File, pack, unpack};
pub use curl::curl;
pub use definition::{Definition, Form};
pub use diff::{Line, LineKind, lines};
pub use folder::{Entry, order, read, write};
pub use plan::{Change, FieldChange, Plan, Step, differences, plan};
pub use secret::{Masked, WITHHELD, fill, is_secret, mask, reference, variables};
pub use terraform::terraform;
