//! The page that makes a connection like a folder of files or like another connection: a plan
//! first, then each step with its result.

use std::collections::{BTreeMap, BTreeSet};

use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;
use weir_code::Entry;

use super::{
    apply::{Outcome, Secrets, apply, look_again},
    gather::{gather, place},
    plan::{Change, Step, needed, plan},
    plan_table::plan_table,
};
use crate::{
    connections::{Connection, Connections, use_connection, use_may_change},
    errors, paths,
    ui::{
        Banner, Button, ButtonKind, Confirm, Empty, Tone,
        field::{Bound, Checkbox, Choice, FileField, Select, TextField},
        lazy::LoadError,
        leave,
        number::plural,
        use_confirm,
    },
};

/// Larger files are no definitions.
const LARGEST: f64 = (64 << 20) as f64;

pub fn page() -> AnyView {
    let connection = use_connection();
    (move || {
        connection
            .get()
            .map(|connection| view! { <Import connection /> })
    })
    .into_any()
}

/// What the page knows; cheap to hand around.
#[derive(Clone, Copy)]
struct State {
    connections: Connections,
    connection: StoredValue<Connection>,
    entries: RwSignal<Vec<Entry>>,
    steps: RwSignal<Option<Vec<Step>>>,
    skipped: RwSignal<BTreeSet<usize>>,
    outcomes: RwSignal<BTreeMap<usize, Outcome>>,
    secrets: RwSignal<Secrets>,
    delete: RwSignal<String>,
    /// What is under way; empty when nothing is.
    doing: RwSignal<String>,
    stop: RwSignal<bool>,
    error: RwSignal<Option<String>>,
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
        delete: RwSignal::new(String::new()),
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
    let export = paths::export(&id);
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
            <p class="lead">"Nothing is changed before you have seen the plan and applied it."</p>
            <div class="form-fields code-from">
                <FileField label="Files" accept=".zip,.json" help="A zip that was exported, or one definition as JSON." on_pick=pick />
                <Select label="Or another connection" value=from_other choices=others />
                <Checkbox label="Delete what it lacks" value=delete help="Only of kinds that it holds." />
            </div>
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

impl State {
    fn begin(self, words: &str) -> bool {
        if !self.doing.with_untracked(String::is_empty) {
            return false;
        }
        self.doing.set(words.into());
        self.error.set(None);
        true
    }

    fn read_file(self, file: SendWrapper<File>) {
        if file.size() > LARGEST {
            return self
                .error
                .set(Some("The file is larger than 64 MiB.".into()));
        }
        if !self.begin("Reading the file") {
            return;
        }
        spawn_local(async move {
            let bytes = JsFuture::from(file.array_buffer()).await;
            let name = file.name();
            let entries = match bytes {
                Ok(buffer) => read(&name, &js_sys::Uint8Array::new(&buffer).to_vec()),
                Err(_) => Err("The file cannot be read.".into()),
            };
            self.take(entries);
        });
    }

    fn read_connection(self, id: String) {
        let Some(other) = self.connections.find_untracked(&id) else {
            return;
        };
        if !self.begin("Reading the other connection") {
            return;
        }
        spawn_local(async move {
            let Some(place) = place(self.connections, &other).await else {
                let words = format!("Sign in to {} first.", other.name);
                return self.take(Err(words));
            };
            let all = match gather(&place, |_| true, |_| {}).await {
                Ok(all) => all,
                Err(error) => return self.take(Err(words(error))),
            };
            let found = all.into_iter().filter_map(|it| it.found.ok()).flatten();
            let definitions = found.filter_map(|one| one.definition.ok()).collect();
            let ordered = weir_code::order(definitions);
            let files = weir_code::write(&ordered, &place.endpoint.base);
            self.take(weir_code::read(files).map_err(|error| error.0));
        });
    }

    fn take(self, entries: Result<Vec<Entry>, String>) {
        // The page may be left meanwhile.
        if self.doing.try_set(String::new()).is_some() {
            return;
        }
        self.steps.set(None);
        match entries {
            Ok(entries) => {
                self.entries.set(entries);
                self.plan();
            }
            Err(words) => {
                self.entries.set(Vec::new());
                self.error.set(Some(words));
            }
        }
    }

    fn plan(self) {
        let entries = self.entries.get_untracked();
        if entries.is_empty() || !self.begin("Comparing") {
            return;
        }
        let connection = self.connection.get_value();
        let delete = self.delete.with_untracked(|on| on == "true");
        spawn_local(async move {
            let place = place(self.connections, &connection).await;
            let steps = match &place {
                Some(place) => {
                    let asked = |one: &str| entries.iter().any(|entry| entry.kind == one);
                    let there = gather(place, asked, |_| {}).await;
                    there.map(|there| Some(plan(&entries, &there, place.can, delete)))
                }
                None => Ok(None),
            };
            if self.doing.try_set(String::new()).is_none() {
                let steps = steps.unwrap_or_else(|error| {
                    self.error.set(Some(words(error)));
                    None
                });
                self.outcomes.set(BTreeMap::new());
                self.skipped.set(BTreeSet::new());
                self.stop.set(false);
                self.steps.set(steps);
            }
        });
    }

