//! Does what a plan says, one after the other.

use std::collections::BTreeMap;

use serde_json::Value;
use weir_code::{differences, fill, reference};

use super::{
    gather::{Gathered, Kind, Remote, gather},
    plan::{Change, Step, plan, read},
};
use crate::{
    errors, http,
    kit::{ApplyError, fetch},
    ui::lazy::LoadError,
};

/// What came of one step.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    Running,
    /// In words, for example `Created`.
    Done(&'static str),
    /// Sent and taken, and these fields still differ.
    Partly(Vec<String>),
    Failed(String),
}

impl Outcome {
    pub fn is_done(&self) -> bool {
        matches!(self, Self::Done(_))
    }
}

/// Values of the variables, by name.
pub type Secrets = BTreeMap<String, String>;

/// What the steps' kinds hold now: what was done meanwhile, also by a call whose answer was lost,
/// is not done twice.
pub async fn look_again(remote: &Remote, steps: &[Step]) -> Result<Vec<Gathered>, LoadError> {
    let asked = |one: &str| steps.iter().any(|step| step.kind == one);
    gather(remote, asked, |_| {}).await
}

/// `there` is how it was when the run began.
pub async fn apply(remote: &Remote, step: &Step, there: &[Gathered], secrets: &Secrets) -> Outcome {
    let kind = there.iter().find(|it| it.kind.list.one == step.kind);
    let Some(kind) = kind.map(|it| &it.kind) else {
        return Outcome::Failed("This system does not have this kind of resource.".into());
    };
    let step = match &step.change {
        Change::Delete => {
            let mut found = there
                .iter()
                .filter_map(|it| it.found.as_ref().ok())
                .flatten();
            if !found.any(|it| Some(&it.key) == step.key.as_ref()) {
                return Outcome::Done("Already deleted");
            }
            step.clone()
        }
        _ => {
            let entry = weir_code::Entry {
                kind: step.kind.clone(),
                name: step.name.clone(),
                definition: step.value.clone(),
            };
            match plan(&[entry], there, remote.can, false).pop() {
                Some(now) if now.change == Change::Same => {
                    return Outcome::Done("Already up to date");
                }
                Some(now) => now,
                None => step.clone(),
            }
        }
    };
    match done(remote, kind, &step, secrets).await {
        Ok(outcome) => outcome,
        Err(ApplyError::Api(error)) => Outcome::Failed(errors::words(&error).sentence()),
        Err(ApplyError::Fields(wrong)) => {
            let words = wrong.iter().map(|one| match one.field.as_str() {
                "" => one.message.clone(),
                field => format!("{field}: {}", one.message),
            });
            Outcome::Failed(words.collect::<Vec<_>>().join("; "))
        }
    }
}

async fn done(
    remote: &Remote,
    kind: &Kind,
    step: &Step,
    secrets: &Secrets,
) -> Result<Outcome, ApplyError> {
    let mut value = step.value.clone();
    fill(&mut value, &|name| {
        secrets.get(name).filter(|text| !text.is_empty()).cloned()
    });
    let endpoint = &remote.endpoint;
    match (&step.change, &step.key) {
        (Change::Create, _) => {
            for request in (kind.code.requests)(&value, None, remote.can)? {
                http::send(endpoint, request).await?;
            }
            Ok(Outcome::Done("Created"))
        }
        (Change::Update(_), Some(key)) => {
            without_variables(&mut value, 0);
            let abort = http::Abort::new()?;
            let before = fetch(endpoint, (kind.code.get)(key), &abort).await?;
            for request in (kind.code.requests)(&value, Some(&before), remote.can)? {
                http::send(endpoint, request).await?;
            }
            let after = fetch(endpoint, (kind.code.get)(key), &abort).await?;
            let left = left(kind, step, &after, remote);
            Ok(match left.is_empty() {
                true => Outcome::Done("Changed"),
                false => Outcome::Partly(left),
            })
        }
        (Change::Delete, Some(key)) => match kind.code.delete {
            Some(delete) => {
                http::send(endpoint, delete.of(key)).await?;
                Ok(Outcome::Done("Deleted"))
            }
            None => Ok(Outcome::Failed("This kind cannot be deleted.".into())),
        },
        (Change::Unknown(words), _) => Ok(Outcome::Failed(words.clone())),
        _ => Ok(Outcome::Done("Already up to date")),
    }
}

/// Fields that the server still has otherwise.
fn left(kind: &Kind, step: &Step, answer: &[u8], remote: &Remote) -> Vec<String> {
    let now = (kind.code.got)(answer, remote.can).ok();
    let now = now.and_then(|one| one.definition.ok()?.value());
    let wanted = read(kind, &step.value, remote.can).ok();
    let (Some(now), Some(wanted)) = (now, wanted) else {
        return Vec::new();
    };
    let left = differences(&now, &wanted);
    left.into_iter().map(|one| one.field).collect()
}

/// Deeper than any definition is.
const DEPTH: usize = 64;

/// Secrets without a value stay what they are on the server.
fn without_variables(value: &mut Value, depth: usize) {
    match value {
        _ if depth > DEPTH => {}
        Value::Object(fields) => {
            fields.retain(|_, field| field.as_str().and_then(reference).is_none());
            for field in fields.values_mut() {
                without_variables(field, depth + 1);
            }
        }
        Value::Array(items) => {
            for item in items {
                without_variables(item, depth + 1);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn secrets_without_a_value_are_left_out() {
        let mut value = json!({"a": "${X}", "b": [{"c": "${Y}", "d": "e ${Z}"}]});
        without_variables(&mut value, 0);
        assert_eq!(value, json!({"b": [{"d": "e ${Z}"}]}));
    }
}
