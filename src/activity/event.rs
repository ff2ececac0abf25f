//! One thing that somebody did.

use serde_json::Value;
use weir_api::{
    ApiError, ApiRequest, json_response,
    timeplus::{exec, quote, stream::Stream},
};
use weir_code::{FieldChange, differences};

/// The stream that the embedded backend keeps its audit log in.
pub const STREAM: &str = "audit_log";

/// Events that are asked for at once, the newest.
pub const MOST: usize = 1000;

#[derive(Debug, Clone, Default, PartialEq)]
pub struct Event {
    /// ISO 8601.
    pub at: String,
    pub who: String,
    /// For example `delete`.
    pub action: String,
    /// For example `materialized view`.
    pub kind: String,
    pub name: String,
    /// HTTP status of the answer; 0 where none came.
    pub status: u16,
    pub request_id: String,
    /// Address of the caller.
    pub from: String,
    /// Method and path.
    pub detail: String,
    /// What the server showed before and after; `Null` where it is not known.
    pub before: Value,
    pub after: Value,
}

impl Event {
    pub fn failed(&self) -> bool {
        !(200..300).contains(&self.status)
    }

    /// Fields that differ, where it is known what was there.
    pub fn changes(&self) -> Vec<FieldChange> {
        // What was made or deleted is told field by field, too.
        let none = || serde_json::json!({});
        let known = |value: &Value, other: &Value| match (value, other) {
            (Value::Null, Value::Object(_)) => none(),
            _ => value.clone(),
        };
        let before = known(&self.before, &self.after);
        let after = known(&self.after, &self.before);
        let mut changes = differences(&before, &after);
        // What a server writes down of itself is not what somebody did.
        changes
            .retain(|one| !OWN.contains(&one.field.split(['.', '[']).next().unwrap_or_default()));
        changes
    }

    /// It was deleted, and what it was is known.
    pub fn can_come_back(&self) -> bool {
        self.action == "delete" && !self.failed() && self.before.is_object()
    }

    pub fn is_canceled_query(&self) -> bool {
        self.action == "cancel" && self.kind == "query"
    }

    /// What a search looks in, in lower case.
    pub fn haystack(&self) -> String {
        let parts = [
            &self.who,
            &self.action,
            &self.kind,
            &self.name,
            &self.detail,
            &self.request_id,
            &self.from,
        ];
        let text: Vec<&str> = parts.into_iter().map(String::as_str).collect();
        text.join(" ").to_lowercase()
    }
}

const OWN: &[&str] = &[
    "created_at",
    "created_by",
    "last_updated_at",
    "last_updated_by",
    "updated_at",
];

/// Columns that are asked for, in their order.
const COLUMNS: &[&str] = &[
    "_tp_time",
    "actor",
    "action",
    "resource_kind",
    "resource_name",
    "status",
    "request_id",
    "remote",
    "detail",
    "before",
    "after",
];

/// The newest events of the last `days`; older versions of the stream lack some columns.
pub fn request(stream: &Stream, days: u32) -> Result<ApiRequest, ApiError> {
    let has = |name: &str| name == "_tp_time" || stream.columns.iter().any(|it| it.name == name);
    let columns: Vec<String> = COLUMNS
        .iter()
        .map(|name| match has(name) {
            true => quote::name(name),
            false => format!("'' AS {name}"),
        })
        .collect();
    let columns = columns.join(", ");
    exec::historical(&format!(
        "SELECT {columns} FROM table({STREAM}) WHERE _tp_time > now() - INTERVAL {days} DAY \
         ORDER BY _tp_time DESC LIMIT {MOST}"
    ))
}

pub fn read(answer: &[u8]) -> Result<Vec<Event>, ApiError> {
    let answer: exec::Answer = json_response(answer)?;
    let event = |row: &Vec<Box<serde_json::value::RawValue>>| {
        let cell = |at: usize| {
            let raw = row.get(at).map_or("null", |raw| raw.get());
            serde_json::from_str::<Value>(raw).unwrap_or_default()
        };
        let text = |at: usize| cell(at).as_str().unwrap_or_default().to_string();
        let json = |at: usize| serde_json::from_str(&text(at)).unwrap_or_default();
        Event {
            at: text(0),
            who: text(1),
            action: text(2),
            kind: kind(&text(3)),
            name: text(4),
            status: cell(5)
                .as_u64()
                .and_then(|it| it.try_into().ok())
                .unwrap_or_default(),
            request_id: text(6),
            from: text(7),
            detail: text(8),
            before: json(9),
            after: json(10),
        }
    };
    Ok(answer.data.iter().map(event).collect())
}

/// As this console calls it.
fn kind(word: &str) -> String {
    match word {
        "udf" => "function".into(),
        "savedquery" | "query_saved" => "saved query".into(),
        word => word.replace('_', " "),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use weir_api::timeplus::stream::StreamColumn;

    use super::*;

    fn stream(columns: &[&str]) -> Stream {
        let column = |name: &&str| StreamColumn {
            name: (*name).into(),
            ..StreamColumn::default()
        };
        Stream {
            columns: columns.iter().map(column).collect(),
            ..Stream::default()
        }
    }

    #[test]
    fn what_an_older_log_lacks_is_not_asked_for() {
        let request = request(&stream(&["actor", "action", "after"]), 7).expect("a request");
        let body = String::from_utf8(request.body.expect("a body").bytes).expect("text");
        assert!(
            body.contains("actor, action, '' AS resource_kind"),
            "{body}"
        );
        assert!(
            body.contains("'' AS before, after FROM table(audit_log)"),
            "{body}"
        );
    }

    #[test]
    fn rows_are_events_with_what_differs() {
        let before = json!({"name": "v", "query": "SELECT 1", "created_at": "a"}).to_string();
        let after = json!({"name": "v", "query": "SELECT 2", "created_at": "b"}).to_string();
        let row = json!([
            "2026-01-01T00:00:00.000Z",
            "ada",
            "update",
            "materialized_view",
            "v",
            204,
            "r",
            "::1",
            "PATCH /x",
            before,
            after
        ]);
        let gone = json!([
            "2026-01-01T00:00:00.000Z",
            "ada",
            "delete",
            "udf",
            "f",
            204,
            "r",
            "::1",
            "DELETE /x",
            "{\"name\":\"f\"}",
            ""
        ]);
        let answer = json!({"columns": [], "data": [row, gone]}).to_string();
        let events = read(answer.as_bytes()).expect("events");
        assert_eq!(
            (events[0].kind.as_str(), events[1].kind.as_str()),
            ("materialized view", "function")
        );
        let changes = events[0].changes();
        assert_eq!((changes.len(), changes[0].field.as_str()), (1, "query"));
        assert!(!events[0].can_come_back() && events[1].can_come_back());
        assert!(events[0].haystack().contains("patch /x"));
    }
}
