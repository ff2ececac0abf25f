//! Huawei Cloud's AK/SK signature, `SDK-HMAC-SHA256`.

use chrono::DateTime;
use hmac::{Hmac, Mac};
use percent_encoding::percent_decode_str;
use sha2::{Digest, Sha256};

use crate::{ApiRequest, Moment, request::encode};

const ALGORITHM: &str = "SDK-HMAC-SHA256";
/// The vendor's client does not sign the bodies of uploads, and says so in this header.
const CONTENT: &str = "x-sdk-content-sha256";
const UNSIGNED: &str = "UNSIGNED-PAYLOAD";

/// What is signed of a request.
#[derive(Debug, Clone, Default)]
pub struct Signed {
    pub method: String,
    /// Percent-encoded or not.
    pub path: String,
    /// Names and values, not encoded.
    pub query: Vec<(String, String)>,
    /// Names in lower case and values.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Signed {
    /// What has to stand in `Authorization`; `date` is the value of `X-Sdk-Date`.
    pub fn authorization(&self, id: &str, secret: &str, date: &str) -> String {
        let mut names: Vec<&str> = self.headers.iter().map(|(name, _)| name.as_str()).collect();
        names.sort_unstable();
        format!(
            "{ALGORITHM} Access={id}, SignedHeaders={}, Signature={}",
            names.join(";"),
            self.signature(secret, date)
        )
    }

    fn signature(&self, secret: &str, date: &str) -> String {
        let canonical = hex(&Sha256::digest(self.canonical()));
        let text = format!("{ALGORITHM}\n{date}\n{canonical}");
        // Keys of any length are fine.
        match Hmac::<Sha256>::new_from_slice(secret.as_bytes()) {
            Ok(mut hmac) => {
                hmac.update(text.as_bytes());
                hex(&hmac.finalize().into_bytes())
            }
            Err(_) => String::new(),
        }
    }

    fn canonical(&self) -> String {
        let segments = self.path.split('/').map(|segment| {
            let plain = percent_decode_str(segment).decode_utf8_lossy();
            encode(&plain)
        });
        let mut path = segments.collect::<Vec<_>>().join("/");
        if !path.ends_with('/') {
            path.push('/');
        }
        let mut query: Vec<String> = self
            .query
            .iter()
            .map(|(name, value)| format!("{}={}", encode(name), encode(value)))
            .collect();
        query.sort_unstable();
        let mut headers: Vec<_> = self.headers.iter().collect();
        headers.sort_unstable();
        let names: Vec<&str> = headers.iter().map(|(name, _)| name.as_str()).collect();
        let lines = headers
            .iter()
            .map(|(name, value)| format!("{name}:{}\n", value.trim()));
        let unsigned = headers
            .iter()
            .any(|(name, value)| name == CONTENT && value == UNSIGNED);
        format!(
            "{}\n{path}\n{}\n{}\n{}\n{}",
            self.method,
            query.join("&"),
            lines.collect::<String>(),
            names.join(";"),
            match unsigned {
                true => UNSIGNED.to_owned(),
                false => hex(&Sha256::digest(&self.body)),
            }
        )
    }
}

/// Adds `X-Sdk-Date` and `Authorization`, and `X-Project-Id` where `base`, the URL the request's
/// path is appended to, names a project.
pub fn sign(
    base: &str,
    mut request: ApiRequest,
    id: &str,
    secret: &str,
    moment: &Moment,
) -> ApiRequest {
    let rest = base.split_once("://").map_or(base, |(_, rest)| rest);
    let (host, path) = match rest.find('/') {
        Some(at) => rest.split_at(at),
        None => (rest, ""),
    };
    let date = DateTime::from_timestamp_millis(moment.at_ms)
        .unwrap_or_default()
        .format("%Y%m%dT%H%M%SZ")
        .to_string();
    let mut headers = vec![
        ("host".to_string(), host.to_string()),
        ("x-sdk-date".to_string(), date.clone()),
    ];
    request.headers.push(("X-Sdk-Date".into(), date.clone()));
    if let Some(project) = project(path) {
        headers.push(("x-project-id".to_string(), project.clone()));
        request.headers.push(("X-Project-Id".into(), project));
    }
    let query = request.query.iter();
    let signed = Signed {
        method: request.method.as_str().into(),
        path: format!("{path}{}", request.path),
        query: query
            .map(|(name, value)| (name.to_string(), value.clone()))
            .collect(),
        headers,
        body: request
            .body
            .as_ref()
            .map_or(Vec::new(), |b| b.bytes.clone()),
    };
    let authorization = signed.authorization(id, secret, &date);
    request
        .headers
        .push(("Authorization".into(), authorization));
    request
}

