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
use crate::ui::lazy::{Lazy, lazy};

type Beside = (Session, RwSignal<Option<Side>>);
type OverRows = (Session, RwSignal<Option<Asked>>, Targets);

// What comes with the first press on a row or a button.
const SIDE: Lazy<Beside> = lazy!(side in live_more: Beside, AnyView => |(session, side)| {
    view! { <SidePanel session side /> }.into_any()
});

const MENU: Lazy<OverRows> = lazy!(menu in live_more: OverRows, AnyView => |(session, asked, targets)| {
    view! { <GridMenu session asked targets /> }.into_any()
});

const RULE: Lazy<(Session, Targets)> = lazy!(rule in live_more: (Session, Targets), AnyView => |(session, targets)| {
    view! { <RuleDialog session wanted=targets.wanted /> }.into_any()
});

const AGAIN: Lazy<(Session, Targets)> = lazy!(again in live_more: (Session, Targets), AnyView => |(session, targets)| {
    view! { <AgainDialog session rows=targets.again /> }.into_any()
});

const TIMELINE: Lazy<(Session, RwSignal<bool>)> = lazy!(timeline in live_more: (Session, RwSignal<bool>), AnyView => |(session, open)| {
    view! { <Timeline session open /> }.into_any()
});

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
        {TIMELINE.show_once(timeline.into(), (session, timeline))}
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
            {SIDE.show_once(Signal::derive(move || side.with(Option::is_some)), (session, side))}
        </div>
        {MENU.show_once(Signal::derive(move || asked.with(Option::is_some)), (session, asked, targets))}
        {RULE.show_once(
            Signal::derive(move || targets.wanted.with(Option::is_some)),
            (session, targets),
        )}
        {AGAIN.show_once(
            Signal::derive(move || targets.again.with(Option::is_some)),
            (session, targets),
        )}
    }
    .into_any()
}
