//! What is typed for a test.

use weir_api::dataworks::{api::Api, codes, test::Input};

/// Values by the parameters' places, and a body.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Values {
    pub(super) texts: Vec<String>,
    pub(super) body: String,
}

impl Values {
    /// Examples first, then defaults.
    pub(super) fn of(api: &Api) -> Self {
        let text = |parameter: &weir_api::dataworks::details::RequestParameter| match parameter
            .example_value
            .as_str()
        {
            "" => parameter.default_value.clone(),
            example => example.into(),
        };
        Self {
            texts: api.request_parameters().iter().map(text).collect(),
            body: String::new(),
        }
    }

    /// Constants are not request_parameters for, and what is empty is not sent.
    pub(super) fn input(&self, api: &Api) -> Input {
        let with = api.request_parameters().iter().zip(&self.texts);
        let sent = with.filter(|(parameter, text)| {
            parameter.parameter_operator != codes::CONST && !text.is_empty()
        });
        let parameters = sent.map(|(parameter, text)| {
            (
                parameter.parameter_position,
                parameter.parameter_name.clone(),
                text.clone(),
            )
        });
        Input {
            parameters: parameters.collect(),
            body: self.body.clone(),
        }
    }
}
