//! From a definition to what is done with each row.

use weir_api::{
    property::find,
    timeplus::{
        sink::{SinkDef, check_name},
        types::sinks::TYPES,
    },
};
use weir_engine::Statement;
use weir_store::Store;

use crate::{
    clock,
    delivery::{FieldErrors, Message, Properties, Target, secrets},
    error::HttpError,
    roster::jobs::refuse,
};
use weir_queries::run::planning;

pub(super) struct Plan {
    pub target: Target,
    message: Message,
    /// The message is the text of a chat.
    chat: bool,
}

impl Plan {
    pub(super) fn new(definition: &SinkDef, columns: &[&str]) -> Result<Self, HttpError> {
        let properties = Properties(&definition.properties);
        let mut errors = FieldErrors::default();
        let plan = match definition.kind.as_str() {
            "http" => Self {
                target: Target::http(properties, &mut errors),
                message: Message::new(&properties, "payload_field", columns, &mut errors),
                chat: false,
            },
            "slack" => Self {
                target: Target::slack(properties, &mut errors),
                message: Message::new(&properties, "template", columns, &mut errors),
                chat: true,
            },
            other => return Err(refuse::<SinkDef>(other)),
        };
        errors.into_result()?;
        Ok(plan)
    }

    pub(super) fn body(&self, row: &str) -> Result<String, String> {
        let message = self.message.render(row)?;
        Ok(match self.chat {
            true => serde_json::json!({ "text": message }).to_string(),
            false => message,
        })
    }
}

/// Tells whether it can be run here.
pub(super) fn check(store: &Store, definition: &SinkDef) -> Result<bool, HttpError> {
    check_name(&definition.name).map_err(|words| HttpError::field("name", words))?;
    if definition.kind.trim().is_empty() {
        return Err(HttpError::field("type", "is needed, for example http"));
    }
    secrets::entered(&definition.properties)?;
    let columns = columns(store, "query", &definition.query)?;
    if !find(TYPES, &definition.kind).runs {
        return Ok(false);
    }
    let columns: Vec<&str> = columns.iter().map(String::as_str).collect();
    Plan::new(definition, &columns)?;
    Ok(true)
}

/// Names of the columns of a `SELECT`; `field` is where it stands in the request.
pub(crate) fn columns(store: &Store, field: &str, query: &str) -> Result<Vec<String>, HttpError> {
    if query.trim().is_empty() {
        return Err(HttpError::field(field, "a SELECT is needed"));
    }
    let at_field = |error: weir_engine::SqlError| HttpError::from(error).at_field(field);
    let Statement::Select(select) = planning::parse(query).map_err(at_field)? else {
        return Err(HttpError::field(field, "a SELECT is needed"));
    };
    let plan = planning::plan(&select, &*store.catalog(), clock::now_ms()).map_err(at_field)?;
    Ok(plan.header.into_iter().map(|column| column.name).collect())
}
