//! Pausing, resuming, recovering a materialized view, and making another node its leader.

use std::time::Duration;

use leptos::prelude::*;
use weir_api::{
    capability::Capability,
    timeplus::{
        materialized_view as api,
        materialized_view::{MaterializedView, Node, Status, Transfer},
    },
};

use crate::{
    connections::use_capabilities,
    kit::{Act, Actor, BulkAction, Load, Target, use_act},
    ui::{Button, Confirm},
};

/// States change by themselves.
const EVERY: Duration = Duration::from_secs(5);

pub const PAUSE: BulkAction = BulkAction {
    verb: "Pause",
    done: "paused",
    request: |key| Ok(api::pause(key)),
    effect: "Processing stops until resumed.",
    needs: Some(Capability::MaterializedViewControl),
    helps: &[],
    halts: true,
    idle: &["paused", "suspended"],
};

pub const RESUME: BulkAction = BulkAction {
    verb: "Resume",
    done: "resumed",
    request: |key| Ok(api::resume(key)),
    effect: "Processing resumes where it stopped.",
    needs: Some(Capability::MaterializedViewControl),
    helps: &["error"],
    halts: false,
    idle: &["running", "delivering"],
};

const RECOVER: BulkAction = BulkAction {
    verb: "Recover",
    done: "is being recovered",
    request: |key| Ok(api::recover(key)),
    effect: "Processing restarts from the last checkpoint.",
    needs: Some(Capability::MaterializedViewControl),
    helps: &["error"],
    halts: false,
    idle: &[],
};

/// What can be done in a state; all where it is not known.
fn offered(status: Option<Status>) -> &'static [BulkAction] {
    match status {
        Some(Status::Paused) => &[RESUME],
        Some(Status::Error | Status::AutoRecovering | Status::Suspended) => &[RECOVER, PAUSE],
        None | Some(Status::None | Status::Other(_)) => &[PAUSE, RESUME, RECOVER],
        Some(_) => &[PAUSE],
    }
}

#[component]
pub fn Controls(model: Signal<MaterializedView>, load: Load) -> impl IntoView {
    let timer = set_interval_with_handle(
        move || {
            if !document().hidden() && !load.busy.get_untracked() {
                load.reload();
            }
        },
        EVERY,
    );
    on_cleanup(move || {
        if let Ok(timer) = timer {
            timer.clear();
        }
    });
    let (can, actor) = (use_capabilities(), use_act(load));
    let status = Memo::new(move |_| model.with(|view| view.status));
    move || {
        if !can.get().has(Capability::MaterializedViewControl) {
            return None;
        }
        let buttons = offered(status.get()).iter().map(|action| {
            let apply = move || {
                let name = model.with_untracked(|view| view.name.clone());
                let key = name.clone();
                actor.apply(
                    action,
                    Target {
                        one: "materialized view",
                        key,
                        name,
                    },
                );
            };
            view! { <Button busy=actor.busy on_click=apply>{action.verb}</Button> }
        });
        Some(buttons.collect_view())
    }
}

/// Offered where there is another node to choose and the shard is known.
pub fn transfer(name: &str, leader: i64, node: &Node) -> Option<Act> {
    let shard = node.shard()?;
    let to = node.node_id;
    if to == leader {
        return None;
    }
    let request = Transfer {
        from: leader,
        shard,
        to,
    };
    Some(Act {
        request: api::transfer(name, &request).ok()?,
        done: format!("Node {to} is now the leader of materialized view {name}"),
        question: Some(Confirm {
            title: format!("Make node {to} the leader of {name}?"),
            consequences: vec![format!(
                "Its query stops on node {leader} and resumes from its last checkpoint on node {to}."
            )],
            action: "Make leader".into(),
            danger: false,
            type_name: None,
        }),
    })
}

#[component]
pub fn Leader(name: Memo<String>, leader: Option<i64>, node: Node, actor: Actor) -> impl IntoView {
    let Some(leader) = leader else {
        return ().into_any();
    };
    if leader == node.node_id {
        return view! { "leader" }.into_any();
    }
    match transfer(&name.get_untracked(), leader, &node) {
        None => ().into_any(),
        Some(_) => {
            let act = move || {
                if let Some(act) = transfer(&name.get_untracked(), leader, &node) {
                    actor.run(act);
                }
            };
            view! { <Button busy=actor.busy on_click=act>"Make leader"</Button> }.into_any()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_state_says_what_can_be_done() {
        let verbs = |status| {
            offered(status)
                .iter()
                .map(|action| action.verb)
                .collect::<Vec<_>>()
        };
        assert_eq!(verbs(Some(Status::Paused)), ["Resume"]);
        assert_eq!(verbs(Some(Status::ExecutingPipeline)), ["Pause"]);
        assert!(verbs(Some(Status::Error)).contains(&"Recover"));
        assert_eq!(verbs(None).len(), 3);
    }

    #[test]
    fn another_node_can_lead_where_the_shard_is_known() {
        let mut node = Node {
            node_id: 2,
            ..Node::default()
        };
        assert!(transfer("m", 1, &node).is_none());
        node.replication_status
            .insert("1001".into(), serde_json::json!({}));
        let act = transfer("m", 1, &node).expect("act");
        assert_eq!(act.request.path, "/v1beta2/materialized_views/m/transfer");
        assert!(transfer("m", 2, &node).is_none());
    }
}
