//! The thin typed layer between a resource and its pages. Only this file is compiled again for
//! each resource: decoding, and the draft that its form edits.

use futures_util::FutureExt;
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_location};
use weir_api::{ApiError, paging::More};

use super::{
    Actions, BulkAction, Calls, Code, Column, Detail, Edited, FieldGroup, Figured, Form, FormView,
    List, ListView, Load, Names, Narrow, PageKind, Resource,
    address::use_key,
    bulk::Tagging,
    cells, code,
    created::Created,
    dependents::dependents,
    detail::DetailView,
    drafts,
    list::ColumnNames,
    notice::{Unread, Waiting},
    page_name::PageName,
    spec::{NamesOf, ReadList, deletion},
    use_load, use_named_deletion,
};
use crate::{
    connections::{use_capabilities, use_connection_id, use_endpoint, use_user},
    paths,
    text::visible,
    ui::{
        Button, ChangeLink, Confirm, Empty, ErrorBanner, IconName,
        lazy::{Lazy, lazy},
        table::{Cell, Row, RowAction, Sort},
        use_toasts,
    },
};

/// Parts of a resource's specification. A constant of its own for each: code that names one then
/// holds that part only, and what lists resources is fetched without their forms (`ui::lazy`).
struct Of<S>(std::marker::PhantomData<S>);

impl<S: Resource> Of<S> {
    const NAMES: Names = S::SPEC.names;
    const CALLS: Calls = S::SPEC.calls;
    const READ_LIST: ReadList<S::Model> = S::SPEC.read_list;
    const MORE: More = S::SPEC.more;
    const KEY: fn(&S::Model) -> &str = S::SPEC.key;
    const COLUMNS: &'static [Column<S::Model>] = S::SPEC.columns;
    const SORT: Sort = S::SPEC.sort;
    const FIGURES: Option<Figured> = S::SPEC.figures;
    const SEARCH: fn(&S::Model) -> String = S::SPEC.search;
    const COLUMN_NAMES: Option<NamesOf<S::Model>> = S::SPEC.column_names;
    const ROW_ACTIONS: fn(&str, &str) -> Vec<RowAction> = S::SPEC.row_actions;
    const EDIT: Option<&'static str> = S::SPEC.edit;
    const LOSS: Option<&'static str> = S::SPEC.loss;
    const OF_ONESELF: Option<&'static str> = S::SPEC.of_oneself;
    const BULK: &'static [BulkAction] = S::SPEC.bulk;
    const TAGGING: Option<Tagging> = S::SPEC.tagging;
}

fn rows<S: Resource>(connection: &str, parts: &[Vec<u8>]) -> Result<Vec<Row>, ApiError> {
    let mut models = Vec::new();
    for part in parts {
        models.extend(Of::<S>::READ_LIST(part)?);
    }
    let rows = models.iter().map(|model| {
        let (key, cells) = (
            Of::<S>::KEY(model).to_string(),
            cells(Of::<S>::COLUMNS, model),
        );
        let words = cells
            .iter()
            .filter(|cell| matches!(cell, Cell::Text(_) | Cell::Mono(_) | Cell::State(..)));
        let mut haystack: Vec<&str> = words.map(Cell::words).collect();
        let more = Of::<S>::SEARCH(model);
        haystack.push(&more);
        Row {
            href: path::<S>(connection, &key),
            haystack: haystack.join(" ").to_lowercase(),
            key,
            cells,
            ..Row::default()
        }
    });
    Ok(rows.collect())
}

fn column_names<S: Resource>(parts: &[Vec<u8>]) -> Result<Vec<(String, Vec<String>)>, ApiError> {
    let mut all = Vec::new();
    for part in parts {
        let models = Of::<S>::READ_LIST(part)?;
        all.extend(models.iter().filter_map(|model| {
            let names = Of::<S>::COLUMN_NAMES?(model);
            Some((Of::<S>::KEY(model).to_string(), names))
        }));
    }
    Ok(all)
}

fn path<S: Resource>(connection: &str, key: &str) -> String {
    paths::item(connection, Of::<S>::NAMES.segment, key)
}

fn row_actions<S: Resource>(connection: &str, key: &str) -> Vec<RowAction> {
    let mut row_actions = Of::<S>::ROW_ACTIONS(connection, key);
    row_actions.extend(Of::<S>::EDIT.map(|word| {
        let href = paths::edit_item(connection, Of::<S>::NAMES.segment, key);
        RowAction::open(format!("{word} {key}"), IconName::Edit, href)
    }));
    row_actions
}

