//! What fields offer to choose from.

use leptos::prelude::*;
use weir_api::{
    ApiError, ApiRequest,
    dataworks::{
        Paging,
        answer::{Page, part},
        api,
        codes::{self, Codes},
        folder, group, picker, repaged,
    },
    paging::More,
};

use crate::{
    errors,
    kit::{Load, notice::incomplete, use_load, use_load_all},
    ui::{
        field::{Bound, Choice, Select, TextField},
        unique,
    },
};

/// What there is to choose, as far as it could be loaded.
#[derive(Clone, Copy)]
pub struct Picked {
    pub choices: Signal<Vec<Choice>>,
    load: Load,
}

impl Picked {
    /// Why not everything is there to choose.
    fn failed(self) -> Option<String> {
        if let Some(error) = self.load.error.get() {
            return Some(errors::words(&error).sentence());
        }
        let stopped = self.load.stopped.get();
        stopped.map(|stopped| incomplete(&stopped, "entries"))
    }
}

/// Everything of a list.
pub fn all<T: Clone + Send + Sync + 'static>(
    request: Signal<ApiRequest>,
    more: More,
    read: fn(&[u8]) -> Result<Page<T>, ApiError>,
) -> (RwSignal<Vec<T>>, Load) {
    let all = RwSignal::new(Vec::new());
    let accept = Callback::new(move |parts: Vec<Vec<u8>>| {
        all.set(items(&parts, read)?);
        Ok(())
    });
    let load = use_load_all(request, more, None, accept);
    (all, load)
}

fn picked<T: Clone + Send + Sync + 'static>(
    (all, load): (RwSignal<Vec<T>>, Load),
    choice: fn(&T) -> Choice,
) -> Picked {
    Picked {
        choices: Signal::derive(move || all.with(|all| all.iter().map(choice).collect())),
        load,
    }
}

/// Of all parts of an answer.
pub fn items<T>(
    parts: &[Vec<u8>],
    read: fn(&[u8]) -> Result<Page<T>, ApiError>,
) -> Result<Vec<T>, ApiError> {
    let pages = parts.iter().map(|part| read(part));
    let pages: Vec<Page<T>> = pages.collect::<Result<_, _>>()?;
    Ok(pages.into_iter().flat_map(|page| page.items).collect())
}

pub fn groups() -> Picked {
    let groups = all(
        Signal::derive(|| group::list("", Paging::first())),
        |asked, body| part(group::listed(body), |next| repaged(asked, next)),
        group::listed,
    );
    picked(groups, |group| {
        let label = format!("{} ({})", group.group_name, group.group_id);
        Choice::new(group.group_id.clone(), label)
    })
}

/// Folders of a group, each with the path to it.
pub fn folders(of: Signal<String>) -> Picked {
    let (folders, load) = all(
        Signal::derive(|| folder::list("", "", Paging::first())),
        |asked, body| part(folder::listed(body), |next| repaged(asked, next)),
        folder::listed,
    );
    let choices = move || {
        let group = of.get();
        folders.with(|all| {
            let inside = all.iter().filter(|folder| folder.group_id == group);
            let choice = |folder| Choice::new(folder_id(folder), path(all, folder));
            inside.map(choice).collect()
        })
    };
    Picked {
        choices: Signal::derive(choices),
        load,
    }
}

fn folder_id(folder: &folder::Folder) -> String {
    folder.folder_id.to_string()
}

/// The second is the kind of each by its id.
pub fn data_sources() -> (Picked, Signal<Vec<picker::DataSource>>) {
    let sources = all(
        Signal::derive(|| picker::data_sources("", Paging::first())),
        |asked, body| {
            part(picker::listed_data_sources(body), |next| {
                repaged(asked, next)
            })
        },
        picker::listed_data_sources,
    );
    let picked = picked(sources, |source: &picker::DataSource| {
        let label = match source.env_type {
            0 => format!("{} ({}, development)", source.name, source.data_source_type),
            _ => format!("{} ({})", source.name, source.data_source_type),
        };
        Choice::new(source.id.to_string(), label)
    });
    (picked, sources.0.into())
}

