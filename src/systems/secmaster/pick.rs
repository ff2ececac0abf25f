//! Choosing among what the system has: workspaces, data spaces, pipes, data classes.

use leptos::{prelude::*, task::spawn_local};
use weir_api::{
    ApiError, ApiRequest,
    paging::Stopped,
    request::encode,
    secmaster::{PAGE, dataspace, dataspace::Dataspace, page, part, pipe, pipe::Pipe, workspace},
};

use crate::{
    connections::use_endpoint,
    errors,
    http::{Abort, Endpoint},
    kit::{fetch_parts, notice::incomplete},
    ui::field::{Bound, Choice, Select, TextField},
};

/// Which part of the system is asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Where {
    /// The connection's workspace.
    Here,
    /// Another one by its id.
    Workspace(String),
}

impl Where {
    pub fn endpoint(&self, mut endpoint: Endpoint) -> Endpoint {
        let moved = |base: &str| {
            let project = base.rsplit_once('/').map_or(base, |(project, _)| project);
            match self {
                Self::Here => base.to_owned(),
                Self::Workspace(id) => format!("{project}/{}", encode(id)),
            }
        };
        endpoint.signed_base = endpoint.signed_base.as_deref().map(moved);
        endpoint.base = moved(&endpoint.base);
        endpoint
    }
}

/// One thing to choose.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Item {
    pub id: String,
    pub name: String,
    /// Of a workspace.
    pub region: String,
}

/// What there is to choose from.
#[derive(Clone, Copy)]
pub struct Pick {
    pub items: RwSignal<Vec<Item>>,
    /// Why nothing can be chosen; then it can be typed.
    pub failed: RwSignal<Option<String>>,
    pub ready: RwSignal<bool>,
}

type Ask = Option<(Where, ApiRequest)>;
type Read = fn(&[u8]) -> Result<Vec<Item>, ApiError>;

/// Asks anew whenever `ask` changes; `None` empties the list.
pub fn use_pick(ask: Signal<Ask>, read: Read) -> Pick {
    let endpoint = use_endpoint();
    let pick = Pick {
        items: RwSignal::new(Vec::new()),
        failed: RwSignal::new(None),
        ready: RwSignal::new(false),
    };
    let turn = StoredValue::new(0_u32);
    let ask = Memo::new(move |_| ask.get());
    Effect::new(move || {
        let (ask, endpoint) = (ask.get(), endpoint.get());
        turn.update_value(|turn| *turn += 1);
        let mine = turn.get_value();
        pick.ready.set(false);
        let (Some((place, request)), Some(endpoint)) = (ask, endpoint) else {
            pick.items.set(Vec::new());
            pick.failed.set(None);
            return;
        };
        spawn_local(async move {
            let items = all(&place.endpoint(endpoint), request, read).await;
            // Something else was asked meanwhile, or the page is gone.
            if turn.try_get_value() != Some(mine) {
                return;
            }
            match items {
                Ok((items, stopped)) => {
                    pick.items.set(items);
                    pick.failed
                        .set(stopped.map(|stopped| incomplete(&stopped, "entries")));
                }
                Err(error) => {
                    pick.items.set(Vec::new());
                    pick.failed.set(Some(errors::words(&error).sentence()));
                }
            }
            pick.ready.set(true);
        });
    });
    pick
}

/// Everything of a list, as far as it could be read.
async fn all(
    endpoint: &Endpoint,
    request: ApiRequest,
    read: Read,
) -> Result<(Vec<Item>, Option<Stopped>), ApiError> {
    let abort = Abort::new()?;
    let (parts, stopped) = fetch_parts(endpoint, request, part, &abort, |_| {}).await?;
    let items: Result<Vec<_>, _> = parts.iter().map(|part| read(part)).collect();
    Ok((items?.concat(), stopped))
}

pub fn use_workspaces() -> Pick {
    let ask = || Some((Where::Here, workspace::list(0, PAGE)));
    use_pick(Signal::derive(ask), |body| {
        let all = page::<workspace::Workspace>(body)?.items.into_iter();
        let item = |one: workspace::Workspace| Item {
            id: one.id,
            name: one.name,
            region: one.region_id,
        };
        Ok(all.map(item).collect())
    })
}