/// The connection of the page's address; pages are only shown where there is one.
fn connection() -> String {
    use_connection_id().get_untracked().unwrap_or_default()
}

/// The page of a resource as `kit` makes it.
pub fn page<S: Resource>(kind: PageKind) -> AnyView {
    match kind {
        PageKind::List => list_page::<S>(),
        PageKind::Create => create_page::<S>(),
        PageKind::Detail => detail_page::<S>(),
        PageKind::Edit => edit_page::<S>(),
    }
}

/// Those with its form.
pub fn form_page<S: Resource>(kind: PageKind) -> AnyView {
    match kind {
        PageKind::Edit => edit_page::<S>(),
        _ => create_page::<S>(),
    }
}

pub fn list_page<S: Resource>() -> AnyView {
    list_view::<S>(|_| None)
}

/// `narrow` says what is asked for on a page of the connection.
pub fn narrowed_list_page<S: Resource>(narrow: fn(&str) -> Narrow) -> AnyView {
    list_view::<S>(move |connection| Some(narrow(connection)))
}

fn list_view<S: Resource>(narrow: impl Fn(&str) -> Option<Narrow> + Send + 'static) -> AnyView {
    // Here the forms' code is there already.
    let list = list_of::<S>(Lazy {
        load: || Box::pin(async { Ok(()) }),
        make: |()| Some(code::code_of::<S>()),
    });
    listed(list, narrow)
}

fn listed(list: List, narrow: impl Fn(&str) -> Option<Narrow> + Send + 'static) -> AnyView {
    // A page of another connection is another page.
    let id = use_connection_id();
    (move || {
        id.get().map(|connection| {
            let narrow = narrow(&connection);
            view! { <ListView connection list=list.clone() narrow /> }
        })
    })
    .into_any()
}

const LISTED: Lazy<Lazy<(), List>> = lazy!(lists: Lazy<(), List> => |list| {
    list.show_as((), |list| listed(list, |_| None))
});

/// The page with a list that is made by code of its own.
pub(crate) fn show_list(list: Lazy<(), List>) -> AnyView {
    // Both are fetched at once. That it failed is said by what shows the list.
    spawn_local((list.load)().map(drop));
    LISTED.show(list)
}

pub(crate) fn prefetch_list(list: Lazy<(), List>) {
    list.prefetch();
    LISTED.prefetch();
}

/// All that a page needs to list these resources. Writing them as `code` takes their forms.
pub fn list_of<S: Resource>(code: Lazy<(), Code>) -> List {
    List {
        title: Of::<S>::NAMES.title,
        one: Of::<S>::NAMES.one,
        many: Of::<S>::NAMES.many,
        columns: Of::<S>::COLUMNS.iter().map(|column| column.head).collect(),
        sort: Of::<S>::SORT,
        request: || Of::<S>::CALLS.list(),
        more: Of::<S>::MORE,
        rows: rows::<S>,
        figures: Of::<S>::FIGURES,
        create: Some(|connection| paths::new(connection, Of::<S>::NAMES.kind)),
        column_names: Of::<S>::COLUMN_NAMES.map(|_| column_names::<S> as ColumnNames),
        row_actions: row_actions::<S>,
        deletion: deletion(
            Of::<S>::NAMES,
            Of::<S>::CALLS,
            Of::<S>::LOSS,
            Of::<S>::OF_ONESELF,
        ),
        bulk: Of::<S>::BULK,
        tagging: Of::<S>::TAGGING,
        code: Some(code),
        hint: Of::<S>::NAMES.hint,
    }
}

pub fn create_page<S: Resource>() -> AnyView {
    let connection = connection();
    form::<S>(
        connection.clone(),
        Edited::New,
        format!("Create {}", S::SPEC.names.one),
        paths::section(&connection, S::SPEC.names.segment),
        Vec::new(),
    )
}

/// Fetched once: what somebody types is not overwritten by what changes on the server.
pub fn edit_page<S: Resource>() -> AnyView {
    let key = use_key();
    (move || edit::<S>(connection(), key.get())).into_any()
}

