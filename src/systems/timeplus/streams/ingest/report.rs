//! How an ingest is doing and how it ended.

use leptos::prelude::*;
use weir_api::StatusError;

use super::run::{Phase, Progress};
use crate::{
    errors,
    ui::{
        Banner, Tone,
        number::{bytes, count, plural, rate},
    },
};

/// How pasted text fared: all of it was stored, or none.
#[derive(Debug, Clone)]
pub enum Pasted {
    Stored {
        rows: u64,
        /// Fields that no column took.
        left_out: Vec<String>,
    },
    Refused(StatusError),
}

/// The space is kept, so that nothing moves when it starts.
#[component]
pub fn Report(
    progress: RwSignal<Option<Progress>>,
    pasted: RwSignal<Option<Pasted>>,
) -> impl IntoView {
    view! {
        {move || pasted.get().and_then(|pasted| match pasted {
            Pasted::Refused(refusal) => Some(view! { <Refused refusal /> }),
            Pasted::Stored { .. } => None,
        })}
        {move || progress.with(|p| p.as_ref().and_then(failure))}
        <div class="ingest-progress">
            {move || progress.with(|p| p.as_ref().map(|p| (p.size, p.read))).map(|(size, read)| view! {
                <progress aria-label="Ingest progress" max=size.max(1.0) value=if size == 0.0 { 1.0 } else { read }></progress>
            })}
            <p role="status">{move || match pasted.get() {
                Some(Pasted::Stored { rows, left_out }) if left_out.is_empty() => stored(rows),
                Some(Pasted::Stored { rows, left_out }) => {
                    format!("{}; no column takes {}", stored(rows), left_out.join(", "))
                }
                _ => progress.with(|p| p.as_ref().map(words).unwrap_or_default()),
            }}</p>
        </div>
    }
    .into_any()
}

fn stored(rows: u64) -> String {
    format!("{} ingested", plural(rows, "row", "rows"))
}

fn words(progress: &Progress) -> String {
    let done = stored(progress.accepted);
    let refused = match progress.refused {
        0 => String::new(),
        some => format!(", {} rejected", count(some)),
    };
    let unread = progress.unread.map_or_else(String::new, |(from, until)| {
        if from == until {
            format!(", line {} not read", count(from))
        } else {
            format!(", lines {}–{} not read", count(from), count(until))
        }
    });
    let refused = refused + &unread;
    let pace = rate(progress.rate(), "rows");
    let seconds = (progress.now - progress.started) / 1_000.0;
    match progress.phase {
        Phase::Running => format!(
            "{done}{refused} · {} of {} · {pace}",
            bytes(progress.read as u64),
            bytes(progress.size as u64)
        ),
        Phase::Finished => format!("{done}{refused} · {seconds:.1} s · {pace}"),
        Phase::Cancelled => {
            format!("{done}{refused} · canceled; the current batch may have been stored")
        }
        Phase::Failed => format!("{done}{refused} · stopped"),
    }
}

fn failure(progress: &Progress) -> Option<AnyView> {
    let (error, line) = progress.error.as_ref()?;
    let sentence = errors::words(error).sentence();
    let rest = format!("Lines from {} on may not be stored.", count(*line));
    Some(view! { <Banner tone=Tone::Bad><strong>{sentence}</strong> <p class="detail">{rest}</p></Banner> }.into_any())
}

#[component]
fn Refused(refusal: StatusError) -> impl IntoView {
    let rows: Vec<_> = refusal
        .fields
        .into_iter()
        .map(|error| view! { <li><code>{error.field}</code> ": " {error.message}</li> })
        .collect();
    view! {
        <Banner tone=Tone::Bad>
            <strong>"No rows stored: the server rejected these rows"</strong>
            <ul class="failures">{rows}</ul>
        </Banner>
    }
    .into_any()
}
