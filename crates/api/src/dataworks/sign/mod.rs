//! Alibaba Cloud's signatures.

mod gateway;
mod v1;
mod v3;

use chrono::{DateTime, Utc};
use hmac::Mac;
use percent_encoding::percent_decode;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

pub use self::{
    gateway::{GatewayParts, gateway_signature, gateway_string_to_sign},
    v1::{v1_signature, v1_string_to_sign},
    v3::{V3Parts, v3_canonical, v3_signature},
};

use self::{v1::sign_v1, v3::sign_v3};
use crate::{ApiRequest, Moment, request::encode};

/// Of the API.
pub const VERSION: &str = "2020-05-18";

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum SignatureVersion {
    /// `HMAC-SHA1` over the query.
    V1,
    /// `ACS3-HMAC-SHA256` in the `Authorization` header.
    #[default]
    V3,
}

#[derive(Clone, Copy)]
pub struct AccessKey<'a> {
    pub id: &'a str,
    pub secret: &'a str,
    /// Of STS.
    pub token: Option<&'a str>,
}

/// `base` is the URL the request's path is appended to.
pub fn sign(
    base: &str,
    request: ApiRequest,
    key: AccessKey<'_>,
    version: SignatureVersion,
    moment: &Moment,
) -> ApiRequest {
    let request = super::place::placed(request);
    match version {
        SignatureVersion::V1 => sign_v1(request, key, moment),
        SignatureVersion::V3 => sign_v3(base, request, key, moment),
    }
}

/// The moment as `2023-10-26T10:22:32Z`.
fn instant(moment: &Moment) -> String {
    let at = DateTime::<Utc>::from_timestamp_millis(moment.at_ms).unwrap_or_default();
    at.format("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn take(request: &mut ApiRequest, name: &str) -> Option<String> {
    let at = request.query.iter().position(|(known, _)| *known == name)?;
    Some(request.query.remove(at).1)
}

/// What a form or a query says, decoded.
pub fn form(body: &[u8]) -> Vec<(String, String)> {
    let decoded = |part: &[u8]| {
        let spaced: Vec<u8> = part
            .iter()
            .map(|b| if *b == b'+' { b' ' } else { *b })
            .collect();
        percent_decode(&spaced).decode_utf8_lossy().into_owned()
    };
    body.split(|byte| *byte == b'&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let mut parts = pair.splitn(2, |byte| *byte == b'=');
            let mut next = || decoded(parts.next().unwrap_or_default());
            (next(), next())
        })
        .collect()
}

/// Sorted by name, encoded, joined.
fn canonical_query(parameters: &[(String, String)]) -> String {
    let mut sorted: Vec<&(String, String)> = parameters.iter().collect();
    sorted.sort_unstable();
    let pairs = sorted
        .iter()
        .map(|(name, value)| format!("{}={}", encode(name), encode(value)));
    pairs.collect::<Vec<_>>().join("&")
}

