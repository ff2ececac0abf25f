//! Users: who may sign in, and what each may do.

pub mod draft;
pub mod form;

use leptos::prelude::*;
use weir_api::{
    ApiRequest, FieldError,
    capability::Capabilities,
    timeplus::user::{self, User},
};

use super::roles;
use crate::{
    kit::{Deletion, Edited, FieldGroup, Load, ResourceSpec},
    paths,
    ui::{
        Badge, Button, ChangeLink, Tab,
        table::{Cell, Column, Deed},
    },
};
use draft::Draft;

pub struct Users;

impl ResourceSpec for Users {
    type Model = User;
    type Draft = Draft;

    const SEGMENT: &'static str = "users";
    const KIND: &'static str = "user";
    const ONE: &'static str = "user";
    const MANY: &'static str = "users";
    const TITLE: &'static str = "Users";
    const HINT: &'static str =
        "Users sign in with name and password; their role says what they may do.";
    const NAME_FIELD: &'static str = "username";
    const DELETION: Option<Deletion> = Some(Deletion {
        one: Self::ONE,
        many: Self::MANY,
        request: user::delete,
        loss: "Open sessions and API keys of this user end at once. What the user has made stays.",
    });

    fn list() -> ApiRequest {
        user::list()
    }

    fn get(key: &str) -> ApiRequest {
        user::get(key)
    }

    fn key(model: &User) -> &str {
        &model.username
    }

    fn columns() -> Vec<Column> {
        vec![
            Column::text("name", "Name", 200),
            Column::text("role", "Role", 140),
            Column::text("may", "May", 420).unsorted(),
        ]
    }

    fn cells(model: &User) -> Vec<Cell> {
        vec![
            Cell::Text(model.username.clone()),
            Cell::Text(model.role.clone()),
            Cell::Text(roles::summary(&model.role).into()),
        ]
    }

    fn deeds(connection: &str, key: &str) -> Vec<Deed> {
        vec![Self::edit_deed(connection, key)]
    }

    fn draft(model: &User) -> Draft {
        Draft::of(model)
    }

    fn sections(draft: RwSignal<Draft>, edited: &Edited<User>) -> Vec<FieldGroup> {
        match edited {
            Edited::New => form::create(draft),
            Edited::Existing(_) => form::edit(draft),
        }
    }

    fn parse(
        draft: &Draft,
        edited: &Edited<User>,
        _can: Capabilities,
    ) -> Result<ApiRequest, Vec<FieldError>> {
        draft.request(edited)
    }

    fn made(draft: &Draft, _answer: &[u8]) -> String {
        draft.username.trim().into()
    }

    fn facts(model: Signal<User>) -> AnyView {
        let role = Signal::derive(move || model.with(|user| user.role.clone()));
        view! { <Badge text=role /> }.into_any()
    }

    fn actions(
        connection: &str,
        model: Signal<User>,
        _load: Load,
        delete: Callback<()>,
    ) -> AnyView {
        let name = model.with_untracked(|user| user.username.clone());
        view! {
            <ChangeLink href=paths::edit_item(connection, Self::SEGMENT, &name) text="Edit" />
            <Button on_click=delete>"Delete"</Button>
        }
        .into_any()
    }

    fn tabs(_connection: &str, model: Signal<User>) -> Vec<Tab> {
        let may = move || {
            let may = model.with(|user| roles::summary(&user.role));
            view! { <p>{may}</p> }
        };
        vec![Tab::new("role", "Role", may)]
    }
}
