//! What can be done with the thing that the page shows.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::hooks::use_location;
use weir_api::{ApiError, capability::Capabilities};
use weir_code::Form;

use super::{
    item::{Choice, Item},
    rank::{Entry, Scope},
};
use crate::{
    connections::{Connection, Connections, use_may_change},
    errors,
    http::{Abort, Endpoint},
    kit::{Code, List, Target, fetch, page_name::PageName, use_act_then, use_named_deletion},
    links::follow,
    paths,
    registry::groups,
    ui::{copy::clipboard, lazy::Lazy, table::RowActionKind, use_toasts},
};

/// The thing of the page.
#[derive(Clone)]
struct AtHand {
    connection: Connection,
    endpoint: Endpoint,
    can: Capabilities,
    key: String,
    name: String,
    /// In words; empty where it is not known.
    state: String,
}

/// Adds what can be done; `owner` outlives the palette, which is closed when something is chosen.
pub(crate) fn add(
    connection: &Connection,
    can: Option<Capabilities>,
    all: RwSignal<Vec<Item>>,
    owner: Owner,
) {
    let path = use_location().pathname.get_untracked();
    let segments = super::super::trail::segments(&path);
    let [_, _, segment, key, ..] = segments.as_slice() else {
        return;
    };
    let found = groups(connection.system())
        .iter()
        .flat_map(|group| group.sections)
        .find(|section| section.segment == segment);
    let Some(list) = found.and_then(|section| section.listed) else {
        return;
    };
    let key = paths::key(key);
    let told = use_context::<PageName>().map(PageName::told);
    let told = told.filter(|told| told.key == key).unwrap_or_default();
    if told.missing {
        return;
    }
    let name = match told.name.as_str() {
        "" => key.clone(),
        name => name.into(),
    };
    let connections = expect_context::<Connections>();
    let thing = AtHand {
        endpoint: untrack(|| connections.endpoint(connection)),
        connection: connection.clone(),
        can: can.unwrap_or(Capabilities::all()),
        key,
        name,
        state: told.state,
    };
    let back = paths::section(&connection.id, segment);
    spawn_local(async move {
        // Without its code there are no actions; that it does not come is said where it is opened.
        let Ok(list) = list.get(()).await else { return };
        let actions = owner.with(|| actions(&list, &thing, back));
        all.try_update(|all| all.extend(actions));
    });
}

fn actions(list: &List, thing: &AtHand, back: String) -> Vec<Item> {
    let mut items: Vec<Item> = (list.row_actions)(&thing.connection.id, &thing.key)
        .into_iter()
        .map(|action| {
            let choice = match action.kind {
                RowActionKind::Open(href) => Choice::Open(href),
                RowActionKind::Run(run) => Choice::Run(run),
            };
            item(action.label.replace(&thing.key, &thing.name), choice)
        })
        .collect();
    let permit = use_may_change();
    if !permit.denied.get_untracked() {
        let offered = list.bulk.iter();
        let offered = offered.filter(|it| it.needs.is_none_or(|needed| thing.can.has(needed)));
        let actor = use_act_then(read_anew(&thing.connection));
        items.extend(offered.filter(|it| it.fits(&thing.state)).map(|action| {
            let label = format!("{} {}", action.verb, thing.name);
            let target = Target {
                one: list.one,
                key: thing.key.clone(),
                name: thing.name.clone(),
            };
            let apply = Callback::new(move |()| actor.apply(action, target.clone()));
            item(label, Choice::Run(apply))
        }));
        items.extend(list.deletion.map(|deletion| {
            let failures = RwSignal::new(Vec::<String>::new());
            let toasts = use_toasts();
            Effect::new(move || {
                for words in failures.get() {
                    toasts.error(words);
                }
            });
            let name = thing.name.clone();
            let named = Callback::new(move |_| name.clone());
            let gone = Callback::new(move |_| follow(&back));
            let delete = use_named_deletion(deletion, failures, gone, named);
            let key = thing.key.clone();
            let press = Callback::new(move |()| delete.run(vec![key.clone()]));
            item(format!("Delete {}", thing.name), Choice::Run(press))
        }));
    }
    if let Some(code) = list.code {
        for form in Form::ALL {
            let label = format!("Copy {} as {}", thing.name, form.label());
            items.push(item(label, Choice::Run(copy(thing.clone(), code, form))));
        }
    }
    items
}

fn item(label: String, choice: Choice) -> Item {
    Item {
        entry: Entry {
            id: label.clone(),
            label,
            detail: "Action".into(),
            scope: Scope::Actions,
            weight: 90,
        },
        choice,
    }
}

/// The pages of the connection read what they show once more.
fn read_anew(connection: &Connection) -> Callback<()> {
    let (connections, id) = (expect_context::<Connections>(), connection.id.clone());
    Callback::new(move |()| {
        connections
            .statuses
            .change(&id, |status| status.returns += 1)
    })
}

fn copy(thing: AtHand, code: Lazy<(), Code>, form: Form) -> Callback<()> {
    let toasts = use_toasts();
    Callback::new(move |()| {
        let thing = thing.clone();
        spawn_local(async move {
            match written(&thing, code, form).await {
                Ok(text) if clipboard(&text).await => {
                    toasts.success(format!("{} copied as {}", thing.name, form.label()));
                }
                Ok(_) => toasts.error("The browser blocked copying."),
                Err(words) => toasts.error(words),
            }
        });
    })
}

/// The text, or why there is none.
async fn written(thing: &AtHand, code: Lazy<(), Code>, form: Form) -> Result<String, String> {
    let words = |error: ApiError| errors::words(&error).sentence();
    let code = code
        .get(())
        .await
        .map_err(|error| errors::words(&error.into()).sentence())?;
    let abort = Abort::new().map_err(words)?;
    let answer = fetch(&thing.endpoint, (code.get)(&thing.key), &abort).await;
    let described = (code.got)(&answer.map_err(words)?, thing.can).map_err(words)?;
    let definition = described.definition.map_err(|wrong| {
        let fields = wrong
            .into_iter()
            .map(|one| format!("{}: {}", one.field, one.message));
        let fields = fields.collect::<Vec<_>>().join("; ");
        format!("Code is not available: {fields}")
    })?;
    let text = definition.write(form, &thing.endpoint.written_base());
    text.ok_or_else(|| format!("Not available as {}.", form.label()))
}
