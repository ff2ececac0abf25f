//! What the page of an import knows, and what it does: reads, compares, applies.

use std::collections::{BTreeMap, BTreeSet};

use leptos::{prelude::*, task::spawn_local};
use send_wrapper::SendWrapper;
use wasm_bindgen_futures::JsFuture;
use web_sys::File;
use weir_code::Entry;

use crate::{
    as_code::{
        apply::{Outcome, Secrets, apply, look_again},
        gather::{gather, remote},
        plan::{Step, plan},
    },
    connections::{Connection, Connections},
    errors,
    ui::lazy::LoadError,
};

/// Larger files are no definitions.
const LARGEST: f64 = (64 << 20) as f64;

/// What the page knows; cheap to hand around.
#[derive(Clone, Copy)]
pub struct State {
    pub connections: Connections,
    pub connection: StoredValue<Connection>,
    pub entries: RwSignal<Vec<Entry>>,
    pub steps: RwSignal<Option<Vec<Step>>>,
    pub skipped: RwSignal<BTreeSet<usize>>,
    pub outcomes: RwSignal<BTreeMap<usize, Outcome>>,
    pub secrets: RwSignal<Secrets>,
    pub delete: RwSignal<bool>,
    /// What is under way; empty when nothing is.
    pub doing: RwSignal<String>,
    pub stop: RwSignal<bool>,
    pub error: RwSignal<Option<String>>,
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

    pub fn read_file(self, file: SendWrapper<File>) {
        if file.size() > LARGEST {
            return self
                .error
                .set(Some("The file is larger than 64 MiB.".into()));
        }
        if !self.begin("Reading file") {
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

    pub fn read_connection(self, id: String) {
        let Some(other) = self.connections.find_untracked(&id) else {
            return;
        };
        if !self.begin("Loading the other connection") {
            return;
        }
        spawn_local(async move {
            let Some(remote) = remote(self.connections, &other).await else {
                let words = format!("Sign in to {} first.", other.name);
                return self.take(Err(words));
            };
            let all = match gather(&remote, |_| true, |_| {}).await {
                Ok(all) => all,
                Err(error) => return self.take(Err(words(error))),
            };
            let found = all.into_iter().filter_map(|it| it.found.ok()).flatten();
            let definitions = found.filter_map(|one| one.definition.ok()).collect();
            let ordered = weir_code::order(definitions);
            let files = weir_code::write(&ordered, &remote.endpoint.base);
            self.take(weir_code::read(files).map_err(|error| error.0));
        });
    }

    pub fn take(self, entries: Result<Vec<Entry>, String>) {
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

    pub fn plan(self) {
        let entries = self.entries.get_untracked();
        if entries.is_empty() || !self.begin("Comparing") {
            return;
        }
        let connection = self.connection.get_value();
        let delete = self.delete.get_untracked();
        spawn_local(async move {
            let remote = remote(self.connections, &connection).await;
            let steps = match &remote {
                Some(remote) => {
                    let asked = |one: &str| entries.iter().any(|entry| entry.kind == one);
                    let there = gather(remote, asked, |_| {}).await;
                    there.map(|there| Some(plan(&entries, &there, remote.can, delete)))
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
    pub fn left(self) -> Vec<usize> {
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

    pub fn run(self) {
        let wanted = untrack(move || self.left());
        if wanted.is_empty() || !self.begin("Applying") {
            return;
        }
        self.stop.set(false);
        let connection = self.connection.get_value();
        let steps = self.steps.get_untracked().unwrap_or_default();
        let secrets = self.secrets.get_untracked();
        spawn_local(async move {
            if let Some(remote) = remote(self.connections, &connection).await {
                let there = match look_again(&remote, &steps).await {
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
                    let outcome = apply(&remote, &steps[at], &there, &secrets).await;
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
        if name.ends_with(".zip") {
            return Err(format!("{name} is not a zip file."));
        }
        let path = match name.ends_with(".json") {
            true => name.into(),
            false => format!("{name}.json"),
        };
        // In errors the file has the name that it was chosen by.
        let read = weir_code::read(vec![weir_code::File {
            path: path.clone(),
            text,
        }]);
        return read.map_err(|error| error.0.replacen(&path, name, 1));
    };
    let entries = files.and_then(weir_code::read);
    entries.map_err(|error| error.0)
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
}
