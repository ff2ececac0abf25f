//! What a resource has to say of itself; [`super::pages`] makes its pages of it.

use leptos::prelude::*;
use serde::de::DeserializeOwned;
use weir_api::{ApiError, ApiRequest, FieldError, capability::Capabilities, json_response};

use super::{Deletion, FieldGroup, Figured, Load};
use crate::{
    paths,
    ui::{
        IconName, Tab,
        table::{Cell, Column, Deed, Sort},
    },
};

/// What a form is for.
#[derive(Clone)]
pub enum Edited<M> {
    New,
    /// What the server has.
    Existing(M),
}

/// A kind of resource.
pub trait ResourceSpec: 'static {
    /// One resource as the server sends it.
    type Model: DeserializeOwned + Clone + Default + PartialEq + Send + Sync + 'static;
    /// What the form edits: text as typed.
    type Draft: Clone + Default + PartialEq + Send + Sync + 'static;

    /// Of the list's address: `/c/{connection}/{SEGMENT}`.
    const SEGMENT: &'static str;
    /// Of the create page's address: `/c/{connection}/new/{KIND}`; words joined by `-`.
    const KIND: &'static str;
    const ONE: &'static str;
    const MANY: &'static str;
    const TITLE: &'static str;
    /// What these resources are for, one sentence.
    const HINT: &'static str;
    /// The field that holds the name.
    const NAME_FIELD: &'static str = "name";
    const SORT: Sort = Sort {
        column: 0,
        descending: false,
    };
    const FIGURES: Option<Figured> = None;
    const DELETION: Option<Deletion> = None;

    fn path(connection: &str, key: &str) -> String {
        paths::item(connection, Self::SEGMENT, key)
    }

    fn list() -> ApiRequest;
    fn get(key: &str) -> ApiRequest;

    /// The answer to [`Self::get`] and to what the form sends; some systems wrap the resource.
    fn read(answer: &[u8]) -> Result<Self::Model, ApiError> {
        json_response(answer)
    }
    /// What to ask for after an answer to [`Self::list`] that is only a part of the list.
    fn more(_answer: &[u8]) -> Option<ApiRequest> {
        None
    }
    /// The answer to [`Self::list`], or a part of it.
    fn read_list(answer: &[u8]) -> Result<Vec<Self::Model>, ApiError> {
        // Some servers send `null` for an empty list.
        let models: Option<Vec<Self::Model>> = json_response(answer)?;
        Ok(models.unwrap_or_default())
    }

    fn key(model: &Self::Model) -> &str;
    fn columns() -> Vec<Column>;
    /// One for each column that is not late, with an empty one where it is.
    fn cells(model: &Self::Model) -> Vec<Cell>;
    /// What a search finds besides the cells' words.
    fn search(_model: &Self::Model) -> String {
        String::new()
    }
    /// What can be done with a row, besides deleting.
    fn deeds(_connection: &str, _key: &str) -> Vec<Deed> {
        Vec::new()
    }
    fn edit_deed(connection: &str, key: &str) -> Deed {
        let href = paths::edit_item(connection, Self::SEGMENT, key);
        Deed::open(format!("Edit {key}"), IconName::Edit, href)
    }

    fn draft(model: &Self::Model) -> Self::Draft;
    fn sections(draft: RwSignal<Self::Draft>, edited: &Edited<Self::Model>) -> Vec<FieldGroup>;
    /// Beside the form.
    fn aside(_draft: RwSignal<Self::Draft>, _edited: &Edited<Self::Model>) -> Option<ViewFn> {
        None
    }
    /// Checks the draft and says what to send to a server that `can`; the errors' paths are those
    /// of the fields. A resource that may need several requests has [`Self::requests`] instead.
    fn parse(
        _draft: &Self::Draft,
        _edited: &Edited<Self::Model>,
        _can: Capabilities,
    ) -> Result<ApiRequest, Vec<FieldError>> {
        Err(Vec::new())
    }
    /// All that has to be sent, one after the other; nothing where there is nothing to do. What
    /// was sent stays where a later request is refused, so each must be harmless when repeated.
    fn requests(
        draft: &Self::Draft,
        edited: &Edited<Self::Model>,
        can: Capabilities,
    ) -> Result<Vec<ApiRequest>, Vec<FieldError>> {
        Self::parse(draft, edited, can).map(|request| vec![request])
    }
    /// The key of what the form has made, from the draft and the server's last answer: empty where
    /// the answer has no body.
    fn made(_draft: &Self::Draft, answer: &[u8]) -> String {
        Self::read(answer).map_or_else(|_| String::new(), |made| Self::key(&made).into())
    }
    /// What to call it in messages and titles, where the key is an id that nobody knows.
    fn name(model: &Self::Model) -> &str {
        Self::key(model)
    }

    /// Below the page's head.
    fn facts(_model: Signal<Self::Model>) -> AnyView {
        ().into_any()
    }
    /// Buttons in the page's head. `load` loads the page again.
    fn actions(
        _connection: &str,
        _model: Signal<Self::Model>,
        _load: Load,
        _delete: Callback<()>,
    ) -> AnyView {
        ().into_any()
    }
    fn tabs(connection: &str, model: Signal<Self::Model>) -> Vec<Tab>;
}
