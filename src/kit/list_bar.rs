//! What can be done with a list as a whole and with the rows that are selected.

use std::{collections::HashSet, sync::Arc};

use leptos::{prelude::*, task::spawn_local};

use super::{
    BulkDialog, Deletion, Job, List,
    bulk::Work,
    list_export::{EXPORT, Export, Exported},
    list_files,
};
use crate::{
    connections::{use_capabilities, use_endpoint, use_may_change, use_user},
    errors,
    ui::{
        Button, ButtonKind, Menu,
        number::{count, plural},
        save,
        table::{Column, Rows},
        use_toasts,
    },
};

/// Chooses columns, and saves what is shown as a file.
#[component]
pub fn ListMenu(
    title: &'static str,
    columns: Vec<Column>,
    hidden: RwSignal<Vec<usize>>,
    rows: Memo<Rows>,
) -> impl IntoView {
    let all = StoredValue::new(columns.clone());
    let file = move |ending: &str, media_type: &str, write: Write| {
        let text = all.with_value(|columns| {
            rows.with_untracked(|rows| hidden.with_untracked(|hidden| write(columns, hidden, rows)))
        });
        let name = title.to_lowercase().replace(' ', "-");
        save::file(&format!("{name}.{ending}"), media_type, &text);
    };
    let boxes: Vec<_> = columns
        .into_iter()
        .enumerate()
        .skip(1)
        .map(|(at, column)| {
            let on = move || hidden.with(|hidden| !hidden.contains(&at));
            view! {
                // A choice inside closes a menu; several are chosen here.
                <label class="menu-item" on:click=|event| event.stop_propagation()>
                    <input
                        type="checkbox"
                        prop:checked=on
                        on:change=move |_| hidden.update(|hidden| {
                            match hidden.iter().position(|one| *one == at) {
                                Some(place) => { hidden.remove(place); }
                                None => hidden.push(at),
                            }
                            hidden.sort_unstable();
                        })
                    />
                    {column.title}
                </label>
            }
        })
        .collect();
    view! {
        <Menu label="Columns and files" face=|| "Columns">
            <div role="group" aria-label="Columns">{boxes}</div>
            <button type="button" class="menu-item" on:click=move |_| file("csv", "text/csv", list_files::csv)>"Download CSV"</button>
            <button type="button" class="menu-item" on:click=move |_| file("json", "application/json", list_files::json)>"Download JSON"</button>
        </Menu>
    }
    .into_any()
}

type Write = fn(&[Column], &[usize], &[Arc<crate::ui::table::Row>]) -> String;