/// Of data sources of a kind. The second is the guid of each.
pub fn tables(kind: Signal<String>) -> (Picked, Signal<Vec<picker::Table>>) {
    let tables = all(
        Signal::derive(move || picker::tables(&kind.get(), "", Paging::first())),
        |asked, body| part(picker::listed_tables(body), |next| repaged(asked, next)),
        picker::listed_tables,
    );
    let picked = picked(tables, |table: &picker::Table| {
        Choice::new(table.table_name.clone(), table.database_name.clone())
    });
    (picked, tables.0.into())
}

/// Of a table by its guid.
pub fn columns(guid: String) -> Picked {
    let columns = all(
        Signal::derive(move || picker::columns(&guid, Paging::first())),
        |asked, body| part(picker::listed_columns(body), |next| repaged(asked, next)),
        picker::listed_columns,
    );
    picked(columns, |column: &picker::TableColumn| {
        let words = format!("{} {}", column.column_type, column.comment);
        Choice::new(column.column_name.clone(), words.trim())
    })
}

pub fn apis() -> Picked {
    let apis = all(
        Signal::derive(|| api::list(&api::Filter::default(), Paging::first())),
        |asked, body| part(api::listed(body), |next| repaged(asked, next)),
        api::listed,
    );
    picked(apis, |api: &api::Api| {
        let label = format!("{} ({})", api.api_name, api.api_path);
        Choice::new(api.api_id.to_string(), label)
    })
}

pub fn projects() -> Picked {
    let projects = all(
        Signal::derive(|| picker::projects(Paging::first())),
        |asked, body| part(picker::listed_projects(body), |next| repaged(asked, next)),
        picker::listed_projects,
    );
    picked(projects, |project: &picker::Project| {
        Choice::new(project.project_id.to_string(), project.project_name.clone())
    })
}

pub fn resource_groups() -> Picked {
    let groups = RwSignal::new(Vec::<picker::ResourceGroup>::new());
    let accept = Callback::new(move |body: Vec<u8>| {
        groups.set(picker::listed_resource_groups(&body)?);
        Ok(())
    });
    let load = use_load(Signal::derive(picker::resource_groups), None, accept);
    picked((groups, load), |group: &picker::ResourceGroup| {
        Choice::new(group.id.to_string(), group.name.clone())
    })
}

/// API Gateway groups that other groups use already: DataWorks has no list of all.
pub fn gateway_groups() -> Picked {
    let (groups, load) = all(
        Signal::derive(|| group::list("", Paging::first())),
        |asked, body| part(group::listed(body), |next| repaged(asked, next)),
        group::listed,
    );
    let choices = move || {
        let mut known: Vec<Choice> = Vec::new();
        groups.with(|groups| {
            for group in groups {
                let id = &group.api_gateway_group_id;
                if !id.is_empty() && known.iter().all(|choice| choice.value != *id) {
                    known.push(Choice::new(id, format!("of {}", group.group_name)));
                }
            }
        });
        known
    };
    Picked {
        choices: Signal::derive(choices),
        load,
    }
}

/// In place of a value: it is typed.
const TYPED: &str = "\u{0}";

