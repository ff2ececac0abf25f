//! What the system answers when it refuses: its gateway before the operation, the operation
//! itself, or something between that speaks neither.

use serde::Deserialize;

use crate::{ApiError, FieldError, StatusError, lenient};

/// Both shapes.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
struct Wire {
    /// The gateway's.
    code: Option<String>,
    message: Option<String>,
    recommend: Option<String>,
    /// The operation's.
    error_code: Option<Code>,
    error_message: Option<String>,
    http_status_code: Option<u16>,
    request_id: Option<String>,
}

/// A text that may come as a number.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Code {
    Text(String),
    Number(i64),
}

/// Reads an answer outside 200–299.
pub fn read(status: u16, request_id: Option<String>, body: &[u8]) -> ApiError {
    match lenient::from_slice::<Wire>(body).map(|answer| answer.value) {
        Ok(wire) => wire.into_error(status, request_id),
        Err(_) => {
            let text = String::from_utf8_lossy(body);
            status_error(status, "", text.trim(), request_id)
        }
    }
}

/// Why an answer inside 200–299 is an error all the same.
pub fn refusal(body: &[u8]) -> Option<ApiError> {
    #[derive(Default, Deserialize)]
    #[serde(default, rename_all = "PascalCase")]
    struct Outcome {
        success: Option<bool>,
    }
    let outcome = lenient::from_slice::<Outcome>(body).ok()?.value;
    (outcome.success == Some(false)).then(|| unsuccessful(body))
}

/// Reads an answer inside 200–299 that says that it failed.
pub(super) fn unsuccessful(body: &[u8]) -> ApiError {
    let wire = lenient::from_slice::<Wire>(body).map(|answer| answer.value);
    let wire = wire.unwrap_or_default();
    // A refusal without a status of its own is no success.
    let status = wire.http_status_code.filter(|status| *status >= 400);
    wire.into_error(status.unwrap_or(400), None)
}

impl Wire {
    fn into_error(self, status: u16, request_id: Option<String>) -> ApiError {
        let code = match self.error_code {
            Some(Code::Text(code)) => Some(code),
            Some(Code::Number(code)) => Some(code.to_string()),
            None => self.code,
        };
        let message = self.error_message.or(self.message).unwrap_or_default();
        let message = match self.recommend {
            Some(recommend) if !recommend.is_empty() && !recommend.starts_with("http") => {
                format!("{message} {recommend}")
            }
            _ => message,
        };
        let request_id = self.request_id.or(request_id);
        let status = match code.as_deref().is_some_and(unproven) {
            true => 401,
            false => status,
        };
        status_error(
            status,
            code.as_deref().unwrap_or_default(),
            &message,
            request_id,
        )
    }
}

/// The caller is not who the request says: an unknown key, a wrong secret, a token that has ended.
/// The system answers with 400 and 404 what others answer with 401.
fn unproven(code: &str) -> bool {
    [
        "InvalidAccessKeyId",
        "SignatureDoesNotMatch",
        "InvalidSecurityToken",
        "MissingSecurityToken",
    ]
    .iter()
    .any(|known| code.starts_with(known))
}

/// Of an operation whose parameters are wrong. The embedded backend writes a line
/// `parameter: reason` for each of them.
pub const INVALID: &str = "1031203110005";

/// The code is a text and stands before the words. A line that names a parameter of a form is
/// that field's.
fn status_error(status: u16, code: &str, message: &str, request_id: Option<String>) -> ApiError {
    let field = |name: &str, reason: &str| FieldError::new(name, reason);
    let mut fields = Vec::new();
    if let Some(name) = code.strip_prefix("Missing").filter(|name| parameter(name)) {
        fields.push(field(name, "is needed"));
    } else if code == INVALID {
        let pairs = message.lines().filter_map(|line| line.split_once(": "));
        let named = pairs.filter(|(name, _)| parameter(name));
        fields.extend(named.map(|(name, reason)| field(name, reason)));
    }
    let words = match code {
        "" => message.to_string(),
        code if message.is_empty() => code.to_string(),
        code => format!("{code}: {message}"),
    };
    ApiError::Status(StatusError {
        status,
        code: code.parse().ok(),
        message: words,
        request_id,
        fields,
    })
}

/// `ApiName`, `WizardDetails.wizardConnection`: one word that begins with a capital.
fn parameter(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "._[]".contains(c))
}

