//! Alibaba Cloud's signatures.

use base64::{Engine, engine::general_purpose::STANDARD};
use chrono::{DateTime, Utc};
use hmac::{Hmac, Mac};
use percent_encoding::percent_decode;
use serde::{Deserialize, Serialize};
use sha1::Sha1;
use sha2::{Digest, Sha256};

use super::VERSION;
use crate::{ApiRequest, auth::Moment, request::encode};

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

fn sign_v1(mut request: ApiRequest, key: AccessKey<'_>, moment: &Moment) -> ApiRequest {
    let version = match take(&mut request, "Version") {
        Some(version) => version,
        None => VERSION.to_string(),
    };
    let added: [(&str, String); 7] = [
        ("Format", "JSON".to_string()),
        ("Version", version),
        ("AccessKeyId", key.id.to_string()),
        ("SignatureMethod", "HMAC-SHA1".to_string()),
        ("Timestamp", instant(moment)),
        ("SignatureVersion", "1.0".to_string()),
        ("SignatureNonce", moment.nonce.clone()),
    ];
    let added = added.map(|(name, value)| (name.into(), value));
    request.query.extend(added);
    if let Some(token) = key.token {
        request
            .query
            .push(("SecurityToken".into(), token.to_string()));
    }
    let mut all: Vec<(String, String)> = request
        .query
        .iter()
        .map(|(name, value)| ((*name).to_string(), value.clone()))
        .collect();
    if let Some(body) = &request.body
        && body
            .content_type
            .starts_with("application/x-www-form-urlencoded")
    {
        all.extend(form(&body.bytes));
    }
    let text = v1_string_to_sign(request.method.as_str(), &all);
    let signature = v1_signature(key.secret, &text);
    request.query.push(("Signature".into(), signature));
    request
}

fn sign_v3(base: &str, mut request: ApiRequest, key: AccessKey<'_>, moment: &Moment) -> ApiRequest {
    let action = take(&mut request, "Action").unwrap_or_default();
    let version = take(&mut request, "Version").unwrap_or_else(|| VERSION.to_string());
    let body: &[u8] = request.body.as_ref().map_or(&[], |body| &body.bytes);
    let hash = hex_sha256(body);
    let mut headers = vec![
        ("x-acs-action", action),
        ("x-acs-content-sha256", hash.clone()),
        ("x-acs-date", instant(moment)),
        ("x-acs-signature-nonce", moment.nonce.clone()),
        ("x-acs-version", version),
    ];
    if let Some(token) = key.token {
        headers.push(("x-acs-accesskey-id", key.id.to_string()));
        headers.push(("x-acs-security-token", token.to_string()));
    }
    let mut signed = headers.clone();
    // A browser writes the header `Host` itself, out of the URL.
    signed.push(("host", host(base)));
    if let Some(body) = &request.body {
        signed.push(("content-type", body.content_type.to_string()));
    }
    signed.sort_unstable();
    let query: Vec<(String, String)> = request
        .query
        .iter()
        .map(|(name, value)| ((*name).to_string(), value.clone()))
        .collect();
    let parts = V3Parts {
        method: request.method.as_str(),
        query: &query,
        headers: &signed,
        body_hash: &hash,
    };
    let canonical = v3_canonical(&parts);
    let names: Vec<&str> = signed.iter().map(|(name, _)| *name).collect();
    let authorization = format!(
        "ACS3-HMAC-SHA256 Credential={},SignedHeaders={},Signature={}",
        key.id,
        names.join(";"),
        v3_signature(key.secret, &canonical)
    );
    let headers = headers.into_iter();
    let headers = headers.map(|(name, value): (&str, String)| (name.into(), value));
    request.headers.extend(headers);
    request
        .headers
        .push(("Authorization".into(), authorization));
    request
}

fn take(request: &mut ApiRequest, name: &str) -> Option<String> {
    let at = request.query.iter().position(|(known, _)| *known == name)?;
    Some(request.query.remove(at).1)
}

/// Host and port as a browser sends them: without the port that belongs to the scheme.
fn host(base: &str) -> String {
    let (scheme, rest) = base.split_once("://").unwrap_or(("https", base));
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let port = if scheme == "http" { ":80" } else { ":443" };
    host.strip_suffix(port).unwrap_or(host).to_ascii_lowercase()
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

/// `parameters`: all of query and form but `Signature`.
pub fn v1_string_to_sign(method: &str, parameters: &[(String, String)]) -> String {
    format!("{method}&%2F&{}", encode(&canonical_query(parameters)))
}

pub fn v1_signature(secret: &str, string_to_sign: &str) -> String {
    let key = format!("{secret}&");
    STANDARD.encode(hmac::<Hmac<Sha1>>(key.as_bytes(), string_to_sign))
}

/// What is signed of a request; the path of RPC is always `/`.
#[derive(Debug, Clone, Copy)]
pub struct V3Parts<'a> {
    pub method: &'a str,
    pub query: &'a [(String, String)],
    /// In the order of their names, which are in lower case.
    pub headers: &'a [(&'a str, String)],
    /// SHA-256 in hexadecimal.
    pub body_hash: &'a str,
}

pub fn v3_canonical(parts: &V3Parts<'_>) -> String {
    let headers: String = parts
        .headers
        .iter()
        .map(|(name, value)| format!("{name}:{}\n", value.trim()))
        .collect();
    let names: Vec<&str> = parts.headers.iter().map(|(name, _)| *name).collect();
    format!(
        "{}\n/\n{}\n{headers}\n{}\n{}",
        parts.method,
        canonical_query(parts.query),
        names.join(";"),
        parts.body_hash
    )
}

pub fn v3_signature(secret: &str, canonical: &str) -> String {
    let text = format!("ACS3-HMAC-SHA256\n{}", hex_sha256(canonical.as_bytes()));
    hex(&hmac::<Hmac<Sha256>>(secret.as_bytes(), &text))
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
    fn the_port_is_part_of_the_host_unless_it_is_the_usual_one() {
        assert_eq!(host("http://127.0.0.1:8000/dataworks"), "127.0.0.1:8000");
        assert_eq!(host("https://A.example:443"), "a.example");
        assert_eq!(host("http://a.example:80/"), "a.example");
        assert_eq!(host("http://a.example:443/"), "a.example:443");
    }

    #[test]
    fn forms_are_read_as_servers_read_them() {
        let read = form(b"a=b+c%2B&d&e=%C3%A4=");
        assert_eq!(read, pairs(&[("a", "b c+"), ("d", ""), ("e", "\u{e4}=")]));
    }
}
