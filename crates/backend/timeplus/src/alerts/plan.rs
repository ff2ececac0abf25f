//! From a definition to what is said and to whom.

use weir_api::{
    property::find,
    timeplus::{
        alert::{AlertDef, RESOLVED, TRIGGERED},
        types::alert_actions::TYPES,
    },
};
use weir_engine::Statement;
use weir_store::Store;

use super::{run::texts, state::Notice};
use crate::{
    clock,
    delivery::{FieldErrors, Message, Properties, Target, secrets},
    error::HttpError,
    roster::jobs::refuse,
};
use weir_queries::run::planning;

pub(super) struct Plan {
    pub target: Target,
    name: String,
    severity: i64,
    triggered: Message,
    resolved: Message,
    /// The message is the text of a chat.
    chat: bool,
}

impl Plan {
    /// `trigger` and `resolve` are the columns of the two queries.
    pub(super) fn new(
        definition: &AlertDef,
        trigger: &[&str],
        resolve: &[&str],
    ) -> Result<Self, HttpError> {
        let properties = Properties(&definition.properties);
        let mut errors = FieldErrors::default();
        let chat = definition.action == "slack";
        let target = match definition.action.as_str() {
            "slack" => Target::slack(properties, &mut errors),
            "http" => Target::http(properties, &mut errors),
            other => return Err(refuse::<AlertDef>(other)),
        };
        let plan = Self {
            target: target.patient(),
            name: definition.name.clone(),
            severity: definition.severity,
            triggered: Message::new(&properties, "trigger_template", trigger, &mut errors),
            resolved: Message::new(&properties, "resolve_template", resolve, &mut errors),
            chat,
        };
        errors.into_result()?;
        Ok(plan)
    }

    pub(super) fn body(&self, notice: &Notice) -> Result<String, String> {
        let (message, status) = match notice.resolved {
            false => (&self.triggered, TRIGGERED),
            true => (&self.resolved, RESOLVED),
        };
        let text = match message {
            Message::Template(_) => message.render(&notice.row)?,
            Message::Row if self.chat => format!("{} {status}: {}", self.name, notice.row),
            Message::Row => {
                // Text can always be written as JSON.
                let name = serde_json::to_string(&self.name).unwrap_or_default();
                let (severity, row) = (self.severity, &notice.row);
                format!(
                    r#"{{"alert":{name},"severity":{severity},"status":"{status}","row":{row}}}"#
                )
            }
        };
        Ok(match self.chat {
            true => serde_json::json!({ "text": text }).to_string(),
            false => text,
        })
    }
}

/// Tells whether it can be run here.
pub(super) fn check(store: &Store, definition: &AlertDef) -> Result<bool, HttpError> {
    if definition.name.trim().is_empty() || definition.name.chars().count() > 64 {
        return Err(HttpError::field("name", "1 to 64 characters are needed"));
    }
    if definition.action.trim().is_empty() {
        return Err(HttpError::field("action", "is needed, for example slack"));
    }
    secrets::entered(&definition.properties)?;
    let trigger = columns(store, "trigger_sql", &definition.trigger_sql)?;
    let resolve = match definition.resolve_sql.trim() {
        // Resolved by hand: the row is the one that triggered it.
        "" => trigger.clone(),
        sql => columns(store, "resolve_sql", sql)?,
    };
    if !find(TYPES, &definition.action).runs {
        return Ok(false);
    }
    Plan::new(definition, &texts(&trigger), &texts(&resolve))?;
    Ok(true)
}

/// Of a query that goes on.
fn columns(store: &Store, field: &str, query: &str) -> Result<Vec<String>, HttpError> {
    let columns = crate::sinks::plan::columns(store, field, query)?;
    let Ok(Statement::Select(select)) = planning::parse(query) else {
        return Ok(columns);
    };
    let plan = planning::plan(&select, &*store.catalog(), clock::now_ms())?;
    match plan.streaming {
        true => Ok(columns),
        false => Err(HttpError::field(
            field,
            "a query that goes on is needed, and this one ends: read the stream without table()",
        )),
    }
}
