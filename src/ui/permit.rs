use leptos::prelude::*;

/// Whether the person signed in may change something, for what changes something: a context where
/// only such things are, as in the head of a resource's page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Permit {
    pub denied: Signal<bool>,
    /// Why not; empty where they may.
    pub reason: Signal<String>,
}
