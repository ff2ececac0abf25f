//! What a page says of its loading and of what failed.

use leptos::prelude::*;
use weir_api::{
    ApiError,
    paging::{Progress, Reason, Stopped},
};

use super::Load;
use crate::{
    errors,
    text::visible,
    ui::{
        Banner, Button, Empty, Tone,
        number::{count, plural},
    },
};

/// What could not be done, one sentence each.
#[component]
pub fn Failed(failures: RwSignal<Vec<String>>) -> impl IntoView {
    move || {
        let all = failures.get();
        (!all.is_empty()).then(|| {
            let lines: Vec<_> = all
                .into_iter()
                .map(|line| view! { <li>{line}</li> })
                .collect();
            view! { <Banner tone=Tone::Bad><ul class="failures">{lines}</ul></Banner> }
        })
    }
}

/// Says nothing for the first moment, so that a quick answer does not flash.
#[component]
pub fn Waiting(load: Load) -> impl IntoView {
    move || {
        let words = match load.error.get() {
            None => load.progress.get().map_or_else(
                || "Loading…".to_string(),
                |now| format!("Loading… {}", how_far(now)),
            ),
            Some(ApiError::Network(_)) => {
                "Not loaded yet: the connection cannot be reached.".to_string()
            }
            Some(_) => String::new(),
        };
        view! { <p class="waiting" role="status">{words}</p> }
    }
}

/// Of a list that is not there as a whole: where it stops, and why.
#[component]
pub fn Incomplete(load: Load, many: &'static str) -> impl IntoView {
    move || {
        load.stopped.get().map(|stopped| {
            view! {
                <Banner tone=Tone::Warn>
                    <p>{incomplete(&stopped, many)}</p>
                    <Button busy=load.busy on_click=move || load.reload()>"Reload"</Button>
                </Banner>
            }
        })
    }
}

/// Of an answer that was not read as a whole: what is not shown, and why.
#[component]
pub fn Unread(#[prop(into)] parts: Signal<Vec<String>>) -> impl IntoView {
    move || {
        let all = parts.get();
        (!all.is_empty()).then(|| {
            let lines: Vec<_> = all
                .iter()
                .map(|line| view! { <li>{visible(line).into_owned()}</li> })
                .collect();
            view! {
                <Banner tone=Tone::Neutral>
                    <details class="unread">
                        <summary>{unread(&all)}</summary>
                        <ul class="failures">{lines}</ul>
                    </details>
                </Banner>
            }
        })
    }
}

/// How much of an answer could not be read, and of which fields.
pub fn unread(all: &[String]) -> String {
    const NAMED: usize = 5;
    let mut fields: Vec<&str> = Vec::new();
    for one in all {
        let field = one.split_once(": ").map_or("", |(field, _)| field);
        if !field.is_empty() && !fields.contains(&field) {
            fields.push(field);
        }
    }
    let more = match fields.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    fields.truncate(NAMED);
    let named = match fields.as_slice() {
        [] => String::new(),
        fields => format!(": {}{more}", visible(&fields.join(", "))),
    };
    let count = plural(all.len() as u64, "part", "parts");
    let are = if all.len() == 1 { "is" } else { "are" };
    format!("{count} of the response could not be read and {are} not shown{named}")
}

fn how_far(progress: Progress) -> String {
    match progress.total {
        Some(total) if total >= progress.loaded => {
            format!("{} of {}", count(progress.loaded), count(total))
        }
        _ => count(progress.loaded),
    }
}

/// What is missing of a list, in words.
pub fn incomplete(stopped: &Stopped, many: &str) -> String {
    let reason = match &stopped.reason {
        Reason::Failed(error) => errors::words(error).sentence(),
        Reason::Repeated => {
            "The server returns the same page again instead of the next one.".into()
        }
        Reason::TooLong => "The list is longer than this page loads.".into(),
        Reason::Fewer => "The server reports more than it returns.".into(),
    };
    let far = how_far(stopped.progress);
    format!("Only {far} {many} are shown: the list could not be loaded to its end. {reason}")
}

/// Where a server keeps no log of single resources.
pub fn no_logs() -> AnyView {
    view! {
        <Empty
            title="No logs from this server"
            hint="The server has no logs for single resources. See the other tabs for errors and statistics."
        />
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_that_stops_says_where_and_why() {
        let stopped = |loaded, total, reason| Stopped {
            progress: Progress { loaded, total },
            reason,
        };
        let failed = Reason::Failed(ApiError::with_status(503, "busy"));
        let words = incomplete(&stopped(200, Some(1_250), failed), "streamings");
        assert!(
            words.starts_with("Only 200 of 1,250 streamings are shown"),
            "{words}"
        );
        assert!(words.contains("busy"), "{words}");
        let words = incomplete(&stopped(10, None, Reason::Repeated), "streamings");
        assert!(words.starts_with("Only 10 streamings"), "{words}");
        // A count that is less than what came is none.
        assert_eq!(
            how_far(Progress {
                loaded: 3,
                total: Some(0)
            }),
            "3"
        );
    }

    #[test]
    fn what_could_not_be_read_is_counted_and_named() {
        let one = unread(&["shards: \"few\" is not a whole number".into()]);
        assert_eq!(
            one,
            "1 part of the response could not be read and is not shown: shards"
        );
        let many: Vec<String> = (0..7)
            .map(|n| format!("field{}: 1 is not an object", n % 6))
            .collect();
        let words = unread(&many);
        assert!(words.starts_with("7 parts"), "{words}");
        assert!(words.ends_with("field4 and 1 more"), "{words}");
        // An element of a list at the top has no name.
        assert!(unread(&["invalid type".into()]).ends_with("not shown"));
    }
}
