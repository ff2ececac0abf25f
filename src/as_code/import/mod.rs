//! The page that makes a connection like a folder of files or like another connection: a plan
//! first, then each step with its result.

pub mod planned;
pub mod state;

use std::collections::{BTreeMap, BTreeSet};

use leptos::prelude::*;
use send_wrapper::SendWrapper;
use web_sys::File;
use weir_code::Entry;

use super::apply::{Outcome, Secrets};
use crate::{
    connections::{Connection, Connections, use_connection, use_may_change},
    paths,
    ui::{
        Banner, Tone,
        field::{Bound, Checkbox, Choice, FileField, Select},
        leave,
    },
};

use planned::Planned;
use state::State;

pub fn page() -> AnyView {
    let connection = use_connection();
    (move || {
        connection
            .get()
            .map(|connection| view! { <Import connection /> })
    })
    .into_any()
}

#[component]
fn Import(connection: Connection) -> impl IntoView {
    let connections = expect_context::<Connections>();
    let (id, system) = (connection.id.clone(), connection.system());
    let state = State {
        connections,
        connection: StoredValue::new(connection),
        entries: RwSignal::new(Vec::new()),
        steps: RwSignal::new(None),
        skipped: RwSignal::new(BTreeSet::new()),
        outcomes: RwSignal::new(BTreeMap::new()),
        secrets: RwSignal::new(Secrets::new()),
        delete: RwSignal::new(false),
        doing: RwSignal::new(String::new()),
        stop: RwSignal::new(false),
        error: RwSignal::new(None),
    };
    // A plan is made again with a click; what was typed into it, and how far it came, is not.
    let unfinished = move || {
        let touched =
            !state.secrets.with(BTreeMap::is_empty) || !state.skipped.with(BTreeSet::is_empty);
        state
            .outcomes
            .with(|all| all.values().any(|one| *one == Outcome::Running))
            || (touched && !state.left().is_empty())
    };
    leave::guard(Signal::derive(unfinished), Callback::new(|()| ()));
    let (export, permit) = (paths::export(&id), use_may_change());
    if let Some(entries) = handed() {
        state.take(Ok(entries));
    }
    let others = Signal::derive(move || {
        let none = Choice::new("", "None");
        let all = connections.all.get().unwrap_or_default().into_iter();
        let others = all.filter(|other| other.id != id && other.system() == system);
        let others = others.map(|other| Choice::new(other.id, other.name));
        std::iter::once(none).chain(others).collect::<Vec<_>>()
    });
    let other = RwSignal::new(String::new());
    let from_other = Bound::new(
        move || other.get(),
        move |id| {
            other.set(id.clone());
            state.read_connection(id);
        },
    );
    let delete = Bound::new(
        move || state.delete.get(),
        move |on| {
            state.delete.set(on);
            state.plan();
        },
    );
    let pick = Callback::new(move |file: Option<SendWrapper<File>>| {
        if let Some(file) = file {
            other.set(String::new());
            state.read_file(file);
        }
    });
    view! {
        <div class="page">
            <header class="page-head">
                <h1>"Import"</h1>
                <p class="page-count" role="status">{move || state.doing.get()}</p>
                <div class="page-actions"><a class="button" href=export>"Export"</a></div>
            </header>
            <p class="lead">"Review the plan first. Nothing changes until you apply it."</p>
            <div class="form-fields code-from">
                <FileField label="Files" accept=".zip,.json" help="An exported zip, or one definition as JSON." on_pick=pick />
                <Select label="Or copy from another connection" value=from_other choices=others />
                <Checkbox label="Delete resources missing from the source" value=delete help="Only kinds that the source contains." />
            </div>
            {move || permit.denied.get().then(|| view! { <Banner tone=Tone::Warn>{permit.reason}</Banner> })}
            {move || state.error.get().map(|words| view! { <Banner tone=Tone::Bad>{words}</Banner> })}
            {move || state.steps.get().map(|steps| view! { <Planned state steps /> })}
        </div>
    }
    .into_any()
}

const HANDED: &str = "weir.import";

/// For the page's next visit, which begins with their plan.
pub fn hand_over(entries: &[Entry]) {
    let storage = window().session_storage().ok().flatten();
    if let (Some(storage), Ok(text)) = (storage, serde_json::to_string(entries)) {
        // Where nothing can be stored the page begins empty.
        let _ = storage.set_item(HANDED, &text);
    }
}

fn handed() -> Option<Vec<Entry>> {
    let storage = window().session_storage().ok().flatten()?;
    let text = storage.get_item(HANDED).ok().flatten()?;
    let _ = storage.remove_item(HANDED);
    serde_json::from_str(&text).ok()
}
