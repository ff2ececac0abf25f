//! What the delivery form edits, and what is sent of it.

use serde_json::{Map, Value};
use weir_api::{
    FieldError,
    secmaster::shipper::{End, Shipper, ShipperDef, consumption},
};

/// In the data parameters; understood by the embedded backend only.
const INTERVAL: &str = "interval_seconds";

#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub name: String,
    /// `0` or `1`.
    pub consumption: String,
    /// Seconds between the runs of a scheduled delivery.
    pub interval: String,
    pub source: End,
    pub destination: End,
    /// Numbers as typed: not all are published.
    pub source_type: String,
    pub destination_type: String,
    pub version: String,
}

impl Default for Draft {
    fn default() -> Self {
        let destination = End {
            data_param: "{}".into(),
            ..End::default()
        };
        Self {
            name: String::new(),
            consumption: "0".into(),
            interval: String::new(),
            source: End::default(),
            destination,
            source_type: "0".into(),
            destination_type: "0".into(),
            version: "v1".into(),
        }
    }
}

impl Draft {
    pub fn of(shipper: &Shipper) -> Self {
        let param = serde_json::from_str(&shipper.shipper_destination.data_param);
        let mut param: Map<String, Value> = param.unwrap_or_default();
        let interval = param.remove(INTERVAL);
        let mut destination = shipper.shipper_destination.clone();
        if interval.is_some() {
            destination.data_param = Value::Object(param).to_string();
        }
        Self {
            name: shipper.shipper_name.clone(),
            consumption: shipper.consumption_type.to_string(),
            interval: interval
                .map(|seconds| seconds.to_string())
                .unwrap_or_default(),
            source_type: shipper.shipper_source.data_type.to_string(),
            destination_type: shipper.shipper_destination.data_type.to_string(),
            source: shipper.shipper_source.clone(),
            destination,
            version: shipper.version.clone(),
        }
    }

    pub fn scheduled(&self) -> bool {
        self.consumption == consumption::SCHEDULED.to_string()
    }

    pub fn definition(&self) -> Result<ShipperDef, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut wrong = |field: &str, message: String| {
            errors.push(FieldError::new(field, message));
        };
        if self.name.trim().is_empty() {
            wrong("shipper_name", "Enter a name".into());
        }
        let mut number = |field: &str, text: &str| match text.trim().parse::<i64>() {
            Ok(number) => number,
            Err(_) => {
                wrong(field, "Enter a whole number".into());
                0
            }
        };
        let consumption_type = number("consumption_type", &self.consumption);
        let source_type = number("source_type", &self.source_type);
        let destination_type = number("destination_shipper_type", &self.destination_type);
        if source_type == 0 && self.source.pipe.trim().is_empty() {
            wrong("source_pipe", "Choose a pipe".into());
        }
        if destination_type == 0 && self.destination.pipe.trim().is_empty() {
            wrong("destination_pipe", "Choose a pipe".into());
        }
        let data_param = self.param(&mut wrong);
        if !errors.is_empty() {
            return Err(errors);
        }
        let mut source = self.source.clone();
        source.data_type = source_type;
        let mut destination = self.destination.clone();
        destination.data_type = destination_type;
        destination.data_param = data_param;
        Ok(ShipperDef {
            shipper_name: self.name.trim().into(),
            consumption_type,
            version: self.version.trim().into(),
            workspace_id: source.workspace.clone(),
            workspace_name: source.workspace_name.clone(),
            dataspace_id: source.dataspace.clone(),
            dataspace_name: source.dataspace_name.clone(),
            pipe_id: source.pipe.clone(),
            pipe_name: source.pipe_name.clone(),
            shipper_source: source,
            shipper_destination: destination,
            ..ShipperDef::default()
        })
    }

    /// The data parameters with the interval.
    fn param(&self, wrong: &mut impl FnMut(&str, String)) -> String {
        let text = match self.destination.data_param.trim() {
            "" => "{}",
            text => text,
        };
        let param: Result<Map<String, Value>, _> = serde_json::from_str(text);
        let mut param = match param {
            Ok(param) => param,
            Err(error) => {
                let words = crate::errors::json(&error);
                wrong("data_param", format!("Not a JSON object: {words}"));
                return String::new();
            }
        };
        let interval = self.interval.trim();
        if self.scheduled() && !interval.is_empty() {
            match interval.parse::<u32>() {
                Ok(seconds) if seconds > 0 => {
                    param.insert(INTERVAL.into(), seconds.into());
                }
                _ => wrong("interval", "Enter a number of seconds".into()),
            }
        }
        Value::Object(param).to_string()
    }
}

