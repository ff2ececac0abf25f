//! Folders inside a group. The vendor has no operation to change or delete one.

use leptos::prelude::*;
use serde::Deserialize;
use weir_api::{
    ApiRequest, FieldError,
    capability::Capabilities,
    dataworks::{
        Paging,
        answer::part,
        folder::{self, Create, Folder},
    },
};

use super::{
    moment,
    pick::{self, PickField},
};
use crate::{
    kit::{
        Calls, Column, Edited, FieldGroup, Names, Resource, ResourceSpec, Submit, UsedBy, needed,
    },
    ui::{
        Tab, Time,
        field::{Bound, TextField},
        table::Cell,
    },
};

pub struct ApiFolders;

/// A folder, and its number as text.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(from = "Folder")]
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

const NAMES: Names = Names {
    segment: "api-folders",
    kind: "api-folder",
    one: "API folder",
    many: "API folders",
    title: "API folders",
    hint: "Folders organize the APIs of a group.",
};

const COLUMNS: &[Column<Model>] = &[
    Column::text("name", "Name", 180, |it| it.folder.folder_name.clone()),
    Column::number("id", "Id", 90, |it| {
        Cell::Number(it.folder.folder_id as f64, it.key.clone())
    }),
    Column::mono("group", "Group", 130, |it| it.folder.group_id.clone()),
    Column::text("parent", "Parent folder", 130, |it| inside(&it.folder)),
    Column::time("created", "Created", 96, |it| {
        moment(&it.folder.created_time)
    }),
];

impl Resource for ApiFolders {
    type Model = Model;
    type Draft = Draft;

    const SPEC: ResourceSpec<Model, Draft> = ResourceSpec {
        read: |answer| folder::got(answer).map(Model::from),
        read_list: |answer| {
            let page = folder::listed(answer)?;
            Ok(page.items.into_iter().map(Model::from).collect())
        },
        more: |_, answer| part(folder::listed(answer), |next| folder::list("", "", next)),
        name: Some(|model| &model.folder.folder_name),
        name_field: "FolderName",
        draft: |_| Draft::default(),
        fields: |draft, _| vec![FieldGroup::new("", move || fields(draft))],
        submit: Submit::One(parse),
        made: Some(|_, answer| {
            folder::created(answer).map_or_else(|_| String::new(), |id| id.to_string())
        }),
        tabs: |_, model| vec![Tab::new("facts", "Details", move || facts(model))],
        ..ResourceSpec::new(
            NAMES,
            Calls::Own {
                list: || folder::list("", "", Paging::first()),
                get: |key| folder::get(key.parse().unwrap_or_default()),
                delete: None,
            },
            |model| &model.key,
            COLUMNS,
        )
    };
}

fn parse(
    draft: &Draft,
    _edited: &Edited<Model>,
    _can: Capabilities,
) -> Result<ApiRequest, Vec<FieldError>> {
    let errors = needed([
        ("GroupId", &draft.group, "Choose a group"),
        ("FolderName", &draft.name, "Enter a name"),
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

fn inside(folder: &Folder) -> String {
    match folder.parent_id {
        0 => "the group".into(),
        id => format!("folder {id}"),
    }
}

fn fields(draft: RwSignal<Draft>) -> AnyView {
    let group = Signal::derive(move || draft.with(|draft| draft.group.clone()));
    let (groups, folders) = (pick::groups(), pick::folders(group));
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
        <PickField label="Group" name="GroupId" required=true value=choose picked=groups none="Choose a group" />
        <PickField label="Parent folder" name="ParentId" value=Bound::part(draft, |d| &mut d.parent) picked=folders none="The group itself" />
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
            <div><dt>"Parent folder"</dt><dd>{inside(&folder)}</dd></div>
            <div><dt>"Created"</dt><dd><Time iso=moment(&folder.created_time) /></dd></div>
            <div><dt>"Changed"</dt><dd><Time iso=moment(&folder.modified_time) /></dd></div>
        }
    };
    let key = Signal::derive(move || model.with(|model| model.key.clone()));
    view! {
        <dl class="settings across" aria-label="Details">{rows}</dl>
        <p class="field-help">"DataWorks cannot change or delete folders."</p>
        <UsedBy one=NAMES.one key />
    }
    .into_any()
}
