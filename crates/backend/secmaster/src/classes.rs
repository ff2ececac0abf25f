//! Data classes and their fields: four that are built in.

use axum::Json as Answer;
use serde::Deserialize;
use serde_json::{Value, json};
use weir_api::secmaster::data_class::{DataClass, Field};
use weir_platform::operations::Operations;

use super::{
    DATA_OBJECT, IN_WORKSPACE,
    vendor_error::VendorError,
    wire::{DEFAULT, Part, Query, Rest, Workspace},
};
use crate::Services;

/// A class and its fields.
struct BuiltIn {
    id: &'static str,
    name: &'static str,
    description: &'static str,
    fields: &'static [Column],
}

struct Column {
    key: &'static str,
    name: &'static str,
    kind: &'static str,
    required: bool,
    /// What an `Enum` can be.
    options: &'static [&'static str],
}

const fn field(key: &'static str, name: &'static str, kind: &'static str) -> Column {
    Column {
        key,
        name,
        kind,
        required: false,
        options: &[],
    }
}

const fn needed(key: &'static str, name: &'static str, kind: &'static str) -> Column {
    Column {
        required: true,
        ..field(key, name, kind)
    }
}

const fn choice(
    key: &'static str,
    name: &'static str,
    required: bool,
    options: &'static [&'static str],
) -> Column {
    Column {
        required,
        options,
        ..field(key, name, "Enum")
    }
}

const SEVERITY: &[&str] = &["Tips", "Low", "Medium", "High", "Fatal"];
const HANDLING: &[&str] = &["Open", "Block", "Closed"];

const CLASSES: [BuiltIn; 4] = [
    BuiltIn {
        id: "5ec3a57e-0000-4000-8000-00000000a1e7",
        name: "Alert",
        description: "A possible attack",
        fields: &[
            needed("title", "Title", "String"),
            field("description", "Description", "String"),
            choice("severity", "Severity", true, SEVERITY),
            choice("handle_status", "Status", false, HANDLING),
            choice(
                "verification_state",
                "Verification",
                false,
                &["Unknown", "True_Positive", "False_Positive"],
            ),
            field("first_observed_time", "First seen", "Timestamp"),
            field("count", "Count", "Integer"),
            field("confidence", "Confidence", "Integer"),
            field("is_auto_closed", "Closed by itself", "Boolean"),
            field("labels", "Labels", "String"),
            field("data_source", "Data source", "Object"),
        ],
    },
    BuiltIn {
        id: "5ec3a57e-0000-4000-8000-000000001c1d",
        name: "Incident",
        description: "An attack under investigation",
        fields: &[
            needed("title", "Title", "String"),
            field("description", "Description", "String"),
            choice("severity", "Severity", true, SEVERITY),
            choice("handle_status", "Status", false, HANDLING),
            field("owner", "Owner", "String"),
            field("arrive_time", "Arrived", "Timestamp"),
            field("planned_closure_time", "Planned end", "Timestamp"),
            field("labels", "Labels", "String"),
        ],
    },
    BuiltIn {
        id: "5ec3a57e-0000-4000-8000-0000001d1ca7",
        name: "Indicator",
        description: "A trace by which attackers are known",
        fields: &[
            needed("name", "Name", "String"),
            field("indicator_type", "Type", "Object"),
            needed("value", "Value", "String"),
            field("verdict", "Verdict", "String"),
            field("confidence", "Confidence", "Integer"),
            field("expiration_time", "Expires", "Timestamp"),
            field("labels", "Labels", "String"),
        ],
    },
    BuiltIn {
        id: "5ec3a57e-0000-4000-8000-000000000b5e",
        name: "Vulnerability",
        description: "A weakness of a system",
        fields: &[
            field("vul_name", "Name", "String"),
            field("description", "Description", "String"),
            field("vulnerability", "Vulnerability", "Object"),
            field("vulnerability_type", "Type", "Object"),
            field("resource", "Affected resource", "Object"),
            field("resource_num", "Affected resources", "Integer"),
            field("remediation", "Remedy", "Object"),
            field("first_observed_time", "First seen", "Timestamp"),
            field("last_observed_time", "Last seen", "Timestamp"),
            field("count", "Count", "Integer"),
            field("handled", "Handled", "Integer"),
        ],
    },
];