/// Of the connection's own workspace where `workspace` is empty.
pub fn use_dataspaces(workspace: Signal<String>) -> Pick {
    let ask = move || Some((within(workspace.get()), dataspace::list(0, PAGE)));
    use_pick(Signal::derive(ask), |body| {
        let all = page::<Dataspace>(body)?.items.into_iter();
        let item = |one: Dataspace| Item {
            id: one.dataspace_id,
            name: one.dataspace_name,
            region: String::new(),
        };
        Ok(all.map(item).collect())
    })
}

/// Of a data space; nothing where none is chosen.
pub fn use_pipes(workspace: Signal<String>, dataspace: Signal<String>) -> Pick {
    let ask = move || {
        let (workspace, dataspace) = (workspace.get(), dataspace.get());
        (!dataspace.is_empty()).then(|| (within(workspace), pipe::list(&dataspace, 0, PAGE)))
    };
    use_pick(Signal::derive(ask), |body| {
        let all = page::<Pipe>(body)?.items.into_iter();
        let item = |one: Pipe| Item {
            id: one.pipe_id,
            name: one.pipe_name,
            region: String::new(),
        };
        Ok(all.map(item).collect())
    })
}

fn within(workspace: String) -> Where {
    match workspace.is_empty() {
        true => Where::Here,
        false => Where::Workspace(workspace),
    }
}

/// A choice of what there is; where the system does not tell, its id is typed.
#[component]
pub fn PickField(
    #[prop(into)] label: String,
    #[prop(optional, into)] name: String,
    /// The id.
    value: Signal<String>,
    pick: Pick,
    set: Callback<Item>,
    /// What stands there while nothing is chosen.
    #[prop(into)]
    empty: String,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let choices = Signal::derive(move || {
        let mut all = vec![Choice::new("", empty.clone())];
        pick.items.with(|items| {
            let known = items.iter().map(|item| Choice::new(&item.id, &item.name));
            all.extend(known);
        });
        let chosen = value.get();
        if all.iter().all(|choice| choice.value != chosen) {
            all.push(Choice::new(chosen.clone(), chosen));
        }
        all
    });
    let chosen = Bound::new(
        move || value.get(),
        move |id| {
            let item = pick.items.with_untracked(|items| {
                let found = items.iter().find(|item| item.id == id);
                found.cloned()
            });
            set.run(item.unwrap_or_else(|| Item {
                id: id.clone(),
                name: id,
                region: String::new(),
            }));
        },
    );
    let failed = Memo::new(move |_| pick.failed.get());
    (move || {
        let (label, name) = (label.clone(), name.clone());
        match failed.get() {
            None => view! { <Select label name value=chosen choices required /> }.into_any(),
            Some(why) => {
                let help = format!("Enter the id: the list cannot be loaded. {why}");
                view! { <TextField label name value=chosen required mono=true help /> }.into_any()
            }
        }
    })
    .into_any()
}

#[cfg(test)]
mod tests {
    use weir_api::{System, auth::Credential};

    use super::*;

    #[test]
    fn other_workspaces_are_beside_the_connections_own() {
        let endpoint = Endpoint {
            system: System::SecMaster,
            base: "/relay/sm/v1/p/workspaces/w".into(),
            signed_base: Some("https://v/v1/p/workspaces/w".into()),
            common: Vec::new(),
            database: String::new(),
            credential: Credential::None,
            look_only: false,
            azion_v4: false,
        };
        let bases = |place: Where| {
            let moved = place.endpoint(endpoint.clone());
            (moved.base, moved.signed_base.expect("signed"))
        };
        let both = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        assert_eq!(
            bases(Where::Workspace("a b".into())),
            both(
                "/relay/sm/v1/p/workspaces/a%20b",
                "https://v/v1/p/workspaces/a%20b"
            )
        );
        assert_eq!(bases(Where::Here).0, endpoint.base);
    }
}