fn edit<S: Resource>(connection: String, key: String) -> AnyView {
    let model = RwSignal::new(None::<S::Model>);
    let accept = Callback::new(move |body: Vec<u8>| {
        let answer = (S::SPEC.read)(&body)?;
        if model.with_untracked(Option::is_none) {
            model.set(Some(answer));
        }
        Ok(())
    });
    let asked = key.clone();
    let load = use_load(
        Signal::derive(move || S::SPEC.calls.get(&asked)),
        None,
        accept,
    );
    (move || match model.get() {
        Some(model) => {
            let name = S::SPEC.name(&model).to_string();
            let title = format!("Edit {name}");
            PageName::tell(key.clone(), Signal::stored(name));
            form::<S>(
                connection.clone(),
                Edited::Existing(model),
                title,
                path::<S>(&connection, &key),
                load.unread.get_untracked(),
            )
        }
        None => view! {
            <div class="page">
                <header class="page-head"><h1>{format!("Edit {}", visible(&key))}</h1></header>
                <ErrorBanner error=load.page_error() />
                <Waiting load />
            </div>
        }
        .into_any(),
    })
    .into_any()
}

fn form<S: Resource>(
    connection: String,
    edited: Edited<S::Model>,
    title: String,
    cancel: String,
    unread: Vec<String>,
) -> AnyView {
    let place = use_location().pathname.get_untracked();
    let (start, action) = match &edited {
        Edited::New => (S::Draft::default(), format!("Create {}", S::SPEC.names.one)),
        Edited::Existing(model) => ((S::SPEC.draft)(model), "Save changes".into()),
    };
    let typed = drafts::use_draft(place, start);
    let (draft, first, discard) = (typed.draft, typed.first, typed.discard);
    let start_over = Callback::new(move |()| {
        discard.run(());
        draft.set(first.get_value());
    });
    let (mut sections, aside) = (
        (S::SPEC.fields)(draft, &edited),
        (S::SPEC.aside)(draft, &edited),
    );
    if !unread.is_empty() {
        // What the form does not hold is lost when it is saved.
        let parts = Signal::stored(unread);
        sections.insert(0, FieldGroup::new("", move || view! { <Unread parts /> }));
    }
    let (navigate, toasts) = (paths::use_navigate(), use_toasts());
    let created = Created::of_shell();
    let navigate = StoredValue::new_local(navigate);
    let can = use_capabilities();
    // As it was sent: what is typed while the answer is awaited is not what was made.
    let sent = StoredValue::new(S::Draft::default());
    let existing = match &edited {
        Edited::New => None,
        Edited::Existing(model) => Some((
            (S::SPEC.key)(model).to_string(),
            S::SPEC.name(model).to_string(),
        )),
    };
    let written = {
        let edited = edited.clone();
        let name = existing
            .as_ref()
            .map_or("new", |(_, name)| name)
            .to_string();
        Callback::new(move |()| {
            draft.with_untracked(|draft| {
                code::definition::<S>(&name, draft, &edited, can.get_untracked())
            })
        })
    };
    let user = use_user().get_untracked();
    let oneself = S::SPEC.of_oneself.is_some()
        && existing
            .as_ref()
            .is_some_and(|(key, _)| Some(key) == user.as_ref());
    let question = oneself.then(|| Confirm {
        title: "Change your own account?".into(),
        consequences: vec![
            "With less rights than now you cannot undo this yourself.".into(),
            "A new password ends your other sessions.".into(),
        ],
        action: "Change my account".into(),
        danger: true,
        type_name: None,
    });
    let depends = RwSignal::new(Vec::new());
    if let (Some((key, _)), Some(endpoint)) = (existing.clone(), use_endpoint().get_untracked()) {
        leptos::task::spawn_local(async move {
            let found = dependents(&endpoint, can.get_untracked(), S::SPEC.names.one, &[key]).await;
            // The form may be left meanwhile.
            depends.try_set(found);
        });
    }
    let requests = Callback::new(move |()| {
        draft.with_untracked(|draft| {
            sent.set_value(draft.clone());
            S::SPEC.requests(draft, &edited, can.get_untracked())
        })
    });
    let done = Callback::new(move |body: Vec<u8>| {
        typed.end.run(());
        let (made, named, verb) = match existing.clone() {
            Some((key, name)) => (key, name, "changed"),
            None => {
                let key = sent.with_value(|sent| S::SPEC.made(sent, &body));
                let model = (S::SPEC.read)(&body).ok();
                let name = model.map(|model| S::SPEC.name(&model).to_string());
                let name = name.filter(|name| !name.is_empty());
                (key.clone(), name.unwrap_or(key), "created")
            }
        };
        let still = match (S::SPEC.pending)(&body) {
            true => "; the server is still applying it",
            false => "",
        };
        toasts.success(format!(
            "{} {named} {verb}{still}",
            super::delete::capital(S::SPEC.names.one)
        ));
        let list = paths::section(&connection, S::SPEC.names.segment);
        if let (Some(created), None) = (created, &existing) {
            created.put(&list, &made, &named);
        }
        // Some servers do not tell what they made.
        let to = match made.is_empty() {
            true => list,
            false => path::<S>(&connection, &made),
        };
        navigate.with_value(|go| go(&to, NavigateOptions::default()));
    });
    let form = Form {
        title,
        action,
        cancel,
        sections,
        dirty: typed.dirty.into(),
        discard,
        start_over,
        restored: typed.restored,
        requests,
        done,
        taken: S::SPEC.name_field,
        steps: S::SPEC.steps_field,
        aside,
        written: Some(written),
        question,
        depends: depends.into(),
    };
    view! { <FormView form /> }.into_any()
}

