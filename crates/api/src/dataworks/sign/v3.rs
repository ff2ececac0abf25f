//! `ACS3-HMAC-SHA256` in a header.

use hmac::Hmac;
use sha2::Sha256;

use super::{VERSION, canonical_query, hex, hmac, instant, take};
use crate::{
    ApiRequest, Moment,
    dataworks::{AccessKey, hex_sha256},
};

pub(super) fn sign_v3(
    base: &str,
    mut request: ApiRequest,
    key: AccessKey<'_>,
    moment: &Moment,
) -> ApiRequest {
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

/// Host and port as a browser sends them: without the port that belongs to the scheme.
fn host(base: &str) -> String {
    let (scheme, rest) = base.split_once("://").unwrap_or(("https", base));
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host.rsplit('@').next().unwrap_or_default();
    let port = if scheme == "http" { ":80" } else { ":443" };
    host.strip_suffix(port).unwrap_or(host).to_ascii_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_port_is_part_of_the_host_unless_it_is_the_usual_one() {
        assert_eq!(host("http://127.0.0.1:8000/dataworks"), "127.0.0.1:8000");
        assert_eq!(host("https://A.example:443"), "a.example");
        assert_eq!(host("http://a.example:80/"), "a.example");
        assert_eq!(host("http://a.example:443/"), "a.example:443");
    }
}
