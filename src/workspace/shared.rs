//! What all tabs of the workspace share.

use leptos::prelude::*;
use weir_live::Limits;

use super::{
    history::History, parameters, splitter::EditorHeight, tabs::QueryTabs, view_tabs::ResultView,
};
use crate::sql::streams::Streams;

#[derive(Clone, Copy)]
pub struct Shared {
    pub tabs: QueryTabs,
    pub history: History,
    pub streams: Streams,
    pub height: EditorHeight,
    pub view: RwSignal<ResultView>,
    /// How much a result keeps.
    pub limits: RwSignal<Limits>,
    /// The strip of rows over time is open.
    pub timeline: RwSignal<bool>,
    /// The arrangement that the address asked for, until the first tab has taken it.
    pub asked: StoredValue<Option<String>>,
    /// The arrangement of the tab shown, as the address tells it.
    pub arranged: RwSignal<String>,
    /// The same of the chart.
    pub chart_asked: StoredValue<Option<String>>,
    pub chart: RwSignal<String>,
    /// Text to be put at the active editor's cursor.
    pub insert: RwSignal<Option<String>>,
    /// Values of parameters, of all tabs.
    pub parameters: parameters::Stored,
    /// The explanation beside the result is open.
    pub explained: RwSignal<bool>,
    /// From when on followed streams are read.
    pub from: RwSignal<String>,
}
