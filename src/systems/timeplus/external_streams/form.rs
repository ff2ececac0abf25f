//! The form that creates an external stream, with a look at what would come.

use leptos::prelude::*;
use weir_api::{
    FieldError, json_response,
    timeplus::{
        external_stream::{self, Offset, Preview, PreviewEvent},
        types::external_streams::TYPES,
    },
};

use super::draft::Draft;
use crate::{
    kit::{
        FieldGroup,
        properties::{self, Table, TypedBound},
        use_call,
    },
    systems::timeplus::{
        external,
        fields::{Description, Name},
    },
    ui::{
        Banner, Button, ErrorBanner, Tone,
        field::{Bound, Choice, NumberField, Select, TextArea},
        table::{
            Head::{Number, Text},
            ShortTable,
        },
    },
};

const SETTINGS: Table = Table {
    label: "Type",
    field: "type",
    types: TYPES,
    path: "settings",
    fixed: false,
};

pub fn sections(draft: RwSignal<Draft>) -> Vec<FieldGroup> {
    vec![
        FieldGroup::new("", move || general(draft)),
        properties::section(
            "Location",
            SETTINGS,
            TypedBound::part(draft, |draft| &mut draft.typed),
        ),
        FieldGroup::new("Columns", move || columns(draft)),
        FieldGroup::new("Connection preview", move || {
            let asked = Signal::derive(move || {
                let mut errors = Vec::new();
                let settings =
                    draft.with(|draft| external::settings(TYPES, &draft.typed, &mut errors));
                if errors.is_empty() {
                    Ok(settings)
                } else {
                    Err(errors)
                }
            });
            view! { <PreviewPanel settings=asked /> }
        }),
    ]
}

fn general(draft: RwSignal<Draft>) -> AnyView {
    view! {
        <Name value=Bound::part(draft, |d| &mut d.name) />
        <Description value=Bound::part(draft, |d| &mut d.description) />
    }
    .into_any()
}

fn columns(draft: RwSignal<Draft>) -> AnyView {
    view! {
        <TextArea
            label="Columns"
            name="columns"
            mono=true
            rows=5
            value=Bound::part(draft, |d| &mut d.columns)
            placeholder=Signal::stored(String::from("id int64\nitem string"))
            help="One per line: name and type, as in SQL. A log without columns has one column, raw string; a single text column contains the whole message."
        />
    }
    .into_any()
}

type Settings = Result<Vec<external_stream::Setting>, Vec<FieldError>>;

/// Reads some messages from where the settings point to.
#[component]
pub fn PreviewPanel(settings: Signal<Settings>) -> impl IntoView {
    let count = RwSignal::new(String::from("5"));
    let offset = RwSignal::new(String::from("earliest"));
    let timeout = RwSignal::new(String::from("10"));
    let call = use_call();
    let wrong = RwSignal::new(None::<String>);
    let events = RwSignal::new(None::<Vec<PreviewEvent>>);
    // What came before says nothing of what has failed.
    Effect::new(move || {
        if call.error.with(Option::is_some) {
            events.set(None);
        }
    });
    let press = move || {
        wrong.set(None);
        let asked = match settings.get_untracked() {
            Ok(settings) => Preview {
                settings,
                count: count.get_untracked().trim().parse().ok(),
                offset: Some(match offset.get_untracked().as_str() {
                    "latest" => Offset::Latest,
                    _ => Offset::Earliest,
                }),
                timeout: timeout.get_untracked().trim().parse().ok(),
            },
            Err(errors) => {
                let words = errors
                    .into_iter()
                    .map(|e| format!("{}: {}", e.field, e.message));
                return wrong.set(Some(words.collect::<Vec<_>>().join("; ")));
            }
        };
        let request = external_stream::preview(&asked);
        call.read(request, json_response, move |found| events.set(Some(found)));
    };
    let offsets = vec![
        Choice::new("earliest", "Earliest".to_string()),
        Choice::new("latest", "Latest: wait for new messages".to_string()),
    ];
    view! {
        <div class="preview-asked">
            <NumberField label="Messages" value=Bound::from(count) />
            <Select label="From" value=Bound::from(offset) choices=Signal::stored(offsets) />
            <NumberField label="Timeout in seconds" value=Bound::from(timeout) />
            <Button busy=call.busy on_click=press>"Preview"</Button>
        </div>
        <ErrorBanner error=call.error />
        {move || wrong.get().map(|words| view! { <Banner tone=Tone::Bad>{words}</Banner> })}
        {move || events.get().map(shown)}
    }
    .into_any()
}

fn shown(events: Vec<PreviewEvent>) -> AnyView {
    if events.is_empty() {
        return view! { <p class="waiting" role="status">"No messages before the timeout."</p> }
            .into_any();
    }
    let rows = events.into_iter().enumerate().map(|(at, event)| {
        let text = serde_json::Value::Object(event).to_string();
        view! { <tr><td class="number">{at + 1}</td><td class="mono">{text}</td></tr> }
    });
    view! {
        <ShortTable
            label="Messages"
            heads=&[Number("#"), Text("Message")]
        >
            {rows.collect_view()}
        </ShortTable>
    }
    .into_any()
}
