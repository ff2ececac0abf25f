//! Which data objects are looked for.

use std::{cmp::Ordering, collections::HashMap, sync::Arc};

use chrono::DateTime;
use serde_json::Value;
use weir_api::secmaster::{
    data_object::DataObject,
    search::{Named, Operator, Search},
};

use super::super::vendor_error::VendorError;

const LIMIT: usize = 9999;
const TIME: &str = "2024-08-15T19:18:38Z+0800";
/// Conditions, and words that combine them: each is tried on every object.
const MOST: usize = 1000;
/// Bytes of a field and a value.
const LONGEST: usize = 64 << 10;

pub(super) struct Criteria {
    /// In SQL.
    pub order: &'static str,
    pub limit: usize,
    pub offset: usize,
    from_ms: Option<i64>,
    to_ms: Option<i64>,
    /// Any of these has to hold as a whole: `and` binds tighter than `or`.
    any: Vec<Vec<Arc<Test>>>,
}

struct Test {
    path: Vec<String>,
    operator: Operator,
    value: String,
}

impl Criteria {
    pub(super) fn read(search: &Search) -> Result<Self, VendorError> {
        let ascending = match search.order.to_uppercase().as_str() {
            "" | "DESC" => false,
            "ASC" => true,
            _ => return Err(VendorError::field("order", "DESC or ASC")),
        };
        // Those of one moment in the order in which they came.
        let order = match (search.sort_by.as_str(), ascending) {
            ("" | "create_time", false) => "create_time DESC, _seq DESC",
            ("" | "create_time", true) => "create_time, _seq",
            ("update_time", false) => "update_time DESC, _seq DESC",
            ("update_time", true) => "update_time, _seq",
            _ => return Err(VendorError::field("sort_by", "create_time or update_time")),
        };
        let date = |name: &str, text: &str| match (text, instant(text)) {
            ("", _) => Ok(None),
            (_, Some(ms)) => Ok(Some(ms)),
            (text, None) => Err(VendorError::field(
                name,
                format!("'{text}' is not a time like {TIME}"),
            )),
        };
        let limit = search.limit as usize;
        if limit > LIMIT {
            return Err(VendorError::field("limit", format!("at most {LIMIT}")));
        }
        Ok(Self {
            order,
            limit: if limit == 0 { 10 } else { limit },
            offset: search.offset as usize,
            from_ms: date("from_date", &search.from_date)?,
            to_ms: date("to_date", &search.to_date)?,
            any: match &search.condition {
                Some(condition) => combine(&condition.conditions, &condition.logics)?,
                None => Vec::new(),
            },
        })
    }

    pub(super) fn holds(&self, object: &DataObject) -> bool {
        let created = instant(&object.create_time).unwrap_or_default();
        if self.from_ms.is_some_and(|from| created < from)
            || self.to_ms.is_some_and(|to| created > to)
        {
            return false;
        }
        let all = |tests: &Vec<Arc<Test>>| tests.iter().all(|test| test.holds(object));
        self.any.is_empty() || self.any.iter().any(all)
    }
}

