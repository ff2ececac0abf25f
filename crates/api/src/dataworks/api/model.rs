//! An API as it is created and as it is answered.

use serde::{Deserialize, Serialize, de::DeserializeOwned};

use super::super::{
    answer::capital,
    codes::PROTOCOLS,
    details::{Registration, RequestParameter, ResponseParameter, Script, Wizard},
};
use crate::{
    lenient,
    object::{keep, known, spread},
};

/// What creates one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Create {
    pub name: String,
    pub group: String,
    /// [`crate::dataworks::codes::MODES`]; that of the details.
    pub mode: i32,
    /// None or 0: not in a folder.
    pub folder: Option<i64>,
    /// [`crate::dataworks::codes::SQL_MODES`]
    pub sql_mode: Option<i32>,
    /// [`crate::dataworks::codes::REQUEST_TYPES`]
    pub request_content_type: Option<i32>,
    pub settings: Settings,
}

/// What an update sends, all of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    pub path: String,
    pub description: String,
    /// [`crate::dataworks::codes::METHODS`]
    pub method: i32,
    /// [`crate::dataworks::codes::RESPONSE_TYPES`]
    pub response_content_type: i32,
    pub timeout_ms: i32,
    /// [`crate::dataworks::codes::VISIBLE`]
    pub visible_range: i32,
    /// [`crate::dataworks::codes::PROTOCOLS`]
    pub protocols: Vec<i32>,
    pub resource_group: Option<i64>,
    pub details: Details,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Details {
    Wizard(Wizard),
    Script(Script),
    Registration(Registration),
}

impl Settings {
    /// With what a form does not know of the API that is there.
    #[must_use]
    pub fn keeping(mut self, before: &Api) -> Self {
        let others = before.protocols.iter();
        let others = others.filter(|code| !PROTOCOLS.iter().any(|(known, _)| known == *code));
        self.protocols.extend(others);
        self.details = match (self.details, before.details()) {
            (Details::Wizard(new), Some(Details::Wizard(old))) => Details::Wizard(kept(new, &old)),
            (Details::Script(new), Some(Details::Script(old))) => Details::Script(kept(new, &old)),
            (Details::Registration(new), Some(Details::Registration(old))) => {
                Details::Registration(kept(new, &old))
            }
            (new, _) => new,
        };
        self
    }
}

impl Details {
    /// Only what this program knows of it.
    #[must_use]
    pub fn known(self) -> Self {
        fn bare<T: Serialize + DeserializeOwned>(details: T) -> T {
            let value = serde_json::to_value(&details).map(known);
            value.and_then(serde_json::from_value).unwrap_or(details)
        }
        match self {
            Self::Wizard(details) => Self::Wizard(bare(details)),
            Self::Script(details) => Self::Script(bare(details)),
            Self::Registration(details) => Self::Registration(bare(details)),
        }
    }
}

fn kept<T: Serialize + DeserializeOwned>(new: T, old: &T) -> T {
    let value = |details: &T| serde_json::to_value(details).map(spread).ok();
    let whole = value(&new).zip(value(old)).and_then(|(mut new, old)| {
        keep(&mut new, &old, &["parameterName", "errorCode"]);
        lenient::from_value(&new).ok()
    });
    whole.unwrap_or(new)
}

/// As Get and List answer.
#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Api {
    pub api_id: i64,
    pub api_name: String,
    pub api_mode: i32,
    pub api_path: String,
    pub description: String,
    pub group_id: String,
    pub folder_id: i64,
    pub project_id: i64,
    pub tenant_id: Option<i64>,
    pub request_method: i32,
    pub response_content_type: i32,
    pub protocols: Vec<i32>,
    /// Milliseconds.
    pub timeout: i32,
    pub visible_range: i32,
    /// [`crate::dataworks::codes::STATES`]
    pub status: i32,
    pub creator_id: String,
    pub operator_id: String,
    /// For example `2020-06-23T00:21:01+0800`.
    pub created_time: String,
    pub modified_time: String,
    /// Only of what is published.
    pub sql_mode: Option<i32>,
    #[serde(with = "capital")]
    pub wizard_details: Option<Wizard>,
    #[serde(with = "capital")]
    pub script_details: Option<Script>,
    #[serde(with = "capital")]
    pub registration_details: Option<Registration>,
}

impl Api {
    pub fn request_parameters(&self) -> &[RequestParameter] {
        if let Some(wizard) = &self.wizard_details {
            &wizard.wizard_request_parameters
        } else if let Some(script) = &self.script_details {
            &script.script_request_parameters
        } else if let Some(registration) = &self.registration_details {
            &registration.registration_request_parameters
        } else {
            &[]
        }
    }

    /// Registered APIs name none.
    pub fn response_parameters(&self) -> &[ResponseParameter] {
        if let Some(wizard) = &self.wizard_details {
            &wizard.wizard_response_parameters
        } else if let Some(script) = &self.script_details {
            &script.script_response_parameters
        } else {
            &[]
        }
    }

    /// Lists of rows come page by page.
    pub fn is_paged(&self) -> bool {
        self.wizard_details
            .as_ref()
            .is_some_and(|d| d.is_paged_response)
            || self
                .script_details
                .as_ref()
                .is_some_and(|d| d.is_paged_response)
    }

    pub fn details(&self) -> Option<Details> {
        let wizard = self.wizard_details.clone().map(Details::Wizard);
        let script = || self.script_details.clone().map(Details::Script);
        let registration = || self.registration_details.clone().map(Details::Registration);
        wizard.or_else(script).or_else(registration)
    }

    pub fn set_details(&mut self, details: Details) {
        (
            self.wizard_details,
            self.script_details,
            self.registration_details,
        ) = match details {
            Details::Wizard(details) => (Some(details), None, None),
            Details::Script(details) => (None, Some(details), None),
            Details::Registration(details) => (None, None, Some(details)),
        };
    }
}
