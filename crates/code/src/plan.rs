//! What has to happen for a system to become like a set of definitions.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{Definition, reference};

/// One field that differs; `None` where a side lacks it.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldChange {
    /// For example `columns[2].type`.
    pub field: String,
    pub before: Option<Value>,
    pub after: Option<Value>,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Change {
    Create,
    Update(Vec<FieldChange>),
    /// Only where it is asked for.
    Delete,
    /// It is there already, and cannot be compared: one of the two says nothing of itself.
    Unknown,
    Same,
}

/// One resource of the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Step {
    pub kind: String,
    pub name: String,
    pub change: Change,
}

/// In the order in which it can be applied: what is created or changed comes in the order of the
/// definitions, what is deleted last and the other way round.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Plan {
    pub steps: Vec<Step>,
}

impl Plan {
    /// What has to be done.
    pub fn changes(&self) -> impl Iterator<Item = &Step> {
        let idle = |step: &&Step| !matches!(step.change, Change::Same | Change::Unknown);
        self.steps.iter().filter(idle)
    }
}

/// `wanted` is how it shall be, `found` how it is. `delete` also removes what is not wanted.
pub fn plan(wanted: &[Definition], found: &[Definition], delete: bool) -> Plan {
    let key = |one: &Definition| (one.kind.clone(), one.name.clone());
    let there: BTreeMap<_, _> = found.iter().map(|one| (key(one), one)).collect();
    let mut steps: Vec<Step> = wanted
        .iter()
        .map(|one| {
            let change = match there.get(&key(one)) {
                None => Change::Create,
                Some(before) => compare(before, one),
            };
            step(one, change)
        })
        .collect();
    if delete {
        let kept: std::collections::BTreeSet<_> = wanted.iter().map(key).collect();
        let gone = found.iter().rev().filter(|one| !kept.contains(&key(one)));
        steps.extend(gone.map(|one| step(one, Change::Delete)));
    }
    Plan { steps }
}

fn step(one: &Definition, change: Change) -> Step {
    Step {
        kind: one.kind.clone(),
        name: one.name.clone(),
        change,
    }
}

fn compare(before: &Definition, after: &Definition) -> Change {
    let (Some(old), Some(new)) = (before.value(), after.value()) else {
        return Change::Unknown;
    };
    let changes = differences(&old, &new);
    match changes.is_empty() {
        true => Change::Same,
        false => Change::Update(changes),
    }
}

/// Fields that differ, without differences in the way of writing.
pub fn differences(before: &Value, after: &Value) -> Vec<FieldChange> {
    let mut changes = Vec::new();
    fields(String::new(), Some(before), Some(after), &mut changes, 0);
    changes
}

/// Deeper than any definition is; what lies deeper is compared as a whole.
const DEPTH: usize = 64;

fn fields(
    path: String,
    before: Option<&Value>,
    after: Option<&Value>,
    changes: &mut Vec<FieldChange>,
    depth: usize,
) {
    if alike(before, after) {
        return;
    }
    match (before, after) {
        (Some(Value::Object(old)), Some(Value::Object(new))) if depth < DEPTH => {
            let names: std::collections::BTreeSet<_> = old.keys().chain(new.keys()).collect();
            for name in names {
                let path = match path.is_empty() {
                    true => name.clone(),
                    false => format!("{path}.{name}"),
                };
                fields(path, old.get(name), new.get(name), changes, depth + 1);
            }
        }
        (Some(Value::Array(old)), Some(Value::Array(new))) if depth < DEPTH => {
            for at in 0..old.len().max(new.len()) {
                fields(
                    format!("{path}[{at}]"),
                    old.get(at),
                    new.get(at),
                    changes,
                    depth + 1,
                );
            }
        }
        _ => changes.push(FieldChange {
            field: path,
            before: before.cloned(),
            after: after.cloned(),
        }),
    }
}

/// A server writes a definition its own way: what is missing, null, empty, zero or false is the
/// same, and so are texts that differ only in white space, case of types or a closing semicolon.
/// Nor can secrets be compared, which no server tells.
fn alike(before: Option<&Value>, after: Option<&Value>) -> bool {
    let hidden = |value: Option<&Value>| {
        let text = value.and_then(Value::as_str);
        text.and_then(reference).is_some()
    };
    if hidden(before) || hidden(after) {
        return true;
    }
    match (before, after) {
        (None, None) => true,
        (None, Some(one)) | (Some(one), None) => is_default(one),
        (Some(old), Some(new)) => {
            old == new
                || is_default(old) && is_default(new)
                || match (old, new) {
                    (Value::String(old), Value::String(new)) => written_alike(old, new),
                    (Value::Number(old), Value::Number(new)) => old.as_f64() == new.as_f64(),
                    _ => false,
                }
        }
    }
}

