//! A query as a field of a form: the editor, what the server makes of it while it is typed, its
//! rows on request, and what a template makes of one of them.

pub mod example;
pub mod sample;

use std::time::Duration;

use leptos::{prelude::*, task::spawn_local};
use weir_api::{
    json_response,
    timeplus::sql::{self, Analysis},
};

pub use example::{Example, Rendered};

use crate::{
    connections::use_endpoint,
    errors, http,
    live::LivePreview,
    sql::streams::Streams,
    statements,
    ui::{
        Button, EditorControl,
        field::{Bound, Code, Field, TextArea},
    },
};

/// Typing pauses so long before the server is asked.
const PAUSE: Duration = Duration::from_millis(400);

/// What the server says of a query; `None` before it was asked and while there is no query.
pub type QueryCheck = Option<Result<Analysis, String>>;

/// Asks the server about `text` whenever typing pauses.
pub fn use_query_check(text: Signal<String>) -> RwSignal<QueryCheck> {
    let (check, endpoint) = (RwSignal::new(None), use_endpoint());
    let timer = StoredValue::new_local(None::<TimeoutHandle>);
    let stop = move || {
        if let Some(Some(timer)) = timer.try_update_value(Option::take) {
            timer.clear();
        }
    };
    Effect::new(move || {
        let (asked, endpoint) = (text.get(), endpoint.get());
        stop();
        let Some(endpoint) = endpoint.filter(|_| !asked.trim().is_empty()) else {
            return check.set(None);
        };
        let ask = move || {
            spawn_local(async move {
                let answer = match sql::analyze(&asked) {
                    Ok(request) => http::send(&endpoint, request).await,
                    Err(error) => Err(error),
                };
                let answer = answer.and_then(|body| json_response::<Analysis>(&body));
                let answer = answer.map_err(|error| errors::words(&error).sentence());
                // The page may be left, or the query changed meanwhile.
                if text.try_get_untracked() == Some(asked) {
                    check.try_set(Some(answer));
                }
            });
        };
        timer.set_value(set_timeout_with_handle(ask, PAUSE).ok());
    });
    on_cleanup(stop);
    check
}

/// The editor with what the server says. Errors of the form show at `name`.
#[component]
pub fn QueryField(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    value: Bound,
    check: RwSignal<QueryCheck>,
    #[prop(optional, into)] help: String,
) -> impl IntoView {
    view! {
        <Field label name required=true help>
            <EditorBox value check />
        </Field>
        <QueryCheckLine check />
    }
    .into_any()
}

/// A second query of a form, without colours.
#[component]
pub fn PlainQueryField(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    value: Bound,
    check: RwSignal<QueryCheck>,
    #[prop(optional, into)] help: String,
) -> impl IntoView {
    view! {
        <TextArea label name value help mono=true rows=4 />
        <QueryCheckLine check />
    }
    .into_any()
}

#[component]
fn EditorBox(value: Bound, check: RwSignal<QueryCheck>) -> impl IntoView {
    let control = EditorControl::new();
    Effect::new(move || {
        check.with(|check| {
            let wrong = check.as_ref().and_then(|check| check.as_ref().err());
            match wrong.and_then(|words| Some((words, statements::position_in(words)?))) {
                Some((words, (line, column))) => {
                    let place = statements::place(&value.get.get_untracked(), 0, line, column);
                    control.mark(place, words);
                }
                None => control.mark(0..0, ""),
            }
        });
    });
    let streams = Streams::load();
    let words = Signal::derive(move || streams.words());
    view! {
        <Code value control class="query-box" words />
    }
}

#[component]
fn QueryCheckLine(check: RwSignal<QueryCheck>) -> impl IntoView {
    let line = move || match check.get()? {
        Err(words) => Some(view! { <p class="query-wrong">{words}</p> }.into_any()),
        Ok(analysis) => {
            let kind = if analysis.is_streaming {
                "Streaming: continues with each new row. "
            } else {
                "Historical: ends with the last existing row. "
            };
            let columns = analysis.result_columns.into_iter().map(|column| {
                view! { <li><code>{column.column}</code> <span>{column.column_type}</span></li> }
            });
            let columns = columns.collect_view();
            Some(
                view! { <div class="query-columns"><span>{kind}</span><ul aria-label="Columns of the result">{columns}</ul></div> }
                    .into_any(),
            )
        }
    };
    view! { <div class="query-check" role="status">{line}</div> }.into_any()
}

/// A button that shows the rows of the query as it is then.
#[component]
pub fn PreviewButton(
    #[prop(into)] label: String,
    #[prop(into)] sql: Signal<String>,
) -> impl IntoView {
    let shown = RwSignal::new(None::<String>);
    let press = move || {
        shown.update(|shown| {
            *shown = match shown.take() {
                Some(_) => None,
                None => Some(sql.get_untracked()).filter(|sql| !sql.trim().is_empty()),
            };
        });
    };
    view! {
        <div>
            <Button on_click=press pressed=Signal::derive(move || shown.with(Option::is_some))>
                {label}
            </Button>
        </div>
        {move || {
            let sql = shown.get()?;
            Some(view! { <div class="query-preview"><LivePreview sql=Signal::stored(sql) /></div> })
        }}
    }
    .into_any()
}
