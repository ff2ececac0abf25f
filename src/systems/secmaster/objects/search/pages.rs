//! Leafing through what was found.

use leptos::prelude::*;

use super::{PAGE, SearchState};
use crate::ui::{Button, number::count};

pub(super) fn pages(asked: SearchState) -> AnyView {
    let page = Memo::new(move |_| asked.found.with(|found| found.page));
    let words = move || {
        let total = asked.total.get()?;
        let first = u64::from(page.get() * PAGE) + 1;
        let last = (first + u64::from(PAGE) - 1).min(total);
        (total > u64::from(PAGE))
            .then(|| format!("{} to {} of {}", count(first), count(last), count(total)))
    };
    let more = Memo::new(move |_| {
        let total = asked.total.get().unwrap_or_default();
        u64::from((page.get() + 1) * PAGE) < total
    });
    let turn = move |by: i32| {
        asked
            .found
            .update(|found| found.page = found.page.saturating_add_signed(by));
    };
    let shown = Memo::new(move |_| page.get() > 0 || more.get());
    (move || {
        shown.get().then(|| {
            view! {
                <nav class="object-pages" aria-label="Pages">
                    <Button disabled=Signal::derive(move || page.get() == 0) reason="Already on the first page." on_click=move || turn(-1)>"Previous"</Button>
                    <span role="status">{words}</span>
                    <Button disabled=Signal::derive(move || !more.get()) reason="Already on the last page." on_click=move || turn(1)>"Next"</Button>
                </nav>
            }
        })
    })
    .into_any()
}