/// A class by its id.
pub(super) fn by_id(id: &str) -> Result<DataClass, VendorError> {
    let found = all().find(|class| class.id == id);
    found.ok_or_else(|| VendorError::missing(format!("data class '{id}'")))
}

/// A class by the name in addresses, for example `alerts`; the vendor's client writes
/// `vulnerability` for one of them.
pub(super) fn by_plural(name: &str) -> Result<DataClass, VendorError> {
    let found = all().find(|class| class.plural() == name || class.name.to_lowercase() == name);
    found.ok_or_else(|| VendorError::missing(format!("data class '{name}'")))
}

/// A class by either.
pub(super) fn by_any(text: &str) -> Result<DataClass, VendorError> {
    by_id(text).or_else(|_| by_plural(text))
}

fn all() -> impl Iterator<Item = DataClass> {
    CLASSES.iter().map(|class| DataClass {
        id: class.id.into(),
        name: class.name.into(),
        business_code: class.name.into(),
        description: class.description.into(),
        is_built_in: true,
        region_id: DEFAULT.into(),
        project_id: DEFAULT.into(),
        domain_id: DEFAULT.into(),
        ..DataClass::default()
    })
}

/// Of a class by its id; the object's own id comes first.
pub(super) fn fields(id: &str) -> Vec<Field> {
    let Some(class) = CLASSES.iter().find(|class| class.id == id) else {
        return Vec::new();
    };
    let own = field("id", "ID", "String");
    let columns = std::iter::once(&own).chain(class.fields);
    let fields = columns.map(|column| {
        let fixed = column.key == "id";
        Field {
            id: format!("{}/{}", class.id, column.key),
            business_code: class.name.into(),
            dataclass_name: class.name.into(),
            field_key: column.key.into(),
            name: column.name.into(),
            field_type: column.kind.into(),
            json_schema: match column.options {
                [] => String::new(),
                options => json!({"enum": options}).to_string(),
            },
            is_built_in: true,
            read_only: fixed,
            required: column.required,
            searchable: true,
            visible: true,
            maintainable: !fixed,
            editable: !fixed,
            creatable: !fixed,
            ..Field::default()
        }
    });
    fields.collect()
}

pub(crate) fn operations() -> Operations<Services> {
    Operations::of(DATA_OBJECT)
        .below(IN_WORKSPACE)
        .get("/soc/dataclasses", list)
        .get("/soc/dataclasses/{id}", show)
        .get("/soc/dataclasses/{id}/fields", list_fields)
}

#[derive(Deserialize)]
struct Filter {
    #[serde(default)]
    name: String,
    #[serde(default)]
    business_code: String,
    #[serde(default)]
    description: String,
    is_built_in: Option<bool>,
}

async fn list(
    Workspace(workspace): Workspace,
    Query(part): Query<Part>,
    Query(filter): Query<Filter>,
) -> Answer<Value> {
    let classes = all().filter(|class| {
        class.name.contains(&filter.name)
            && class.business_code.contains(&filter.business_code)
            && class.description.contains(&filter.description)
            && filter.is_built_in != Some(false)
    });
    let mut classes: Vec<DataClass> = classes.collect();
    for class in &mut classes {
        class.workspace_id.clone_from(&workspace);
    }
    let (classes, total) = part.of(classes);
    Answer(json!({"dataclass_details": classes, "total": total}))
}

async fn show(rest: Rest) -> Result<Answer<DataClass>, VendorError> {
    by_id(rest.part(0)).map(Answer)
}

#[derive(Deserialize)]
struct FieldFilter {
    #[serde(default)]
    name: String,
    is_built_in: Option<bool>,
}

async fn list_fields(
    rest: Rest,
    Query(part): Query<Part>,
    Query(filter): Query<FieldFilter>,
) -> Result<Answer<Value>, VendorError> {
    let class = by_id(rest.part(0))?;
    let mut all = fields(&class.id);
    all.retain(|field| field.name.contains(&filter.name) && filter.is_built_in != Some(false));
    let (fields, total) = part.of(all);
    Ok(Answer(json!({"field_details": fields, "total": total})))
}
