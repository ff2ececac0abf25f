//! Many definitions as a folder of files, in an order that can be applied, and back.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{ArchiveError, Definition, File, Form, curl::call};

/// One resource as a file holds it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Entry {
    pub kind: String,
    pub name: String,
    pub definition: Value,
}

/// Where what a definition refers to may be named: descriptions and columns refer to nothing.
const SILENT: &[&str] = &["name", "description", "columns", "tags", "fields"];

/// What is referred to comes before what refers to it; otherwise the order stays.
pub fn order(definitions: Vec<Definition>) -> Vec<Definition> {
    let mut by_name = BTreeMap::<&str, Vec<usize>>::new();
    for (at, one) in definitions.iter().enumerate() {
        by_name.entry(&one.name).or_default().push(at);
    }
    let needs: Vec<BTreeSet<usize>> = definitions
        .iter()
        .enumerate()
        .map(|(at, one)| {
            let mut named = BTreeSet::new();
            if let Some(value) = one.value() {
                names(&value, &by_name, &mut named, 0);
            }
            named.remove(&at);
            named
        })
        .collect();
    let mut placed = vec![false; definitions.len()];
    let mut sorted = Vec::with_capacity(definitions.len());
    while sorted.len() < definitions.len() {
        let free = |at: &usize| !placed[*at] && needs[*at].iter().all(|need| placed[*need]);
        let mut next: Vec<usize> = (0..definitions.len()).filter(free).collect();
        if next.is_empty() {
            // A circle: the first of what is left goes on.
            next.extend((0..definitions.len()).find(|at| !placed[*at]));
        }
        for at in next {
            placed[at] = true;
            sorted.push(at);
        }
    }
    let mut all: Vec<Option<Definition>> = definitions.into_iter().map(Some).collect();
    sorted.into_iter().filter_map(|at| all[at].take()).collect()
}

/// Deeper than any definition is.
const DEPTH: usize = 64;

fn names(
    value: &Value,
    known: &BTreeMap<&str, Vec<usize>>,
    found: &mut BTreeSet<usize>,
    depth: usize,
) {
    match value {
        _ if depth > DEPTH => {}
        Value::String(text) => {
            let words = text.split(|c: char| !(c.is_alphanumeric() || c == '_'));
            for at in words.filter_map(|word| known.get(word)).flatten() {
                found.insert(*at);
            }
        }
        Value::Array(items) => items
            .iter()
            .for_each(|item| names(item, known, found, depth + 1)),
        Value::Object(fields) => fields
            .iter()
            .filter(|(name, _)| !SILENT.contains(&name.as_str()))
            .for_each(|(_, field)| names(field, known, found, depth + 1)),
        _ => {}
    }
}

/// `definitions/0001-stream-orders.json` and so on, with all of them as one script, as SQL and as
/// Terraform where there is such.
pub fn write(definitions: &[Definition], base: &str) -> Vec<File> {
    let mut files = Vec::new();
    for (at, one) in definitions.iter().enumerate() {
        let Some(definition) = one.value() else {
            continue;
        };
        let entry = Entry {
            kind: one.kind.clone(),
            name: one.name.clone(),
            definition,
        };
        let text = serde_json::to_string_pretty(&entry).unwrap_or_default() + "\n";
        let (kind, name) = (plain(&one.kind), plain(&one.name));
        files.push(File {
            path: format!("definitions/{:04}-{kind}-{name}.json", at + 1),
            text,
        });
    }
    let mut secrets: Vec<&str> = definitions
        .iter()
        .flat_map(|one| one.secrets.iter().map(String::as_str))
        .collect();
    secrets.sort_unstable();
    secrets.dedup();
    let joined = |form: Form| {
        let texts = definitions.iter().filter_map(|one| one.write(form, base));
        texts.collect::<Vec<_>>().join("\n")
    };
    let script = script(definitions, &secrets, base);
    let whole = [
        ("apply.sh", script.unwrap_or_default()),
        ("definitions.sql", joined(Form::Sql)),
        ("main.tf", joined(Form::Terraform)),
    ];
    for (path, text) in whole {
        if !text.is_empty() {
            files.push(File {
                path: path.into(),
                text,
            });
        }
    }
    files
}

