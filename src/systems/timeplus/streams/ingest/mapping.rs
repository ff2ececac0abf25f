//! What the chosen file holds and where its columns go.

use leptos::prelude::*;
use send_wrapper::SendWrapper;
use web_sys::File;
use weir_api::timeplus::stream::StreamColumn;

use super::{
    plan::{Kind, Plan},
    run::slice,
};
use crate::ui::{
    field::{Bound, Checkbox, Choice, Select},
    table::{Head::Text, ShortTable},
};

/// How much of the file is looked at to guess what it holds.
const START: f64 = 65_536.0;

/// The beginning of the chosen file and what is made of it.
#[derive(Clone)]
pub struct Chosen {
    pub file: SendWrapper<File>,
    start: Vec<u8>,
    pub plan: Plan,
}

/// Looks at the file; a file that cannot be read is none.
pub async fn look(file: SendWrapper<File>, columns: &[StreamColumn]) -> Option<Chosen> {
    let start = slice(&file, 0.0, START.min(file.size())).await.ok()?;
    let plan = Plan::guess(&file.name(), &start, columns);
    Some(Chosen { file, start, plan })
}

#[component]
pub fn Mapping(
    chosen: RwSignal<Option<Chosen>>,
    columns: Signal<Vec<StreamColumn>>,
) -> impl IntoView {
    let kind = Memo::new(move |_| chosen.with(|c| c.as_ref().map(|c| c.plan.kind.clone())));
    let count = Memo::new(move |_| chosen.with(|c| c.as_ref().map_or(0, |c| c.plan.columns.len())));
    let again = move |delimiter: u8, header: bool| {
        let columns = columns.get_untracked();
        chosen.update(|chosen| {
            if let Some(chosen) = chosen {
                chosen.plan = Plan::csv(&chosen.start, delimiter, header, &columns);
            }
        });
    };
    let kinds = [
        ("csv,", "CSV, comma"),
        ("csv;", "CSV, semicolon"),
        ("csv\t", "CSV, tab"),
        ("csv|", "CSV, bar"),
        ("ndjson", "NDJSON, one object per line"),
    ];
    let kinds: Vec<Choice> = kinds.map(|(value, label)| Choice::new(value, label)).into();
    let read_as = Bound::new(
        move || match kind.get() {
            Some(Kind::Csv { delimiter, .. }) => format!("csv{}", char::from(delimiter)),
            _ => "ndjson".into(),
        },
        move |value: String| match value
            .strip_prefix("csv")
            .and_then(|rest| rest.bytes().next())
        {
            Some(delimiter) => again(delimiter, true),
            None => chosen.update(|chosen| {
                if let Some(chosen) = chosen {
                    chosen.plan.kind = Kind::Ndjson;
                }
            }),
        },
    );
    let header = Bound::new(
        move || matches!(kind.get(), Some(Kind::Csv { header: true, .. })),
        move |header: bool| {
            if let Some(Kind::Csv { delimiter, .. }) = kind.get_untracked() {
                again(delimiter, header);
            }
        },
    );
    let null_word = Bound::new(
        move || chosen.with(|c| c.as_ref().is_some_and(|c| c.plan.null_word)),
        move |on: bool| {
            chosen.update(|chosen| {
                if let Some(chosen) = chosen {
                    chosen.plan.null_word = on;
                }
            });
        },
    );
    move || {
        let kind = kind.get()?;
        let csv = matches!(kind, Kind::Csv { .. });
        let rows = csv.then(|| view! {
            <Checkbox label="The first line names the columns" value=header />
            <Checkbox
                label="NULL without quotes is NULL"
                value=null_word
                help="In texts that can be NULL. Empty fields and \\N always are."
            />
            <ShortTable
                label="Columns of the file"
                heads=&[Text("File"), Text("First value"), Text("Stream")]
            >
                {move || (0..count.get()).map(|at| view! { <Target chosen columns at /> }).collect_view()}
            </ShortTable>
        });
        Some(view! {
            <div class="mapping">
                <Select label="Read file as" value=read_as choices=Signal::stored(kinds.clone()) />
                {rows}
            </div>
        })
    }
}

/// One column of the file.
#[component]
fn Target(
    chosen: RwSignal<Option<Chosen>>,
    columns: Signal<Vec<StreamColumn>>,
    at: usize,
) -> impl IntoView {
    let of = move |part: fn(&Plan) -> &Vec<String>| {
        chosen
            .with(|c| c.as_ref().and_then(|c| part(&c.plan).get(at).cloned()))
            .unwrap_or_default()
    };
    let target = Bound::new(
        move || of(|plan| &plan.targets),
        move |name| {
            chosen.update(|chosen| {
                if let Some(slot) = chosen.as_mut().and_then(|c| c.plan.targets.get_mut(at)) {
                    *slot = name;
                }
            });
        },
    );
    let choices = Signal::derive(move || {
        let own = columns.get().into_iter().map(|c| {
            let label = format!("{} ({})", c.name, c.data_type);
            Choice::new(c.name, label)
        });
        std::iter::once(Choice::new("", "leave out"))
            .chain(own)
            .collect::<Vec<_>>()
    });
    let label = format!("Stream column for {}", untrack(|| of(|plan| &plan.columns)));
    view! {
        <tr>
            <th scope="row">{move || of(|plan| &plan.columns)}</th>
            <td class="mono sample">{move || of(|plan| &plan.sample)}</td>
            <td><Select bare=true label value=target choices /></td>
        </tr>
    }
    .into_any()
}