/// There is always room for it. `named` puts to keys what people call them; `changed` is told
/// which keys something was done to.
#[component]
pub fn BulkBar(
    list: List,
    selected: RwSignal<HashSet<String>>,
    shown: Memo<Rows>,
    named: Callback<HashSet<String>, Vec<(String, String)>>,
    changed: Callback<Vec<String>>,
) -> impl IntoView {
    let (permit, can, user) = (use_may_change(), use_capabilities(), use_user());
    let (endpoint, toasts) = (use_endpoint(), use_toasts());
    let job = RwSignal::new(None::<Job>);
    let some = move || selected.with(|all| !all.is_empty());
    let (one, many) = (list.one, list.many);
    let items = move || {
        let mut all = named.run(selected.get_untracked());
        all.sort_by(|a, b| crate::ui::table::natural(&a.1, &b.1));
        all
    };
    // A search may have narrowed the list since.
    let unseen = Memo::new(move |_| {
        shown.with(|rows| selected.with(|all| all.len().saturating_sub(seen(rows, all))))
    });
    let not_shown = move || (unseen.get_untracked() > 0).then(|| hint(unseen.get_untracked()));
    let told = move |effects: Vec<String>| not_shown().into_iter().chain(effects).collect();
    let bulk = list.bulk;
    let actions = move || {
        let can = can.get();
        let offered = bulk
            .iter()
            .filter(move |it| it.needs.is_none_or(|needed| can.has(needed)));
        let buttons = offered.map(|action| {
            let request = action.request;
            let press = move || {
                job.set(Some(Job {
                    verb: action.verb,
                    done: action.done,
                    one,
                    many,
                    items: items(),
                    work: Work::Send(Arc::new(move |key: String| request(&key))),
                    effects: told(vec![action.effect.into()]),
                    deletes: false,
                }));
            };
            view! { <Button disabled=permit.denied reason=permit.reason on_click=press>{format!("{} selected", action.verb)}</Button> }
        });
        buttons.collect_view()
    };
    let deletion = list.deletion;
    let delete = move || {
        let Some(deletion) = deletion else { return };
        job.set(Some(Job {
            verb: "Delete",
            done: "deleted",
            one,
            many,
            items: items(),
            work: Work::Send(Arc::new(move |key: String| Ok(deletion.request.of(&key)))),
            effects: told(effects(deletion, user.get_untracked(), &items())),
            deletes: true,
        }));
    };
    let tagging = list.tagging;
    let tag = move || {
        let Some(tagging) = tagging else { return };
        job.set(Some(Job {
            verb: "Tag",
            done: "tagged",
            one,
            many,
            items: items(),
            work: Work::Tag(tagging),
            effects: told(vec![
                "The tag is added to those that do not have it.".into(),
            ]),
            deletes: false,
        }));
    };
    let code = list.code;
    let can_now = move || can.get_untracked();
    let export = move || {
        let (Some(code), Some(endpoint)) = (code, endpoint.get_untracked()) else {
            return;
        };
        let asked = Export {
            endpoint,
            code,
            items: items(),
            can: can_now(),
        };
        spawn_local(async move {
            let exported = match EXPORT.get(asked).await {
                Ok(exporting) => exporting.await,
                Err(error) => Err(error.into()),
            };
            match exported {
                Ok(Exported {
                    archive,
                    count,
                    left,
                }) => {
                    if let Some(archive) = archive {
                        let file = format!("weir-{}.zip", many.replace(' ', "-"));
                        save::bytes(&file, "application/zip", &archive);
                    }
                    match left.as_slice() {
                        [] => toasts.success(format!("{} exported", plural(count, one, many))),
                        left => toasts.error(format!("Not exported: {}", left.join(", "))),
                    }
                }
                Err(error) => toasts.error(errors::words(&error).sentence()),
            }
        });
    };
    let bar = move || {
        view! {
            <span role="status">
                {move || format!("{} selected", plural(selected.with(HashSet::len) as u64, one, many))}
                {move || (unseen.get() > 0).then(|| format!(", {} not shown", count(unseen.get() as u64)))}
            </span>
            {actions}
            {tagging.map(|_| view! {
                <Button disabled=permit.denied reason=permit.reason on_click=tag>"Tag selected"</Button>
            })}
            {code.map(|_| view! { <Button on_click=export>"Export selected"</Button> })}
            {deletion.map(|_| view! {
                <Button disabled=permit.denied reason=permit.reason on_click=delete>"Delete selected"</Button>
            })}
            <Button kind=ButtonKind::Quiet on_click=move || selected.set(HashSet::new())>"Clear selection"</Button>
        }
    };
    view! {
        <div class="bulk" class:on=some>{move || some().then(bar)}</div>
        <BulkDialog job changed />
    }
    .into_any()
}

/// Rows that are selected.
fn seen(rows: &Rows, selected: &HashSet<String>) -> usize {
    rows.iter()
        .filter(|row| selected.contains(&row.key))
        .count()
}

fn hint(unseen: usize) -> String {
    let verb = if unseen == 1 { "is" } else { "are" };
    let number = count(unseen as u64);
    format!("{number} of them {verb} selected but not in the list as it is shown now.")
}

fn effects(deletion: Deletion, me: Option<String>, items: &[(String, String)]) -> Vec<String> {
    let own = me.is_some_and(|me| items.iter().any(|(_, name)| *name == me));
    let oneself = deletion.of_oneself.filter(|_| own).map(String::from);
    let all = [deletion.loss.to_string(), "This cannot be undone.".into()];
    oneself.into_iter().chain(all).collect()
}