pub fn detail_page<S: Resource>() -> AnyView {
    let key = use_key();
    (move || detail::<S>(connection(), key.get())).into_any()
}

fn detail<S: Resource>(connection: String, key: String) -> AnyView {
    const EVERY: std::time::Duration = std::time::Duration::from_secs(30);
    if key.is_empty() {
        return view! { <Empty title=format!("There is no such {}", S::SPEC.names.one) /> }
            .into_any();
    }
    let model = RwSignal::new(None::<S::Model>);
    let accept = Callback::new(move |body: Vec<u8>| {
        let answer = (S::SPEC.read)(&body)?;
        if model.with_untracked(|old| old.as_ref() != Some(&answer)) {
            model.set(Some(answer));
        }
        Ok(())
    });
    let asked = key.clone();
    let load = use_load(
        Signal::derive(move || S::SPEC.calls.get(&asked)),
        Some(EVERY),
        accept,
    );
    let failures = RwSignal::new(Vec::new());
    let navigate = StoredValue::new_local(paths::use_navigate());
    let list = paths::section(&connection, S::SPEC.names.segment);
    let back = list.clone();
    let created = use_context::<Created>();
    let done = Callback::new(move |gone: Vec<String>| {
        if let Some(created) = created {
            created.forget(&back, &gone);
        }
        navigate.with_value(|go| go(&back, NavigateOptions::default()));
    });
    let called = Callback::new(move |key: String| {
        model.with_untracked(|model| {
            let name = model
                .as_ref()
                .map(|model| S::SPEC.name(model))
                .filter(|name| !name.is_empty());
            name.map_or(key, String::from)
        })
    });
    let delete = S::SPEC
        .deletion()
        .map(|deletion| use_named_deletion(deletion, failures, done, called));
    let delete_this = {
        let key = key.clone();
        Callback::new(move |()| {
            if let Some(delete) = delete {
                delete.run(vec![key.clone()]);
            }
        })
    };
    // What shows the model only exists once it is there.
    let model = Signal::derive(move || model.get().unwrap_or_default());
    let can = use_capabilities();
    let written = Callback::new(move |()| {
        let described =
            model.with_untracked(|model| code::described::<S>(model, can.get_untracked()));
        described.definition
    });
    let (acting, acting_key) = (connection.clone(), key.clone());
    let detail = Detail {
        one: S::SPEC.names.one,
        key: key.clone(),
        name: Signal::derive(move || {
            let name = model.with(|model| S::SPEC.name(model).to_string());
            if name.is_empty() { key.clone() } else { name }
        }),
        list,
        load,
        facts: ViewFn::from(move || (S::SPEC.facts)(model)),
        actions: ViewFn::from(move || actions::<S>(&acting, &acting_key, model, load, delete_this)),
        written: Some(written),
        tabs: (S::SPEC.tabs)(&connection, model),
        failures,
    };
    view! { <DetailView detail /> }.into_any()
}

fn actions<S: Resource>(
    connection: &str,
    key: &str,
    model: Signal<S::Model>,
    load: Load,
    delete: Callback<()>,
) -> AnyView {
    let others = match S::SPEC.actions {
        Actions::Own(view) => return view(connection, model, load, delete),
        Actions::With(view) => Some(view(connection, model, load)),
        Actions::Usual => None,
    };
    let edit = S::SPEC.edit.map(|word| {
        let href = paths::edit_item(connection, S::SPEC.names.segment, key);
        view! { <ChangeLink href text=word /> }
    });
    let delete = S::SPEC
        .loss
        .map(|_| view! { <Button on_click=delete>"Delete"</Button> });
    view! { {others} {edit} {delete} }.into_any()
}
