//! What can be done with the rows that are selected.

use std::{collections::HashSet, sync::Arc};

use leptos::{prelude::*, task::spawn_local};

use super::{
    List,
    export::{EXPORT, Export, Exported},
    rows::ListRows,
};
use crate::{
    connections::{use_capabilities, use_endpoint, use_may_change, use_user},
    errors,
    kit::{
        BulkAction, BulkDialog, Code, Deletion, Job,
        bulk::{Harm, Work},
    },
    ui::{
        Button, ButtonKind,
        lazy::Lazy,
        number::{count, plural},
        save,
        table::{Rows, natural},
        use_toasts,
    },
};

/// There is always room for it. `changed` is told which keys something was done to.
#[component]
pub fn BulkBar(
    list: List,
    rows: ListRows,
    selected: RwSignal<HashSet<String>>,
    changed: Callback<Vec<String>>,
) -> impl IntoView {
    let (permit, can, user) = (use_may_change(), use_capabilities(), use_user());
    let List {
        one,
        many,
        bulk,
        deletion,
        tagging,
        code,
        ..
    } = list;
    let asking = Asking {
        job: RwSignal::new(None),
        one,
        many,
        rows,
        selected,
    };
    let some = move || selected.with(|all| !all.is_empty());
    // A search may have narrowed the list since.
    let unseen = Memo::new(move |_| asking.unseen());
    let actions = move || {
        let can = can.get();
        let offered = bulk
            .iter()
            .filter(move |it| it.needs.is_none_or(|needed| can.has(needed)));
        let buttons = offered.map(|action| {
            view! {
                <Button disabled=permit.denied reason=permit.reason on_click=move || asking.act(action)>
                    {format!("{} selected", action.verb)}
                </Button>
            }
        });
        buttons.collect_view()
    };
    let delete = move || {
        if let Some(deletion) = deletion {
            asking.delete(deletion, user.get_untracked());
        }
    };
    let tag = move || {
        if let Some(tagging) = tagging {
            let effect = "Adds the tag to items without it.";
            asking.ask(
                "Tag",
                "tagged",
                Work::Tag(tagging),
                vec![effect.into()],
                Harm::None,
            );
        }
    };
    let export = use_export(code, asking);
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
            {code.map(|_| view! { <Button on_click=move || export.run(())>"Export selected"</Button> })}
            {deletion.map(|_| view! {
                <Button disabled=permit.denied reason=permit.reason on_click=delete>"Delete selected"</Button>
            })}
            <Button kind=ButtonKind::Quiet on_click=move || selected.set(HashSet::new())>"Clear selection"</Button>
        }
    };
    view! {
        <div class="bulk" class:on=some>{move || some().then(bar)}</div>
        <BulkDialog job=asking.job changed />
    }
    .into_any()
}

/// Asks before something is done to what is selected.
#[derive(Clone, Copy)]
struct Asking {
    job: RwSignal<Option<Job>>,
    one: &'static str,
    many: &'static str,
    rows: ListRows,
    selected: RwSignal<HashSet<String>>,
}

impl Asking {
    fn items(self) -> Vec<(String, String)> {
        let mut all = self.rows.names(self.selected.get_untracked());
        all.sort_by(|a, b| natural(&a.1, &b.1));
        all
    }

    /// How many of those selected are not in the list as it is shown.
    fn unseen(self) -> usize {
        let (rows, selected) = (self.rows.shown, self.selected);
        rows.with(|rows| selected.with(|all| all.len().saturating_sub(seen(rows, all))))
    }

    fn ask(
        self,
        verb: &'static str,
        done: &'static str,
        work: Work,
        effects: Vec<String>,
        harm: Harm,
    ) {
        let unseen = untrack(|| self.unseen());
        let not_shown = (unseen > 0).then(|| hint(unseen));
        self.job.set(Some(Job {
            verb,
            done,
            one: self.one,
            many: self.many,
            items: self.items(),
            work,
            effects: not_shown.into_iter().chain(effects).collect(),
            harm,
        }));
    }

    fn act(self, action: &'static BulkAction) {
        let request = action.request;
        let work = Work::Send(Arc::new(move |key: String| request(&key)));
        let effects = vec![action.effect.into()];
        let harm = match action.halts {
            true => Harm::Halts,
            false => Harm::None,
        };
        self.ask(action.verb, action.done, work, effects, harm);
    }

    fn delete(self, deletion: Deletion, me: Option<String>) {
        let work = Work::Send(Arc::new(move |key: String| Ok(deletion.request.of(&key))));
        let effects = effects(deletion, me, &self.items());
        self.ask("Delete", "deleted", work, effects, Harm::Deletes);
    }
}

/// Saves what is selected as a file of code.
fn use_export(code: Option<Lazy<(), Code>>, asking: Asking) -> Callback<()> {
    let (can, endpoint, toasts) = (use_capabilities(), use_endpoint(), use_toasts());
    let (one, many) = (asking.one, asking.many);
    Callback::new(move |()| {
        let (Some(code), Some(endpoint)) = (code, endpoint.get_untracked()) else {
            return;
        };
        let asked = Export {
            endpoint,
            code,
            items: asking.items(),
            can: can.get_untracked(),
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
    })
}

/// Rows that are selected.
fn seen(rows: &Rows, selected: &HashSet<String>) -> usize {
    rows.iter()
        .filter(|row| selected.contains(&row.key))
        .count()
}

fn hint(unseen: usize) -> String {
    let items = plural(unseen as u64, "selected item is", "selected items are");
    format!("{items} hidden by the filters.")
}

fn effects(deletion: Deletion, me: Option<String>, items: &[(String, String)]) -> Vec<String> {
    let own = me.is_some_and(|me| items.iter().any(|(_, name)| *name == me));
    let oneself = deletion.of_oneself.filter(|_| own).map(String::from);
    oneself
        .into_iter()
        .chain([deletion.loss.to_string()])
        .collect()
}
