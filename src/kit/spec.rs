//! What a resource has to say of itself; [`super::pages`] makes its pages of it.

use leptos::prelude::*;
use serde::de::DeserializeOwned;
use weir_api::{
    ApiError, ApiRequest, FieldError,
    capability::Capabilities,
    crud::Crud,
    json_response, list_response,
    paging::{self, More},
};

use super::{
    BulkAction, Column, Delete, Deletion, FieldGroup, Figured, Load, bulk::Tagging, cells,
};
use crate::ui::{
    Tab,
    table::{Cell, RowAction, Sort},
};

/// What a form is for.
#[derive(Clone)]
pub enum Edited<M> {
    New,
    /// What the server has.
    Existing(M),
}

impl<M> Edited<M> {
    pub fn is_new(&self) -> bool {
        matches!(self, Self::New)
    }
}

/// A kind of resource.
pub trait Resource: 'static {
    /// One resource as the server sends it.
    type Model: DeserializeOwned + Clone + Default + PartialEq + Send + Sync + 'static;
    /// What the form edits: text as typed.
    type Draft: Clone + Default + PartialEq + Send + Sync + 'static;

    const SPEC: ResourceSpec<Self::Model, Self::Draft>;
}

/// What a resource is called, on the screen and in addresses.
#[derive(Clone, Copy)]
pub struct Names {
    /// Of the list's address: `/c/{connection}/{segment}`.
    pub segment: &'static str,
    /// Of the create page's address: `/c/{connection}/new/{kind}`; words joined by `-`.
    pub kind: &'static str,
    pub one: &'static str,
    pub many: &'static str,
    pub title: &'static str,
    /// What these resources are for, one sentence.
    pub hint: &'static str,
}

/// Calls that list, get and delete.
#[derive(Clone, Copy)]
pub enum Calls {
    Rest(Crud),
    Own {
        list: fn() -> ApiRequest,
        get: fn(&str) -> ApiRequest,
        delete: Option<fn(&str) -> ApiRequest>,
    },
}

impl Calls {
    pub fn list(self) -> ApiRequest {
        match self {
            Self::Rest(crud) => crud.list(),
            Self::Own { list, .. } => list(),
        }
    }

    pub fn get(self, key: &str) -> ApiRequest {
        match self {
            Self::Rest(crud) => crud.get(key),
            Self::Own { get, .. } => get(key),
        }
    }

    fn delete(self) -> Option<Delete> {
        match self {
            Self::Rest(crud) => Some(Delete::Rest(crud)),
            Self::Own { delete, .. } => delete.map(Delete::Own),
        }
    }
}

/// Checks the draft and says what to send to a server that can this; the errors' paths are those
/// of the fields.
#[derive(Clone, Copy)]
pub enum Submit<M, D> {
    One(Parse<M, D, ApiRequest>),
    /// Sent one after the other. What was sent stays where a later request is refused, so each
    /// must be harmless when repeated.
    All(Parse<M, D, Vec<ApiRequest>>),
}

/// From an answer to the resources that are in it.
pub type ReadList<M> = fn(&[u8]) -> Result<Vec<M>, ApiError>;

/// From a resource to names that it holds.
pub type NamesOf<M> = fn(&M) -> Vec<String>;

/// From a draft to what is sent, or to what is wrong with it.
pub type Parse<M, D, R> = fn(&D, &Edited<M>, Capabilities) -> Result<R, Vec<FieldError>>;

/// From what one shall be and what it is to what is sent.
pub type Overwrite<M> = fn(&M, &M) -> Result<ApiRequest, Vec<FieldError>>;

/// Buttons in the head of a page of the connection.
#[derive(Clone, Copy)]
pub enum Actions<M: Send + Sync + 'static> {
    /// To the form and to delete, where the resource has these.
    Usual,
    /// Others before these.
    With(fn(&str, Signal<M>, Load) -> AnyView),
    /// Nothing else; the callback deletes.
    Own(fn(&str, Signal<M>, Load, Callback<()>) -> AnyView),
}

/// The description of a resource whose model is `M` and whose form edits a `D`.
#[derive(Clone, Copy)]
pub struct ResourceSpec<M: Send + Sync + 'static, D: Send + Sync + 'static> {
    pub names: Names,
    pub calls: Calls,
    /// What is lost with a deleted one, a sentence; `None` where nothing can be deleted.
    pub loss: Option<&'static str>,
    /// See [`Deletion::of_oneself`].
    pub of_oneself: Option<&'static str>,

    /// The answer to getting one and to what the form sends; some systems wrap the resource.
    pub read: fn(&[u8]) -> Result<M, ApiError>,
    /// The answer to listing them, or a part of it.
    pub read_list: ReadList<M>,
    /// What to ask for after an answer that is only a part of the list.
    pub more: More,

