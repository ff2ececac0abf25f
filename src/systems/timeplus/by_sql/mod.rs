//! What servers of 3.x have behind SQL only, each kind with the same pages: a list of what the
//! server tells, one of them with all of it, and a statement that makes or changes one.

pub mod draft;
pub mod kinds;
pub mod shown;

use std::marker::PhantomData;

use leptos::prelude::*;
use weir_api::timeplus::by_sql::{self, Thing};

use crate::{
    kit::{
        Actions, BulkAction, Calls, Column, Edited, FieldGroup, Names, Resource, ResourceSpec,
        Submit,
    },
    ui::{
        EditorControl, Language, Tab,
        field::{Bound, Code, Field},
    },
};

use draft::Draft;

/// A kind of things: its statements and its words.
pub trait Kind: 'static {
    const SQL: by_sql::Kind;
    const NAMES: Names;
    /// What is lost with one; `None` where none can be dropped.
    const LOSS: Option<&'static str>;
    /// The word on the way to the statement that changes one.
    const EDIT: Option<&'static str>;
    /// What can be done to one besides.
    const VERBS: &'static [BulkAction] = &[];
}

/// The pages of a kind.
pub struct BySql<K>(PhantomData<K>);

const COLUMNS: &[Column<Thing>] = &[
    Column::text("name", "Name", 220, |it| it.key.clone()),
    Column::text("state", "State", 110, |it| {
        it.of(&["state", "status", "class"]).into()
    }),
    Column::text("details", "Details", 480, shown::details).unsorted(),
];

impl<K: Kind> Resource for BySql<K> {
    type Model = Thing;
    type Draft = Draft;

    const SPEC: ResourceSpec<Thing, Draft> = ResourceSpec {
        loss: K::LOSS,
        read: |body| K::SQL.one(body),
        read_list: |body| K::SQL.all(body),
        search: shown::words,
        bulk: K::VERBS,
        edit: K::EDIT,
        name_field: "sql",
        draft: |model| Draft::changing(&K::SQL, model),
        anew: Some(|model| Draft {
            sql: Some(model.statement().into()),
        }),
        list_is_whole: false,
        fields: fields::<K>,
        submit: Submit::One(|draft, edited, _| draft.request(&K::SQL, edited)),
        made: Some(|draft, _| draft.made(&K::SQL)),
        actions: Actions::With(|_, _, load| shown::actions(K::VERBS, K::NAMES.one, load)),
        tabs: |_, model| {
            vec![
                Tab::new("facts", "Details", move || shown::facts(model)),
                Tab::new("sql", "SQL", move || shown::statement(model)),
            ]
        },
        ..ResourceSpec::new(
            K::NAMES,
            Calls::Own {
                list: || K::SQL.list(),
                get: |key| K::SQL.get(key),
                delete: Some(|key| K::SQL.delete(key)),
            },
            |model| &model.key,
            COLUMNS,
        )
    };
}

fn fields<K: Kind>(draft: RwSignal<Draft>, _: &Edited<Thing>) -> Vec<FieldGroup> {
    let help = format!(
        "One statement that begins with {}. The server validates it.",
        K::SQL.begins.join(" or ")
    );
    vec![FieldGroup::new("", move || {
        let value = Bound::new(
            move || draft.with(|draft| draft.sql.clone().unwrap_or_else(|| K::SQL.create.into())),
            move |typed| draft.update(|draft| draft.sql = Some(typed)),
        );
        view! {
            <Field label="SQL" name="sql" help=help.clone()>
                <Code value control=EditorControl::new() class="code-field" label="SQL" language=Language::Sql />
            </Field>
        }
        .into_any()
    })]
}