/// A choice among what there is. Where the list cannot be had, and whenever somebody wants to, it is
/// typed.
#[component]
pub fn PickField(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    value: Bound,
    picked: Picked,
    /// What stands there while nothing is chosen.
    none: &'static str,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let typing = RwSignal::new(false);
    let chosen = value.get;
    let choices = with_chosen(picked.choices, chosen, none);
    let choices = Signal::derive(move || {
        let mut all = choices.get();
        all.push(Choice::new(TYPED, "Type it…"));
        all
    });
    let choose = Bound::new(
        move || chosen.get(),
        move |text: String| match text.as_str() {
            TYPED => typing.set(true),
            _ => value.set.run(text),
        },
    );
    let failed = Memo::new(move |_| picked.failed());
    (move || {
        let (label, name) = (label.clone(), name.clone());
        match (failed.get(), typing.get()) {
            (None, false) => {
                view! { <Select label name required value=choose choices /> }.into_any()
            }
            (failed, _) => {
                let help = match failed {
                    Some(why) => format!("Type the id: the list cannot be shown. {why}"),
                    None => "Type the id.".to_string(),
                };
                view! { <SuggestField label name value picked help required /> }.into_any()
            }
        }
    })
    .into_any()
}

/// Text with what there is as suggestions.
#[component]
pub fn SuggestField(
    #[prop(into)] label: String,
    #[prop(into)] name: String,
    value: Bound,
    picked: Picked,
    #[prop(optional, into)] help: String,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    let list = unique("choices");
    view! {
        <TextField label name value help required mono=true list=list.clone() />
        <Suggestions id=list picked />
    }
    .into_any()
}

/// What a text field suggests, by the list's id, and why there is nothing.
#[component]
pub fn Suggestions(id: String, picked: Picked) -> impl IntoView {
    let options = move || {
        let choices = picked.choices.get().into_iter();
        choices
            .map(|choice| view! { <option value=choice.value>{choice.label}</option> })
            .collect_view()
    };
    let failed = Memo::new(move |_| picked.failed());
    view! {
        <datalist id=id>{options}</datalist>
        {move || failed.get().map(|why| view! {
            <p class="field-help" role="status">{format!("No suggestions. {why}")}</p>
        })}
    }
    .into_any()
}

fn path(all: &[folder::Folder], folder: &folder::Folder) -> String {
    let mut names = vec![folder.folder_name.as_str()];
    let mut parent = folder.parent_id;
    // A ring of folders would have no end.
    while let Some(above) = all.iter().find(|one| one.folder_id == parent) {
        names.push(&above.folder_name);
        parent = above.parent_id;
        if names.len() > all.len() {
            break;
        }
    }
    names.reverse();
    names.join(" / ")
}

/// The chosen value stays among the choices, also when the server does not know it (any more).
pub fn with_chosen(
    choices: Signal<Vec<Choice>>,
    chosen: Signal<String>,
    none: &'static str,
) -> Signal<Vec<Choice>> {
    Signal::derive(move || {
        let chosen = chosen.get();
        let mut all = vec![Choice::new("", none)];
        all.extend(choices.get());
        if all.iter().all(|choice| choice.value != chosen) {
            all.push(Choice::new(chosen.clone(), chosen));
        }
        all
    })
}

/// Some of the numbers, with their words.
pub fn coded(codes: Codes, possible: &[i32]) -> Vec<Choice> {
    let choice = |code: &i32| Choice::new(code.to_string(), codes::word(codes, *code));
    possible.iter().map(choice).collect()
}

pub fn all_coded(codes: Codes) -> Vec<Choice> {
    codes
        .iter()
        .map(|(code, word)| Choice::new(code.to_string(), *word))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_one_list() {
        let part = r#"{"GroupPagingResult":{"Groups":[{"GroupId":"a"}],"PageNumber":1}}"#;
        let parts = [part.as_bytes().to_vec(), part.as_bytes().to_vec()];
        let groups = items(&parts, group::listed).expect("groups");
        assert_eq!(groups.len(), 2);
    }

    #[test]
    fn folders_are_told_with_their_path() {
        let folder = |id, parent, name: &str| folder::Folder {
            folder_id: id,
            parent_id: parent,
            folder_name: name.into(),
            ..folder::Folder::default()
        };
        let all = [folder(1, 0, "a"), folder(2, 1, "b"), folder(3, 3, "ring")];
        assert_eq!(path(&all, &all[1]), "a / b");
        assert!(path(&all, &all[2]).ends_with("ring"));
    }
}
