//! Functions as they are sent. Secrets are not.

use serde::Serialize;
use weir_api::timeplus::udf::{Argument, Kind};
use weir_store::Function;

use weir_platform::{delivery::masked::masked_url, revision::Revision};

use crate::Services;

#[derive(Serialize)]
pub(super) struct Body {
    name: String,
    #[serde(rename = "type")]
    kind: Kind,
    description: String,
    arguments: Vec<Argument>,
    return_type: String,
    is_aggregation: bool,
    #[serde(skip_serializing_if = "String::is_empty")]
    source: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    url: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    auth_method: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_context: Option<Context>,
    used_by: Vec<String>,
    #[serde(flatten)]
    history: History,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Context {
    Y2025 { key_name: String },
    Y2026 { auth_header: String },
}

#[derive(Serialize)]
#[serde(untagged)]
enum History {
    Y2025(weir_api::Audit),
    Y2026 {
        created_at: i64,
        created_by: String,
        last_modified_at: i64,
        last_modified_by: String,
    },
}

pub(super) fn body(app: &Services, function: &Function) -> Body {
    let newer = app.revision == Revision::Y2026;
    let definition = function.definition.clone();
    let header = definition.auth_context.and_then(|context| context.key_name);
    Body {
        used_by: app.store.function_callers(&definition.name),
        name: definition.name,
        kind: definition.kind,
        description: definition.description,
        arguments: definition.arguments,
        return_type: definition.return_type,
        is_aggregation: definition.is_aggregation,
        source: definition.source,
        url: masked_url(&definition.url).unwrap_or(definition.url),
        auth_method: definition.auth_method,
        auth_context: header.map(|name| match newer {
            true => Context::Y2026 { auth_header: name },
            false => Context::Y2025 { key_name: name },
        }),
        history: history(&function.audit, newer),
    }
}

fn history(audit: &weir_api::Audit, newer: bool) -> History {
    if !newer {
        return History::Y2025(audit.clone());
    }
    let time = |text: &Option<String>| {
        let seconds = text.as_deref().and_then(weir_engine::codec::parse_instant);
        seconds.map_or(0, |(seconds, _)| seconds * 1000)
    };
    let name = |owner: &Option<weir_api::Owner>| {
        owner
            .as_ref()
            .map_or_else(String::new, |owner| owner.name.clone())
    };
    History::Y2026 {
        created_at: time(&audit.created_at),
        created_by: name(&audit.created_by),
        last_modified_at: time(&audit.last_updated_at),
        last_modified_by: name(&audit.last_updated_by),
    }
}
