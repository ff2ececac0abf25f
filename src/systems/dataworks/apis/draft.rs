//! What the form of an API edits, and what is sent of it.

use weir_api::{
    FieldError,
    dataworks::{
        api::{Api, Create, Details, Settings},
        codes,
        details::{
            ErrorCode, Registration, RequestParameter, ResponseParameter, Script, Source, Wizard,
        },
        rules,
    },
};

use crate::ui::field::checked;

/// Everything as typed; numbers are codes of [`weir_api::dataworks::codes`]. A checkbox is `true`
/// or empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub name: String,
    pub description: String,
    pub group: String,
    pub folder: String,
    pub mode: String,
    pub path: String,
    pub method: String,
    pub http: String,
    pub https: String,
    pub timeout: String,
    pub visible: String,
    pub request_type: String,
    pub response_type: String,
    pub resource_group: String,
    pub sql_mode: String,
    /// A data source's id.
    pub source: String,
    pub table: String,
    pub paged: String,
    pub script: String,
    pub host: String,
    pub service_path: String,
    pub service_type: String,
    pub body_description: String,
    pub success_sample: String,
    pub failure_sample: String,
    pub asked: Vec<Asked>,
    pub told: Vec<Told>,
    pub errors: Vec<ErrorCode>,
}

/// A request parameter.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Asked {
    pub name: String,
    pub column: String,
    pub kind: String,
    pub operator: String,
    pub position: String,
    pub required: String,
    pub default: String,
    pub example: String,
    pub description: String,
}

/// A response parameter.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Told {
    pub name: String,
    pub column: String,
    pub kind: String,
    pub example: String,
    pub description: String,
}

fn code(text: &str) -> i32 {
    text.parse().unwrap_or(-1)
}

impl Default for Draft {
    fn default() -> Self {
        let text = |code: i32| code.to_string();
        Self {
            name: String::new(),
            description: String::new(),
            group: String::new(),
            folder: String::new(),
            mode: text(codes::SCRIPT),
            path: String::new(),
            method: text(codes::GET),
            http: checked(true),
            https: String::new(),
            timeout: "10000".into(),
            visible: text(0),
            request_type: text(1),
            response_type: text(0),
            resource_group: String::new(),
            sql_mode: text(0),
            source: String::new(),
            table: String::new(),
            paged: String::new(),
            script: String::new(),
            host: String::new(),
            service_path: String::new(),
            service_type: text(0),
            body_description: String::new(),
            success_sample: String::new(),
            failure_sample: String::new(),
            asked: Vec::new(),
            told: Vec::new(),
            errors: Vec::new(),
        }
    }
}

impl Asked {
    pub fn new(name: &str, position: i32) -> Self {
        Self {
            name: name.into(),
            kind: "0".into(),
            operator: codes::EQUAL.to_string(),
            position: position.to_string(),
            required: checked(true),
            ..Self::default()
        }
    }

    fn of(parameter: &RequestParameter) -> Self {
        Self {
            name: parameter.parameter_name.clone(),
            column: parameter.column_name.clone(),
            kind: parameter.parameter_data_type.to_string(),
            operator: parameter.parameter_operator.to_string(),
            position: parameter.parameter_position.to_string(),
            required: checked(parameter.is_required_parameter),
            default: parameter.default_value.clone(),
            example: parameter.example_value.clone(),
            description: parameter.parameter_description.clone(),
        }
    }

    fn parameter(&self, mode: i32) -> RequestParameter {
        RequestParameter {
            column_name: match mode {
                codes::WIZARD => self.column.trim().into(),
                _ => String::new(),
            },
            parameter_name: self.name.trim().into(),
            parameter_data_type: code(&self.kind),
            parameter_operator: code(&self.operator),
            parameter_position: code(&self.position),
            is_required_parameter: !self.required.is_empty(),
            default_value: self.default.clone(),
            example_value: self.example.clone(),
            parameter_description: self.description.clone(),
        }
    }
}

