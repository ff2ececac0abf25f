//! Data service APIs.

mod model;

pub use self::model::{Api, Create, Details, Settings};

use super::{
    Operation, Paging,
    answer::{self, Page},
};
use crate::{ApiError, ApiRequest, object::spread};

/// Filters of a list; empty ones are not sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    pub name: String,
    pub path: String,
    pub creator: String,
}

fn filtered(action: &'static str, filter: &Filter, paging: Paging) -> ApiRequest {
    Operation::new(action)
        .text("ApiNameKeyword", &filter.name)
        .text("ApiPathKeyword", &filter.path)
        .text("CreatorId", &filter.creator)
        .paged(paging)
        .request()
}

pub fn list(filter: &Filter, paging: Paging) -> ApiRequest {
    filtered("ListDataServiceApis", filter, paging)
}

/// Those that are published, as they were published.
pub fn list_published(filter: &Filter, paging: Paging) -> ApiRequest {
    filtered("ListDataServicePublishedApis", filter, paging)
}

pub fn listed(body: &[u8]) -> Result<Page<Api>, ApiError> {
    answer::page(body, "Data", "Apis")
}

fn one(action: &'static str, id: i64) -> ApiRequest {
    Operation::new(action).with("ApiId", id).request()
}

/// As it is being developed.
pub fn get(id: i64) -> ApiRequest {
    one("GetDataServiceApi", id)
}

pub fn get_published(id: i64) -> ApiRequest {
    one("GetDataServicePublishedApi", id)
}

pub fn got(body: &[u8]) -> Result<Api, ApiError> {
    answer::under(body, "Data")
}

/// Makes what is developed the version that publishing publishes.
pub fn submit(id: i64) -> ApiRequest {
    one("SubmitDataServiceApi", id)
}

pub fn publish(id: i64) -> ApiRequest {
    one("PublishDataServiceApi", id)
}

/// Takes it back from being published.
pub fn abolish(id: i64) -> ApiRequest {
    one("AbolishDataServiceApi", id)
}

pub fn delete(id: i64) -> ApiRequest {
    one("DeleteDataServiceApi", id)
}

pub fn create(api: &Create) -> Result<ApiRequest, ApiError> {
    let operation = Operation::new("CreateDataServiceApi")
        .with("ApiName", &api.name)
        .with("GroupId", &api.group)
        .with("ApiMode", api.mode)
        .maybe("FolderId", api.folder)
        .maybe("SqlMode", api.sql_mode)
        .maybe("RequestContentType", api.request_content_type);
    Ok(settings(operation, &api.settings)?.request())
}

pub fn created(body: &[u8]) -> Result<i64, ApiError> {
    answer::under(body, "Data")
}

/// Name, group, folder and mode cannot be changed.
pub fn update(id: i64, changed: &Settings) -> Result<ApiRequest, ApiError> {
    let operation = Operation::new("UpdateDataServiceApi").with("ApiId", id);
    Ok(settings(operation, changed)?.request())
}

fn settings(operation: Operation, settings: &Settings) -> Result<Operation, ApiError> {
    let protocols: Vec<String> = settings.protocols.iter().map(ToString::to_string).collect();
    let operation = operation
        .with("ApiPath", &settings.path)
        .with("ApiDescription", &settings.description)
        .with("RequestMethod", settings.method)
        .with("ResponseContentType", settings.response_content_type)
        .with("Timeout", settings.timeout_ms)
        .with("VisibleRange", settings.visible_range)
        .with("Protocols", protocols.join(","))
        .maybe("ResourceGroupId", settings.resource_group);
    let (name, json) = match &settings.details {
        Details::Wizard(details) => ("WizardDetails", serde_json::to_value(details)),
        Details::Script(details) => ("ScriptDetails", serde_json::to_value(details)),
        Details::Registration(details) => ("RegistrationDetails", serde_json::to_value(details)),
    };
    let json = json.map_err(|error| ApiError::Decode(error.to_string()))?;
    Ok(operation.with(name, spread(json).to_string()))
}

#[cfg(test)]
mod tests {
    use super::super::details::Script;
    use super::*;

    /// As the source document shows it.
    const SCRIPT: &str = r#"{"isPagedResponse":false,"script":"select id as id1, name as name1 from person where id=${inputid}","scriptConnection":{"connectionId":122786,"tableName":"person"},"scriptRequestParameters":[{"defaultValue":"","exampleValue":"","isRequiredParameter":true,"parameterDataType":0,"parameterDescription":"","parameterName":"inputid","parameterOperator":0,"parameterPosition":1}],"scriptResponseParameters":[{"exampleValue":"","parameterDataType":0,"parameterDescription":"","parameterName":"id1"},{"exampleValue":"","parameterDataType":0,"parameterDescription":"","parameterName":"name1"}]}"#;