/// Without `logics` all conditions have to hold.
fn combine(conditions: &[Named], logics: &[String]) -> Result<Vec<Vec<Arc<Test>>>, VendorError> {
    let wrong = |words: String| VendorError::field("condition", words);
    if conditions.len() > MOST || logics.len() > 2 * MOST {
        return Err(wrong(format!("at most {MOST} conditions")));
    }
    let mut tests = Vec::new();
    for named in conditions {
        let [field, operator, value] = named.data.as_slice() else {
            let words = format!("'{}' is not [field, operator, value]", named.name);
            return Err(wrong(words));
        };
        if field.len() + value.len() > LONGEST {
            let words = format!("'{}' has more than {} KiB", named.name, LONGEST >> 10);
            return Err(wrong(words));
        }
        let operator = Operator::named(operator);
        if let Operator::Other(word) = operator {
            let all: Vec<&str> = Operator::ALL.iter().map(Operator::as_str).collect();
            let (word, all) = (word.as_str(), all.join(", "));
            return Err(wrong(format!("'{word}' is not one of the operators {all}")));
        }
        let test = Test {
            // Some write the whole path of what the object holds.
            path: field
                .trim_start_matches("data_object.")
                .split('.')
                .map(String::from)
                .collect(),
            operator,
            value: value.clone(),
        };
        tests.push((named.name.as_str(), Arc::new(test)));
    }
    if logics.is_empty() {
        let all: Vec<Arc<Test>> = tests.into_iter().map(|(_, test)| test).collect();
        return Ok(match all.is_empty() {
            true => Vec::new(),
            false => vec![all],
        });
    }
    // The first of a name holds.
    let tests: HashMap<&str, Arc<Test>> = tests.into_iter().rev().collect();
    let mut any = vec![Vec::new()];
    for word in logics {
        match word.to_lowercase().as_str() {
            "and" => {}
            "or" => any.push(Vec::new()),
            _ => {
                let test = tests.get(word.as_str()).ok_or_else(|| {
                    wrong(format!("logics names '{word}', which is no condition"))
                })?;
                if let Some(last) = any.last_mut() {
                    last.push(test.clone());
                }
            }
        }
    }
    if any.iter().any(Vec::is_empty) {
        return Err(wrong("logics has nothing to combine".into()));
    }
    Ok(any)
}

impl Test {
    fn holds(&self, object: &DataObject) -> bool {
        let own = match self.path.as_slice() {
            [name] => match name.as_str() {
                "id" => Some(Value::String(object.id.clone())),
                "create_time" => Some(Value::String(object.create_time.clone())),
                "update_time" => Some(Value::String(object.update_time.clone())),
                "version" => Some(object.version.into()),
                _ => None,
            },
            _ => None,
        };
        let value = own.or_else(|| {
            let (first, rest) = self.path.split_first()?;
            let mut value = object.data_object.get(first)?;
            for part in rest {
                value = value.get(part)?;
            }
            Some(value.clone())
        });
        let Some(value) = value.filter(|value| !value.is_null()) else {
            return matches!(self.operator, Operator::Unequal | Operator::NotIn);
        };
        let wanted = self.value.as_str();
        let same = |wanted: &str| compare(&value, wanted) == Some(Ordering::Equal);
        match self.operator {
            Operator::Equal => same(wanted),
            Operator::Unequal => !same(wanted),
            Operator::Contains => match &value {
                Value::String(text) => text.contains(wanted),
                Value::Array(list) => list.iter().any(|one| text(one) == wanted),
                other => text(other).contains(wanted),
            },
            Operator::In => wanted.split(',').any(|one| same(one.trim())),
            Operator::NotIn => !wanted.split(',').any(|one| same(one.trim())),
            Operator::AtLeast => compare(&value, wanted).is_some_and(Ordering::is_ge),
            Operator::AtMost => compare(&value, wanted).is_some_and(Ordering::is_le),
            Operator::Above => compare(&value, wanted).is_some_and(Ordering::is_gt),
            Operator::Below => compare(&value, wanted).is_some_and(Ordering::is_lt),
            Operator::Other(_) => false,
        }
    }
}