impl Told {
    pub fn new(name: &str) -> Self {
        Self {
            name: name.into(),
            kind: "0".into(),
            ..Self::default()
        }
    }

    fn of(parameter: &ResponseParameter) -> Self {
        Self {
            name: parameter.parameter_name.clone(),
            column: parameter.column_name.clone(),
            kind: parameter.parameter_data_type.to_string(),
            example: parameter.example_value.clone(),
            description: parameter.parameter_description.clone(),
        }
    }

    fn parameter(&self, mode: i32) -> ResponseParameter {
        ResponseParameter {
            column_name: match mode {
                codes::WIZARD => self.column.trim().into(),
                _ => String::new(),
            },
            parameter_name: self.name.trim().into(),
            parameter_data_type: code(&self.kind),
            example_value: self.example.clone(),
            parameter_description: self.description.clone(),
        }
    }
}

impl Draft {
    pub fn of(api: &Api) -> Self {
        let source = |source: &Source| match source.connection_id {
            0 => String::new(),
            id => id.to_string(),
        };
        let mut draft = Self {
            name: api.api_name.clone(),
            description: api.description.clone(),
            group: api.group_id.clone(),
            folder: api.folder_id.to_string(),
            mode: api.api_mode.to_string(),
            path: api.api_path.clone(),
            method: api.request_method.to_string(),
            http: checked(api.protocols.contains(&0)),
            https: checked(api.protocols.contains(&1)),
            timeout: api.timeout.to_string(),
            visible: api.visible_range.to_string(),
            response_type: api.response_content_type.to_string(),
            paged: checked(api.is_paged()),
            asked: api.request_parameters().iter().map(Asked::of).collect(),
            told: api.response_parameters().iter().map(Told::of).collect(),
            ..Self::default()
        };
        match api.details() {
            Some(Details::Wizard(wizard)) => {
                draft.source = source(&wizard.wizard_connection);
                draft.table = wizard.wizard_connection.table_name;
            }
            Some(Details::Script(script)) => {
                draft.source = source(&script.script_connection);
                draft.table = script.script_connection.table_name;
                draft.script = script.script;
            }
            Some(Details::Registration(registration)) => {
                draft.host = registration.service_host;
                draft.service_path = registration.service_path;
                draft.service_type = registration.service_content_type.to_string();
                draft.body_description = registration.service_request_body_description;
                draft.success_sample = registration.successful_result_sample;
                draft.failure_sample = registration.failed_result_sample;
                draft.errors = registration.registration_error_codes;
            }
            None => {}
        }
        draft
    }

    pub fn mode(&self) -> i32 {
        code(&self.mode)
    }

    /// What a mode does not have goes: methods, kinds of answers, operators and places.
    pub fn choose_mode(&mut self, mode: &str) {
        self.mode = mode.into();
        let mode = self.mode();
        keep_among(&mut self.method, rules::methods(mode));
        keep_among(&mut self.response_type, rules::response_types(mode));
        self.mend_parameters();
    }

    pub fn choose_method(&mut self, method: &str) {
        self.method = method.into();
        self.mend_parameters();
    }

    fn mend_parameters(&mut self) {
        let (mode, method) = (self.mode(), code(&self.method));
        for asked in &mut self.asked {
            keep_among(&mut asked.operator, rules::operators(mode));
            keep_among(&mut asked.position, rules::positions(mode, method));
        }
    }