fn is_default(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::Bool(on) => !on,
        Value::Number(number) => number.as_f64() == Some(0.0),
        Value::String(text) => text.is_empty(),
        Value::Array(items) => items.is_empty(),
        Value::Object(fields) => fields.values().all(is_default),
    }
}

/// Only for what reads as SQL or a type: other texts are compared as they are.
fn written_alike(old: &str, new: &str) -> bool {
    if is_sql(old) && is_sql(new) {
        return squeezed(old) == squeezed(new);
    }
    let bare = |text: &str| text.replace(' ', "");
    is_type(old) && is_type(new) && bare(old) == bare(new)
}

/// White space outside of quotes as one space, without a closing semicolon.
fn squeezed(sql: &str) -> String {
    let mut all = String::new();
    let (mut quote, mut space) = (None, false);
    for c in sql.trim().trim_end_matches(';').chars() {
        if quote.is_none() && c.is_whitespace() {
            space = true;
            continue;
        }
        if std::mem::take(&mut space) {
            all.push(' ');
        }
        all.push(c);
        match quote {
            Some(open) if open == c => quote = None,
            None if matches!(c, '\'' | '"' | '`') => quote = Some(c),
            _ => {}
        }
    }
    all
}

fn is_sql(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    ["select", "with", "create"]
        .iter()
        .any(|word| first.eq_ignore_ascii_case(word))
}

/// For example `nullable(decimal(10, 2))`.
fn is_type(text: &str) -> bool {
    text.ends_with(')')
        && text.starts_with(|c: char| c.is_ascii_lowercase())
        && !text.contains(['\'', '"', '\n'])
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use weir_api::ApiRequest;

    use super::*;

    fn stream(name: &str, body: Value) -> Definition {
        let request = ApiRequest::post("/v1beta2/streams")
            .json(&body)
            .expect("JSON");
        Definition::new("stream", name, vec![request], Vec::new())
    }

    #[test]
    fn creates_changes_and_deletes_in_an_order_that_can_be_applied() {
        let found = [
            stream("a", json!({"name": "a", "ttl": "1d"})),
            stream("old", json!({"name": "old"})),
            stream("older", json!({"name": "older"})),
        ];
        let wanted = [
            stream("new", json!({"name": "new"})),
            stream(
                "a",
                json!({"name": "a", "ttl": "2d", "columns": [{"type": "int"}]}),
            ),
        ];
        let kept = plan(&wanted, &found, false);
        assert_eq!(kept.steps.len(), 2);
        let all = plan(&wanted, &found, true);
        let names: Vec<_> = all.changes().map(|step| step.name.as_str()).collect();
        assert_eq!(names, ["new", "a", "older", "old"]);
        let Change::Update(changes) = &all.steps[1].change else {
            panic!("{:?}", all.steps[1]);
        };
        let fields: Vec<_> = changes.iter().map(|one| one.field.as_str()).collect();
        assert_eq!(fields, ["columns", "ttl"]);
        assert_eq!(changes[1].before, Some(json!("1d")));
    }

    #[test]
    fn what_a_server_fills_in_or_writes_its_own_way_is_no_difference() {
        let ours = stream(
            "a",
            json!({"name": "a", "query": "SELECT x\n  FROM s;", "columns": [{"type": "decimal(10,2)"}]}),
        );
        let theirs = stream(
            "a",
            json!({
                "name": "a", "query": "SELECT x FROM s", "shards": 0, "tags": null,
                "description": "", "columns": [{"type": "decimal(10, 2)", "default": ""}]
            }),
        );
        assert_eq!(
            plan(std::slice::from_ref(&ours), &[theirs], false)
                .changes()
                .count(),
            0
        );
        let other = stream("a", json!({"name": "a", "query": "SELECT 'x  y' FROM s"}));
        let kept = stream(
            "a",
            json!({"name": "a", "query": "SELECT 'x  y' FROM s", "note": "a  b"}),
        );
        assert_eq!(
            plan(std::slice::from_ref(&other), &[kept], false)
                .changes()
                .count(),
            1
        );
        let secret = stream("a", json!({"name": "a", "password": "x"}));
        let untold = stream("a", json!({"name": "a"}));
        assert_eq!(plan(&[secret], &[untold], false).changes().count(), 0);
        let literal = stream("a", json!({"name": "a", "query": "SELECT 'x y' FROM s"}));
        assert_eq!(plan(&[other], &[literal], false).changes().count(), 1);
        let nothing = Definition::new("stream", "a", Vec::new(), Vec::new());
        assert_eq!(
            plan(&[nothing], &[ours], false).steps[0].change,
            Change::Unknown
        );
    }
}
