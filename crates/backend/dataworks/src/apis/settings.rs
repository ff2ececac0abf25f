//! Settings as a call gives them.

use serde::de::DeserializeOwned;
use weir_api::dataworks::{
    api::{Api, Details, Settings},
    codes, rules,
};

use super::super::{
    DataWorks,
    call::Call,
    pickers, statement,
    vendor_error::{VendorError, invalid, missing, wrong_fields},
};

pub(super) fn unused(
    works: &DataWorks,
    project: i64,
    parameter: &str,
    value: &str,
    same: impl Fn(&Api) -> bool,
) -> Result<(), VendorError> {
    let all = works.apis.list();
    let mut others = all.iter().filter(|kept| kept.api.project_id == project);
    match others.find(|kept| same(&kept.api)) {
        None => Ok(()),
        Some(other) => Err(invalid(
            parameter,
            format!("API {} has {value} already", other.api.api_id),
        )),
    }
}

/// What create and update have in common, checked.
pub(super) fn settings(call: &Call<'_>, mode: i32, sql_mode: i32) -> Result<Settings, VendorError> {
    let parameters = call.parameters;
    let protocols: Result<Vec<i32>, _> = parameters
        .needed("Protocols")?
        .split(',')
        .map(|code| code.trim().parse())
        .collect();
    let settings = Settings {
        path: parameters.needed("ApiPath")?.into(),
        description: parameters.needed("ApiDescription")?.into(),
        method: parameters.number("RequestMethod")?,
        response_content_type: parameters.number("ResponseContentType")?,
        timeout_ms: parameters.number("Timeout")?,
        visible_range: parameters.number("VisibleRange")?,
        protocols: protocols.map_err(|_| invalid("Protocols", "0, 1 or 0,1 is needed"))?,
        resource_group: parameters.maybe("ResourceGroupId")?,
        details: match mode {
            codes::WIZARD => Details::Wizard(details(call, "WizardDetails")?),
            codes::SCRIPT => Details::Script(details(call, "ScriptDetails")?),
            _ => Details::Registration(details(call, "RegistrationDetails")?),
        },
    };
    let wrong = rules::check(mode, &settings);
    if !wrong.is_empty() {
        return Err(wrong_fields(&wrong));
    }
    let source = match &settings.details {
        Details::Wizard(wizard) => Some(&wizard.wizard_connection),
        Details::Script(script) => Some(&script.script_connection),
        Details::Registration(_) => None,
    };
    if let Some(source) = source {
        pickers::check_source(source.connection_id)?;
    }
    if let Details::Script(script) = &settings.details {
        statement::check_names(script, sql_mode)
            .map_err(|why| invalid("ScriptDetails.script", why))?;
    }
    Ok(settings)
}

pub(super) fn details<T: DeserializeOwned>(call: &Call<'_>, name: &str) -> Result<T, VendorError> {
    let text = call.parameters.get(name).ok_or_else(|| missing(name))?;
    serde_json::from_str(text).map_err(|error| invalid(name, error))
}

pub(super) fn apply(api: &mut Api, settings: Settings) {
    api.api_path = settings.path;
    api.description = settings.description;
    api.request_method = settings.method;
    api.response_content_type = settings.response_content_type;
    api.timeout = settings.timeout_ms;
    api.visible_range = settings.visible_range;
    api.protocols = settings.protocols;
    api.set_details(settings.details);
}
