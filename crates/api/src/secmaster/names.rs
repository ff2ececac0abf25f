//! Source and destination of a delivery are called differently where one is made and where it is
//! read. This is the only place that knows both names.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// What is read, and what is sent to create it.
type Names = [(&'static str, &'static str)];

const SOURCE: &Names = &[
    ("region", "region"),
    ("data_type", "source_type"),
    ("workspace", "source_workspace"),
    ("workspace_name", "source_workspace_name"),
    ("dataspace", "source_dataspace"),
    ("dataspace_name", "source_dataspace_name"),
    ("pipe", "source_pipe"),
    ("pipe_name", "source_pipe_name"),
    ("table", "source_table"),
    ("table_name", "source_table_name"),
    ("identity", "source_identity_role"),
];

const DESTINATION: &Names = &[
    ("region", "destination_region"),
    ("data_type", "destination_shipper_type"),
    ("workspace", "destination_workspace"),
    ("workspace_name", "destination_workspace_name"),
    ("dataspace", "destination_dataspace"),
    ("dataspace_name", "destination_dataspace_name"),
    ("pipe", "destination_pipe"),
    ("pipe_name", "destination_pipe_name"),
    ("table", "destination_table"),
    ("table_name", "destination_table_name"),
    ("identity", "destination_identity_role"),
    ("data_param", "data_param"),
];

/// One end of a delivery, with the names under which it is read. Tables are never read back.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct End {
    pub region: String,
    /// 0 is a pipe; other numbers are not published.
    pub data_type: i64,
    pub workspace: String,
    pub workspace_name: String,
    pub dataspace: String,
    pub dataspace_name: String,
    pub pipe: String,
    pub pipe_name: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub table: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub table_name: String,
    pub identity: String,
    /// JSON as a text; of a destination.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub data_param: String,
    /// Only read.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub destination_info: String,
}

/// As [`super::shipper::ShipperDef`] sends it.
pub(super) mod source {
    use super::{Deserialize, End, Map, SOURCE, Value, from_create, to_create};

    pub(crate) fn serialize<S: serde::Serializer>(end: &End, to: S) -> Result<S::Ok, S::Error> {
        to_create(end, SOURCE, to)
    }

    pub(crate) fn deserialize<'de, D: serde::Deserializer<'de>>(from: D) -> Result<End, D::Error> {
        from_create(Map::<String, Value>::deserialize(from)?, SOURCE)
    }
}

/// As [`super::shipper::ShipperDef`] sends it.
pub(super) mod destination {
    use super::{DESTINATION, Deserialize, End, Map, Value, from_create, to_create};

    pub(crate) fn serialize<S: serde::Serializer>(end: &End, to: S) -> Result<S::Ok, S::Error> {
        to_create(end, DESTINATION, to)
    }

    pub(crate) fn deserialize<'de, D: serde::Deserializer<'de>>(from: D) -> Result<End, D::Error> {
        from_create(Map::<String, Value>::deserialize(from)?, DESTINATION)
    }
}

fn to_create<S: serde::Serializer>(end: &End, names: &Names, to: S) -> Result<S::Ok, S::Error> {
    let read = serde_json::to_value(end).map_err(serde::ser::Error::custom)?;
    let mut created = Map::new();
    for (name, create) in names {
        // What is not said is not sent.
        if let Some(value) = read.get(name).filter(|value| *value != "") {
            created.insert((*create).into(), value.clone());
        }
    }
    created.serialize(to)
}

fn from_create<E: serde::de::Error>(mut sent: Map<String, Value>, names: &Names) -> Result<End, E> {
    let mut read = Map::new();
    for (name, create) in names {
        if let Some(value) = sent.remove(*create).filter(|value| !value.is_null()) {
            read.insert((*name).into(), value);
        }
    }
    serde_json::from_value(Value::Object(read)).map_err(E::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each field another value, so that two that were exchanged would be seen.
    fn end(data_param: &str) -> End {
        End {
            region: "r".into(),
            data_type: 3,
            workspace: "w".into(),
            workspace_name: "wn".into(),
            dataspace: "d".into(),
            dataspace_name: "dn".into(),
            pipe: "p".into(),
            pipe_name: "pn".into(),
            table: "t".into(),
            table_name: "tn".into(),
            identity: "i".into(),
            data_param: data_param.into(),
            destination_info: String::new(),
        }
    }

    #[derive(Serialize, Deserialize)]
    struct Both {
        #[serde(with = "source")]
        source: End,
        #[serde(with = "destination")]
        destination: End,
    }

    #[test]
    fn every_name_goes_there_and_back() {
        let both = Both {
            source: end(""),
            destination: end("{}"),
        };
        let sent = serde_json::to_value(&both).expect("sent");
        assert_eq!(
            sent,
            serde_json::json!({
                "source": {
                    "region": "r", "source_type": 3, "source_workspace": "w",
                    "source_workspace_name": "wn", "source_dataspace": "d",
                    "source_dataspace_name": "dn", "source_pipe": "p", "source_pipe_name": "pn",
                    "source_table": "t", "source_table_name": "tn", "source_identity_role": "i",
                },
                "destination": {
                    "destination_region": "r", "destination_shipper_type": 3,
                    "destination_workspace": "w", "destination_workspace_name": "wn",
                    "destination_dataspace": "d", "destination_dataspace_name": "dn",
                    "destination_pipe": "p", "destination_pipe_name": "pn",
                    "destination_table": "t", "destination_table_name": "tn",
                    "destination_identity_role": "i", "data_param": "{}",
                },
            })
        );
        let back: Both = serde_json::from_value(sent).expect("back");
        assert_eq!(back.source, both.source);
        assert_eq!(back.destination, both.destination);
    }

    #[test]
    fn what_is_read_has_the_names_of_the_vendor() {
        let read = r#"{"region":"r","data_type":3,"workspace":"w","workspace_name":"wn",
            "dataspace":"d","dataspace_name":"dn","pipe":"p","pipe_name":"pn","table":"t",
            "table_name":"tn","identity":"i","data_param":"{}","id":7,"type":3}"#;
        let read: End = serde_json::from_str(read).expect("end");
        assert_eq!(read, end("{}"));
    }
}
