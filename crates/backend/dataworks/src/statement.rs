//! The SELECT behind an API. Names in it come from the definition, values only as literals.

use weir_api::{
    FieldError,
    dataworks::{
        api::Api,
        codes::{self, IN, LIKE},
        details::{RequestParameter, Script, Wizard},
    },
};
use weir_engine::{Given, Plan, Select, SqlError};
use weir_store::Store;

use super::{mybatis, values};
use crate::{clock, outbound};
use weir_platform::delivery::masked::masked_url;
use weir_queries::run::planning::{bind, parameters, plan_tables, prepare};

/// Every parameter of the script is declared.
pub(super) fn check_names(script: &Script, sql_mode: i32) -> Result<(), String> {
    let declared = &script.script_request_parameters;
    let names = match sql_mode {
        codes::MYBATIS => prepare(|| mybatis::names(&script.script)),
        _ => parameters(&script.script),
    };
    for name in names.map_err(|error| error.to_string())? {
        if declared
            .iter()
            .all(|parameter| parameter.parameter_name != name)
        {
            return Err(format!("${{{name}}} is not among the request parameters"));
        }
    }
    let given = examples(declared);
    let bound = match sql_mode {
        codes::MYBATIS => prepare(|| mybatis::render(&script.script, &given))
            .and_then(|rendered| bind(&rendered.sql, &rendered.given)),
        _ => bind(&script.script, &given),
    };
    bound.map(|_| ()).map_err(|error| error.to_string())
}

fn examples(declared: &[RequestParameter]) -> Vec<(String, Given)> {
    let example = |parameter: &RequestParameter| {
        (parameter.parameter_name.clone(), values::example(parameter))
    };
    declared.iter().map(example).collect()
}

/// Whether it can run here, now.
pub(super) fn check(store: &Store, api: &Api, sql_mode: i32) -> Result<(), FieldError> {
    let wrong = |field: &str, why: String| FieldError::new(field, why);
    if let Some(registration) = &api.registration_details {
        let host = outbound::url(&registration.service_host);
        return match host {
            // It is shown to everybody who may see the API.
            Ok(_) if masked_url(&registration.service_host).is_some() => Err(wrong(
                "RegistrationDetails.serviceHost",
                "a user, a password or a key has no place in it".into(),
            )),
            Ok(_) => Ok(()),
            Err(why) => Err(wrong("RegistrationDetails.serviceHost", why)),
        };
    }
    let field = match api.wizard_details {
        Some(_) => "WizardDetails",
        None => "ScriptDetails.script",
    };
    let given = examples(api.request_parameters());
    let plan =
        plan(store, api, sql_mode, &given).map_err(|error| wrong(field, error.to_string()))?;
    output(api, &plan)
        .map_err(|why| wrong(field, why))
        .map(|_| ())
}

/// Parameters of wizards that are not given are no conditions.
pub(super) fn plan(
    store: &Store,
    api: &Api,
    sql_mode: i32,
    given: &[(String, Given)],
) -> Result<Plan, SqlError> {
    let select = match (&api.wizard_details, &api.script_details) {
        (Some(wizard), _) => wizard_select(wizard, given)?,
        (None, Some(script)) if sql_mode == codes::MYBATIS => {
            let rendered = prepare(|| mybatis::render(&script.script, given))?;
            bind(&rendered.sql, &rendered.given)?
        }
        (None, Some(script)) => bind(&script.script, given)?,
        (None, None) => return Err(SqlError::new("there is nothing to run")),
    };
    plan_tables(&select, &*store.catalog(), clock::now_ms())
}

/// Names and types of a table's or view's columns.
pub(super) fn columns(store: &Store, table: &str) -> Result<Vec<(String, String)>, SqlError> {
    let select = bind(&format!("SELECT * FROM {}", quoted(table)?), &[])?;
    let plan = plan_tables(&select, &*store.catalog(), clock::now_ms())?;
    let columns = plan.header.iter();
    Ok(columns
        .map(|column| (column.name.clone(), column.data_type.to_string()))
        .collect())
}

fn wizard_select(wizard: &Wizard, given: &[(String, Given)]) -> Result<Select, SqlError> {
    let mut columns = Vec::new();
    for (index, parameter) in wizard.wizard_response_parameters.iter().enumerate() {
        columns.push(format!("{} AS c{index}", quoted(&parameter.column_name)?));
    }
    let mut conditions = Vec::new();
    let mut numbered = Vec::new();
    for (index, parameter) in wizard.wizard_request_parameters.iter().enumerate() {
        let value = given
            .iter()
            .find(|(name, _)| *name == parameter.parameter_name);
        let Some((_, value)) = value.filter(|(_, value)| *value != Given::Null) else {
            continue;
        };
        let operator = match parameter.parameter_operator {
            LIKE => "LIKE",
            IN => "IN",
            _ => "=",
        };
        let column = quoted(&parameter.column_name)?;
        conditions.push(format!("{column} {operator} ${{p{index}}}"));
        numbered.push((format!("p{index}"), value.clone()));
    }
    let mut sql = format!(
        "SELECT {} FROM {}",
        columns.join(", "),
        quoted(&wizard.wizard_connection.table_name)?
    );
    if !conditions.is_empty() {
        sql.push_str(" WHERE ");
        sql.push_str(&conditions.join(" AND "));
    }
    bind(&sql, &numbered)
}

/// A name from a definition. No name of a stream or column holds what ends a quoted one.
fn quoted(name: &str) -> Result<String, SqlError> {
    match name.is_empty() || name.contains(['`', '\\', '\0']) {
        true => Err(SqlError::new(format!(
            "'{name}' is not the name of a table or column"
        ))),
        false => Ok(format!("`{name}`")),
    }
}

/// A column of the answer: its place in the plan, its name, and whether it is told as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Out {
    pub column: usize,
    pub name: String,
    pub text: bool,
}

/// The declared response parameters; scripts that declare none answer all columns.
pub(super) fn output(api: &Api, plan: &Plan) -> Result<Vec<Out>, String> {
    let declared = api.response_parameters();
    if api.script_details.is_some() && declared.is_empty() {
        let all = plan.header.iter().enumerate().map(|(column, info)| Out {
            column,
            name: info.name.clone(),
            text: false,
        });
        return Ok(all.collect());
    }
    let find = |index: usize, name: &str| match api.wizard_details {
        Some(_) => Some(index),
        None => plan.header.iter().position(|column| column.name == name),
    };
    let out = declared.iter().enumerate().map(|(index, parameter)| {
        let name = &parameter.parameter_name;
        let column = find(index, name);
        let column = column.ok_or_else(|| format!("the script answers no column '{name}'"))?;
        Ok(Out {
            column,
            name: name.clone(),
            text: parameter.parameter_data_type == 0,
        })
    });
    out.collect()
}
