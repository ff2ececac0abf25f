//! Statements that change definitions; `INSERT` is in [`crate::inserts`].

mod change;

use axum::{
    http::{HeaderValue, StatusCode},
    response::{IntoResponse, Response},
};
use weir_engine::{Control, Ddl, Insert, Statement};
use weir_store::{ExternalKind, Store};

use self::change::change;
use crate::{Services, audit::Change, auth::Actor, error::HttpError};

/// The refusal of what does more than read where the request says that it may only read: what is
/// run because somebody looks at a page, whoever wrote it.
pub(crate) fn more_than_reading(read_only: bool, statement: &Statement) -> Option<Response> {
    let change = match statement {
        Statement::Ddl(ddl, _) if read_only => describe(ddl),
        Statement::Insert(insert) if read_only => inserting(insert),
        _ => return None,
    };
    let what = match &change {
        Change::Made {
            action, kind, name, ..
        } => {
            format!("it would {action} {} {name}", kind.replace('_', " "))
        }
        _ => "it would change something".into(),
    };
    let words = format!("this request may only read (read_only), and {what}");
    let refused = HttpError::new(StatusCode::FORBIDDEN, words).at_field("sql");
    Some(change.on(refused.into_response()))
}

/// What the audit log says about one that was refused.
pub(crate) fn inserting(insert: &Insert) -> Change {
    Change::made("create", "row", &insert.stream)
}

/// What the audit log says about it.
fn describe(ddl: &Ddl) -> Change {
    let (action, kind, name) = parts(ddl);
    Change::made(action, kind, name)
}

/// Action, kind and name of what it changes.
pub(crate) fn parts(ddl: &Ddl) -> (&'static str, &'static str, &str) {
    match ddl {
        Ddl::CreateStream { definition, .. } => ("create", "stream", &definition.name),
        Ddl::DropStream { name, .. } => ("delete", "stream", name),
        Ddl::AlterStream { name, .. }
        | Ddl::AlterColumns { name, .. }
        | Ddl::DeleteRows { name, .. }
        | Ddl::RenameStream { from: name, .. } => ("update", "stream", name),
        Ddl::CreateExternalStream { definition, .. } => {
            ("create", "external_stream", &definition.name)
        }
        Ddl::CreateExternalTable { definition, .. } => {
            ("create", "external_table", &definition.name)
        }
        Ddl::CreateSchema { definition, .. } => ("create", "schema", &definition.name),
        Ddl::DropSchema { name, .. } => ("delete", "schema", name),
        Ddl::CreateView { name, .. } => ("create", "view", name),
        Ddl::DropView { name, .. } => ("delete", "view", name),
        Ddl::CreateMaterializedView { name, .. } => ("create", "materialized_view", name),
        Ddl::AlterView { name, .. } | Ddl::AlterViewQuery { name, .. } => ("update", "view", name),
        Ddl::ControlMaterializedView { name, control } => {
            let action = match control {
                Control::Pause => "pause",
                Control::Resume => "resume",
                Control::Recover => "recover",
            };
            (action, "materialized_view", name)
        }
        Ddl::CreateDictionary { name, .. } => ("create", "dictionary", name),
        Ddl::DropDictionary { name, .. } => ("delete", "dictionary", name),
        Ddl::CreateFunction { definition, .. } => ("create", "function", &definition.name),
        Ddl::DropFunction { name, .. } => ("delete", "function", name),
    }
}

/// Refuses who may not change all that a statement changes: what there is of its name may be of
/// another kind than the statement says, and a materialized view writes into its target.
fn permitted(store: &Store, ddl: &Ddl, actor: &Actor) -> Result<(), HttpError> {
    let (_, kind, name) = parts(ddl);
    let said = match kind {
        // As permissions name it.
        "function" => "udf",
        other => other,
    };
    actor.must_change(said)?;
    if let Some(kind) = kind_of(store, name) {
        actor.must_change(kind)?;
    }
    match ddl {
        Ddl::CreateMaterializedView {
            target: Some(target),
            ..
        } => may_fill(store, target, actor),
        _ => Ok(()),
    }
}

/// What there is of a name that streams and views share, as permissions name it.
pub(crate) fn kind_of(store: &Store, name: &str) -> Option<&'static str> {
    if let Some(external) = store.external(name) {
        return Some(match external.kind {
            ExternalKind::Stream => "external_stream",
            ExternalKind::Table => "external_table",
        });
    }
    match (store.view(name), store.dictionary(name)) {
        (Some(view), _) if view.materialized => Some("materialized_view"),
        (Some(_), _) => Some("view"),
        (None, Some(_)) => Some("dictionary"),
        (None, None) => store.stream(name).map(|_| "stream"),
    }
}

/// Refuses who may not write the stream that a materialized view writes for them.
pub(crate) fn may_fill(store: &Store, target: &str, actor: &Actor) -> Result<(), HttpError> {
    actor.must_change(kind_of(store, target).unwrap_or("stream"))
}

/// A list of texts as JSON: what of the statement changes nothing here.
const NOTICES: &str = "x-weir-notices";

/// Answers 204, and 403 where the actor may not.
pub(crate) async fn define(
    app: &Services,
    actor: &Actor,
    ddl: Ddl,
    notices: &[String],
) -> Response {
    let made = describe(&ddl);
    let done = change(app, ddl, actor).await;
    let mut answer = done.map(|()| StatusCode::NO_CONTENT).into_response();
    if answer.status().is_success()
        && !notices.is_empty()
        && let Ok(value) = HeaderValue::try_from(ascii(notices))
    {
        answer.headers_mut().insert(NOTICES, value);
    }
    made.on(answer)
}

/// A header holds ASCII only.
fn ascii(notices: &[String]) -> String {
    let json = serde_json::Value::from(notices).to_string();
    let mut text = String::with_capacity(json.len());
    for unit in json.encode_utf16() {
        match char::from_u32(u32::from(unit)).filter(char::is_ascii) {
            Some(c) => text.push(c),
            None => text.push_str(&format!("\\u{unit:04x}")),
        }
    }
    text
}