    /// Steps that are to be done: all, or after a run those that failed or were not reached.
    fn left(self) -> Vec<usize> {
        let (skipped, outcomes) = (self.skipped.get(), self.outcomes.get());
        let steps = self.steps.get().unwrap_or_default();
        let acts = steps.iter().enumerate().filter(|(at, step)| {
            let done = outcomes
                .get(at)
                .is_some_and(|outcome| outcome.is_done() || matches!(outcome, Outcome::Partly(_)));
            step.change.acts() && !skipped.contains(at) && !done
        });
        acts.map(|(at, _)| at).collect()
    }

    fn run(self) {
        let wanted = untrack(move || self.left());
        if wanted.is_empty() || !self.begin("Applying") {
            return;
        }
        self.stop.set(false);
        let connection = self.connection.get_value();
        let steps = self.steps.get_untracked().unwrap_or_default();
        let secrets = self.secrets.get_untracked();
        spawn_local(async move {
            if let Some(place) = place(self.connections, &connection).await {
                let there = match look_again(&place, &steps).await {
                    Ok(there) => there,
                    Err(error) => {
                        self.error.try_set(Some(words(error)));
                        self.doing.try_set(String::new());
                        return;
                    }
                };
                let all = wanted.len();
                for (count, at) in wanted.into_iter().enumerate() {
                    if self.stop.try_get_untracked() != Some(false) {
                        break;
                    }
                    self.doing.set(format!("Applying {} of {all}", count + 1));
                    self.outcomes.update(|all| {
                        all.insert(at, Outcome::Running);
                    });
                    let outcome = apply(&place, &steps[at], &there, &secrets).await;
                    let gone = self.outcomes.try_update(|all| all.insert(at, outcome));
                    if gone.is_none() {
                        return;
                    }
                }
            }
            self.doing.try_set(String::new());
        });
    }
}

fn words(error: LoadError) -> String {
    errors::words(&error.into()).sentence()
}

fn read(name: &str, bytes: &[u8]) -> Result<Vec<Entry>, String> {
    let files = if bytes.starts_with(b"PK") {
        weir_code::unpack(bytes)
    } else {
        if bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]) {
            return Err(format!("{name} is UTF-16: save it as UTF-8."));
        }
        let text = String::from_utf8(bytes.to_vec());
        let text = text.map_err(|_| format!("{name} is neither a zip nor text in UTF-8."))?;
        let path = match name.ends_with(".json") {
            true => name.into(),
            false => format!("{name}.json"),
        };
        Ok(vec![weir_code::File { path, text }])
    };
    let entries = files.and_then(weir_code::read);
    entries.map_err(|error| error.0)
}

#[component]
fn Planned(state: State, steps: Vec<Step>) -> impl IntoView {
    let permit = use_may_change();
    let confirm = use_confirm();
    let busy = Signal::derive(move || !state.doing.with(String::is_empty));
    let left = Memo::new(move |_| state.left());
    let acts = steps.iter().filter(|step| step.change.acts()).count();
    let variables: Vec<_> = needed(&steps)
        .into_iter()
        .map(|name| {
            let key = name.clone();
            let read = name.clone();
            let value = Bound::new(
                move || {
                    state
                        .secrets
                        .with(|all| all.get(&read).cloned().unwrap_or_default())
                },
                move |text| {
                    state.secrets.update(|all| {
                        all.insert(key.clone(), text);
                    });
                },
            );
            view! { <TextField label=name value kind="password" autocomplete="off" /> }
        })
        .collect();
    let named = (!variables.is_empty()).then(|| {
        view! {
            <fieldset class="form-fields code-from">
                <legend>"Secrets that the files do not hold"</legend>
                {variables}
                <p class="hint">"What is left empty stays as it is on the server; what is created needs them."</p>
            </fieldset>
        }
    });
    let counts = StoredValue::new(steps.clone());
    let ask = move || {
        let question = counts.with_value(|steps| question(steps, &left.get_untracked()));
        confirm.ask(question, move || state.run());
    };
    let finished = move || state.outcomes.with(|all| !all.is_empty());
    let words = move || {
        let count = left.with(Vec::len) as u64;
        match (count, finished()) {
            (0, true) => "Everything is applied".to_string(),
            (count, true) => format!("Retry {}", plural(count, "change", "changes")),
            (count, false) => format!("Apply {}", plural(count, "change", "changes")),
        }
    };
    let nothing = (acts == 0).then(|| {
        let hint = nothing(&steps);
        view! { <Empty title="Nothing to do" hint /> }
    });
    let disabled =
        Signal::derive(move || permit.denied.get() || left.with(Vec::is_empty) || busy.get());
    view! {
        {nothing}
        {named}
        <div class="toolbar">
            {(acts > 0).then(|| view! {
                <Button kind=ButtonKind::Primary disabled=disabled reason=permit.reason on_click=ask>{words}</Button>
            })}
            {move || (busy.get() && finished()).then(|| view! {
                <Button on_click=move || state.stop.set(true)>"Cancel"</Button>
            })}
        </div>
        {plan_table(steps, state.skipped, state.outcomes, busy)}
    }
    .into_any()
}

