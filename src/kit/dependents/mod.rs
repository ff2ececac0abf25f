//! What depends on a resource, for the question before it is deleted, for the form that changes it
//! and for its page. Its code is fetched when it is asked for.

pub mod lists;
pub mod topology;
mod uses;
mod words;

use std::{future::Future, pin::Pin, rc::Rc, time::Duration};

use leptos::prelude::*;
use weir_api::{System, capability::Capabilities};

use crate::{
    http::{Abort, Endpoint},
    ui::lazy::{Lazy, lazy},
};

/// How long a system is given to answer: one call, or some lists that may come in parts.
const PATIENCE: Duration = Duration::from_secs(3);
const PATIENCE_LISTS: Duration = Duration::from_secs(4);

struct Asked {
    endpoint: Endpoint,
    can: Capabilities,
    one: String,
    keys: Vec<String>,
}

type Finding = Pin<Box<dyn Future<Output = Vec<String>>>>;

const FIND: Lazy<Asked, Finding> =
    lazy!(dependents: Asked, Finding => |asked| Box::pin(find(asked)));

/// One sentence for each kind and way of depending; `one` is the kind of what is deleted.
pub async fn dependents(
    endpoint: &Endpoint,
    can: Capabilities,
    one: &str,
    keys: &[String],
) -> Vec<String> {
    let asked = Asked {
        endpoint: endpoint.clone(),
        can,
        one: one.into(),
        keys: keys.to_vec(),
    };
    match FIND.get(asked).await {
        Ok(finding) => finding.await,
        Err(_) => vec!["Dependents are unknown: a part of the console could not be loaded.".into()],
    }
}

async fn find(asked: Asked) -> Vec<String> {
    let Asked {
        endpoint,
        can,
        one,
        keys,
    } = asked;
    let Ok(abort) = Abort::new().map(Rc::new) else {
        return Vec::new();
    };
    let has_topology = endpoint.system == System::Timeplus;
    let patience = match has_topology {
        true => PATIENCE,
        false => PATIENCE_LISTS,
    };
    let late = abort.clone();
    let timer = set_timeout_with_handle(move || late.abort(), patience);
    let found = match has_topology {
        true => topology::told(&endpoint, can, &one, &keys, &abort).await,
        false => lists::told(&endpoint, &one, &keys, &abort).await,
    };
    if let Ok(timer) = timer {
        timer.clear();
    }
    found
}
