//! Folders inside a group. The vendor has no operation to change or delete one.

use leptos::prelude::*;
use serde::Deserialize;
use weir_api::{
    ApiError, ApiRequest, FieldError,
    capability::Capabilities,
    dataworks::{
        Paging,
        folder::{self, Create, Folder},
    },
};

use super::{moment, pick};
use crate::{
    kit::{Edited, FieldGroup, ResourceSpec, needed},
    ui::{
        Tab, Time,
        field::{Bound, Select, TextField},
        table::{Cell, Column},
    },
};

pub struct ApiFolders;

/// A folder, and its number as text.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
pub struct Model {
    key: String,
    folder: Folder,
}

impl From<Folder> for Model {
    fn from(folder: Folder) -> Self {
        Self {
            key: folder.folder_id.to_string(),
            folder,
        }
    }
}

/// Everything as chosen.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Draft {
    pub name: String,
    pub group: String,
    pub parent: String,
}

impl ResourceSpec for ApiFolders {
    type Model = Model;
    type Draft = Draft;

    const SEGMENT: &'static str = "api-folders";
    const KIND: &'static str = "api-folder";
    const ONE: &'static str = "API folder";
    const MANY: &'static str = "API folders";
    const TITLE: &'static str = "API folders";
    const HINT: &'static str = "Folders order the APIs of a group.";
    const NAME_FIELD: &'static str = "FolderName";

    fn list() -> ApiRequest {
        folder::list("", "", Paging::first())
    }

    fn get(key: &str) -> ApiRequest {
        folder::get(key.parse().unwrap_or_default())
    }

    fn read(answer: &[u8]) -> Result<Model, ApiError> {
        folder::got(answer).map(Model::from)
    }

    fn more(answer: &[u8]) -> Option<ApiRequest> {
        let next = folder::listed(answer).ok()?.next()?;
        Some(folder::list("", "", next))
    }

    fn read_list(answer: &[u8]) -> Result<Vec<Model>, ApiError> {
        let page = folder::listed(answer)?;
        Ok(page.items.into_iter().map(Model::from).collect())
    }

    fn key(model: &Model) -> &str {
        &model.key
    }

    fn name(model: &Model) -> &str {
        &model.folder.folder_name
    }

    fn columns() -> Vec<Column> {
        vec![
            Column::text("name", "Name", 180),
            Column::number("id", "Id", 90),
            Column::text("group", "Group", 130),
            Column::text("parent", "Inside", 130),
            Column::text("created", "Created", 96),
        ]
    }

    fn cells(model: &Model) -> Vec<Cell> {
        let folder = &model.folder;
        vec![
            Cell::Text(folder.folder_name.clone()),
            Cell::Number(folder.folder_id as f64, model.key.clone()),
            Cell::Mono(folder.group_id.clone()),
            Cell::Text(inside(folder)),
            Cell::Time(moment(&folder.created_time)),
        ]
    }

    fn draft(_model: &Model) -> Draft {
        Draft::default()
    }

    fn sections(draft: RwSignal<Draft>, _edited: &Edited<Model>) -> Vec<FieldGroup> {
        vec![FieldGroup::new("", move || fields(draft))]
    }

    fn parse(
        draft: &Draft,
        _edited: &Edited<Model>,
        _can: Capabilities,
    ) -> Result<ApiRequest, Vec<FieldError>> {
        let errors = needed([
            ("GroupId", &draft.group, "A group is needed"),
            ("FolderName", &draft.name, "A name is needed"),
        ]);
        match errors.is_empty() {
            false => Err(errors),
            true => Ok(folder::create(&Create {
                name: draft.name.trim().into(),
                group: draft.group.clone(),
                parent: draft.parent.parse().unwrap_or_default(),
            })),
        }
    }

    fn made(_draft: &Draft, answer: &[u8]) -> String {
        folder::created(answer).map_or_else(|_| String::new(), |id| id.to_string())
    }

    fn tabs(_connection: &str, model: Signal<Model>) -> Vec<Tab> {
        vec![Tab::new("facts", "Facts", move || facts(model))]
    }
}

fn inside(folder: &Folder) -> String {
    match folder.parent_id {
        0 => "the group".into(),
        id => format!("folder {id}"),
    }
}

fn fields(draft: RwSignal<Draft>) -> AnyView {
    let group = Signal::derive(move || draft.with(|draft| draft.group.clone()));
    let parent = Signal::derive(move || draft.with(|draft| draft.parent.clone()));
    let groups = pick::with_chosen(pick::groups(), group, "Choose a group");
    let folders = pick::with_chosen(pick::folders(group), parent, "The group itself");
    // Folders of another group are no places for this one.
    let choose = Bound::new(
        move || group.get(),
        move |text| {
            draft.update(|draft| {
                draft.group = text;
                draft.parent.clear();
            });
        },
    );
    view! {
        <Select label="Group" name="GroupId" required=true value=choose choices=groups />
        <Select label="Inside" name="ParentId" value=Bound::part(draft, |d| &mut d.parent) choices=folders />
        <TextField label="Name" name="FolderName" required=true autofocus=true value=Bound::part(draft, |d| &mut d.name) />
    }
    .into_any()
}

fn facts(model: Signal<Model>) -> AnyView {
    let rows = move || {
        let folder = model.get().folder;
        view! {
            <div><dt>"Id"</dt><dd class="mono">{folder.folder_id}</dd></div>
            <div><dt>"Group"</dt><dd class="mono">{folder.group_id.clone()}</dd></div>
            <div><dt>"Inside"</dt><dd>{inside(&folder)}</dd></div>
            <div><dt>"Created"</dt><dd><Time iso=moment(&folder.created_time) /></dd></div>
            <div><dt>"Changed"</dt><dd><Time iso=moment(&folder.modified_time) /></dd></div>
        }
    };
    view! {
        <dl class="settings across" aria-label="Facts">{rows}</dl>
        <p class="field-help">"DataWorks has no operation to change or delete a folder."</p>
    }
    .into_any()
}
