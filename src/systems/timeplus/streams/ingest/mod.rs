//! Sending rows to a stream: typed in, or from a file of any size.

pub mod batch;
pub mod cell;
pub mod example;
pub mod mapping;
pub mod ndjson;
pub mod paste;
pub mod plan;
pub mod reader;
pub mod report;
pub mod row_errors;
pub mod run;

use std::rc::Rc;

use leptos::{context::Provider, prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;
use web_sys::File;
use weir_api::{
    ApiError,
    timeplus::{ingest, stream::Stream},
};

use crate::{
    connections::{use_endpoint, use_may_change},
    errors::UNSENT,
    http::{Abort, Endpoint},
    kit::fetch,
    ui::{
        Button, ButtonKind, ErrorBanner,
        field::{Bound, Choice, FileField, Select, TextArea},
        leave,
    },
};
use mapping::{Chosen, Mapping, look};
use paste::Checked;
use report::{Pasted, Report};
pub use row_errors::RowError;
use row_errors::RowErrors;
use run::{Goal, Phase, Progress};

/// What is typed, chosen and under way. It outlives the tab: another tab is looked at meanwhile.
#[derive(Clone, Copy)]
pub struct Ingest {
    format: RwSignal<ingest::Format>,
    data: RwSignal<String>,
    /// The text that was stored last, which is no longer only here.
    stored: RwSignal<String>,
    chosen: RwSignal<Option<Chosen>>,
    progress: RwSignal<Option<Progress>>,
    pasted: RwSignal<Option<Pasted>>,
    failed: RwSignal<Option<ApiError>>,
    sending: RwSignal<bool>,
    abort: StoredValue<Option<Rc<Abort>>, LocalStorage>,
}

impl Ingest {
    /// For a page: leaving it asks while something would be lost, and ends what is being sent.
    pub fn of_page() -> Self {
        let ingest = Self {
            format: RwSignal::new(ingest::Format::Compact),
            data: RwSignal::new(String::new()),
            stored: RwSignal::new(String::new()),
            chosen: RwSignal::new(None),
            progress: RwSignal::new(None),
            pasted: RwSignal::new(None),
            failed: RwSignal::new(None),
            sending: RwSignal::new(false),
            abort: StoredValue::new_local(None),
        };
        let unsent = move || {
            ingest
                .data
                .with(|data| !data.trim().is_empty() && ingest.stored.with(|stored| data != stored))
        };
        leave::guard(
            Signal::derive(move || ingest.is_reading() || unsent()),
            Callback::new(|()| ()),
        );
        on_cleanup(move || ingest.stop());
        ingest
    }

    /// Whether a file is being read.
    fn is_reading(self) -> bool {
        self.progress
            .with(|p| p.as_ref().is_some_and(|p| p.phase == Phase::Running))
    }

    fn stop(self) {
        if let Some(Some(abort)) = self.abort.try_update_value(Option::take) {
            abort.abort();
        }
    }
}

#[component]
pub fn IngestTab(stream: Signal<Stream>, ingest: Ingest) -> impl IntoView {
    let (endpoint, permit) = (use_endpoint(), use_may_change());
    let Ingest {
        format,
        data,
        stored,
        chosen,
        progress,
        pasted,
        failed,
        sending,
        abort,
    } = ingest;
    let columns = Signal::derive(move || stream.with(|stream| stream.columns.clone()));
    let with_file = Memo::new(move |_| chosen.with(Option::is_some));
    let running = Memo::new(move |_| ingest.is_reading());
    let busy = Signal::derive(move || sending.get() || running.get());

    let objection = Memo::new(move |_| {
        if with_file.get() {
            return chosen.with(|c| c.as_ref().and_then(|c| c.plan.objection()));
        }
        data.with(|data| data.trim().is_empty())
            .then(|| "Paste rows or choose a file first".to_string())
    });
    let send = move || {
        let (Some(endpoint), Ok(own)) = (endpoint.get_untracked(), Abort::new()) else {
            return;
        };
        let own = Rc::new(own);
        abort.set_value(Some(own.clone()));
        failed.set(None);
        pasted.set(None);
        progress.set(None);
        let name = stream.with_untracked(|stream| stream.name.clone());
        match chosen.get_untracked() {
            Some(chosen) => {
                let goal = Goal {
                    endpoint,
                    stream: name,
                    columns: columns.get_untracked(),
                };
                let file: File = (*chosen.file).clone();
                run::start(goal, file.into(), chosen.plan, progress, own);
            }
            None => {
                let text = data.get_untracked();
                let checked = columns
                    .with_untracked(|columns| paste::check(format.get_untracked(), &text, columns));
                let checked = match checked {
                    Ok(checked) => checked,
                    Err(words) => return failed.set(Some(ApiError::with_status(UNSENT, words))),
                };
                let format = format.get_untracked();
                sending.set(true);
                spawn_local(async move {
                    let outcome = store(endpoint, &name, format, checked, &own).await;
                    if sending.try_set(false).is_some() {
                        return;
                    }
                    match outcome {
                        Ok(outcome) => {
                            if matches!(outcome, Pasted::Stored { .. }) {
                                stored.set(text);
                            }
                            pasted.set(Some(outcome));
                        }
                        Err(error) => failed.set(Some(error)),
                    }
                });
            }
        }
    };
    let pick = Callback::new(move |file: Option<SendWrapper<File>>| {
        progress.set(None);
        chosen.set(None);
        if let Some(file) = file {
            spawn_local(async move {
                let columns = stream.try_with_untracked(|stream| stream.columns.clone());
                let columns = columns.unwrap_or_default();
                match look(file, &columns).await {
                    Some(found) => drop(chosen.try_set(Some(found))),
                    None => drop(
                        failed.try_set(Some(ApiError::Decode("the file could not be read".into()))),
                    ),
                }
            });
        }
    });
    let table = Memo::new(move |_| {
        let json = matches!(
            format.get(),
            ingest::Format::Compact | ingest::Format::Streaming
        );
        json && !with_file.get() && data.with(|data| paste::is_table(data))
    });
    // What is pasted is a small file: its columns are looked at and mapped the same way.
    let as_file = move || {
        let parts = js_sys::Array::of1(&data.get_untracked().into());
        if let Ok(file) = File::new_with_str_sequence(&parts, "pasted.csv") {
            pick.run(Some(SendWrapper::new(file)));
        }
    };
    view! {
        <div class="ingest">
            <div class="ingest-inputs">
                <section class="ingest-part" aria-label="Paste rows">
                    <FormatSelect format disabled=with_file.into() />
                    <TextArea
                        label="Data"
                        mono=true
                        rows=10
                        value=data
                        disabled=with_file
                        placeholder=Signal::derive(move || columns.with(|columns| example::example(format.get(), columns)))
                    />
                    {move || table.get().then(|| view! {
                        <p class="field-help">
                            "This looks like CSV or spreadsheet rows. "
                            <Button kind=ButtonKind::Quiet on_click=as_file>"Read as CSV"</Button>
                        </p>
                    })}
                    {move || {
                        let name = chosen.with(|chosen| chosen.as_ref().map(|chosen| chosen.file.name()))?;
                        Some(view! { <p class="field-help">{format!("The file {name} is ingested instead of this text.")}</p> })
                    }}
                </section>
                <section class="ingest-part" aria-label="Ingest a file">
                    <FileField
                        label="File"
                        accept=".csv,.tsv,.txt,.ndjson,.jsonl,.json"
                        help="CSV or NDJSON of any size; it is read in parts."
                        on_pick=pick
                        disabled=running
                    />
                    <Mapping chosen columns />
                </section>
            </div>
            <div class="ingest-actions">
                <Provider value=permit>
                <Button
                    kind=ButtonKind::Primary
                    busy
                    disabled=Signal::derive(move || objection.get().is_some())
                    reason=Signal::derive(move || objection.get().unwrap_or_default())
                    on_click=send
                >
                    "Ingest"
                </Button>
                </Provider>
                {move || running.get().then(|| view! { <Button on_click=move || ingest.stop()>"Cancel"</Button> })}
                {move || with_file.get().then(|| objection.get()).flatten().map(|words| view! { <p class="field-error">{words}</p> })}
            </div>
            <ErrorBanner error=failed />
            <Report progress pasted />
            <RowErrors progress />
        </div>
    }
    .into_any()
}

/// Sends the text; the server says what it thinks of each row.
async fn store(
    endpoint: Endpoint,
    stream: &str,
    format: ingest::Format,
    checked: Checked,
    abort: &Abort,
) -> Result<Pasted, ApiError> {
    let Checked {
        text,
        rows,
        left_out,
    } = checked;
    let request = ingest::ingest(stream, format, text.into_bytes());
    match fetch(&endpoint, request, abort).await {
        Ok(_) => Ok(Pasted::Stored { rows, left_out }),
        Err(ApiError::Status(refusal)) if !refusal.fields.is_empty() => {
            Ok(Pasted::Refused(refusal))
        }
        Err(error) => Err(error),
    }
}

#[component]
fn FormatSelect(format: RwSignal<ingest::Format>, disabled: Signal<bool>) -> impl IntoView {
    let choices = ingest::Format::ALL.map(|format| {
        let words = match format {
            ingest::Format::Compact => "compact: column names, then arrays of values",
            ingest::Format::Streaming => "streaming: one JSON object per line",
            ingest::Format::Raw => "raw: the whole text is one row",
            ingest::Format::Lines => "lines: each line is one row",
        };
        Choice::new(format.as_str(), words)
    });
    let value = Bound::new(
        move || format.get().as_str().into(),
        move |name: String| {
            if let Some(found) = ingest::Format::ALL
                .into_iter()
                .find(|format| format.as_str() == name)
            {
                format.set(found);
            }
        },
    );
    view! { <Select label="Format" value choices=Signal::stored(choices.to_vec()) disabled /> }
        .into_any()
}
