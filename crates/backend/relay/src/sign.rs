//! A call with what the relay holds instead of what the browser sent.

use axum::{
    body::Body,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
};
use weir_api::{ApiRequest, Method as ApiMethod, Moment, auth::Credential};

use super::{
    body::{Sent, read, whole},
    upstream::Upstream,
};
use crate::{clock, error::HttpError, random};

/// Signatures cover the body.
pub(super) async fn sign(
    upstream: &Upstream,
    method: &Method,
    target: &str,
    headers: &mut HeaderMap,
    body: Body,
) -> Result<(String, Sent), HttpError> {
    for given in [
        "authorization",
        "x-api-key",
        "x-auth-token",
        "x-security-token",
        "x-acs-action",
    ] {
        headers.remove(given);
    }
    let needs_body = matches!(
        upstream.credential,
        Credential::HuaweiKeys { .. } | Credential::AlibabaKeys { .. }
    );
    let content = match needs_body {
        true => Sent::Whole(whole(body).await?),
        false => read(upstream, body).await?,
    };
    let mut request = ApiRequest::new(api_method(method)?, path(target));
    request.query = query(target)?;
    request.headers = Vec::new();
    if let Sent::Whole(bytes) = &content
        && needs_body
        && !bytes.is_empty()
    {
        let kind = headers.get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        request = request.bytes(kind.to_string(), bytes.to_vec());
    }
    let moment = Moment {
        at_ms: clock::now_ms(),
        nonce: random::uuid(),
    };
    let signed = upstream.credential.sign(&upstream.base, request, &moment);
    if let Some(body) = &signed.body
        && needs_body
    {
        headers.remove(header::CONTENT_LENGTH);
        let kind = HeaderValue::try_from(body.content_type.as_ref());
        headers.insert(header::CONTENT_TYPE, kind.map_err(HttpError::internal)?);
    }
    for (name, value) in &signed.headers {
        let name = HeaderName::try_from(name.as_ref()).map_err(HttpError::internal)?;
        // Parameters of the caller are among them.
        let value = HeaderValue::try_from(value).map_err(|_| {
            HttpError::bad_request(format!("a parameter has no place in the header {name}"))
        })?;
        if name != header::HOST {
            headers.insert(name, value);
        }
    }
    let target = signed.target();
    // Signing may move parameters into the body.
    let content = match signed.body {
        Some(body) if needs_body => Sent::Whole(body.bytes.into()),
        _ => content,
    };
    Ok((target, content))
}

fn api_method(method: &Method) -> Result<ApiMethod, HttpError> {
    Ok(match *method {
        Method::GET => ApiMethod::Get,
        Method::POST => ApiMethod::Post,
        Method::PUT => ApiMethod::Put,
        Method::PATCH => ApiMethod::Patch,
        Method::DELETE => ApiMethod::Delete,
        _ => {
            let words = format!("{method} cannot be passed on with a credential");
            return Err(HttpError::new(StatusCode::METHOD_NOT_ALLOWED, words));
        }
    })
}

/// Without the query; `/` where there is none.
pub(super) fn path(target: &str) -> &str {
    match target.split('?').next().unwrap_or_default() {
        "" => "/",
        path => path,
    }
}

fn query(target: &str) -> Result<Vec<(weir_api::request::Name, String)>, HttpError> {
    let Some((_, query)) = target.split_once('?') else {
        return Ok(Vec::new());
    };
    let decoded = |text: &str| {
        let text = text.replace('+', " ");
        let plain = percent_encoding::percent_decode_str(&text).decode_utf8();
        plain
            .map(String::from)
            .map_err(|_| HttpError::bad_request("a parameter is not UTF-8"))
    };
    let pairs = query.split('&').filter(|pair| !pair.is_empty());
    pairs
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decoded(name)?.into(), decoded(value)?))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_they_were_meant() {
        let Ok(read) = query("/x?a=1&b=a%20b%26&c") else {
            panic!("refused");
        };
        let expected = [("a", "1"), ("b", "a b&"), ("c", "")];
        assert_eq!(
            read,
            expected.map(|(name, value)| (name.into(), value.to_string()))
        );
        assert!(query("/x?a=%ff").is_err());
    }
}