pub fn hex_sha256(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

fn hmac<M: Mac + hmac::digest::KeyInit>(key: &[u8], text: &str) -> Vec<u8> {
    // HMAC takes keys of any length.
    let Ok(mut mac) = <M as Mac>::new_from_slice(key) else {
        return Vec::new();
    };
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Method;

    /// 2016-02-23T12:46:24Z and so on.
    fn moment(at: &str, nonce: &str) -> Moment {
        let at = DateTime::parse_from_rfc3339(at).expect("time");
        Moment {
            at_ms: at.timestamp_millis(),
            nonce: nonce.into(),
        }
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let own = |(name, value): &(&str, &str)| ((*name).to_string(), (*value).to_string());
        pairs.iter().map(own).collect()
    }

    const NONCE: &str = "3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf";

    #[test]
    fn published_vectors_of_v1() {
        let parameters = pairs(&[
            ("Action", "DescribeRegions"),
            ("Format", "XML"),
            ("Version", "2014-05-26"),
            ("AccessKeyId", "testid"),
            ("SignatureMethod", "HMAC-SHA1"),
            ("Timestamp", "2016-02-23T12:46:24Z"),
            ("SignatureVersion", "1.0"),
            ("SignatureNonce", NONCE),
        ]);
        let text = v1_string_to_sign("GET", &parameters);
        assert_eq!(
            text,
            "GET&%2F&AccessKeyId%3Dtestid%26Action%3DDescribeRegions%26Format%3DXML\
             %26SignatureMethod%3DHMAC-SHA1%26SignatureNonce%3D3ee8c1b8-83d3-44af-a94f-4e0ad82fd6cf\
             %26SignatureVersion%3D1.0%26Timestamp%3D2016-02-23T12%253A46%253A24Z\
             %26Version%3D2014-05-26"
        );
        assert_eq!(
            v1_signature("testsecret", &text),
            "OLeaidS1JvxuMvnyHOwuJ+uX5qY="
        );
        let text = v1_string_to_sign("POST", &parameters);
        assert_eq!(
            v1_signature("testsecret", &text),
            "MxbnVAM4w6sft9xjVpe/GCKueuk="
        );
    }

    fn key() -> AccessKey<'static> {
        AccessKey {
            id: "testid",
            secret: "testsecret",
            token: None,
        }
    }

    fn get_api() -> ApiRequest {
        ApiRequest::post("/")
            .query("Action", "GetDataServiceApi")
            .bytes(
                "application/x-www-form-urlencoded",
                b"ApiId=10000&ProjectId=10001".to_vec(),
            )
    }

    fn query(request: &ApiRequest, name: &str) -> Option<String> {
        let found = request.query.iter().find(|(known, _)| *known == name);
        found.map(|(_, value)| value.clone())
    }

    #[test]
    fn v1_covers_query_and_form() {
        let moment = moment("2024-01-02T03:04:05Z", NONCE);
        let signed = sign("https://x", get_api(), key(), SignatureVersion::V1, &moment);
        assert_eq!(
            query(&signed, "Signature").as_deref(),
            Some("TDV5H40WyybZuBjyjeyYXSELdo4=")
        );
        let token = AccessKey {
            token: Some("sts+token"),
            ..key()
        };
        let signed = sign("https://x", get_api(), token, SignatureVersion::V1, &moment);
        assert_eq!(
            query(&signed, "SecurityToken").as_deref(),
            Some("sts+token")
        );
        assert_ne!(
            query(&signed, "Signature").as_deref(),
            Some("TDV5H40WyybZuBjyjeyYXSELdo4=")
        );
    }

    #[test]
    fn published_vector_of_v3() {
        let empty = hex_sha256(b"");
        let text = |text: &str| text.to_string();
        let headers = [
            ("host", text("ecs.cn-shanghai.aliyuncs.com")),
            ("x-acs-action", text("RunInstances")),
            ("x-acs-content-sha256", empty.clone()),
            ("x-acs-date", text("2023-10-26T10:22:32Z")),
            (
                "x-acs-signature-nonce",
                text("3156853299f313e23d1673dc12e1703d"),
            ),
            ("x-acs-version", text("2014-05-26")),
        ];
        let canonical = v3_canonical(&V3Parts {
            method: "POST",
            query: &pairs(&[
                ("RegionId", "cn-shanghai"),
                (
                    "ImageId",
                    "win2019_1809_x64_dtc_zh-cn_40G_alibase_20230811.vhd",
                ),
            ]),
            headers: &headers,
            body_hash: &empty,
        });
        assert_eq!(
            hex_sha256(canonical.as_bytes()),
            "7ea06492da5221eba5297e897ce16e55f964061054b7695beedaac1145b1e259"
        );
        assert_eq!(
            v3_signature("YourAccessKeySecret", &canonical),
            "06563a9e1b43f5dfe96b81484da74bceab24a1d853912eee15083a6f0f3283c0"
        );
    }

    #[test]
    fn v3_signs_what_a_browser_will_send() {
        let moment = moment("2024-01-02T03:04:05Z", "0123456789abcdef0123456789abcdef");
        let key = AccessKey {
            id: "YourAccessKeyId",
            secret: "YourAccessKeySecret",
            token: None,
        };
        let base = "https://dataworks.cn-shanghai.aliyuncs.com:443/";
        let signed = sign(base, get_api(), key, SignatureVersion::V3, &moment);
        assert_eq!(
            (signed.method, signed.target()),
            (Method::Post, "/".to_string())
        );
        let (_, authorization) = signed.headers.last().expect("header");
        assert_eq!(
            authorization,
            "ACS3-HMAC-SHA256 Credential=YourAccessKeyId,SignedHeaders=content-type;host;\
             x-acs-action;x-acs-content-sha256;x-acs-date;x-acs-signature-nonce;x-acs-version,\
             Signature=d6ebb757c8132505605a73b1b0c7d5e5d1186c1ac727abba949473deda0c311c"
        );
        let key = AccessKey {
            token: Some("sts"),
            ..key
        };
        let signed = sign(base, get_api(), key, SignatureVersion::V3, &moment);
        let (_, authorization) = signed.headers.last().expect("header");
        assert!(
            authorization.contains("x-acs-security-token"),
            "{authorization}"
        );
    }

    #[test]
    fn forms_are_read_as_servers_read_them() {
        let read = form(b"a=b+c%2B&d&e=%C3%A4=");
        assert_eq!(read, pairs(&[("a", "b c+"), ("d", ""), ("e", "\u{e4}=")]));
    }
}
