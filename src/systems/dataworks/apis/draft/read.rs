//! The draft of an API that exists.

use weir_api::dataworks::{
    api::{Api, Details},
    details::Source,
};

use super::{
    Draft,
    parameters::{RequestDraft, ResponseDraft},
};

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
            http: api.protocols.contains(&0),
            https: api.protocols.contains(&1),
            timeout: api.timeout.to_string(),
            visible: api.visible_range.to_string(),
            response_type: api.response_content_type.to_string(),
            paged: api.is_paged(),
            request_parameters: api
                .request_parameters()
                .iter()
                .map(RequestDraft::of)
                .collect(),
            response_parameters: api
                .response_parameters()
                .iter()
                .map(ResponseDraft::of)
                .collect(),
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
}