fn text(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// As numbers or times where both are, otherwise as texts.
fn compare(value: &Value, wanted: &str) -> Option<Ordering> {
    if let (Some(number), Ok(wanted)) = (value.as_f64(), wanted.parse::<f64>()) {
        return number.partial_cmp(&wanted);
    }
    let has = text(value);
    if let (Some(has), Some(wanted)) = (instant(&has), instant(wanted)) {
        return Some(has.cmp(&wanted));
    }
    Some(has.as_str().cmp(wanted))
}

/// Unix ms of RFC 3339, and of the vendor's `2024-08-15T19:18:38Z+0800`.
fn instant(text: &str) -> Option<i64> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.timestamp_millis());
    }
    let plain = text.replace("Z+", "+").replace("Z-", "-");
    let time = DateTime::parse_from_str(&plain, "%Y-%m-%dT%H:%M:%S%.f%z").ok()?;
    Some(time.timestamp_millis())
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use weir_api::secmaster::search::Condition;

    use super::*;

    fn holds(conditions: Value, logics: Value, object: Value) -> bool {
        let condition = json!({"conditions": conditions, "logics": logics});
        let condition: Condition = serde_json::from_value(condition).expect("condition");
        let search = Search {
            condition: Some(condition),
            ..Search::default()
        };
        let object = DataObject {
            create_time: "2024-08-15T10:00:00.000Z".into(),
            data_object: serde_json::from_value(object).expect("object"),
            ..DataObject::default()
        };
        Criteria::read(&search).expect("wanted").holds(&object)
    }

    #[test]
    fn a_search_has_a_bound() {
        let read = |count: usize, value: &str, words: usize| {
            let condition = json!({
                "conditions": (0..count).map(|n| json!({"name": format!("c{n}"),
                    "data": ["title", "=", value]})).collect::<Vec<_>>(),
                "logics": vec!["c0"; words],
            });
            let condition: Condition = serde_json::from_value(condition).expect("condition");
            let search = Search {
                condition: Some(condition),
                ..Search::default()
            };
            Criteria::read(&search).is_ok()
        };
        assert!(read(MOST, "x", 2 * MOST));
        assert!(!read(MOST + 1, "x", 0) && !read(1, "x", 2 * MOST + 1));
        assert!(!read(1, &"x".repeat(LONGEST), 1));
    }

    #[test]
    fn every_operator_compares_as_the_value_is() {
        let object = json!({"severity": "High", "count": 10, "labels": ["a", "b"],
            "seen": "2024-08-15T12:00:00Z", "source": {"ip": "10.0.0.1"}, "closed": false});
        for (data, expected) in [
            (["severity", "=", "High"], true),
            (["severity", "!=", "High"], false),
            (["severity", "in", "Tips, High"], true),
            (["severity", "not in", "Tips, High"], false),
            (["severity", "NOT IN", "Tips, Low"], true),
            (["nothing", "not in", "Tips"], true),
            (["count", ">", "9"], true),
            (["count", ">", "10"], false),
            (["count", "<", "10.5"], true),
            (["seen", "<", "2024-08-15T20:00:00Z+0800"], false),
            (["severity", "contains", "ig"], true),
            (["labels", "contains", "b"], true),
            (["labels", "contains", "c"], false),
            // Not as texts.
            (["count", ">=", "9"], true),
            (["count", "<=", "9.5"], false),
            (["seen", ">=", "2024-08-15T19:18:38Z+0800"], true),
            (["seen", "<=", "2024-08-15T19:18:38Z+0800"], false),
            (["create_time", "<=", "2024-08-15T18:00:00Z+0800"], true),
            (["source.ip", "=", "10.0.0.1"], true),
            (["closed", "=", "false"], true),
            (["nothing", "=", "x"], false),
            (["nothing", "!=", "x"], true),
        ] {
            let conditions = json!([{"name": "c", "data": data}]);
            assert_eq!(
                holds(conditions, json!(["c"]), object.clone()),
                expected,
                "{data:?}"
            );
        }
    }

    #[test]
    fn and_binds_tighter_than_or() {
        let conditions = json!([
            {"name": "a", "data": ["a", "=", "1"]},
            {"name": "b", "data": ["b", "=", "1"]},
            {"name": "c", "data": ["c", "=", "1"]},
        ]);
        let logics = json!(["a", "or", "b", "and", "c"]);
        let with = |object| holds(conditions.clone(), logics.clone(), object);
        assert!(with(json!({"a": 1})));
        assert!(!with(json!({"b": 1})));
        assert!(with(json!({"b": 1, "c": 1})));
    }

    #[test]
    fn what_makes_no_sense_is_refused() {
        for (conditions, logics) in [
            (json!([{"name": "a", "data": ["a", "="]}]), json!(["a"])),
            (
                json!([{"name": "a", "data": ["a", "~", "1"]}]),
                json!(["a"]),
            ),
            (json!([]), json!(["a"])),
            (
                json!([{"name": "a", "data": ["a", "=", "1"]}]),
                json!(["a", "or"]),
            ),
        ] {
            let condition = json!({"conditions": conditions, "logics": logics});
            let search = Search {
                condition: serde_json::from_value(condition.clone()).expect("condition"),
                ..Search::default()
            };
            assert!(Criteria::read(&search).is_err(), "{condition}");
        }
    }
}
