//! What has to happen for a connection to become like a set of files.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use weir_api::capability::Capabilities;
use weir_code::{Definition, Entry, FieldChange, differences, variables};

use super::gather::{Gathered, Kind};
use crate::{errors, text::capital};

#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    Create,
    Update(Vec<FieldChange>),
    Delete,
    Same,
    /// Why it cannot be known, a sentence.
    Unknown(String),
}

impl Change {
    pub fn words(&self) -> &'static str {
        match self {
            Self::Create => "Create",
            Self::Update(_) => "Change",
            Self::Delete => "Delete",
            Self::Same => "No difference",
            Self::Unknown(_) => "Unknown",
        }
    }

    /// Something has to be done.
    pub fn acts(&self) -> bool {
        matches!(self, Self::Create | Self::Update(_) | Self::Delete)
    }
}

/// One resource of the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    /// What one is called, for example `stream`.
    pub kind: String,
    pub name: String,
    pub change: Change,
    /// Of the one that is there.
    pub key: Option<String>,
    /// What the file says.
    pub value: Value,
    /// Fields of the file that this console does not know.
    pub unread: Vec<String>,
}

/// In an order that can be applied. With `delete`, what the files lack is deleted where they have
/// others of its kind.
pub fn plan(entries: &[Entry], there: &[Gathered], can: Capabilities, delete: bool) -> Vec<Step> {
    let mut steps: Vec<Step> = entries
        .iter()
        .map(|entry| step(entry, there, can))
        .collect();
    if delete {
        let named: BTreeSet<(&str, &str)> = entries
            .iter()
            .map(|entry| (entry.kind.as_str(), entry.name.as_str()))
            .collect();
        let kinds: BTreeSet<&str> = entries.iter().map(|entry| entry.kind.as_str()).collect();
        let mut gone = Vec::new();
        for gathered in there.iter().filter(|it| kinds.contains(it.kind.list.one)) {
            let one = gathered.kind.list.one;
            for found in gathered.found.iter().flatten() {
                if !named.contains(&(one, found.name.as_str())) {
                    gone.push((one, found));
                }
            }
        }
        // What is read goes after what reads it.
        let definitions: Vec<Definition> = gone
            .iter()
            .map(|(one, found)| {
                let plain = || Definition::new(one, &found.name, Vec::new(), Vec::new());
                found.definition.clone().unwrap_or_else(|_| plain())
            })
            .collect();
        let mut keys = BTreeMap::<(String, String), Vec<String>>::new();
        for (one, found) in &gone {
            let named = ((*one).to_string(), found.name.clone());
            keys.entry(named).or_default().push(found.key.clone());
        }
        for one in weir_code::order(definitions).into_iter().rev() {
            let named = (one.kind, one.name);
            let key = keys.get_mut(&named).and_then(Vec::pop);
            let (kind, name) = named;
            steps.push(Step {
                kind,
                name,
                change: Change::Delete,
                key,
                value: Value::Null,
                unread: Vec::new(),
            });
        }
    }
    steps
}

fn step(entry: &Entry, there: &[Gathered], can: Capabilities) -> Step {
    let mut step = Step {
        kind: entry.kind.clone(),
        name: entry.name.clone(),
        change: Change::Same,
        key: None,
        value: entry.definition.clone(),
        unread: Vec::new(),
    };
    step.change = match compared(entry, there, can, &mut step) {
        Ok(change) => change,
        Err(words) => Change::Unknown(words),
    };
    step
}

fn compared(
    entry: &Entry,
    there: &[Gathered],
    can: Capabilities,
    step: &mut Step,
) -> Result<Change, String> {
    let one = &entry.kind;
    let gathered = there.iter().find(|it| it.kind.list.one == *one);
    let gathered = gathered.ok_or_else(|| format!("This system has no {one}."))?;
    let found = match &gathered.found {
        Ok(found) => found,
        Err(error) => {
            let words = errors::words(error).sentence();
            let many = capital(gathered.kind.list.many);
            return Err(format!("{many} cannot be listed. {words}"));
        }
    };
    let wanted = read(&gathered.kind, &entry.definition, can)?;
    let known = differences(&entry.definition, &wanted);
    let lost = known.into_iter().filter(|one| one.after.is_none());
    step.unread = lost.map(|one| one.field).collect();
    let mut same = found.iter().filter(|it| it.name == entry.name);
    let Some(existing) = same.next() else {
        return Ok(Change::Create);
    };
    if same.next().is_some() {
        return Err(format!(
            "Several {} have this name.",
            gathered.kind.list.many
        ));
    }
    step.key = Some(existing.key.clone());
    let current = existing
        .definition
        .as_ref()
        .ok()
        .and_then(Definition::value);
    let current = current.ok_or("The existing one cannot be compared.")?;
    let changes = differences(&current, &wanted);
    if changes.is_empty() {
        return Ok(Change::Same);
    }
    if !gathered.kind.code.changes {
        let fields: Vec<&str> = changes.iter().map(|one| one.field.as_str()).collect();
        let fields = fields.join(", ");
        return Err(format!(
            "It differs in {fields}; this kind cannot be changed, only deleted and created."
        ));
    }
    Ok(Change::Update(changes))
}

