//! What the form of an API edits, and what is sent of it.

mod parameters;
mod read;
mod sent;

use weir_api::dataworks::{codes, details::ErrorCode, rules};

pub use self::parameters::{RequestDraft, ResponseDraft};

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
    pub http: bool,
    pub https: bool,
    pub timeout: String,
    pub visible: String,
    pub request_type: String,
    pub response_type: String,
    pub resource_group: String,
    pub sql_mode: String,
    /// A data source's id.
    pub source: String,
    pub table: String,
    pub paged: bool,
    pub script: String,
    pub host: String,
    pub service_path: String,
    pub service_type: String,
    pub body_description: String,
    pub success_sample: String,
    pub failure_sample: String,
    pub request_parameters: Vec<RequestDraft>,
    pub response_parameters: Vec<ResponseDraft>,
    pub errors: Vec<ErrorCode>,
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
            http: true,
            https: false,
            timeout: "10000".into(),
            visible: text(0),
            request_type: text(1),
            response_type: text(0),
            resource_group: String::new(),
            sql_mode: text(0),
            source: String::new(),
            table: String::new(),
            paged: false,
            script: String::new(),
            host: String::new(),
            service_path: String::new(),
            service_type: text(0),
            body_description: String::new(),
            success_sample: String::new(),
            failure_sample: String::new(),
            request_parameters: Vec::new(),
            response_parameters: Vec::new(),
            errors: Vec::new(),
        }
    }
}

impl Draft {
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
        for request_parameters in &mut self.request_parameters {
            keep_among(&mut request_parameters.operator, rules::operators(mode));
            keep_among(
                &mut request_parameters.position,
                rules::positions(mode, method),
            );
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
            if self
                .request_parameters
                .iter()
                .all(|request_parameters| request_parameters.name.trim() != name)
            {
                self.request_parameters
                    .push(RequestDraft::new(&name, codes::QUERY));
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
    use weir_api::dataworks::api::{Api, Details};

    use super::*;

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
    fn parameters_come_out_of_the_script_once() {
        let mut draft = script();
        draft.take_parameters();
        let names: Vec<&str> = draft
            .request_parameters
            .iter()
            .map(|request_parameters| request_parameters.name.as_str())
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
        draft
            .request_parameters
            .push(RequestDraft::new("a", codes::BODY));
        draft.request_parameters[0].operator = codes::CONST.to_string();
        draft.choose_method("0");
        assert_eq!(
            draft.request_parameters[0].position,
            codes::QUERY.to_string()
        );
        draft.choose_method("2");
        draft.choose_mode("0");
        assert_eq!(
            (draft.method.as_str(), draft.response_type.as_str()),
            ("0", "0")
        );
        assert_eq!(
            draft.request_parameters[0].operator,
            codes::EQUAL.to_string()
        );
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
