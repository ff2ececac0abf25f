//! One box of the picture: a node that leads to its page, or a group that can be opened.

use leptos::prelude::*;

use super::{kinds, net::Item, state::PageState};
use crate::{
    text::visible,
    ui::{Icon, IconName, State, number},
};

/// Letters of a kind that have room beside a rate.
const LONGEST: usize = 12;

/// The item under the pointer or with the focus.
pub type Pointed = RwSignal<Option<String>>;

#[component]
pub fn ItemBox(
    shown: PageState,
    /// Gone for a moment where the graph has changed.
    item: Memo<Option<(Item, f64, f64)>>,
    is_lit: Memo<Option<bool>>,
    pointed: Pointed,
) -> impl IntoView {
    let class = move || match is_lit.get() {
        None => "topology-node",
        Some(true) => "topology-node lit",
        Some(false) => "topology-node dim",
    };
    let at = move |of: fn(&(Item, f64, f64)) -> f64| {
        move || {
            let at = item.with(|item| item.as_ref().map_or(0.0, of));
            format!("{at}px")
        }
    };
    let id =
        move || item.with_untracked(|item| item.as_ref().map(|(item, ..)| item.node.id.clone()));
    // The buttons and links inside are built anew only when what they say has changed.
    let told = Memo::new(move |_| item.with(|item| item.as_ref().map(|(item, ..)| item.clone())));
    view! {
        <div
            class=class
            data-tone=move || told.with(|item| item.as_ref().and_then(tone))
            style:left=at(|item| item.1)
            style:top=at(|item| item.2)
            on:pointerenter=move |_| pointed.set(id())
            on:pointerleave=move |_| pointed.set(None)
            on:focusin=move |_| pointed.set(id())
            on:focusout=move |_| pointed.set(None)
        >
            {move || told.get().map(|item| inside(shown, item))}
        </div>
    }
    .into_any()
}

fn tone(item: &Item) -> Option<&'static str> {
    item.node
        .status()
        .map(|status| kinds::tone(status).as_str())
}

fn inside(shown: PageState, item: Item) -> AnyView {
    let Item { node, members } = item;
    let state = node.status().map(|status| {
        view! { <State tone=Signal::stored(kinds::tone(status)) word=Signal::stored(kinds::state(status)) /> }
    });
    let rate = node.rate().map(|rate| number::rate(rate, "rows"));
    let words = match members.len() {
        0 => kinds::word(&node),
        many => kinds::counted(&node, many),
    };
    // What does not fit into the box is told by its title.
    let more = [
        Some(words.clone()),
        node.status().map(kinds::state),
        rate.clone(),
    ];
    let name = visible(&node.name).into_owned();
    let label = format!("Show flow of {name} only");
    let title = format!(
        "{name} ({})",
        more.into_iter().flatten().collect::<Vec<_>>().join(", ")
    );
    let name = match members.is_empty() {
        true => name,
        false => format!("{name} …"),
    };
    // Beside a state there is no room for a word that the sign says as well.
    let little = state.is_some() || rate.is_some() && words.len() > LONGEST;
    let hidden = members.is_empty() && little;
    let face = view! {
        <span class="topology-name">{name}</span>
        <span class="topology-kind">
            <Icon name=kinds::icon(shown.sections, &node) />
            <span class:visually-hidden=hidden>{words}</span> " " {state}
            {rate.map(|rate| view! { <span class="topology-speed">{rate}</span> })}
        </span>
    };
    if !members.is_empty() {
        let id = node.id.clone();
        let open = move |_| {
            shown.open.update(|open| {
                open.insert(id.clone());
            })
        };
        return view! { <button type="button" class="topology-face" title=title on:click=open>{face}</button> }.into_any();
    }
    let href = shown
        .connection
        .with_value(|connection| kinds::href(shown.sections, connection, &node));
    let face = match href {
        Some(href) => {
            view! { <a class="topology-face" href=href title=title draggable="false">{face}</a> }
                .into_any()
        }
        None => view! { <div class="topology-face" title=title>{face}</div> }.into_any(),
    };
    let only = move |_| shown.follow(node.id.clone());
    view! {
        {face}
        <button type="button" class="topology-only" title=label.clone() aria-label=label on:click=only>
            <Icon name=IconName::Graph />
        </button>
    }
    .into_any()
}