/// What a file's definition says, as this console would send it.
pub fn read(kind: &Kind, value: &Value, can: Capabilities) -> Result<Value, String> {
    let described = (kind.code.read)(value, can);
    let described = described.map_err(|error| errors::words(&error).sentence())?;
    let definition = described.definition.map_err(|wrong| {
        let words: Vec<String> = wrong
            .iter()
            .map(|one| format!("{}: {}", one.field, one.message))
            .collect();
        words.join("; ")
    })?;
    definition
        .value()
        .ok_or_else(|| "The definition is empty.".into())
}

/// Variables that what is to be done needs.
pub fn needed(steps: &[Step]) -> Vec<String> {
    let mut names = Vec::new();
    let made = steps
        .iter()
        .filter(|step| matches!(step.change, Change::Create | Change::Update(_)));
    for name in made.flat_map(|step| variables(&step.value)) {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use serde_json::json;
    use weir_api::System;

    use super::{super::gather::kinds, *};

    fn there(streams: &str, sinks: &str) -> Vec<Gathered> {
        let can = Capabilities::all();
        let kinds = kinds(System::Timeplus, can, |_| true).now_or_never();
        let kinds = kinds.expect("at hand").expect("kinds").into_iter();
        let gathered = kinds.map(|kind| {
            let answer = match kind.list.one {
                "stream" => streams,
                "sink" => sinks,
                _ => "[]",
            };
            let found = (kind.code.listed)(&[answer.as_bytes().to_vec()], can);
            Gathered { kind, found }
        });
        gathered.collect()
    }

    fn entry(kind: &str, name: &str, definition: Value) -> Entry {
        Entry {
            kind: kind.into(),
            name: name.into(),
            definition,
        }
    }

    fn changes(steps: &[Step]) -> Vec<(&str, &'static str)> {
        steps
            .iter()
            .map(|step| (step.name.as_str(), step.change.words()))
            .collect()
    }

    const STREAMS: &str = r#"[
        {"name":"a","engine":"Stream","mode":"append","columns":[{"name":"x","type":"int64"},{"name":"_tp_time","type":"datetime64(3, 'UTC')"}],
         "logstore_retention_ms":604800000,"created_at":"2026-01-01 00:00:00"},
        {"name":"left","columns":[{"name":"x","type":"int64"}]}]"#;
    const SINKS: &str = r#"[{"id":"7","name":"out","type":"http","query":"SELECT 1","properties":{"url":"http://h"}}]"#;

    #[test]
    fn what_is_missing_differs_or_is_too_much_is_told_in_an_order_that_can_be_applied() {
        let stream = json!({"name": "a", "columns": [{"name": "x", "type": "BIGINT"}], "logstore_retention_ms": 604_800_000});
        let changed = json!({"name": "out", "type": "http", "query": "SELECT 2", "properties": {"url": "http://h"}, "later": 1});
        let entries = [
            entry("stream", "a", stream),
            entry(
                "stream",
                "new",
                json!({"name": "new", "columns": [{"name": "y", "type": "string"}]}),
            ),
            entry("sink", "out", changed),
            entry("stream", "bad", json!({"name": "bad", "columns": []})),
            entry("gadget", "g", json!({})),
        ];
        let steps = plan(&entries, &there(STREAMS, SINKS), Capabilities::all(), true);
        assert_eq!(
            changes(&steps),
            [
                ("a", "No difference"),
                ("new", "Create"),
                ("out", "Change"),
                ("bad", "Unknown"),
                ("g", "Unknown"),
                ("left", "Delete"),
            ]
        );
        assert_eq!(steps[2].unread, ["later"]);
        let Change::Update(fields) = &steps[2].change else {
            panic!("{:?}", steps[2]);
        };
        assert_eq!((fields.len(), fields[0].field.as_str()), (1, "query"));
        assert_eq!(steps[2].key.as_deref(), Some("7"));
    }

    #[test]
    fn an_export_of_a_system_is_no_difference_to_it() {
        let there = there(STREAMS, SINKS);
        let all: Vec<Definition> = there
            .iter()
            .flat_map(|it| it.found.iter().flatten())
            .filter_map(|one| one.definition.clone().ok())
            .collect();
        assert_eq!(all.len(), 3);
        let entries = weir_code::read(weir_code::write(&all, "http://x")).expect("read");
        let steps = plan(&entries, &there, Capabilities::all(), true);
        assert!(
            steps.iter().all(|step| step.change == Change::Same),
            "{steps:?}"
        );
    }

    #[test]
    fn a_list_that_cannot_be_had_makes_nothing_new() {
        let mut there = there(STREAMS, SINKS);
        for gathered in &mut there {
            gathered.found = Err(weir_api::ApiError::with_status(503, "away"));
        }
        let entries = [entry(
            "stream",
            "n",
            json!({"name": "n", "columns": [{"name": "y", "type": "string"}]}),
        )];
        let steps = plan(&entries, &there, Capabilities::all(), true);
        assert!(
            matches!(&steps[..], [Step { change: Change::Unknown(words), .. }] if words.contains("away"))
        );
    }
}
