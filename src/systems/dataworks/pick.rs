//! What fields offer to choose from.

use leptos::prelude::*;
use weir_api::{
    ApiError, ApiRequest,
    dataworks::{
        Paging,
        codes::{self, Codes},
        folder, group, picker,
    },
};

use crate::{kit::use_load, ui::field::Choice};

pub type Choices = RwSignal<Vec<Choice>>;

fn choices(
    request: Signal<ApiRequest>,
    read: fn(&[u8]) -> Result<Vec<Choice>, ApiError>,
) -> Choices {
    let all = RwSignal::new(Vec::new());
    let accept = Callback::new(move |body: Vec<u8>| {
        all.set(read(&body)?);
        Ok(())
    });
    use_load(request, None, accept);
    all
}

pub fn groups() -> Choices {
    choices(
        Signal::derive(|| group::list("", Paging::first())),
        |body| {
            let page = group::listed(body)?;
            let choice = |group: group::Group| {
                let label = format!("{} ({})", group.group_name, group.group_id);
                Choice::new(group.group_id, label)
            };
            Ok(page.items.into_iter().map(choice).collect())
        },
    )
}

/// Folders of a group, each with the path to it.
pub fn folders(of: Signal<String>) -> Choices {
    let request = move || folder::list(&of.get(), "", Paging::first());
    choices(Signal::derive(request), |body| {
        let page = folder::listed(body)?;
        let choice = |folder: &folder::Folder| {
            Choice::new(folder.folder_id.to_string(), path(&page.items, folder))
        };
        Ok(page.items.iter().map(choice).collect())
    })
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

pub fn data_sources() -> Choices {
    let request = || picker::data_sources("", Paging::first());
    choices(Signal::derive(request), |body| {
        let page = picker::listed_data_sources(body)?;
        let choice = |source: picker::DataSource| {
            let label = match source.env_type {
                0 => format!("{} ({}, development)", source.name, source.data_source_type),
                _ => format!("{} ({})", source.name, source.data_source_type),
            };
            Choice::new(source.id.to_string(), label)
        };
        Ok(page.items.into_iter().map(choice).collect())
    })
}

/// The chosen value stays among the choices, also when the server does not know it (any more).
pub fn with_chosen(
    choices: Choices,
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
