//! What fields offer to choose from.

use leptos::prelude::*;
use weir_api::{
    ApiError, ApiRequest,
    dataworks::{
        Paging,
        answer::Page,
        codes::{self, Codes},
        folder, group, picker,
    },
};

use crate::{
    kit::{More, use_load_all},
    ui::field::Choice,
};

/// Everything of a list.
pub fn all<T: Clone + Send + Sync + 'static>(
    request: fn() -> ApiRequest,
    more: More,
    read: fn(&[u8]) -> Result<Page<T>, ApiError>,
) -> RwSignal<Vec<T>> {
    let all = RwSignal::new(Vec::new());
    let accept = Callback::new(move |parts: Vec<Vec<u8>>| {
        all.set(items(&parts, read)?);
        Ok(())
    });
    use_load_all(Signal::derive(request), more, None, accept);
    all
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

pub fn groups() -> Signal<Vec<Choice>> {
    let groups = all(
        || group::list("", Paging::first()),
        |body| Some(group::list("", group::listed(body).ok()?.next()?)),
        group::listed,
    );
    let choice = |group: &group::Group| {
        let label = format!("{} ({})", group.group_name, group.group_id);
        Choice::new(group.group_id.clone(), label)
    };
    Signal::derive(move || groups.with(|groups| groups.iter().map(choice).collect()))
}

/// Folders of a group, each with the path to it.
pub fn folders(of: Signal<String>) -> Signal<Vec<Choice>> {
    let folders = all(
        || folder::list("", "", Paging::first()),
        |body| Some(folder::list("", "", folder::listed(body).ok()?.next()?)),
        folder::listed,
    );
    Signal::derive(move || {
        let group = of.get();
        folders.with(|all| {
            let inside = all.iter().filter(|folder| folder.group_id == group);
            let choice = |folder| Choice::new(folder_id(folder), path(all, folder));
            inside.map(choice).collect()
        })
    })
}

fn folder_id(folder: &folder::Folder) -> String {
    folder.folder_id.to_string()
}

pub fn data_sources() -> Signal<Vec<Choice>> {
    let sources = all(
        || picker::data_sources("", Paging::first()),
        |body| {
            let next = picker::listed_data_sources(body).ok()?.next()?;
            Some(picker::data_sources("", next))
        },
        picker::listed_data_sources,
    );
    let choice = |source: &picker::DataSource| {
        let label = match source.env_type {
            0 => format!("{} ({}, development)", source.name, source.data_source_type),
            _ => format!("{} ({})", source.name, source.data_source_type),
        };
        Choice::new(source.id.to_string(), label)
    };
    Signal::derive(move || sources.with(|sources| sources.iter().map(choice).collect()))
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