    pub key: fn(&M) -> &str,
    /// What to call it in messages and titles; `None` where that is the key.
    pub name: Option<fn(&M) -> &str>,
    /// In words; `None` where a column has it.
    pub state: Option<fn(&M) -> String>,
    pub columns: &'static [Column<M>],
    pub sort: Sort,
    pub figures: Option<Figured>,
    /// What a search finds besides the cells' words.
    pub search: fn(&M) -> String,
    /// Names of its columns, where it has such.
    pub column_names: Option<NamesOf<M>>,
    /// What can be done with a row of the connection, besides editing and deleting.
    pub row_actions: fn(&str, &str) -> Vec<RowAction>,
    /// What can be done to many of them, besides deleting.
    pub bulk: &'static [BulkAction],
    /// Where they have tags.
    pub tagging: Option<Tagging>,
    /// The word on the way to the form.
    pub edit: Option<&'static str>,

    /// The field that holds the name.
    pub name_field: &'static str,
    /// The field that is sent step by step before the last request; empty where none is.
    pub steps_field: &'static str,
    pub draft: fn(&M) -> D,
    /// What the form would hold to make one like it anew, with [`weir_code::WITHHELD`] in the place
    /// of secrets; `None` where that is the draft.
    pub anew: Option<fn(&M) -> D>,
    /// The server lists it here and it is one of another kind, where it has its list and its code.
    pub elsewhere: fn(&M) -> bool,
    /// Makes the second like the first, where the form changes less.
    pub overwrite: Option<Overwrite<M>>,
    /// The list tells all of each.
    pub list_is_whole: bool,
    pub fields: fn(RwSignal<D>, &Edited<M>) -> Vec<FieldGroup>,
    /// Beside the form.
    pub aside: fn(RwSignal<D>, &Edited<M>) -> Option<ViewFn>,
    pub submit: Submit<M, D>,
    /// The key of what the form has made, from the draft and the server's last answer; `None` where
    /// the answer is the resource.
    pub made: Option<fn(&D, &[u8]) -> String>,

    /// The answer says that what was written is not there yet.
    pub pending: fn(&[u8]) -> bool,

    /// Below the page's head.
    pub facts: fn(Signal<M>) -> AnyView,
    pub actions: Actions<M>,
    /// Of a page of the connection.
    pub tabs: fn(&str, Signal<M>) -> Vec<Tab>,
}

impl<M: Send + Sync + 'static, D: Send + Sync + 'static> ResourceSpec<M, D>
where
    M: DeserializeOwned,
    D: Default,
{
    /// A resource that is read as it comes and has neither form nor tabs.
    pub const fn new(
        names: Names,
        calls: Calls,
        key: fn(&M) -> &str,
        columns: &'static [Column<M>],
    ) -> Self {
        Self {
            names,
            calls,
            loss: None,
            of_oneself: None,
            read: json_response,
            read_list: list_response,
            more: paging::whole,
            key,
            name: None,
            state: None,
            columns,
            sort: Sort {
                column: 0,
                descending: false,
            },
            figures: None,
            search: |_| String::new(),
            column_names: None,
            row_actions: |_, _| Vec::new(),
            bulk: &[],
            tagging: None,
            edit: None,
            name_field: "name",
            steps_field: "",
            draft: |_| D::default(),
            anew: None,
            elsewhere: |_| false,
            overwrite: None,
            list_is_whole: true,
            fields: |_, _| Vec::new(),
            aside: |_, _| None,
            submit: Submit::All(|_, _, _| Ok(Vec::new())),
            made: None,
            pending: |_| false,
            facts: |_| ().into_any(),
            actions: Actions::Usual,
            tabs: |_, _| Vec::new(),
        }
    }
}

impl<M: Send + Sync + 'static, D: Send + Sync + 'static> ResourceSpec<M, D> {
    pub fn name<'a>(&self, model: &'a M) -> &'a str {
        self.name.unwrap_or(self.key)(model)
    }

    /// In words; empty where it is not known.
    pub fn state(&self, model: &M) -> String {
        if let Some(state) = self.state {
            return state(model);
        }
        let found = cells(self.columns, model)
            .into_iter()
            .find_map(|cell| match cell {
                Cell::State(_, word) => Some(word),
                _ => None,
            });
        found.unwrap_or_default()
    }

    pub fn anew(&self, model: &M) -> D {
        self.anew.unwrap_or(self.draft)(model)
    }

    pub fn made(&self, draft: &D, answer: &[u8]) -> String {
        match self.made {
            Some(made) => made(draft, answer),
            None => {
                (self.read)(answer).map_or_else(|_| String::new(), |made| (self.key)(&made).into())
            }
        }
    }

    /// What deleting means, where it can be done.
    pub fn deletion(&self) -> Option<Deletion> {
        deletion(self.names, self.calls, self.loss, self.of_oneself)
    }

    /// All that has to be sent, one after the other; nothing where there is nothing to do.
    pub fn requests(
        &self,
        draft: &D,
        edited: &Edited<M>,
        can: Capabilities,
    ) -> Result<Vec<ApiRequest>, Vec<FieldError>> {
        match self.submit {
            Submit::One(parse) => parse(draft, edited, can).map(|request| vec![request]),
            Submit::All(parse) => parse(draft, edited, can),
        }
    }
}

pub fn deletion(
    names: Names,
    calls: Calls,
    loss: Option<&'static str>,
    of_oneself: Option<&'static str>,
) -> Option<Deletion> {
    Some(Deletion {
        one: names.one,
        many: names.many,
        request: calls.delete()?,
        loss: loss?,
        of_oneself,
    })
}
