//! What is sent of a draft, or what is wrong with it.

use weir_api::{
    FieldError,
    dataworks::{
        api::{Create, Details, Settings},
        codes,
        details::{Registration, Script, Source, Wizard},
        rules,
    },
};

use super::{Draft, code};

impl Draft {
    fn details(&self) -> Details {
        let mode = self.mode();
        let source = Source {
            connection_id: self.source.trim().parse().unwrap_or_default(),
            table_name: self.table.trim().into(),
            ..Source::default()
        };
        let request_parameters = self
            .request_parameters
            .iter()
            .map(|request_parameters| request_parameters.parameter(mode))
            .collect();
        let response_parameters = self
            .response_parameters
            .iter()
            .map(|response_parameters| response_parameters.parameter(mode))
            .collect();
        let paged = self.paged;
        match mode {
            codes::WIZARD => Details::Wizard(Wizard {
                is_paged_response: paged,
                wizard_connection: source,
                wizard_request_parameters: request_parameters,
                wizard_response_parameters: response_parameters,
                ..Wizard::default()
            }),
            codes::SCRIPT => Details::Script(Script {
                is_paged_response: paged,
                script: self.script.trim().into(),
                script_connection: source,
                script_request_parameters: request_parameters,
                script_response_parameters: response_parameters,
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
                registration_request_parameters: request_parameters,
                ..Registration::default()
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
            say("Timeout", "Enter a whole number of milliseconds");
        }
        let resource_group = match self.resource_group.trim() {
            "" => None,
            text => text.parse().ok().or_else(|| {
                say("ResourceGroupId", "Enter a number");
                None
            }),
        };
        if self.mode() != codes::REGISTRATION && self.source.trim().is_empty() {
            let field = match self.mode() {
                codes::WIZARD => "WizardDetails.wizardConnection.connectionId",
                _ => "ScriptDetails.scriptConnection.connectionId",
            };
            say(field, "Choose a data source");
        }
        let protocols = [(self.http, 0), (self.https, 1)];
        let protocols = protocols.into_iter().filter(|(on, _)| *on);
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
        errors.extend(rules::check(self.mode(), &settings));
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
            errors.push(FieldError::new("GroupId", "Choose a group"));
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

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(errors: &[FieldError]) -> Vec<&str> {
        errors.iter().map(|error| error.field.as_str()).collect()
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
}