/// What exists stays as it is, so that the script can be run again. Secrets stand inside of JSON.
const SCRIPT: &str = r#"#!/bin/sh
# Creates what does not exist yet. It can be run again.
# WEIR_AUTH is the whole header that signs in, for example “X-Api-Key: …”.
set -eu
__NEEDED__
newline='
'
create() {
  answer=$(curl --silent --show-error --write-out '\n%{http_code}' "$@")
  case $answer in
    *"${newline}"2??) printf 'created: %s\n' "$1" ;;
    *"${newline}"409 | *" exists"*"${newline}"4?? | *"lready exist"*) printf 'exists already: %s\n' "$1" ;;
    *) printf '%s\n%s\n' "$1" "$answer" >&2; exit 1 ;;
  esac
}

"#;

/// `None` where nothing is made by a call.
fn script(definitions: &[Definition], secrets: &[&str], base: &str) -> Option<String> {
    let calls = definitions.iter().flat_map(Definition::calls);
    let calls: Vec<String> = calls.map(|one| call("create", base, &one)).collect();
    if calls.is_empty() {
        return None;
    }
    let mut needed = String::from(": \"${WEIR_AUTH:?}\"");
    for name in secrets {
        needed.push_str(&format!(
            "\n: \"${{{name}:?}}\"\n{name}=$(printf %s \"${name}\" | sed 's/[\"\\\\]/\\\\&/g')"
        ));
    }
    Some(SCRIPT.replace("__NEEDED__", &needed) + &calls.join("\n"))
}

/// Of a file's name.
fn plain(name: &str) -> String {
    const MOST: usize = 80;
    let letters = name.chars().take(MOST).map(|c| match c {
        c if c.is_alphanumeric() || c == '-' || c == '_' => c,
        _ => '_',
    });
    letters.collect()
}

/// The definitions among the files, by their paths; other files are left alone. The error names
/// the file.
pub fn read(mut files: Vec<File>) -> Result<Vec<Entry>, ArchiveError> {
    files.sort_by(|a, b| a.path.cmp(&b.path));
    let mut entries = Vec::<Entry>::new();
    for file in files.iter().filter(|file| file.path.ends_with(".json")) {
        for entry in entries_of(&file.text, &file.path)? {
            let twice = entries
                .iter()
                .any(|one| one.kind == entry.kind && one.name == entry.name);
            if twice {
                let Entry { kind, name, .. } = entry;
                let message = format!("{}: the {kind} {name} is defined twice", file.path);
                return Err(ArchiveError(message));
            }
            entries.push(entry);
        }
    }
    match entries.is_empty() {
        true => Err(ArchiveError("it contains no definition".into())),
        false => Ok(entries),
    }
}

