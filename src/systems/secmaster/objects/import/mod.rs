//! Many objects at once, from what is pasted or from a file.

pub mod parse;
pub mod plan;
pub mod results;
pub mod run;

use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;
use weir_api::secmaster::data_object::ListName;

use super::{
    super::pick::{Item, PickField},
    NAMES,
    classes::{use_classes, use_fields},
};
use crate::{
    connections::{use_connection_id, use_endpoint, use_may_change},
    kit::address,
    paths,
    ui::{
        Banner, Button, ButtonKind, ErrorBanner, Tone,
        field::{Bound, Choice, FileField, Select, TextArea},
        leave,
        number::plural,
    },
};

use parse::{Parsed, parse};
use plan::{Phase, Plan};

/// Bytes of a file that is read as a whole.
const LARGEST: f64 = 64.0 * 1024.0 * 1024.0;

pub fn page() -> AnyView {
    let connection = use_connection_id().get_untracked().unwrap_or_default();
    let class = RwSignal::new(address::parameter("class"));
    address::keep(Signal::derive(move || vec![("class", class.get())]));
    let classes = use_classes();
    Effect::new(move || {
        let first = classes.items.with(|items| items.first().cloned());
        if let Some(first) = first
            && class.with_untracked(String::is_empty)
        {
            class.set(first.id);
        }
    });
    let fields = use_fields(class.into());
    let (text, trouble) = (RwSignal::new(String::new()), RwSignal::new(None::<String>));
    let list_name = RwSignal::new(ListName::New.as_str().to_owned());
    let plan = RwSignal::new(None::<Plan>);
    let parsed = Memo::new(move |_| {
        let all = fields.all.get();
        text.with(|text| match text.trim().is_empty() {
            true => Ok(Parsed::default()),
            false => parse(text, &all),
        })
    });
    let underway = Memo::new(move |_| plan.with(Option::is_some));
    // What is not created yet would be lost.
    let unfinished =
        Signal::derive(move || plan.with(|plan| plan.as_ref().is_some_and(Plan::unfinished)));
    leave::guard(unfinished, Callback::new(move |()| plan.set(None)));
    let set_class = Callback::new(move |item: Item| class.set(item.id));
    let names = vec![
        Choice::new(ListName::New.as_str(), "data_object_list"),
        Choice::new(ListName::Old.as_str(), "data_object"),
    ];
    let (endpoint, permit) = (use_endpoint(), use_may_change());
    let start = move || {
        let Some(endpoint) = endpoint.get_untracked() else {
            return;
        };
        if let Ok(parsed) = parsed.get_untracked() {
            let list = match list_name.get_untracked() == ListName::Old.as_str() {
                true => ListName::Old,
                false => ListName::New,
            };
            plan.set(Some(Plan::new(class.get_untracked(), list, parsed.good)));
            run::go(endpoint, plan);
        }
    };
    let input = move || {
        (!underway.get()).then(|| view! {
            <div class="object-import">
                <PickField label="Data class" value=class.into() pick=classes set=set_class empty="Choose a class" required=true />
                <ErrorBanner error=fields.error />
                <TextArea
                    label="Objects"
                    value=text
                    mono=true
                    rows=12
                    help="A JSON list, one JSON object per line, or CSV with the fields' names in its first line."
                />
                <FileField
                    label="File"
                    accept=".json,.ndjson,.jsonl,.csv,.tsv,.txt"
                    on_pick=Callback::new(move |file| pick(file, text, trouble))
                />
                {move || trouble.get().map(|words| view! { <Banner tone=Tone::Bad>{words}</Banner> })}
                <Select
                    label="Send as"
                    value=Bound::from(list_name)
                    choices=names.clone()
                    help="The documentation has two names for the list; use the older one for older servers."
                />
                {move || found(parsed)}
                <div class="actions">
                    <Button
                        kind=ButtonKind::Primary
                        disabled=Signal::derive(move || permit.denied.get() || ready(parsed) == 0)
                        reason=Signal::derive(move || match permit.denied.get() {
                            true => permit.reason.get(),
                            false => "No objects to create yet".into(),
                        })
                        on_click=start
                    >
                        {move || match ready(parsed) {
                            0 => "Create objects".to_owned(),
                            n => format!("Create {}", plural(n, "object", "objects")),
                        }}
                    </Button>
                </div>
            </div>
        })
    };
    let list = paths::section(&connection, NAMES.segment);
    let again = move || {
        text.set(String::new());
        plan.set(None);
    };
    let output = move || {
        underway.get().then(|| {
            let list = format!("{list}?class={}", class.get_untracked());
            let over = Memo::new(move |_| {
                plan.with(|plan| {
                    plan.as_ref()
                        .is_some_and(|plan| plan.phase != Phase::Running)
                })
            });
            view! {
                {results::view(plan)}
                {move || over.get().then(|| view! {
                    <div class="actions">
                        <Button on_click=again>"Create more"</Button>
                        <a class="button" href=list.clone()>"Show data objects"</a>
                    </div>
                })}
            }
        })
    };
    view! {
        <div class="page">
            <header class="page-head"><h1>"Import objects"</h1></header>
            {input}
            {output}
        </div>
    }
    .into_any()
}

type Reading = Result<Parsed, String>;

fn ready(parsed: Memo<Reading>) -> u64 {
    parsed.with(|parsed| parsed.as_ref().map_or(0, |parsed| parsed.good.len() as u64))
}

/// What was understood of the text, and what was not.
fn found(parsed: Memo<Reading>) -> AnyView {
    const SHOWN: usize = 50;
    let bad = match parsed.get() {
        Err(words) => return view! { <Banner tone=Tone::Bad>{words}</Banner> }.into_any(),
        Ok(parsed) if parsed.bad.is_empty() => return ().into_any(),
        Ok(parsed) => parsed.bad,
    };
    let title = format!(
        "{} cannot be created and will be left out",
        plural(bad.len() as u64, "object", "objects")
    );
    let more = bad.len().saturating_sub(SHOWN);
    let lines = bad.into_iter().take(SHOWN);
    let lines = lines
        .map(|bad| view! { <li>{format!("Line {}: {}", bad.line, bad.message)}</li> })
        .collect_view();
    view! {
        <Banner tone=Tone::Warn>
            <strong>{title}</strong>
            <ul class="failures">{lines}</ul>
            {(more > 0).then(|| format!("and {more} more"))}
        </Banner>
    }
    .into_any()
}

fn pick(
    file: Option<SendWrapper<File>>,
    text: RwSignal<String>,
    trouble: RwSignal<Option<String>>,
) {
    trouble.set(None);
    let Some(file) = file else { return };
    if file.size() > LARGEST {
        return trouble.set(Some("The file is larger than 64 MiB: split it.".into()));
    }
    spawn_local(async move {
        let read = JsFuture::from(file.text()).await;
        match read.ok().and_then(|value| value.as_string()) {
            // The page may be gone.
            Some(read) => {
                text.try_set(read);
            }
            None => {
                trouble.try_set(Some("The file cannot be read.".into()));
            }
        }
    });
}
