//! The forms that create and edit a materialized view.

use leptos::prelude::*;
use weir_api::{
    json_response,
    timeplus::stream::{self, Stream},
};

use super::draft::Draft;
use crate::{
    connections::use_capabilities,
    kit::{FieldGroup, use_load},
    sql::query::{QueryField, use_query_check},
    systems::timeplus::{
        fields::{Description, Name, Retention, equivalent_sql},
        views::{ddl, detail::QueryText},
    },
    ui::field::{Bound, Choice, Select},
};

pub fn create(draft: RwSignal<Draft>) -> Vec<FieldGroup> {
    vec![
        FieldGroup::new("", move || {
            view! {
                <Name value=Bound::part(draft, |d| &mut d.name) />
                <Description value=Bound::part(draft, |d| &mut d.description) />
            }
        }),
        FieldGroup::new("Query", move || {
            let value = Bound::part(draft, |d| &mut d.query);
            view! {
                <QueryField
                    label="Query"
                    name="query"
                    value
                    check=use_query_check(value.get)
                    help="It must read a stream. It cannot be changed later."
                />
            }
        }),
        FieldGroup::new("Rows", move || view! { <Rows draft /> }),
    ]
}

pub fn edit(draft: RwSignal<Draft>) -> Vec<FieldGroup> {
    let target = draft.with_untracked(|draft| draft.target.clone());
    vec![
        FieldGroup::new("", move || {
            view! { <Description value=Bound::part(draft, |d| &mut d.description) /> }
        }),
        FieldGroup::new("Query", move || {
            let text = Signal::stored(draft.with_untracked(|draft| draft.query.clone()));
            view! {
                <p class="field-help">"The query of a materialized view cannot be changed: create a new view instead."</p>
                <QueryText text />
            }
        }),
        FieldGroup::new("Rows", move || match target.is_empty() {
            true => retention(draft, "", ""),
            false => kept_by(&target),
        }),
    ]
}

fn kept_by(target: &str) -> AnyView {
    view! { <p class="field-help">"Rows are stored in stream " <code>{target.to_string()}</code> ", whose settings define the retention."</p> }
        .into_any()
}

/// Where they go and how long they are kept.
#[component]
fn Rows(draft: RwSignal<Draft>) -> impl IntoView {
    let names = RwSignal::new(Vec::<String>::new());
    let accept = Callback::new(move |body: Vec<u8>| {
        let streams: Vec<Stream> = json_response(&body)?;
        names.set(streams.into_iter().map(|stream| stream.name).collect());
        Ok(())
    });
    use_load(Signal::stored(stream::CRUD.list()), None, accept);
    let choices = Signal::derive(move || {
        let own = Choice::new("", "Internal stream, read by the view's name");
        // A draft kept from an earlier visit may be shown before the streams are known.
        let chosen = draft.with(|draft| draft.target.clone());
        let mut all = names.get();
        if !chosen.is_empty() && !all.contains(&chosen) {
            all.push(chosen);
        }
        let into = all
            .into_iter()
            .map(|name| Choice::new(name.clone(), format!("Into stream {name}")));
        std::iter::once(own).chain(into).collect::<Vec<_>>()
    });
    let target = Memo::new(move |_| draft.with(|draft| draft.target.clone()));
    let can = use_capabilities();
    let kept = move || {
        let target = target.get();
        if !target.is_empty() {
            return kept_by(&target);
        }
        if !can.get().by_sql() {
            return retention(draft, "Server default: 10 GiB", "Server default: 7 d");
        }
        view! { <p class="field-help">"This server defines retention in SQL: set it after the view is created."</p> }
            .into_any()
    };
    view! {
        <Select
            label="Target"
            name="target_stream"
            value=Bound::part(draft, |d| &mut d.target)
            choices
            help="Columns are matched by name: the target must have the query's columns."
        />
        {kept}
    }
    .into_any()
}

fn retention(draft: RwSignal<Draft>, most: &'static str, longest: &'static str) -> AnyView {
    view! {
        <Retention
            bytes=Bound::part(draft, |d| &mut d.retention_bytes)
            ms=Bound::part(draft, |d| &mut d.retention_ms)
            ttl=Bound::part(draft, |d| &mut d.ttl)
            most
            longest
        />
    }
    .into_any()
}

pub fn sql(draft: RwSignal<Draft>) -> AnyView {
    let text =
        Memo::new(move |_| draft.with(|draft| ddl::create_materialized(&draft.definition().0)));
    equivalent_sql(text.into())
}