/// Why a plan without changes has none.
fn nothing(steps: &[Step]) -> String {
    let unknown = |step: &&Step| matches!(step.change, Change::Unknown(_));
    match steps.iter().filter(unknown).count() as u64 {
        0 => "The connection has all of this as it is wanted.".into(),
        count => format!(
            "What to do is not known of {}: see below. All else is as it is wanted.",
            plural(count, "definition", "definitions")
        ),
    }
}

fn question(steps: &[Step], left: &[usize]) -> Confirm {
    let count = |which: fn(&Change) -> bool| {
        let some = left.iter().filter_map(|at| steps.get(*at));
        some.filter(|step| which(&step.change)).count() as u64
    };
    let made = count(|change| *change == Change::Create);
    let changed = count(|change| matches!(change, Change::Update(_)));
    let deleted = count(|change| *change == Change::Delete);
    let consequences = [
        (made, format!("{} created.", will(made))),
        (changed, format!("{} changed.", will(changed))),
        (
            deleted,
            format!(
                "{} deleted, with what they hold. This cannot be undone.",
                will(deleted)
            ),
        ),
    ];
    let consequences = consequences.into_iter().filter(|(count, _)| *count > 0);
    let all = plural(left.len() as u64, "change", "changes");
    Confirm {
        title: format!("Apply {all}?"),
        consequences: consequences.map(|(_, words)| words).collect(),
        action: format!("Apply {all}"),
        danger: deleted > 0,
        type_name: (deleted > 0).then(|| deleted.to_string()),
    }
}

fn will(count: u64) -> String {
    let verb = if count == 1 { "is" } else { "are" };
    format!("{} {verb}", plural(count, "resource", "resources"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_zip_and_a_single_definition_are_read_and_other_files_named() {
        let text = r#"{"kind":"stream","name":"a","definition":{"name":"a"}}"#;
        let file = weir_code::File {
            path: "definitions/1.json".into(),
            text: text.into(),
        };
        let zip = weir_code::pack(&[file]).expect("packed");
        assert_eq!(read("x.zip", &zip).expect("zip").len(), 1);
        assert_eq!(read("x.json", text.as_bytes()).expect("JSON").len(), 1);
        let error = read("x.png", &[0x89, 0xfe]).expect_err("no text");
        assert!(error.contains("x.png"), "{error}");
        let error = read("x.json", &[0xff, 0xfe, b'{', 0]).expect_err("UTF-16");
        assert!(error.contains("save it as UTF-8"), "{error}");
        let marked = format!("\u{feff}[{text}]");
        assert_eq!(read("x.json", marked.as_bytes()).expect("a list").len(), 1);
    }

    #[test]
    fn what_is_not_known_is_not_as_it_is_wanted() {
        let step = |change: Change| Step {
            kind: "unicorn".into(),
            name: "a".into(),
            change,
            key: None,
            value: serde_json::Value::Null,
            unread: Vec::new(),
        };
        let same = step(Change::Same);
        assert!(nothing(std::slice::from_ref(&same)).starts_with("The connection has all"));
        let unknown = step(Change::Unknown("This system has no unicorn.".into()));
        assert!(nothing(&[same, unknown]).contains("1 definition:"));
    }

    #[test]
    fn the_question_counts_what_happens() {
        let step = |change: Change| Step {
            kind: "stream".into(),
            name: "a".into(),
            change,
            key: None,
            value: serde_json::Value::Null,
            unread: Vec::new(),
        };
        let steps = [
            step(Change::Create),
            step(Change::Delete),
            step(Change::Create),
        ];
        let asked = question(&steps, &[0, 1]);
        assert_eq!(asked.title, "Apply 2 changes?");
        assert!(asked.danger && asked.consequences.len() == 2);
        assert!(!question(&steps, &[0, 2]).danger);
    }
}
