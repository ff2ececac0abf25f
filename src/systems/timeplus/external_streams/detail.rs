//! The page of one external stream.

use leptos::prelude::*;
use weir_api::{
    capability::Capability,
    timeplus::{
        external_stream::{self, ExternalStream, setting},
        types::external_streams::TYPES,
    },
};

use super::form::PreviewPanel;
use crate::{
    connections::use_capabilities,
    kit::described,
    live::LivePreview,
    systems::timeplus::{
        external::{self, Configuration, ConfigurationTab},
        streams::{detail::ColumnTable, stats::StatsTab},
    },
    ui::{Badge, Tab},
};

pub use crate::systems::timeplus::streams::detail::query;

/// Where it reads, in a few words.
pub fn place(stream: &ExternalStream) -> String {
    let of = |key| setting(&stream.settings, key);
    match stream.kind() {
        "kafka" => format!("{} at {}", of("topic"), of("brokers")),
        "pulsar" => format!("{} at {}", of("topic"), of("service_url")),
        "nats_jetstream" => format!("{} at {}", of("stream_name"), of("url")),
        "log" => format!("{} in {}", of("log_files"), of("log_dir")),
        "timeplus" => format!("{} at {}", of("stream"), of("hosts")),
        "http" => of("url").into(),
        _ => String::new(),
    }
}

pub fn facts(model: Signal<ExternalStream>) -> AnyView {
    let kind = Signal::derive(move || model.with(|stream| external::title(TYPES, stream.kind())));
    let words = move || model.with(|stream| described(&stream.description));
    view! { <Badge text=kind /> {words} }.into_any()
}

pub fn tabs(model: Signal<ExternalStream>) -> Vec<Tab> {
    let name = Memo::new(move |_| model.with(|stream| stream.name.clone()));
    let columns = Signal::derive(move || model.with(|stream| stream.columns.clone()));
    let live = Memo::new(move |_| query(&name.get()));
    let settings = Signal::derive(move || Ok(model.with(|stream| stream.settings.clone())));
    let configuration = Signal::derive(move || {
        model.with(|stream| Configuration {
            settings: stream.settings.clone(),
            create_query: stream.create_query.clone(),
            created_at: stream.created_at.clone(),
            created_by: stream.created_by.clone(),
        })
    });
    let mut tabs = vec![
        Tab::new(
            "schema",
            "Schema",
            move || view! { <ColumnTable columns /> },
        ),
        Tab::new(
            "live",
            "Live",
            move || view! { <LivePreview sql=live.into() /> },
        ),
        Tab::new("preview", "Preview", move || {
            view! { <PreviewPanel settings /> }
        }),
    ];
    if use_capabilities()
        .get_untracked()
        .has(Capability::ViewStats)
    {
        tabs.push(Tab::new("stats", "Stats", move || {
            view! { <StatsTab name request=external_stream::stats /> }
        }));
    }
    tabs.push(Tab::new("configuration", "Configuration", move || {
        view! { <ConfigurationTab types=TYPES of=configuration /> }
    }));
    tabs
}
