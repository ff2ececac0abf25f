//! Trying an API before it is published. A run is asynchronous: it is started, then asked for.

use serde::{Deserialize, Serialize};

use super::{
    Operation,
    answer::{self, loose_number},
    codes,
};
use crate::{ApiError, ApiRequest};

pub const RUNNING: &str = "RUNNING";
pub const FINISHED: &str = "FINISHED";

/// What a run is given, by the place where each parameter stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Input {
    /// Position ([`codes::POSITIONS`]), name and value.
    pub parameters: Vec<(i32, String, String)>,
    /// The request's body.
    pub body: String,
}

/// The list that a position's parameters are sent in. One of them is spelled without an s.
pub const LISTS: [(i32, &str); 4] = [
    (codes::PATH, "PathParams"),
    (codes::QUERY, "QueryParam"),
    (codes::HEAD, "HeadParams"),
    (codes::BODY, "BodyParams"),
];

pub fn start(id: i64, input: &Input) -> ApiRequest {
    let mut operation = Operation::new("TestDataServiceApi").with("ApiId", id);
    for (position, list) in LISTS {
        let inside = input.parameters.iter().filter(|(at, _, _)| *at == position);
        for (index, (_, name, value)) in inside.enumerate() {
            let item = format!("{list}.{}", index + 1);
            operation = operation
                .with(format!("{item}.ParamKey"), name)
                .with(format!("{item}.ParamValue"), value);
        }
    }
    operation.text("BodyContent", &input.body).request()
}

/// The run's id.
pub fn started(body: &[u8]) -> Result<i64, ApiError> {
    #[derive(Deserialize)]
    #[serde(rename_all = "PascalCase")]
    struct Started {
        #[serde(deserialize_with = "loose_number")]
        test_id: i64,
    }
    answer::under::<Started>(body, "Data").map(|started| started.test_id)
}

pub fn get(test: i64) -> ApiRequest {
    Operation::new("GetDataServiceApiTest")
        .with("TestId", test)
        .request()
}

pub fn got(body: &[u8]) -> Result<Test, ApiError> {
    answer::under(body, "Data")
}

/// The newest first.
pub fn list(id: i64, count: u32) -> ApiRequest {
    Operation::new("ListDataServiceApiTest")
        .with("ApiId", id)
        .with("PageSize", count)
        .request()
}

pub fn listed(body: &[u8]) -> Result<Vec<Test>, ApiError> {
    answer::under(body, "Data")
}

/// Keeps samples of what the API answers; `None` takes them from the last run.
pub fn save_result(id: i64, samples: Option<(&str, &str)>) -> ApiRequest {
    let operation = Operation::new("SaveDataServiceApiTestResult").with("ApiId", id);
    match samples {
        None => operation.with("AutoGenerate", true),
        Some((success, failure)) => operation
            .with("AutoGenerate", false)
            .text("ResultSample", success)
            .text("FailResultSample", failure),
    }
    .request()
}

/// One run; only a list tells its id and time, only a single answer the debug texts.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Test {
    pub api_id: i64,
    #[serde(deserialize_with = "loose_number")]
    pub test_id: i64,
    /// [`RUNNING`] or [`FINISHED`]
    pub status: String,
    /// 0 is a success.
    pub ret_code: Option<i64>,
    /// What was answered.
    pub ret_result: String,
    /// What was sent, as JSON.
    pub param_map: String,
    /// Milliseconds.
    #[serde(deserialize_with = "loose_number")]
    pub cost_time: i64,
    /// Unix milliseconds.
    pub create_time: i64,
    pub debug_info: String,
    pub nodes_debug_info: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_numbered_in_the_list_of_their_place() {
        let input = Input {
            parameters: vec![
                (codes::QUERY, "id".into(), "1".into()),
                (codes::HEAD, "h".into(), "x".into()),
                (codes::QUERY, "n".into(), "a b".into()),
            ],
            body: String::new(),
        };
        let request = start(7, &input);
        assert_eq!(request.target(), "/?Action=TestDataServiceApi&ApiId=7");
        let body = request.body.expect("body").bytes;
        assert_eq!(
            String::from_utf8_lossy(&body),
            "QueryParam.1.ParamKey=id&QueryParam.1.ParamValue=1\
             &QueryParam.2.ParamKey=n&QueryParam.2.ParamValue=a%20b\
             &HeadParams.1.ParamKey=h&HeadParams.1.ParamValue=x"
        );
    }

    #[test]
    fn numbers_may_come_as_text() {
        let id = started(br#"{"RequestId":"R","Data":{"TestId":"12"}}"#);
        assert_eq!(id.expect("id"), 12);
        let test = got(br#"{"Data":{"ApiId":1,"CostTime":"35","Status":"FINISHED","RetCode":0}}"#);
        let test = test.expect("test");
        assert_eq!((test.cost_time, test.ret_code), (35, Some(0)));
    }
}
