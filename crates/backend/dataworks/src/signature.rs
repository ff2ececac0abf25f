//! Checks who signed an operation.

use axum::http::{HeaderMap, StatusCode, request::Parts};
use chrono::DateTime;
use weir_api::dataworks::{
    V3Parts, hex_sha256, v1_signature, v1_string_to_sign, v3_canonical, v3_signature,
};

use super::{
    nonces::LIFE_MS,
    parameters::Parameters,
    vendor_error::{VendorError, gateway, missing},
};
use crate::{Services, auth::Actor, clock};

/// The number of a signed call, which is good for once.
pub(super) struct Number {
    key: String,
    nonce: String,
    signed_ms: i64,
}

impl Number {
    /// Last: neither a wrong signature nor a call too many uses it up.
    pub(super) fn once(&self, app: &Services) -> Result<(), VendorError> {
        let nonces = &app.dataworks.nonces;
        match nonces.take(&self.key, &self.nonce, self.signed_ms) {
            true => Ok(()),
            false => Err(gateway(
                StatusCode::BAD_REQUEST,
                "SignatureNonceUsed",
                "Specified signature nonce was used already.",
            )),
        }
    }
}

/// The caller: by signature of either version, otherwise by the session's cookie.
pub(super) fn caller(
    app: &Services,
    head: &Parts,
    parameters: &Parameters,
    query: &[(String, String)],
    body: &[u8],
) -> Result<(Actor, Option<Number>), VendorError> {
    if let Some(authorization) = header(&head.headers, "authorization") {
        return v3(app, head, authorization, query, body);
    }
    if parameters.get("Signature").is_some() || parameters.get("AccessKeyId").is_some() {
        return v1(app, head.method.as_str(), parameters);
    }
    let actor = app.auth.by_session(&head.headers).ok_or_else(|| {
        let words = "AccessKeyId is mandatory for this action: neither signed nor signed in.";
        gateway(StatusCode::UNAUTHORIZED, "MissingAccessKeyId", words)
    })?;
    Ok((actor, None))
}

fn v1(
    app: &Services,
    method: &str,
    parameters: &Parameters,
) -> Result<(Actor, Option<Number>), VendorError> {
    let id = parameters.needed("AccessKeyId")?;
    let signature = parameters.needed("Signature")?;
    let nonce = parameters.needed("SignatureNonce")?;
    let timestamp = parameters.needed("Timestamp")?;
    let known = [
        ("SignatureMethod", "HMAC-SHA1"),
        ("SignatureVersion", "1.0"),
    ];
    for (name, wanted) in known {
        if parameters.needed(name)? != wanted {
            let words = format!("The parameter {name} must be {wanted}.");
            return Err(gateway(StatusCode::BAD_REQUEST, "InvalidParameter", words));
        }
    }
    let (secret, actor) = key(app, id)?;
    let signed_ms = moment(timestamp)?;
    let signed = parameters.0.iter().filter(|(name, _)| name != "Signature");
    let text = v1_string_to_sign(method, &signed.cloned().collect::<Vec<_>>());
    check(&v1_signature(&secret, &text), signature, &text)?;
    Ok((actor, Some(number(id, nonce, signed_ms))))
}

fn v3(
    app: &Services,
    head: &Parts,
    authorization: &str,
    query: &[(String, String)],
    body: &[u8],
) -> Result<(Actor, Option<Number>), VendorError> {
    let (id, names, signature) = credential(authorization).ok_or_else(|| {
        let words = "The Authorization header must be ACS3-HMAC-SHA256 Credential=…,\
                     SignedHeaders=…,Signature=….";
        gateway(StatusCode::BAD_REQUEST, "IncompleteSignature", words)
    })?;
    let (secret, actor) = key(app, id)?;
    let headers = &head.headers;
    let needed = |name: &str| header(headers, name).ok_or_else(|| missing(name));
    let hash = needed("x-acs-content-sha256")?;
    if hash != hex_sha256(body) {
        let words = "x-acs-content-sha256 is not the hash of the body.";
        return Err(gateway(
            StatusCode::BAD_REQUEST,
            "SignatureDoesNotMatch",
            words,
        ));
    }
    let nonce = needed("x-acs-signature-nonce")?;
    let signed_ms = moment(needed("x-acs-date")?)?;
    let unsigned = headers.keys().map(|name| name.as_str()).find(|name| {
        let counts = name.starts_with("x-acs-") || *name == "host" || *name == "content-type";
        counts && !names.contains(name)
    });
    if let Some(name) = unsigned {
        let words = format!("The header {name} is not among the signed headers.");
        return Err(gateway(
            StatusCode::BAD_REQUEST,
            "IncompleteSignature",
            words,
        ));
    }
    let mut signed = Vec::with_capacity(names.len());
    for name in names {
        signed.push((name, needed(name)?.to_string()));
    }
    let canonical = v3_canonical(&V3Parts {
        method: head.method.as_str(),
        query,
        headers: &signed,
        body_hash: hash,
    });
    check(&v3_signature(&secret, &canonical), signature, &canonical)?;
    Ok((actor, Some(number(id, nonce, signed_ms))))
}

/// Key id, names of the signed headers, signature.
fn credential(authorization: &str) -> Option<(&str, Vec<&str>, &str)> {
    let parts = authorization.strip_prefix("ACS3-HMAC-SHA256 ")?;
    let part = |name: &str| {
        let mut pairs = parts
            .split(',')
            .filter_map(|pair| pair.trim().split_once('='));
        pairs
            .find(|(known, _)| *known == name)
            .map(|(_, value)| value)
    };
    let names = part("SignedHeaders")?.split(';').collect();
    Some((part("Credential")?, names, part("Signature")?))
}

fn header<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn key(app: &Services, id: &str) -> Result<(String, Actor), VendorError> {
    app.auth.by_key_id(id).map_err(|reason| {
        let words = format!("Specified access key is not found: {reason}.");
        gateway(StatusCode::NOT_FOUND, "InvalidAccessKeyId.NotFound", words)
    })
}

/// Unix milliseconds of a time that is near enough.
fn moment(text: &str) -> Result<i64, VendorError> {
    let expired =
        |words: String| gateway(StatusCode::BAD_REQUEST, "InvalidTimeStamp.Expired", words);
    let Ok(time) = DateTime::parse_from_rfc3339(text) else {
        let words = "Specified time stamp is not like 2024-01-02T03:04:05Z.";
        return Err(gateway(
            StatusCode::BAD_REQUEST,
            "InvalidTimeStamp.Format",
            words,
        ));
    };
    let (signed, now) = (time.timestamp_millis(), clock::now_ms());
    match (now - signed).abs() <= LIFE_MS {
        true => Ok(signed),
        false => Err(expired(format!(
            "Specified time stamp or date value is expired: the server's time is {}.",
            clock::iso(now)
        ))),
    }
}

fn check(right: &str, given: &str, text: &str) -> Result<(), VendorError> {
    let differs = right
        .bytes()
        .zip(given.bytes())
        .fold(0, |sum, (a, b)| sum | (a ^ b));
    match right.len() == given.len() && differs == 0 {
        true => Ok(()),
        false => Err(gateway(
            StatusCode::BAD_REQUEST,
            "SignatureDoesNotMatch",
            format!(
                "Specified signature is not matched with our calculation. \
                 server string to sign is:{text}"
            ),
        )),
    }
}

fn number(key: &str, nonce: &str, signed_ms: i64) -> Number {
    Number {
        key: key.into(),
        nonce: nonce.into(),
        signed_ms,
    }
}
