//! What there is to choose from, as the server lists it.

use leptos::prelude::*;
use weir_api::{
    ApiError, ApiRequest,
    dataworks::{
        Paging,
        answer::{Page, part},
        api, folder, group, picker, repaged,
    },
    paging::More,
};

use super::Picked;
use crate::{
    kit::{Load, use_load, use_load_all},
    ui::field::Choice,
};

/// Everything of a list.
fn all<T: Clone + Send + Sync + 'static>(
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

/// Everything of a list of DataWorks.
macro_rules! paged {
    ($request:expr, $read:path) => {
        all(
            Signal::derive($request),
            |asked, body| part($read(body), |next| repaged(asked, next)),
            $read,
        )
    };
}

pub fn groups() -> Picked {
    let groups = paged!(|| group::list("", Paging::first()), group::listed);
    picked(groups, |group| {
        let label = format!("{} ({})", group.group_name, group.group_id);
        Choice::new(group.group_id.clone(), label)
    })
}

/// Folders of a group, each with the path to it.
pub fn folders(of: Signal<String>) -> Picked {
    let (folders, load) = paged!(|| folder::list("", "", Paging::first()), folder::listed);
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
    let sources = paged!(
        || picker::data_sources("", Paging::first()),
        picker::listed_data_sources
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
    let tables = paged!(
        move || picker::tables(&kind.get(), "", Paging::first()),
        picker::listed_tables
    );
    let picked = picked(tables, |table: &picker::Table| {
        Choice::new(table.table_name.clone(), table.database_name.clone())
    });
    (picked, tables.0.into())
}

/// Of a table by its guid.
pub fn columns(guid: String) -> Picked {
    let columns = paged!(
        move || picker::columns(&guid, Paging::first()),
        picker::listed_columns
    );
    picked(columns, |column: &picker::TableColumn| {
        let words = format!("{} {}", column.column_type, column.comment);
        Choice::new(column.column_name.clone(), words.trim())
    })
}

pub fn apis() -> Picked {
    let apis = paged!(
        || api::list(&api::Filter::default(), Paging::first()),
        api::listed
    );
    picked(apis, |api: &api::Api| {
        let label = format!("{} ({})", api.api_name, api.api_path);
        Choice::new(api.api_id.to_string(), label)
    })
}

pub fn projects() -> Picked {
    let projects = paged!(
        || picker::projects(Paging::first()),
        picker::listed_projects
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
    let (groups, load) = paged!(|| group::list("", Paging::first()), group::listed);
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