/// What differs, in words: name of the field, before and after.
pub fn changes(before: &Draft, after: &Draft) -> Vec<(&'static str, String, String)> {
    let words = |draft: &Draft| {
        let mode = draft.consumption.parse().ok().and_then(consumption::words);
        mode.unwrap_or(&draft.consumption).to_owned()
    };
    let place = |end: &End| {
        let parts = [&end.workspace_name, &end.dataspace_name, &end.pipe_name];
        parts.map(String::as_str).join(" / ")
    };
    let more = |end: &End| {
        let parts = [&end.region, &end.identity, &end.table, &end.data_param];
        parts.map(String::as_str).join(" ").trim().to_owned()
    };
    let all = [
        ("Name", before.name.clone(), after.name.clone()),
        ("Mode", words(before), words(after)),
        ("Interval", before.interval.clone(), after.interval.clone()),
        ("Source", place(&before.source), place(&after.source)),
        (
            "Destination",
            place(&before.destination),
            place(&after.destination),
        ),
        (
            "Type of the source",
            before.source_type.clone(),
            after.source_type.clone(),
        ),
        (
            "Type of the destination",
            before.destination_type.clone(),
            after.destination_type.clone(),
        ),
        (
            "More of the source",
            more(&before.source),
            more(&after.source),
        ),
        (
            "More of the destination",
            more(&before.destination),
            more(&after.destination),
        ),
        ("Version", before.version.clone(), after.version.clone()),
    ];
    all.into_iter().filter(|(_, old, new)| old != new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft() -> Draft {
        let mut draft = Draft {
            name: " copy ".into(),
            ..Draft::default()
        };
        draft.source.pipe = "a".into();
        draft.destination.pipe = "b".into();
        draft
    }

    #[test]
    fn what_is_missing_is_named_as_the_server_names_it() {
        let mut empty = Draft {
            destination_type: "x".into(),
            ..Draft::default()
        };
        empty.destination.data_param = "[]".into();
        let errors = empty.definition().expect_err("errors");
        let fields: Vec<&str> = errors.iter().map(|e| e.field.as_str()).collect();
        assert_eq!(
            fields,
            [
                "shipper_name",
                "destination_shipper_type",
                "source_pipe",
                "destination_pipe",
                "data_param"
            ]
        );
    }

    #[test]
    fn the_interval_goes_with_a_schedule_only_and_comes_back() {
        let mut draft = draft();
        draft.interval = "60".into();
        let sent = draft.definition().expect("definition");
        assert_eq!(sent.shipper_name, "copy");
        assert_eq!(sent.pipe_id, "a");
        assert_eq!(sent.shipper_destination.data_param, "{}");
        draft.consumption = "1".into();
        let sent = draft.definition().expect("definition");
        assert_eq!(
            sent.shipper_destination.data_param,
            r#"{"interval_seconds":60}"#
        );
        let shipper = Shipper {
            consumption_type: 1,
            shipper_destination: sent.shipper_destination,
            ..Shipper::default()
        };
        let back = Draft::of(&shipper);
        assert_eq!((back.interval.as_str(), back.scheduled()), ("60", true));
        assert_eq!(back.destination.data_param, "{}");
    }

    #[test]
    fn changes_are_told_in_words() {
        let (before, mut after) = (draft(), draft());
        assert_eq!(changes(&before, &after), []);
        after.consumption = "1".into();
        after.destination.pipe_name = "c".into();
        let names: Vec<_> = changes(&before, &after).into_iter().collect();
        assert_eq!(names[0], ("Mode", "real-time".into(), "scheduled".into()));
        assert_eq!(names[1].0, "Destination");
    }
}