/// One definition, or a list of them, as people and editors write it.
fn entries_of(text: &str, path: &str) -> Result<Vec<Entry>, ArchiveError> {
    let text = text.trim_start_matches('\u{feff}');
    if text.trim().is_empty() {
        return Err(ArchiveError(format!("{path} is empty")));
    }
    let entries = match text.trim_start().starts_with('[') {
        true => serde_json::from_str(text),
        false => serde_json::from_str(text).map(|entry| vec![entry]),
    };
    let wrong = |error| ArchiveError(format!("{path} is not a definition: {error}"));
    let entries: Vec<Entry> = entries.map_err(wrong)?;
    for Entry {
        kind,
        name,
        definition,
    } in &entries
    {
        let inside = definition.get("name").and_then(Value::as_str);
        if inside.is_some_and(|inside| inside.trim() != name.trim()) {
            let inside = inside.unwrap_or_default();
            let message = format!("{path}: the {kind} {name} is called {inside} in its definition");
            return Err(ArchiveError(message));
        }
    }
    Ok(entries)
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use weir_api::ApiRequest;

    use super::*;

    fn one(kind: &str, name: &str, body: Value) -> Definition {
        let request = ApiRequest::post("/x").json(&body).expect("JSON");
        Definition::new(kind, name, vec![request], vec![format!("CREATE {name}")])
    }

    #[test]
    fn what_is_read_comes_before_what_reads_it() {
        let all = order(vec![
            one(
                "dashboard",
                "d",
                json!({"panels": [{"viz_content": "select * from v2"}]}),
            ),
            one(
                "view",
                "v2",
                json!({"name": "v2", "query": "select a from `v1`"}),
            ),
            one(
                "view",
                "v1",
                json!({"name": "v1", "query": "select f(a) from s", "description": "feeds v2"}),
            ),
            one(
                "stream",
                "s",
                json!({"name": "s", "columns": [{"name": "v2"}]}),
            ),
            one("function", "f", json!({"name": "f", "source": "x"})),
        ]);
        let names: Vec<&str> = all.iter().map(|one| one.name.as_str()).collect();
        assert_eq!(names, ["s", "f", "v1", "v2", "d"]);
    }

    #[test]
    fn a_circle_ends() {
        let all = order(vec![
            one("view", "a", json!({"query": "b"})),
            one("view", "b", json!({"query": "a"})),
        ]);
        assert_eq!(all.len(), 2);
    }

    #[test]
    fn a_folder_is_read_back_as_it_was_written() {
        let all = [
            one("stream", "a b", json!({"name": "a b"})),
            one(
                "sink",
                "../x",
                json!({"name": "../x", "properties": {"password": "p"}}),
            ),
        ];
        let files = write(&all, "https://tp.example/api");
        let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
        assert_eq!(
            paths,
            [
                "definitions/0001-stream-a_b.json",
                "definitions/0002-sink-___x.json",
                "apply.sh",
                "definitions.sql",
                "main.tf"
            ]
        );
        assert!(
            files[2]
                .text
                .contains(": \"${SINK____X_PROPERTIES_PASSWORD:?}\"\n")
        );
        assert!(files.iter().all(|file| !file.text.contains("\"p\"")));
        let entries = read(files).expect("read");
        assert_eq!(entries.len(), 2);
        assert_eq!(entries[1].name, "../x");
        assert_eq!(Some(entries[1].definition.clone()), all[1].value());
    }

    /// With a program in the place of curl that answers as servers do, where there is a shell.
    #[test]
    fn the_script_goes_on_behind_what_exists_and_stops_at_what_fails() {
        let all = [
            one("stream", "a", json!({"name": "a"})),
            one(
                "sink",
                "b",
                json!({"name": "b", "properties": {"password": "p"}}),
            ),
        ];
        let files = write(&all, "https://tp.example/api");
        let script = &files
            .iter()
            .find(|file| file.path == "apply.sh")
            .expect("script")
            .text;
        let run = |first: &str, second: &str| {
            let curl = format!(
                "curl() {{ case $* in *'\"name\":\"a\"'*) printf \"x\\n{first}\" ;; *) printf '%s\\n{second}' \"$*\" ;; esac; }}"
            );
            let script = script.replacen("set -eu\n", &format!("set -eu\n{curl}\n"), 1);
            let secret = "SINK_B_PROPERTIES_PASSWORD";
            let mut shell = std::process::Command::new("sh");
            shell.env("WEIR_AUTH", "X-Api-Key: k").env(secret, r#"q"\"#);
            shell.arg("-c").arg(script).output().ok()
        };
        // As Timeplus says it.
        let taken = "stream 'a' exists\\n400";
        let Some(taken) = run(taken, "201") else {
            return;
        };
        assert!(taken.status.success(), "{taken:?}");
        let exists = run("409", "201").expect("a shell");
        let said = String::from_utf8_lossy(&exists.stdout).into_owned();
        assert!(exists.status.success(), "{exists:?}");
        assert!(
            said.contains("exists already") && said.contains("created"),
            "{said}"
        );
        let failed = run("201", "500").expect("a shell");
        assert!(!failed.status.success());
        // The secret stands in the body as JSON writes it.
        let told = String::from_utf8_lossy(&failed.stderr).into_owned();
        assert!(told.contains(r#""q\"\\""#), "{told}");
    }

    #[test]
    fn what_cannot_be_read_is_named() {
        let file = |path: &str, text: &str| File {
            path: path.into(),
            text: text.into(),
        };
        let whole = r#"{"kind":"stream","name":"a","definition":{}}"#;
        for (files, words) in [
            (vec![file("a.json", "{")], "a.json is not a definition: "),
            (
                vec![file("a.json", whole), file("b.json", whole)],
                "defined twice",
            ),
            (vec![file("readme.md", "")], "no definition"),
        ] {
            let error = read(files).expect_err(words);
            assert!(error.0.contains(words), "{error}");
        }
    }
}
