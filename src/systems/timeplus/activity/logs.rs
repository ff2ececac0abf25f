use std::time::Duration;

use leptos::{html, prelude::*};
use weir_api::{ApiRequest, json_response};

use super::{lines, ranges};
use crate::{
    kit::{notice::Waiting, use_load},
    systems::timeplus::logs::{history::LEVELS, level_chip},
    ui::{
        Button, ErrorBanner,
        field::{Bound, Checkbox, Select, TextField},
        number::{count, plural},
        save,
    },
};

const EVERY: Duration = Duration::from_secs(2);

/// The last log lines, of chosen severities and with a text; follows them as long as that is wanted.
#[component]
pub fn LogsTab(
    key: Memo<String>,
    /// Key and number of lines.
    request: fn(&str, u32) -> ApiRequest,
    /// Of the downloaded file.
    #[prop(into)]
    name: Signal<String>,
) -> impl IntoView {
    let lines = RwSignal::new(Vec::<String>::new());
    let most = RwSignal::new(String::from("200"));
    let follow = RwSignal::new(true);
    let request =
        Signal::derive(move || request(&key.get(), most.get().parse().unwrap_or_default()));
    let accept = Callback::new(move |body: Vec<u8>| {
        let answer: Option<Vec<String>> = json_response(&body)?;
        let answer = answer.unwrap_or_default();
        if lines.with_untracked(|old| *old != answer) {
            lines.set(answer);
        }
        Ok(())
    });
    let load = use_load(request, None, accept);
    let timer = set_interval_with_handle(
        move || {
            if follow.get_untracked() && !document().hidden() {
                load.reload();
            }
        },
        EVERY,
    );
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
    let (levels, search) = (
        RwSignal::new(Vec::<usize>::new()),
        RwSignal::new(String::new()),
    );
    let counts = Memo::new(move |_| lines.with(|lines| lines::counts(lines)));
    let shown = Memo::new(move |_| {
        let (lines, levels, search) = (lines.read(), levels.read(), search.read());
        let wanted = lines::wanted(&lines, &levels, &search).into_iter();
        let owned = wanted.map(|(line, level)| (line.to_string(), level));
        owned.collect::<Vec<_>>()
    });
    let node = NodeRef::<html::Pre>::new();
    Effect::new(move || {
        shown.track();
        // After the text is there.
        request_animation_frame(move || {
            // The page may be gone by then.
            if let Some(Some(pre)) = node.try_get_untracked()
                && follow.try_get_untracked() == Some(true)
            {
                pre.set_scroll_top(pre.scroll_height());
            }
        });
    });
    let download = move || {
        let name = format!("{}.log", name.get_untracked());
        let lines = shown.with_untracked(|shown| {
            let lines: Vec<&str> = shown.iter().map(|(line, _)| line.as_str()).collect();
            lines.join("\n")
        });
        save::file(&name, "text/plain", &lines);
    };
    let choices = ranges(&[
        ("200", "Last 200 lines"),
        ("1000", "Last 1,000 lines"),
        ("2000", "Last 2,000 lines"),
    ]);
    let chips = (0..LEVELS.len()).map(|at| {
        let of_level = Signal::derive(move || counts.with(|counts| counts[at]));
        level_chip(LEVELS[at], at, of_level, levels)
    });
    let tally = move || {
        let (all, some) = (lines.with(Vec::len), shown.with(Vec::len));
        match all == some {
            true => plural(all as u64, "line", "lines"),
            false => format!(
                "{} of {}",
                count(some as u64),
                plural(all as u64, "line", "lines")
            ),
        }
    };
    let listed = move || {
        let drawn = shown.get().into_iter().map(|(line, level)| {
            let tone = level.map(|at| LEVELS[at].tone.as_str());
            view! { <span data-tone=tone>{line}"\n"</span> }
        });
        let nothing = match lines.with(Vec::is_empty) {
            true => "No lines since the server started.",
            false => "No lines match the filter.",
        };
        match drawn.len() {
            0 => nothing.into_any(),
            _ => drawn.collect_view().into_any(),
        }
    };
    view! {
        <ErrorBanner error=load.page_error() />
        <div class="log-tools">
            <div class="log-levels" role="group" aria-label="Filter by severity">{chips.collect_view()}</div>
            <TextField bare=true label="Search log" kind="search" placeholder="Search" value=Bound::from(search) />
            <span class="page-count" role="status">{tally}</span>
        </div>
        <div class="log-tools">
            <Select bare=true label="Lines" value=Bound::from(most) choices />
            <Checkbox label="Follow" value=Bound::from(follow) />
            <Button on_click=download>"Download"</Button>
        </div>
        {move || {
            if !load.ready.get() {
                return view! { <Waiting load /> }.into_any();
            }
            view! {
                <pre class="log mono" tabindex="0" aria-label="Log" node_ref=node>
                    {listed}
                </pre>
            }
                .into_any()
        }}
    }
    .into_any()
}
