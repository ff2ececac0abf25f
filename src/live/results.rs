//! The rows of a session with everything a person does with them: search, filters, timeline, grid,
//! and what stands beside it.

use leptos::prelude::*;

use super::{
    again::AgainDialog,
    filter_bar::FilterBar,
    grid::{Asked, LiveGrid},
    grid_menu::{GridMenu, Targets},
    older::{self, OlderRows},
    rule_dialog::RuleDialog,
    session::Session,
    side::{Side, SidePanel},
    timeline::Timeline,
    tools::{NewRows, NoRows},
};

/// `timeline`: whether the strip over the grid is open.
#[component]
pub fn ResultRows(
    session: Session,
    #[prop(into)] idle: String,
    timeline: RwSignal<bool>,
) -> impl IntoView {
    let side = RwSignal::new(None::<Side>);
    let asked = RwSignal::new(None::<Asked>);
    let targets = Targets {
        side,
        wanted: RwSignal::new(None),
        again: RwSignal::new(None),
    };
    let has_older = older::has_older(session);
    let go_back = move || {
        if has_older.get_untracked() && session.older.get_untracked() == 0 {
            session.older.set(older::PAGE);
        }
    };
    view! {
        <FilterBar session wanted=targets.wanted />
        <Timeline session open=timeline />
        <OlderRows session />
        <div class="live-body">
            <div class="live-grid">
                <LiveGrid
                    session
                    on_open=move |at| side.set(Some(Side::Cell(at)))
                    on_menu=move |place| asked.set(Some(place))
                    on_top=move |()| go_back()
                />
                <NoRows session idle />
                <NewRows session />
            </div>
            <SidePanel session side />
        </div>
        <GridMenu session asked targets />
        <RuleDialog session wanted=targets.wanted />
        <AgainDialog session rows=targets.again />
    }
    .into_any()
}