/// Too many calls: the same call may succeed a little later.
pub fn is_throttled(error: &ApiError) -> bool {
    match error {
        ApiError::Status(error) => {
            error.status == 429
                || error.message.starts_with("Throttling")
                || error.code == Some(RATE_LIMIT)
        }
        _ => false,
    }
}

/// Of published APIs that are called too often.
const RATE_LIMIT: i64 = 1_108_113_002;

#[cfg(test)]
mod tests {
    use super::*;

    fn status(error: ApiError) -> StatusError {
        match error {
            ApiError::Status(error) => error,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn the_gateway_and_the_operation_speak_differently() {
        let body = br#"{"RequestId":"R1","HostId":"dataworks.cn-shanghai.aliyuncs.com",
            "Code":"SignatureNonceUsed","Message":"Used before.","Recommend":"https://x"}"#;
        let error = status(read(400, None, body));
        assert_eq!(error.message, "SignatureNonceUsed: Used before.");
        assert_eq!(error.request_id.as_deref(), Some("R1"));

        let body = br#"{"HttpStatusCode":500,"Success":false,"RequestId":"R2",
            "ErrorCode":"Invalid.Tenant.ConnectionNotExists",
            "ErrorMessage":"The connection does not exist."}"#;
        let error = status(unsuccessful(body));
        assert_eq!(error.status, 500);
        assert_eq!(
            error.message,
            "Invalid.Tenant.ConnectionNotExists: The connection does not exist."
        );
        let body = br#"{"Success":false,"ErrorCode":1031203110005,"HttpStatusCode":200}"#;
        let error = status(unsuccessful(body));
        assert_eq!((error.status, error.code), (400, Some(1_031_203_110_005)));
        assert_eq!(
            status(read(502, None, b"<h1>Bad</h1>")).message,
            "<h1>Bad</h1>"
        );
    }

    #[test]
    fn who_is_not_proven_is_asked_again() {
        for (status, code, told) in [
            (404, "InvalidAccessKeyId.NotFound", 401),
            (400, "SignatureDoesNotMatch", 401),
            (400, "InvalidSecurityToken.Expired", 401),
            (400, "SignatureNonceUsed", 400),
            (404, "InvalidApi.NotFound", 404),
            (403, "Forbidden.RAM", 403),
        ] {
            let body = format!(r#"{{"Code":"{code}","Message":"m"}}"#);
            let error = read(status, None, body.as_bytes());
            assert_eq!(error.status(), Some(told), "{code}");
        }
    }

    #[test]
    fn a_named_parameter_is_a_field() {
        let body = br#"{"Code":"MissingApiName","Message":"ApiName is mandatory."}"#;
        let fields = status(read(400, None, body)).fields;
        assert_eq!(fields[0].field, "ApiName");
        let body = br#"{"Success":false,"ErrorCode":"1031203110005","HttpStatusCode":400,
            "ErrorMessage":"ApiPath: must start with a slash\nScriptDetails.x[1].y: is needed"}"#;
        let fields = status(read(400, None, body)).fields;
        assert_eq!(fields[0].field, "ApiPath");
        assert_eq!(fields[0].message, "must start with a slash");
        assert_eq!(fields[1].field, "ScriptDetails.x[1].y");
        let body = br#"{"Code":"Forbidden.RAM","Message":"Sorry: no."}"#;
        assert!(status(read(403, None, body)).fields.is_empty());
    }

    #[test]
    fn throttling_is_recognised_wherever_it_comes_from() {
        let gateway = br#"{"Code":"Throttling.User","Message":"Too frequent."}"#;
        assert!(is_throttled(&read(429, None, gateway)));
        assert!(is_throttled(&read(400, None, gateway)));
        assert!(is_throttled(&read(429, None, b"")));
        let service = br#"{"Success":false,"HttpStatusCode":429,"ErrorCode":"Throttling.Api"}"#;
        assert!(is_throttled(&unsuccessful(service)));
        assert!(!is_throttled(&read(500, None, b"")));
        assert!(refusal(service).is_some_and(|error| is_throttled(&error)));
        assert_eq!(refusal(br#"{"Success":true}"#), None);
        assert_eq!(refusal(br#"{"GroupId":"ds_1"}"#), None);
    }
}