/// The segment after `v1` of `…/v1/{project_id}/workspaces…`.
fn project(path: &str) -> Option<String> {
    let (_, rest) = path.split_once("/v1/")?;
    let (project, _) = rest.split_once("/workspaces")?;
    let plain = percent_decode_str(project).decode_utf8_lossy();
    Some(plain.into_owned())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2020-06-08T02:39:00Z
    const AT: i64 = 1_591_583_940_000;
    const BASE: &str = "https://service.endpoint.myhuaweicloud.com";

    fn signed(base: &str, request: ApiRequest) -> ApiRequest {
        let moment = Moment {
            at_ms: AT,
            nonce: String::new(),
        };
        sign(base, request, "AccessKey", "SecretKey", &moment)
    }

    fn header(request: &ApiRequest, name: &str) -> String {
        let found = request.headers.iter().find(|(n, _)| *n == name);
        found.map(|(_, value)| value.clone()).unwrap_or_default()
    }

    #[test]
    fn signatures_are_those_of_the_vendors_own_tests() {
        let get = ApiRequest::get("/resources").query("size", "1");
        let post = ApiRequest::post("/resources")
            .query("size", "1")
            .bytes("application/json", br#"{"name":"test","id":1}"#.to_vec());
        for (request, signature) in [
            (
                get,
                "cfb4171acec81de07d50e53d57eb77edd537414d66ddb1d7d780f128e12cd842",
            ),
            (
                post,
                "436b1ac0a1ae03705934bb70ef2f2e09f7bfed2117d731a38235053199323a1f",
            ),
        ] {
            let signed = signed(BASE, request);
            assert_eq!(header(&signed, "X-Sdk-Date"), "20200608T023900Z");
            assert_eq!(
                header(&signed, "Authorization"),
                format!(
                    "SDK-HMAC-SHA256 Access=AccessKey, SignedHeaders=host;x-sdk-date, \
                     Signature={signature}"
                )
            );
        }
    }

    #[test]
    fn the_canonical_request_is_that_of_the_vendors_own_tests() {
        let signed = Signed {
            method: "GET".into(),
            path: "/resources".into(),
            query: vec![("size".into(), "1".into())],
            headers: vec![
                ("x-sdk-date".into(), " 20200608T023900Z ".into()),
                ("host".into(), "service.endpoint.myhuaweicloud.com".into()),
            ],
            body: Vec::new(),
        };
        assert_eq!(
            hex(&Sha256::digest(signed.canonical())),
            "de94dd1e1ccdb730b403ce35d7e14f7c7b04337f6def1c3a3a2ba936852b133f"
        );
    }

    #[test]
    fn an_encoded_path_is_signed_once_encoded_and_the_project_is_told() {
        let base = "http://127.0.0.1:8000/secmaster/v1/p%201/workspaces/w";
        let request = signed(base, ApiRequest::get("/siem/shippers/a%2Fb"));
        assert_eq!(header(&request, "X-Project-Id"), "p 1");
        let names = "SignedHeaders=host;x-project-id;x-sdk-date,";
        assert!(header(&request, "Authorization").contains(names));
        let signed = Signed {
            path: "/a%2Fb/c d".into(),
            ..Signed::default()
        };
        assert!(signed.canonical().starts_with("\n/a%2Fb/c%20d/\n\n"));
    }
}
