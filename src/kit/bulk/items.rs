//! Each of many, and how far it is.

use leptos::prelude::*;

use super::progress::{Progress, State};
use crate::{text::visible, ui::Tone};

/// Names that are shown; the numbers tell of all.
const SHOWN: usize = 200;

/// What failed stands first, with its reason.
#[component]
pub fn Items(progress: RwSignal<Progress>, done_word: &'static str) -> impl IntoView {
    let lines = move || {
        progress.with(|progress| {
            let failed = |state: &State| matches!(state, State::Failed(_));
            let (first, rest): (Vec<_>, Vec<_>) =
                progress.items.iter().partition(|item| failed(&item.state));
            let all = first.into_iter().chain(rest).take(SHOWN);
            let lines = all.map(|item| {
                let (tone, words) = match &item.state {
                    State::Waiting => (None, String::new()),
                    State::Running => (Some(Tone::Accent), "running".to_string()),
                    State::Done => (Some(Tone::Good), done_word.to_string()),
                    State::Failed(words) => (Some(Tone::Bad), words.clone()),
                };
                let tone = tone.map(Tone::as_str);
                view! { <li><span>{visible(&item.name).into_owned()}</span>" "<span class="bulk-state" data-tone=tone>{words}</span></li> }
            });
            lines.collect_view()
        })
    };
    let more = move || {
        let all = progress.with(|progress| progress.items.len());
        (all > SHOWN).then(|| view! { <p>{format!("and {} more", all - SHOWN)}</p> })
    };
    view! {
        <ul class="bulk-items" tabindex="0" aria-label="Each of them">{lines}</ul>
        {more}
    }
    .into_any()
}
