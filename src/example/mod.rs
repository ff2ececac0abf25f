//! A first set of resources over this machine's own figures, and the way to be rid of it.

pub mod page;

use weir_api::timeplus::api_key::{self, ApiKey, CreateApiKey, CreatedApiKey};
use weir_api::{ApiError, json_response};
use weir_code::Entry;

use crate::{
    as_code::{
        apply::{Outcome, Secrets, apply, look_again},
        gather::{Gathered, Remote},
        plan::{Change, Step, plan},
    },
    http,
    ui::lazy::LoadError,
};

/// The key that the example's delivery calls its receiver with.
const KEY: &str = "example_delivery";

/// In an order that can be applied.
pub fn entries() -> Vec<Entry> {
    serde_json::from_str(include_str!("definitions.json")).unwrap_or_default()
}

/// What is there of it, and what differs.
pub async fn look(remote: &Remote) -> Result<Vec<Step>, LoadError> {
    Ok(compare(remote).await?.0)
}

/// The steps, and what there is of their kinds.
async fn compare(remote: &Remote) -> Result<(Vec<Step>, Vec<Gathered>), LoadError> {
    let steps: Vec<Step> = plan(&entries(), &[], remote.can, false);
    let there = look_again(remote, &steps).await?;
    Ok((plan(&entries(), &there, remote.can, false), there))
}

fn failed(error: impl Into<ApiError>) -> Outcome {
    Outcome::Failed(crate::errors::words(&error.into()).sentence())
}

/// Makes what is missing; told of each step. `base` is where the backend itself reaches its API.
pub async fn install(remote: &Remote, base: &str, told: impl Fn(usize, Outcome)) {
    let (steps, there) = match compare(remote).await {
        Ok(found) => found,
        Err(error) => return told(0, failed(error)),
    };
    let needs_key = steps.iter().any(|step| step.change == Change::Create);
    let mut secrets = Secrets::new();
    secrets.insert("WEIR_BASE".into(), base.into());
    if needs_key {
        match key(remote).await {
            Ok(key) => {
                secrets.insert("WEIR_KEY".into(), key);
            }
            Err(error) => return told(0, failed(error)),
        }
    }
    for (at, step) in steps.iter().enumerate() {
        // What somebody changed in it stays.
        let outcome = match step.change {
            Change::Create => apply(remote, step, &there, &secrets).await,
            _ => Outcome::Done("Already exists"),
        };
        told(at, outcome);
    }
}

async fn key(remote: &Remote) -> Result<String, ApiError> {
    let wanted = CreateApiKey {
        name: KEY.into(),
        permissions: Some(vec!["write:stream".into()]),
        ..CreateApiKey::default()
    };
    let answer = http::send(&remote.endpoint, api_key::create(&wanted)?).await?;
    Ok(json_response::<CreatedApiKey>(&answer)?.api_key)
}

/// Deletes what is there of it, the last first, and the key.
pub async fn remove(remote: &Remote, told: impl Fn(usize, Outcome)) {
    let (steps, there) = match compare(remote).await {
        Ok(found) => found,
        Err(error) => return told(0, failed(error)),
    };
    for (at, step) in steps.into_iter().enumerate().rev() {
        if step.key.is_none() {
            continue;
        }
        let step = Step {
            change: Change::Delete,
            ..step
        };
        told(at, apply(remote, &step, &there, &Secrets::new()).await);
    }
    let Ok(answer) = http::send(&remote.endpoint, api_key::CRUD.list()).await else {
        return;
    };
    let keys: Vec<ApiKey> = json_response::<Option<Vec<ApiKey>>>(&answer)
        .ok()
        .flatten()
        .unwrap_or_default();
    for key in keys.iter().filter(|key| key.name.starts_with(KEY)) {
        // A key that stays is seen in the list of keys.
        let _ = http::send(&remote.endpoint, api_key::CRUD.delete(&key.id)).await;
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt;
    use weir_api::{System, capability::Capabilities};

    use super::*;
    use crate::as_code::{gather::kinds, plan::read};

    #[test]
    fn every_definition_is_complete_and_comes_after_what_it_reads() {
        let can = Capabilities::all();
        let kinds = kinds(System::Timeplus, can, |_| true).now_or_never();
        let kinds = kinds.expect("at hand").expect("kinds");
        let all = entries();
        assert_eq!(all.len(), 8);
        for entry in &all {
            let kind = kinds.iter().find(|kind| kind.list.one == entry.kind);
            let kind = kind.unwrap_or_else(|| panic!("{}", entry.kind));
            read(kind, &entry.definition, can)
                .unwrap_or_else(|words| panic!("{}: {words}", entry.name));
        }
        let place = |name: &str| all.iter().position(|one| one.name == name);
        assert!(place("example_readings") < place("example_devices"));
        assert!(place("example_load") < place("example_delivery"));
    }
}
