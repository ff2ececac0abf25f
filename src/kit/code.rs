//! A kind of resource as code: what its own form would send to make one anew, and back.

use serde_json::Value;
use weir_api::{
    ApiError, ApiRequest, FieldError, Method,
    capability::{Capabilities, Capability},
    json_response,
    timeplus::exec,
};
use weir_code::{Definition, WITHHELD, reference};

use super::{Delete, Edited, Resource};

/// One resource and what would make it anew.
#[derive(Debug, Clone, PartialEq)]
pub struct Described {
    pub key: String,
    pub name: String,
    /// What its form misses where it cannot be written.
    pub definition: Result<Definition, Vec<FieldError>>,
}

type Listed = fn(&[Vec<u8>], Capabilities) -> Result<Vec<Described>, ApiError>;
type Requests = fn(&Value, Option<&[u8]>, Capabilities) -> Result<Vec<ApiRequest>, ApplyError>;

/// What is needed to write resources of a kind as code, without knowledge of what they are.
#[derive(Clone, Copy)]
pub struct Code {
    pub get: fn(&str) -> ApiRequest,
    /// A list's answer tells all of each of them.
    pub whole: bool,
    /// Of a list's answer.
    pub listed: Listed,
    /// Of the answer to getting one.
    pub got: fn(&[u8], Capabilities) -> Result<Described, ApiError>,
    /// Of what a file says, as this console reads it.
    pub read: fn(&Value, Capabilities) -> Result<Described, ApiError>,
    /// From what a file says to what makes it, or to what changes the one in an answer.
    pub requests: Requests,
    /// They can be changed.
    pub changes: bool,
    pub delete: Option<Delete>,
}

/// Why something cannot be made or changed.
#[derive(Debug, Clone, PartialEq)]
pub enum ApplyError {
    Fields(Vec<FieldError>),
    Api(ApiError),
}

impl From<ApiError> for ApplyError {
    fn from(error: ApiError) -> Self {
        Self::Api(error)
    }
}

impl From<Vec<FieldError>> for ApplyError {
    fn from(fields: Vec<FieldError>) -> Self {
        Self::Fields(fields)
    }
}

pub fn code_of<S: Resource>() -> Code {
    Code {
        get: |key| S::SPEC.calls.get(key),
        whole: S::SPEC.list_is_whole,
        listed: listed::<S>,
        got: |answer, can| Ok(described::<S>(&(S::SPEC.read)(answer)?, can)),
        read: |value, can| Ok(described::<S>(&model::<S>(value)?, can)),
        requests: requests::<S>,
        changes: S::SPEC.overwrite.is_some() || S::SPEC.edit == Some("Edit"),
        delete: S::SPEC.deletion().map(|deletion| deletion.request),
    }
}

fn listed<S: Resource>(parts: &[Vec<u8>], can: Capabilities) -> Result<Vec<Described>, ApiError> {
    let mut all = Vec::new();
    for part in parts {
        let models = (S::SPEC.read_list)(part)?;
        let own = models.iter().filter(|model| !(S::SPEC.elsewhere)(model));
        all.extend(own.map(|model| described::<S>(model, can)));
    }
    Ok(all)
}

/// What creates one looks like the one that a server sends.
fn model<S: Resource>(value: &Value) -> Result<S::Model, ApiError> {
    json_response(value.to_string().as_bytes())
}

pub fn described<S: Resource>(model: &S::Model, can: Capabilities) -> Described {
    let name = S::SPEC.name(model).to_string();
    let draft = S::SPEC.anew(model);
    Described {
        key: (S::SPEC.key)(model).into(),
        definition: definition::<S>(&name, &draft, &Edited::New, can),
        name,
    }
}

/// What a form would send, over REST and as SQL.
pub fn definition<S: Resource>(
    name: &str,
    draft: &S::Draft,
    edited: &Edited<S::Model>,
    can: Capabilities,
) -> Result<Definition, Vec<FieldError>> {
    let all = Capabilities::all();
    let mut rest = S::SPEC.requests(draft, edited, all)?;
    rest.retain(|request| request.method != Method::Get);
    // What only SQL needs may be missing.
    let by_sql = S::SPEC.requests(draft, edited, all.without(Capability::Definitions));
    let sql = by_sql.unwrap_or_default();
    let sql = sql.iter().filter_map(statement).collect();
    let mut definition = Definition::new(S::SPEC.names.one, name, rest, sql);
    definition.by_sql = can.by_sql();
    Ok(definition)
}

fn statement(request: &ApiRequest) -> Option<String> {
    let body = request.body.as_ref()?;
    let call: exec::Request = serde_json::from_slice(&body.bytes).ok()?;
    Some(call.sql)
}

fn requests<S: Resource>(
    value: &Value,
    found: Option<&[u8]>,
    can: Capabilities,
) -> Result<Vec<ApiRequest>, ApplyError> {
    let model = model::<S>(value)?;
    let mut requests = match (found, S::SPEC.overwrite) {
        (None, _) => S::SPEC.requests(&S::SPEC.anew(&model), &Edited::New, can)?,
        (Some(found), Some(overwrite)) => vec![overwrite(&model, &(S::SPEC.read)(found)?)?],
        (Some(found), None) => {
            let draft = (S::SPEC.draft)(&model);
            let found = Edited::Existing((S::SPEC.read)(found)?);
            S::SPEC.requests(&draft, &found, can)?
        }
    };
    for request in &mut requests {
        complete(request, value)?;
    }
    Ok(requests)
}

/// Puts the secrets of the file where the form holds back what a server would not tell. Nothing is
/// sent that still lacks one.
fn complete(request: &mut ApiRequest, value: &Value) -> Result<(), Vec<FieldError>> {
    let Some(body) = &mut request.body else {
        return Ok(());
    };
    let Ok(mut sent) = serde_json::from_slice::<Value>(&body.bytes) else {
        return Ok(());
    };
    let mut missing = Vec::new();
    put_back(String::new(), &mut sent, Some(value), &mut missing, 0);
    if !missing.is_empty() {
        return Err(missing);
    }
    body.bytes = sent.to_string().into_bytes();
    Ok(())
}

/// Deeper than any definition is.
const DEPTH: usize = 64;

fn put_back(
    path: String,
    sent: &mut Value,
    value: Option<&Value>,
    missing: &mut Vec<FieldError>,
    depth: usize,
) {
    match sent {
        Value::String(text) => {
            let given = value.and_then(Value::as_str).filter(|it| *it != WITHHELD);
            if text == WITHHELD {
                given.unwrap_or(WITHHELD).clone_into(text);
            }
            if text == WITHHELD || reference(text).is_some() || text.contains("'******'") {
                missing.push(FieldError::new(path, "Enter the secret"));
            }
        }
        Value::Object(fields) if depth < DEPTH => {
            for (name, field) in fields {
                let path = match path.is_empty() {
                    true => name.clone(),
                    false => format!("{path}.{name}"),
                };
                let value = value.and_then(|value| value.get(name));
                put_back(path, field, value, missing, depth + 1);
            }
        }
        Value::Array(items) if depth < DEPTH => {
            for (at, item) in items.iter_mut().enumerate() {
                let value = value.and_then(|value| value.get(at));
                put_back(format!("{path}[{at}]"), item, value, missing, depth + 1);
            }
        }
        _ => {}
    }
}