    /// Path of the list of request parameters in the request.
    pub fn asked_path(&self) -> &'static str {
        match self.mode() {
            codes::WIZARD => "WizardDetails.wizardRequestParameters",
            codes::SCRIPT => "ScriptDetails.scriptRequestParameters",
            _ => "RegistrationDetails.registrationRequestParameters",
        }
    }

    pub fn told_path(&self) -> &'static str {
        match self.mode() {
            codes::WIZARD => "WizardDetails.wizardResponseParameters",
            _ => "ScriptDetails.scriptResponseParameters",
        }
    }

    /// Adds a row for each `${name}` of the script that has none.
    pub fn take_parameters(&mut self) {
        for name in names_in(&self.script) {
            if self.asked.iter().all(|asked| asked.name.trim() != name) {
                self.asked.push(Asked::new(&name, codes::QUERY));
            }
        }
    }

    fn details(&self) -> Details {
        let mode = self.mode();
        let source = Source {
            connection_id: self.source.trim().parse().unwrap_or_default(),
            table_name: self.table.trim().into(),
        };
        let asked = self
            .asked
            .iter()
            .map(|asked| asked.parameter(mode))
            .collect();
        let told = self.told.iter().map(|told| told.parameter(mode)).collect();
        let paged = !self.paged.is_empty();
        match mode {
            codes::WIZARD => Details::Wizard(Wizard {
                is_paged_response: paged,
                wizard_connection: source,
                wizard_request_parameters: asked,
                wizard_response_parameters: told,
                ..Wizard::default()
            }),
            codes::SCRIPT => Details::Script(Script {
                is_paged_response: paged,
                script: self.script.trim().into(),
                script_connection: source,
                script_request_parameters: asked,
                script_response_parameters: told,
                ..Script::default()
            }),
            _ => Details::Registration(Registration {
                service_host: self.host.trim().into(),
                service_path: self.service_path.trim().into(),
                service_content_type: code(&self.service_type),
                service_request_body_description: self.body_description.clone(),
                successful_result_sample: self.success_sample.clone(),
                failed_result_sample: self.failure_sample.clone(),
                registration_error_codes: self.errors.clone(),
                registration_request_parameters: asked,
            }),
        }
    }

    /// What an update sends.
    pub fn settings(&self) -> Result<Settings, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut say = |field: &str, message: &str| {
            errors.push(FieldError::new(field, message));
        };
        let timeout = self.timeout.trim().parse();
        if timeout.is_err() {
            say("Timeout", "A whole number of milliseconds is needed");
        }
        let resource_group = match self.resource_group.trim() {
            "" => None,
            text => text.parse().ok().or_else(|| {
                say("ResourceGroupId", "A number is needed");
                None
            }),
        };
        if self.mode() != codes::REGISTRATION && self.source.trim().is_empty() {
            let field = match self.mode() {
                codes::WIZARD => "WizardDetails.wizardConnection.connectionId",
                _ => "ScriptDetails.scriptConnection.connectionId",
            };
            say(field, "A data source is needed");
        }
        let protocols = [(&self.http, 0), (&self.https, 1)];
        let protocols = protocols.into_iter().filter(|(on, _)| !on.is_empty());
        let settings = Settings {
            path: self.path.trim().into(),
            description: self.description.trim().into(),
            method: code(&self.method),
            response_content_type: code(&self.response_type),
            timeout_ms: timeout.unwrap_or(1),
            visible_range: code(&self.visible),
            protocols: protocols.map(|(_, code)| code).collect(),
            resource_group,
            details: self.details(),
        };
        errors.extend(
            rules::check(self.mode(), &settings)
                .into_iter()
                .map(|(field, message)| FieldError::new(field, message)),
        );
        match errors.is_empty() {
            true => Ok(settings),
            false => Err(errors),
        }
    }

    pub fn create(&self) -> Result<Create, Vec<FieldError>> {
        let mut errors = Vec::new();
        let name = self.name.trim();
        if let Err(message) = rules::name(name) {
            errors.push(FieldError::new("ApiName", message));
        }
        if self.group.is_empty() {
            errors.push(FieldError::new("GroupId", "A group is needed"));
        }
        match self.settings() {
            Ok(settings) if errors.is_empty() => Ok(Create {
                name: name.into(),
                group: self.group.clone(),
                mode: self.mode(),
                folder: self.folder.parse().ok(),
                sql_mode: match self.mode() {
                    codes::SCRIPT => self.sql_mode.parse().ok(),
                    _ => None,
                },
                request_content_type: match self.mode() {
                    codes::REGISTRATION => self.request_type.parse().ok(),
                    _ => None,
                },
                settings,
            }),
            Ok(_) => Err(errors),
            Err(more) => {
                errors.extend(more);
                Err(errors)
            }
        }
    }
}

