//! Templates: what a line of a stream looks like. Version 3 shows those that everyone has; version 4
//! also has one's own, which are created, changed and deleted.

pub mod draft;
pub mod shared;

use leptos::prelude::*;
use serde::Deserialize;
use weir_api::{
    azion::{
        self, Model as Text,
        template::{self, Template},
    },
    capability::Capability,
};

use crate::{
    connections::use_capabilities,
    kit::{self, Actions, Calls, Column, Names, Resource, ResourceSpec, Submit},
    ui::{Badge, Button, ChangeLink, CopyButton, Tab, Tone, table::Cell},
};

use draft::Draft;

pub struct Templates;

/// A template with its id as the key of its page.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(from = "Template")]
pub struct Model {
    key: String,
    template: Template,
}

impl From<Template> for Model {
    fn from(template: Template) -> Self {
        Self {
            key: template.id.to_string(),
            template,
        }
    }
}

impl Model {
    /// What Azion offers to everyone cannot be changed.
    fn is_own(&self) -> bool {
        self.template.custom == Some(true)
    }
}

const NAMES: Names = Names {
    segment: "templates",
    kind: "template",
    one: "template",
    many: "templates",
    title: "Templates",
    hint: "A template defines what is sent for each record.",
};

const COLUMNS: &[Column<Model>] = &[
    Column::text("name", "Name", 220, |it| it.template.name.clone()),
    Column::text("kind", "Kind", 90, |it| match it.is_own() {
        true => "custom".into(),
        false => "shared".into(),
    }),
    Column::text("source", "Data source", 150, |it| {
        let text = Text::parse(&it.template.template_model);
        shared::source(&text).title().into()
    }),
    Column::text("by", "Changed by", 160, |it| {
        it.template.last_editor.clone().unwrap_or_default()
    }),
    Column::time("changed", "Changed", 100, |it| {
        it.template.last_modified.clone().unwrap_or_default()
    }),
    Column::number("id", "ID", 70, |it| {
        Cell::Number(it.template.id as f64, it.key.clone())
    }),
];

impl Resource for Templates {
    type Model = Model;
    type Draft = Draft;

    const SPEC: ResourceSpec<Model, Draft> = ResourceSpec {
        loss: Some("Dependent data streamings can no longer render records."),
        read: azion::one,
        read_list: azion::many,
        more: azion::part,
        name: Some(|model| &model.template.name),
        search: |model| model.template.template_model.clone(),
        edit: Some("Edit"),
        draft: |model| Draft::of(&model.template),
        fields: |draft, _| draft::sections(draft),
        submit: Submit::One(|draft, edited, _| {
            draft.request(match edited {
                kit::Edited::New => None,
                kit::Edited::Existing(model) => Some(&model.key),
            })
        }),
        pending: azion::pending,
        facts: |model| {
            let kind = Signal::derive(move || {
                let own = model.with(Model::is_own);
                if own {
                    "custom".to_string()
                } else {
                    "shared".to_string()
                }
            });
            let inactive = move || {
                let inactive = model.with(|model| model.template.active == Some(false));
                inactive.then(|| view! { <Badge tone=Tone::Warn text=Signal::stored("inactive".to_string()) /> })
            };
            view! { <Badge text=kind /> {inactive} }.into_any()
        },
        actions: Actions::Own(|connection, model, _, delete| {
            let href = {
                let connection = connection.to_string();
                move || {
                    let key = model.with(|model| model.key.clone());
                    crate::paths::edit_item(&connection, NAMES.segment, &key)
                }
            };
            let own = Memo::new(move |_| model.with(Model::is_own));
            (move || {
                own.get().then(|| {
                    view! {
                        <ChangeLink href=href() text="Edit" />
                        <Button on_click=delete>"Delete"</Button>
                    }
                })
            })
            .into_any()
        }),
        tabs: |_, model| vec![Tab::new("template", "Template", move || text(model))],
        ..ResourceSpec::new(
            NAMES,
            Calls::Own {
                list: template::list,
                get: |key| template::get_named(key),
                delete: Some(azion::v4::template::delete),
            },
            |model| &model.key,
            COLUMNS,
        )
    };
}

/// Version 3 has nothing to create, change or delete.
pub fn list_page() -> AnyView {
    let own = use_capabilities();
    let own = Memo::new(move |_| own.get().has(Capability::AzionParts));
    (move || match own.get() {
        true => kit::list_page::<Templates>(),
        false => shared::page(),
    })
    .into_any()
}

fn text(model: Signal<Model>) -> AnyView {
    let text = Memo::new(move |_| model.with(|model| model.template.template_model.clone()));
    let line = move || {
        let text = Text::parse(&text.get());
        text.preview(shared::source(&text))
    };
    view! {
        <div class="configuration">
            {move || view! { <CopyButton text=text.get() label="Copy template" /> }}
            <pre class="sql-text" tabindex="0">{text}</pre>
            <h2>"Example line"</h2>
            <pre class="sql-text" tabindex="0">{line}</pre>
        </div>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_versions_have_templates() {
        let body =
            br#"{"data":{"id":1000,"name":"mine","data_set":"$time","custom":true,"active":true}}"#;
        let mine = (Templates::SPEC.read)(body).expect("a template");
        assert_eq!((mine.key.as_str(), mine.is_own()), ("1000", true));
        let body = br#"{"results":{"id":2,"name":"all","template_model":"$status"}}"#;
        let shared = (Templates::SPEC.read)(body).expect("a template");
        assert!(!shared.is_own());
        assert_eq!(shared.template.template_model, "$status");
        // One odd template hides none.
        let body = br#"{"results":[{"id":"3","name":null,"data_set":7},{"id":4,"name":"b","data_set":"$a","custom":null}]}"#;
        let all = (Templates::SPEC.read_list)(body).expect("templates");
        assert_eq!(all.len(), 2);
        assert_eq!(all[1].template.name, "b");
    }
}
