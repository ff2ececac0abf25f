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
    kit::{Act, Actor, Load, use_act},
    ui::{Button, Confirm},
};

/// States change by themselves.
const EVERY: Duration = Duration::from_secs(5);

/// What can be done in a state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowAction {
    Pause,
    Resume,
    Recover,
}

impl RowAction {
    /// Where the state is not known all can be tried.
    pub fn of(status: Option<Status>) -> &'static [Self] {
        match status {
            Some(Status::Paused) => &[Self::Resume],
            Some(Status::Error | Status::AutoRecovering | Status::Suspended) => {
                &[Self::Recover, Self::Pause]
            }
            None | Some(Status::None | Status::Other(_)) => {
                &[Self::Pause, Self::Resume, Self::Recover]
            }
            Some(_) => &[Self::Pause],
        }
    }

    fn label(self) -> &'static str {
        match self {
            Self::Pause => "Pause",
            Self::Resume => "Resume",
            Self::Recover => "Recover",
        }
    }

    fn act(self, name: &str) -> Act {
        let (request, done) = match self {
            Self::Pause => (api::pause(name), "paused"),
            Self::Resume => (api::resume(name), "resumed"),
            Self::Recover => (api::recover(name), "is being recovered"),
        };
        Act {
            request,
            done: format!("Materialized view {name} {done}"),
            question: None,
        }
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
        let buttons = RowAction::of(status.get()).iter().map(|row_action| {
            let act =
                move || actor.run(row_action.act(&model.with_untracked(|view| view.name.clone())));
            view! { <Button busy=actor.busy on_click=act>{row_action.label()}</Button> }
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
        assert_eq!(RowAction::of(Some(Status::Paused)), [RowAction::Resume]);
        assert_eq!(
            RowAction::of(Some(Status::ExecutingPipeline)),
            [RowAction::Pause]
        );
        assert!(RowAction::of(Some(Status::Error)).contains(&RowAction::Recover));
        assert_eq!(RowAction::of(None).len(), 3);
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
