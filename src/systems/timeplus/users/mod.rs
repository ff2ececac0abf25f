//! Users: who may sign in, and what each may do.

pub mod draft;
pub mod form;

use leptos::prelude::*;
use weir_api::timeplus::user::{self, User};

use super::roles;
use crate::{
    kit::{Calls, Column, Edited, Names, Resource, ResourceSpec, Submit},
    ui::{Badge, Tab, field::SecretValue},
};

use draft::Draft;

pub struct Users;

const NAMES: Names = Names {
    segment: "users",
    kind: "user",
    one: "user",
    many: "users",
    title: "Users",
    hint: "Users sign in with name and password; their role defines their permissions.",
};

const COLUMNS: &[Column<User>] = &[
    Column::text("name", "Name", 200, |it| it.username.clone()),
    Column::text("role", "Role", 140, |it| it.role.clone()),
    Column::text("may", "Permissions", 420, |it: &User| {
        roles::summary(&it.role).into()
    })
    .unsorted(),
];

impl Resource for Users {
    type Model = User;
    type Draft = Draft;

    const SPEC: ResourceSpec<User, Draft> = ResourceSpec {
        loss: Some(
            "Sessions and API keys of this user end immediately. Resources created by the user are kept.",
        ),
        of_oneself: Some(
            "You are signed in as this user: you are signed out immediately and cannot sign in again.",
        ),
        edit: Some("Edit"),
        name_field: "username",
        draft: Draft::of,
        anew: Some(|model| Draft {
            password: SecretValue::Replace(weir_code::WITHHELD.into()),
            ..Draft::of(model)
        }),
        fields: |draft, edited| match edited {
            Edited::New => form::create(draft),
            Edited::Existing(_) => form::edit(draft),
        },
        submit: Submit::One(|draft, edited, _| draft.request(edited)),
        made: Some(|draft, _| draft.username.trim().into()),
        facts: |model| {
            let role = Signal::derive(move || model.with(|user| user.role.clone()));
            view! { <Badge text=role /> }.into_any()
        },
        tabs: |_, model| {
            let may = move || {
                let may = model.with(|user| roles::summary(&user.role));
                view! { <p>{may}</p> }
            };
            vec![Tab::new("role", "Role", may)]
        },
        ..ResourceSpec::new(
            NAMES,
            Calls::Rest(user::CRUD),
            |model| &model.username,
            COLUMNS,
        )
    };
}
