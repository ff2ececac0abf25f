//! What the details of a mode must be, and their parameters.

use super::super::{
    api::Details,
    codes::{self, CONST},
    details::{RequestParameter, ResponseParameter},
};
use super::{among, known, needed, operators, positions};
use crate::FieldError;

pub(super) fn details(mode: i32, method: i32, details: &Details) -> Vec<FieldError> {
    let mut errors = Vec::new();
    let fits = match details {
        Details::Wizard(_) => mode == codes::WIZARD,
        Details::Script(_) => mode == codes::SCRIPT,
        Details::Registration(_) => mode == codes::REGISTRATION,
    };
    if !fits {
        let words = format!(
            "{} mode needs its own details",
            codes::word(codes::MODES, mode)
        );
        return vec![FieldError::new("ApiMode", words)];
    }
    let mut say = |field: &str, wrong: Result<(), String>| {
        if let Err(words) = wrong {
            errors.push(FieldError::new(field, words));
        }
    };
    match details {
        Details::Wizard(wizard) => {
            let place = |name: &str| format!("WizardDetails.{name}");
            let table = &wizard.wizard_connection.table_name;
            say(&place("wizardConnection.tableName"), needed(table));
            if wizard.wizard_response_parameters.is_empty() {
                let words = "at least one is needed".to_string();
                say(&place("wizardResponseParameters"), Err(words));
            }
            let asked = &wizard.wizard_request_parameters;
            let asked = request(&place("wizardRequestParameters"), mode, method, asked);
            let told = response(
                &place("wizardResponseParameters"),
                mode,
                &wizard.wizard_response_parameters,
            );
            errors.extend(asked.into_iter().chain(told));
        }
        Details::Script(script) => {
            let place = |name: &str| format!("ScriptDetails.{name}");
            say(&place("script"), needed(&script.script));
            let asked = &script.script_request_parameters;
            let asked = request(&place("scriptRequestParameters"), mode, method, asked);
            let told = response(
                &place("scriptResponseParameters"),
                mode,
                &script.script_response_parameters,
            );
            errors.extend(asked.into_iter().chain(told));
        }
        Details::Registration(registration) => {
            let place = |name: &str| format!("RegistrationDetails.{name}");
            let host = &registration.service_host;
            let host = match host.starts_with("http://") || host.starts_with("https://") {
                true => Ok(()),
                false => Err("must begin with http:// or https://".to_string()),
            };
            say(&place("serviceHost"), host);
            let path = match registration.service_path.starts_with('/') {
                true => Ok(()),
                false => Err("must begin with /".to_string()),
            };
            say(&place("servicePath"), path);
            let asked = &registration.registration_request_parameters;
            let list = place("registrationRequestParameters");
            let asked = request(&list, mode, method, asked);
            errors.extend(asked);
        }
    }
    errors
}

fn request(list: &str, mode: i32, method: i32, parameters: &[RequestParameter]) -> Vec<FieldError> {
    let mut errors = Vec::new();
    for (index, parameter) in parameters.iter().enumerate() {
        let mut say = |field: &str, wrong: Result<(), String>| {
            if let Err(words) = wrong {
                errors.push(FieldError::new(format!("{list}[{index}].{field}"), words));
            }
        };
        let twice = parameters[..index]
            .iter()
            .any(|other| other.parameter_name == parameter.parameter_name);
        say(
            "parameterName",
            match twice {
                true => Err("is a duplicate".into()),
                false => word(mode, &parameter.parameter_name),
            },
        );
        if mode == codes::WIZARD {
            say("columnName", needed(&parameter.column_name));
        }
        say(
            "parameterDataType",
            known(codes::DATA_TYPES, parameter.parameter_data_type),
        );
        say(
            "parameterOperator",
            among(
                operators(mode),
                codes::OPERATORS,
                parameter.parameter_operator,
            ),
        );
        // The vendor's own example for wizards has another position than its text allows, so
        // only places that do not exist are refused there.
        say(
            "parameterPosition",
            match mode {
                codes::REGISTRATION => among(
                    positions(mode, method),
                    codes::POSITIONS,
                    parameter.parameter_position,
                ),
                _ => known(codes::POSITIONS, parameter.parameter_position),
            },
        );
        if parameter.parameter_operator == CONST {
            say("defaultValue", needed(&parameter.default_value));
        }
    }
    errors
}

fn response(list: &str, mode: i32, parameters: &[ResponseParameter]) -> Vec<FieldError> {
    let mut errors = Vec::new();
    for (index, parameter) in parameters.iter().enumerate() {
        let mut say = |field: &str, wrong: Result<(), String>| {
            if let Err(words) = wrong {
                errors.push(FieldError::new(format!("{list}[{index}].{field}"), words));
            }
        };
        let twice = parameters[..index]
            .iter()
            .any(|other| other.parameter_name == parameter.parameter_name);
        say(
            "parameterName",
            match twice {
                true => Err("is a duplicate".into()),
                false => needed(&parameter.parameter_name),
            },
        );
        if mode == codes::WIZARD {
            say("columnName", needed(&parameter.column_name));
        }
        say(
            "parameterDataType",
            known(codes::DATA_TYPES, parameter.parameter_data_type),
        );
    }
    errors
}

/// In scripts, what can stand between `${` and `}`; elsewhere also the name of a header.
fn word(mode: i32, text: &str) -> Result<(), String> {
    needed(text)?;
    let dash = mode != codes::SCRIPT;
    let known = |c: char| c.is_alphanumeric() || c == '_' || dash && c == '-';
    match text.chars().all(known) && !text.starts_with(|c: char| c.is_ascii_digit()) {
        true => Ok(()),
        false if dash => {
            Err("can contain only letters, digits, - and _, and must not begin with a digit".into())
        }
        false => {
            Err("can contain only letters, digits and _, and must not begin with a digit".into())
        }
    }
}
