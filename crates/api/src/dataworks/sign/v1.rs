//! `HMAC-SHA1` over the query.

use base64::{Engine, engine::general_purpose::STANDARD};
use hmac::Hmac;
use sha1::Sha1;

use super::{VERSION, canonical_query, hmac, instant, take};
use crate::{
    ApiRequest, Moment,
    dataworks::{AccessKey, form},
    request::encode,
};

pub(super) fn sign_v1(mut request: ApiRequest, key: AccessKey<'_>, moment: &Moment) -> ApiRequest {
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

/// `parameters`: all of query and form but `Signature`.
pub fn v1_string_to_sign(method: &str, parameters: &[(String, String)]) -> String {
    format!("{method}&%2F&{}", encode(&canonical_query(parameters)))
}

pub fn v1_signature(secret: &str, string_to_sign: &str) -> String {
    let key = format!("{secret}&");
    STANDARD.encode(hmac::<Hmac<Sha1>>(key.as_bytes(), string_to_sign))
}
