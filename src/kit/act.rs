//! Something done to a resource besides changing and deleting it, for example starting a sink.

use leptos::{prelude::*, task::spawn_local};
use weir_api::ApiRequest;

use super::{BulkAction, Load, dependents::dependents};
use crate::{
    connections::{use_capabilities, use_endpoint, use_may_change},
    http,
    text::{capital, visible},
    ui::{Confirm, use_confirm, use_toasts},
};

/// One thing to do.
pub struct Act {
    pub request: ApiRequest,
    /// Said when it is done, for example `Sink orders started`.
    pub done: String,
    /// Asked before, where it can break something.
    pub question: Option<Confirm>,
}

/// To what an action is done.
#[derive(Clone)]
pub struct Target {
    /// For example `sink`.
    pub one: &'static str,
    pub key: String,
    pub name: String,
}

#[derive(Clone, Copy)]
pub struct Actor {
    /// Something is being done.
    pub busy: RwSignal<bool>,
    act: Callback<Act>,
    apply: Callback<(&'static BulkAction, Target)>,
}

impl Actor {
    pub fn run(self, act: Act) {
        self.act.run(act);
    }

    /// One of the actions of a kind; before one that stops something it is asked.
    pub fn apply(self, action: &'static BulkAction, target: Target) {
        self.apply.run((action, target));
    }
}

/// Sends what is to be done, says that it was done or why not, and loads the page again.
pub fn use_act(load: Load) -> Actor {
    use_act_then(Callback::new(move |()| load.reload()))
}

/// The same, with something else behind it.
pub fn use_act_then(then: Callback<()>) -> Actor {
    let (confirm, toasts, endpoint) = (use_confirm(), use_toasts(), use_endpoint());
    let (busy, can) = (RwSignal::new(false), use_capabilities());
    let permit = use_may_change();
    let send = move |request: ApiRequest, done: String| {
        let Some(endpoint) = endpoint.get_untracked().filter(|_| !busy.get_untracked()) else {
            return;
        };
        busy.set(true);
        spawn_local(async move {
            match http::send(&endpoint, request).await {
                Ok(_) => toasts.success(done),
                Err(error) => toasts.api_error(&error),
            }
            // The page may be left meanwhile.
            if busy.try_set(false).is_none() {
                then.run(());
            }
        });
    };
    let act = Callback::new(move |act: Act| match act.question {
        _ if permit.denied.get_untracked() => toasts.error(permit.reason.get_untracked()),
        None => send(act.request, act.done),
        Some(question) => confirm.ask(question, move || {
            send(act.request.clone(), act.done.clone());
        }),
    });
    let apply = Callback::new(move |(action, target): (&'static BulkAction, Target)| {
        let request = match (action.request)(&target.key) {
            Ok(request) => request,
            Err(error) => return toasts.api_error(&error),
        };
        let done = format!("{} {} {}", capital(target.one), target.name, action.done);
        let denied = permit.denied.get_untracked();
        let Some(endpoint) = endpoint.get_untracked().filter(|_| action.halts && !denied) else {
            return act.run(Act {
                request,
                done,
                question: None,
            });
        };
        if busy.get_untracked() {
            return;
        }
        // What depends on it is looked for first, which may take a while.
        busy.set(true);
        let can = can.get_untracked();
        spawn_local(async move {
            let keys = [target.key.clone()];
            let depends = dependents(&endpoint, can, target.one, &keys).await;
            // The page may be left meanwhile.
            if busy.try_set(false).is_none() {
                act.run(Act {
                    request,
                    done,
                    question: Some(halting(action, &target, depends)),
                });
            }
        });
    });
    Actor { busy, act, apply }
}

fn halting(action: &BulkAction, target: &Target, depends: Vec<String>) -> Confirm {
    let verb = format!("{} {}", action.verb, target.one);
    let mut consequences = vec![action.effect.to_string()];
    consequences.extend(depends);
    Confirm {
        title: format!("{verb} {}?", visible(&target.name)),
        consequences,
        action: verb,
        danger: false,
        type_name: Some(target.name.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stopping_tells_what_depends_on_it() {
        let stop = BulkAction {
            verb: "Stop",
            done: "stopped",
            request: |key| Ok(ApiRequest::post(key)),
            effect: "Rows are no longer sent.",
            needs: None,
            helps: &[],
            halts: true,
            idle: &["stopped"],
        };
        let target = Target {
            one: "sink",
            key: "1".into(),
            name: "orders".into(),
        };
        let asked = halting(&stop, &target, vec!["1 dashboard reads it.".into()]);
        assert_eq!(asked.title, "Stop sink orders?");
        assert_eq!(
            asked.consequences,
            ["Rows are no longer sent.", "1 dashboard reads it."]
        );
        assert_eq!(asked.type_name.as_deref(), Some("orders"));
        assert!(!stop.fits("Stopped") && stop.fits("running") && stop.fits(""));
    }
}
