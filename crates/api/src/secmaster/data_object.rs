//! Data objects: created, searched and read by the id of their class
//! (`/soc/datapanel/{dataclass}/data-objects`), changed and deleted by its name (`/soc/{name}`).

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value, json};

use super::search::Search;
use crate::{ApiError, ApiRequest, request::encode};

/// These addresses name the character set.
const JSON: &str = "application/json;charset=UTF-8";

/// The fields of one.
pub type Fields = Map<String, Value>;

/// The documentation has two names for the list of a batch.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum ListName {
    /// `data_object_list`, the newer.
    #[default]
    New,
    /// `data_object`.
    Old,
}

impl ListName {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::New => "data_object_list",
            Self::Old => "data_object",
        }
    }
}

/// `class` is the id of the data class.
pub fn batch_create(
    class: &str,
    objects: &[Fields],
    list: ListName,
) -> Result<ApiRequest, ApiError> {
    #[serde_with::skip_serializing_none]
    #[derive(Serialize)]
    struct Batch<'a> {
        format_version: i64,
        trigger_flag: bool,
        data_object_list: Option<&'a [Fields]>,
        data_object: Option<&'a [Fields]>,
    }
    let path = format!("{}/batch-create", panel(class));
    typed(ApiRequest::post(path).json(&Batch {
        format_version: 1,
        trigger_flag: false,
        data_object_list: (list == ListName::New).then_some(objects),
        data_object: (list == ListName::Old).then_some(objects),
    })?)
}

pub fn search(class: &str, search: &Search) -> ApiRequest {
    let body = json!(search).to_string();
    ApiRequest::post(format!("{}/search", panel(class))).bytes(JSON, body.into_bytes())
}

pub fn get(class: &str, id: &str) -> ApiRequest {
    ApiRequest::get(format!("{}/{}", panel(class), encode(id)))
}

/// The same by the plural name of the class.
pub fn get_named(name: &str, id: &str) -> ApiRequest {
    ApiRequest::get(format!("/soc/{}/{}", encode(name), encode(id)))
}

/// `name` is the plural name of the class, and `changed` holds only what changes.
pub fn update(name: &str, id: &str, changed: &Fields) -> Result<ApiRequest, ApiError> {
    let path = format!("/soc/{}/{}", encode(name), encode(id));
    typed(ApiRequest::put(path).json(&Update {
        batch_ids: vec![id.into()],
        trigger_flag: false,
        data_object: changed.clone(),
    })?)
}

/// Answered with [`Deleted`].
pub fn delete(name: &str, ids: &[String]) -> ApiRequest {
    let body = json!({ "batch_ids": ids }).to_string();
    ApiRequest::delete(format!("/soc/{}", encode(name))).bytes(JSON, body.into_bytes())
}

fn panel(class: &str) -> String {
    format!("/soc/datapanel/{}/data-objects", encode(class))
}

fn typed(mut request: ApiRequest) -> Result<ApiRequest, ApiError> {
    if let Some(body) = &mut request.body {
        body.content_type = JSON.into();
    }
    Ok(request)
}

/// What a batch creates, as a server reads it: the list under either name.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BatchForm {
    pub format_version: Option<i64>,
    pub name: String,
    #[serde(rename = "type")]
    pub kind: String,
    pub trigger_flag: bool,
    #[serde(alias = "data_object")]
    pub data_object_list: Vec<Fields>,
}

/// What creates one at `/soc/{name}`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Form {
    pub format_version: Option<i64>,
    pub data_object: Fields,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Update {
    #[serde(deserialize_with = "one_or_more")]
    pub batch_ids: Vec<String>,
    pub trigger_flag: bool,
    pub data_object: Fields,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct BatchIds {
    #[serde(deserialize_with = "one_or_more")]
    pub batch_ids: Vec<String>,
}

/// The vendor's Terraform provider sends a single id without a list around it.
fn one_or_more<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Sent {
        One(String),
        More(Vec<String>),
        None(()),
    }
    Ok(match Sent::deserialize(from)? {
        Sent::One(id) => vec![id],
        Sent::More(ids) => ids,
        Sent::None(()) => Vec::new(),
    })
}

/// Of an object that was created. A batch is answered with a bare list of them.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Created {
    pub id: String,
    pub event_id: String,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Deleted {
    pub success_ids: Vec<String>,
    pub error_ids: Vec<String>,
}

#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DataObject {
    pub id: String,
    pub create_time: String,
    pub update_time: String,
    pub version: i64,
    pub format_version: i64,
    pub project_id: String,
    pub workspace_id: String,
    pub dataclass_ref: ClassRef,
    pub data_object: Fields,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ClassRef {
    pub id: String,
    pub name: String,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{json_response, secmaster};

    fn fields(json: &str) -> Fields {
        serde_json::from_str(json).expect("fields")
    }

    #[test]
    fn a_batch_is_sent_under_either_name_and_read_under_both() {
        let objects = [fields(r#"{"a":1}"#), fields(r#"{"a":2}"#)];
        for list in [ListName::New, ListName::Old] {
            let request = batch_create("c", &objects, list).expect("request");
            assert_eq!(
                request.target(),
                "/soc/datapanel/c/data-objects/batch-create"
            );
            let body = request.body.expect("body");
            assert_eq!(body.content_type, "application/json;charset=UTF-8");
            let text = String::from_utf8(body.bytes.clone()).expect("text");
            assert!(text.contains(&format!("\"{}\":[", list.as_str())), "{text}");
            let form: BatchForm = json_response(&body.bytes).expect("form");
            assert_eq!(form.data_object_list, objects);
        }
    }

    #[test]
    fn objects_are_read_and_what_is_null_is_absent() {
        let body = br#"{"code":"0","message":null,"success":true,"data":{"id":"x","version":1,
            "update_time":null,"dataclass_ref":{"id":"c","name":"Alert"},
            "data_object":{"title":"t","count":7}}}"#;
        let object: DataObject = secmaster::answer(body).expect("object");
        assert_eq!(object.data_object["count"], 7);
        assert_eq!(object.dataclass_ref.name, "Alert");
        let created: Vec<Created> =
            secmaster::plain(br#"[{"id":"1","event_id":"2"},{"id":"3","event_id":null}]"#)
                .expect("created");
        assert_eq!(created[1].id, "3");
    }
}