    fn form(request: &ApiRequest) -> Vec<(String, String)> {
        let body = request.body.as_ref().expect("body");
        let text = std::str::from_utf8(&body.bytes).expect("text");
        let decoded = |text: &str| {
            let decoded = percent_encoding::percent_decode_str(text).decode_utf8();
            decoded.expect("UTF-8").into_owned()
        };
        text.split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_string(), decoded(value)))
            .collect()
    }

    #[test]
    fn create_sends_what_the_document_sends() {
        let details: Script = serde_json::from_str(SCRIPT).expect("details");
        let request = create(&Create {
            name: "person_by_id".into(),
            group: "ds_1".into(),
            mode: super::super::codes::SCRIPT,
            folder: Some(0),
            sql_mode: Some(0),
            request_content_type: None,
            settings: Settings {
                path: "/test/1".into(),
                description: "API description".into(),
                method: 0,
                response_content_type: 0,
                timeout_ms: 10_000,
                visible_range: 0,
                protocols: vec![0, 1],
                resource_group: Some(3_242_432_423),
                details: Details::Script(details),
            },
        })
        .expect("request");
        let form = form(&request);
        let names: Vec<&str> = form.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(
            names,
            [
                "ApiName",
                "GroupId",
                "ApiMode",
                "FolderId",
                "SqlMode",
                "ApiPath",
                "ApiDescription",
                "RequestMethod",
                "ResponseContentType",
                "Timeout",
                "VisibleRange",
                "Protocols",
                "ResourceGroupId",
                "ScriptDetails"
            ]
        );
        let value = |name: &str| form.iter().find(|(n, _)| n == name).expect(name).1.clone();
        assert_eq!(value("Protocols"), "0,1");
        let sent: serde_json::Value = serde_json::from_str(&value("ScriptDetails")).expect("JSON");
        let document: serde_json::Value = serde_json::from_str(SCRIPT).expect("JSON");
        assert_eq!(sent, document);
    }

    #[test]
    fn answers_are_spelled_with_capitals() {
        let body = br#"{"HttpStatusCode":200,"Success":true,"RequestId":"R","Data":{
            "ApiId":10000,"ApiName":"a_b_c","ApiMode":1,"Protocols":[0,1],"FolderId":null,
            "ScriptDetails":{"IsPagedResponse":true,"Script":"select 1",
                "ScriptConnection":{"ConnectionId":123,"TableName":"t"},
                "ScriptRequestParameters":[{"ParameterName":"x","ParameterDataType":2,
                    "IsRequiredParameter":true,"ColumnName":null}]}}}"#;
        let api = got(body).expect("API");
        assert_eq!((api.api_id, api.api_mode), (10_000, 1));
        let script = api.script_details.as_ref().expect("script");
        assert_eq!(script.script_connection.connection_id, 123);
        assert!(api.is_paged());
        assert!(api.request_parameters()[0].is_required_parameter);
        let written = serde_json::to_value(&api).expect("JSON");
        assert_eq!(
            written["ScriptDetails"]["ScriptConnection"]["ConnectionId"],
            123
        );
        assert_eq!(
            written["ScriptDetails"]["ScriptRequestParameters"][0]["ParameterName"],
            "x"
        );
        assert!(written.get("WizardDetails").is_none());
    }

    #[test]
    fn a_success_may_say_that_it_failed() {
        let body = br#"{"Success":false,"HttpStatusCode":404,"ErrorCode":"E","ErrorMessage":"m"}"#;
        let error = listed(body).expect_err("failed");
        assert_eq!(error.status(), Some(404));
        let body = br#"{"Success":true,"Data":{"PageNumber":2,"PageSize":10,"TotalCount":11,
            "Apis":[{"ApiId":1}]}}"#;
        let page = listed(body).expect("page");
        assert_eq!(
            (page.number, page.size, page.total, page.items.len()),
            (2, 10, 11, 1)
        );
        assert_eq!(page.next(), None);
        let body = br#"{"Data":{"PageNumber":1,"PageSize":1,"TotalCount":2,"Apis":[{"ApiId":1}]}}"#;
        let next = listed(body).expect("page").next().expect("more");
        assert_eq!((next.number, next.size), (2, 1));
    }
}