/// The first possible one where it is none of them.
fn keep_among(chosen: &mut String, possible: &[i32]) {
    if !possible.contains(&code(chosen))
        && let Some(first) = possible.first()
    {
        *chosen = first.to_string();
    }
}

/// Names between `${` and `}`, each once.
fn names_in(script: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for part in script.split("${").skip(1) {
        let Some((name, _)) = part.split_once('}') else {
            continue;
        };
        let word = name.chars().all(|c| c.is_alphanumeric() || c == '_');
        if word && !name.is_empty() && names.iter().all(|known| known != name) {
            names.push(name.into());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(errors: &[FieldError]) -> Vec<&str> {
        errors.iter().map(|error| error.field.as_str()).collect()
    }

    fn script() -> Draft {
        let mut draft = Draft {
            name: "by_id".into(),
            description: "d".into(),
            group: "ds_1".into(),
            path: "/by-id".into(),
            source: "1".into(),
            script: "select id from p where id = ${id} or ${id} = ${b_2} ".into(),
            ..Draft::default()
        };
        draft.take_parameters();
        draft
    }

    #[test]
    fn what_is_missing_is_named() {
        let errors = Draft::default().create().expect_err("errors");
        assert_eq!(
            fields(&errors),
            [
                "ApiName",
                "GroupId",
                "ScriptDetails.scriptConnection.connectionId",
                "ApiPath",
                "ApiDescription",
                "ScriptDetails.script"
            ]
        );
    }

    #[test]
    fn parameters_come_out_of_the_script_once() {
        let mut draft = script();
        draft.take_parameters();
        let names: Vec<&str> = draft
            .asked
            .iter()
            .map(|asked| asked.name.as_str())
            .collect();
        assert_eq!(names, ["id", "b_2"]);
        let create = draft.create().expect("create");
        assert_eq!(
            (create.sql_mode, create.request_content_type),
            (Some(0), None)
        );
        let Details::Script(details) = create.settings.details else {
            panic!("script");
        };
        assert_eq!(details.script_request_parameters.len(), 2);
        assert!(details.script_request_parameters[0].column_name.is_empty());
    }

    #[test]
    fn another_mode_keeps_only_what_it_can_have() {
        let mut draft = Draft::default();
        draft.choose_mode("2");
        draft.choose_method("2");
        draft.response_type = "1".into();
        draft.asked.push(Asked::new("a", codes::BODY));
        draft.asked[0].operator = codes::CONST.to_string();
        draft.choose_method("0");
        assert_eq!(draft.asked[0].position, codes::QUERY.to_string());
        draft.choose_method("2");
        draft.choose_mode("0");
        assert_eq!(
            (draft.method.as_str(), draft.response_type.as_str()),
            ("0", "0")
        );
        assert_eq!(draft.asked[0].operator, codes::EQUAL.to_string());
    }

    #[test]
    fn what_the_server_has_comes_back_unchanged() {
        let create = script().create().expect("create");
        let mut api = Api {
            api_name: "by_id".into(),
            api_mode: codes::SCRIPT,
            api_path: create.settings.path.clone(),
            description: create.settings.description.clone(),
            protocols: create.settings.protocols.clone(),
            timeout: create.settings.timeout_ms,
            ..Api::default()
        };
        api.set_details(create.settings.details.clone());
        assert_eq!(Draft::of(&api).settings(), Ok(create.settings));
    }
}
