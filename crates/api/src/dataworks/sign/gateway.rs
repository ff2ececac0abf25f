//! How callers of published APIs sign: `X-Ca-Signature` of Alibaba Cloud's API Gateway.

use std::{collections::BTreeMap, fmt::Write};

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::Hmac;
use sha1::Sha1;
use sha2::Sha256;

use super::hmac;

/// What is signed of a call.
pub struct GatewayParts<'a> {
    pub method: &'a str,
    /// `Accept`, `Content-MD5`, `Content-Type` and `Date`; empty where there is none.
    pub plain: [&'a str; 4],
    /// Those that `X-Ca-Signature-Headers` names, as it writes them.
    pub headers: &'a [(&'a str, &'a str)],
    pub path: &'a str,
    /// Of query and form, decoded.
    pub parameters: &'a [(String, String)],
}

pub fn gateway_string_to_sign(parts: &GatewayParts<'_>) -> String {
    let mut text = format!("{}\n{}\n", parts.method, parts.plain.join("\n"));
    let mut headers = parts.headers.to_vec();
    headers.sort_unstable();
    for (name, value) in headers {
        // Writing to a String does not fail.
        let _ = writeln!(text, "{name}:{value}");
    }
    // The first of several with one name.
    let mut parameters = BTreeMap::new();
    for (name, value) in parts.parameters {
        parameters.entry(name.as_str()).or_insert(value.as_str());
    }
    let pair = |(name, value): (&str, &str)| match value {
        "" => name.to_owned(),
        value => format!("{name}={value}"),
    };
    let pairs: Vec<String> = parameters.into_iter().map(pair).collect();
    text.push_str(parts.path);
    if !pairs.is_empty() {
        let _ = write!(text, "?{}", pairs.join("&"));
    }
    text
}

/// `None` for a method that the gateway does not have.
pub fn gateway_signature(secret: &str, method: &str, string_to_sign: &str) -> Option<String> {
    let signature = match method {
        "" | "HmacSHA256" => hmac::<Hmac<Sha256>>(secret.as_bytes(), string_to_sign),
        "HmacSHA1" => hmac::<Hmac<Sha1>>(secret.as_bytes(), string_to_sign),
        _ => return None,
    };
    Some(STANDARD.encode(signature))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_is_as_the_gateways_documentation_builds_it() {
        let own = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let parts = GatewayParts {
            method: "POST",
            plain: [
                "application/json",
                "",
                "application/x-www-form-urlencoded",
                "",
            ],
            headers: &[("x-ca-timestamp", "1"), ("x-ca-key", "k")],
            path: "/http2test/test",
            parameters: &[
                own("username", "a b"),
                own("empty", ""),
                own("username", "c"),
            ],
        };
        assert_eq!(
            gateway_string_to_sign(&parts),
            "POST\napplication/json\n\napplication/x-www-form-urlencoded\n\n\
             x-ca-key:k\nx-ca-timestamp:1\n/http2test/test?empty&username=a b"
        );
        let one = |method| gateway_signature("secret", method, "text");
        assert_eq!(one(""), one("HmacSHA256"));
        assert_ne!(one("HmacSHA1"), one("HmacSHA256"));
        assert_eq!(one("MD5"), None);
    }
}
