//! Who calls a published API.

use axum::http::{HeaderMap, header, request::Parts};
use base64::{Engine, engine::general_purpose::STANDARD};
use md5::{Digest, Md5};
use weir_api::{
    dataworks::{GatewayParts, form, gateway_signature, gateway_string_to_sign},
    role::Role,
};

use super::{applications, nonces::LIFE_MS};
use crate::{Services, auth::Actor, clock, random};

pub(super) struct Calling {
    pub actor: Actor,
    /// Of an application; people and their API keys may call everything.
    pub project: Option<i64>,
    /// What the call has to be signed with.
    secret: Option<String>,
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

impl Calling {
    /// `Authorization: APPCODE …` of an application, its key with a signature, an API key, or the
    /// session's cookie.
    pub(super) fn of(app: &Services, headers: &HeaderMap) -> Result<Self, String> {
        let application = |project: i64, secret: Option<String>| Self {
            actor: Actor::user(&format!("application workspace_{project}"), Role::ReadOnly),
            project: Some(project),
            secret,
        };
        if let Some(key) = text(headers, "x-ca-key") {
            let known = applications::by_key(app, key.trim());
            let (project, secret) = known.ok_or("no application has this key")?;
            return Ok(application(project, Some(secret)));
        }
        if let Some(authorization) = text(headers, "authorization") {
            let code = authorization.strip_prefix("APPCODE ");
            let code =
                code.ok_or("the Authorization header is APPCODE and the application's code")?;
            let project = applications::project_of(app, code.trim());
            let project = project.ok_or("no application has this code")?;
            return Ok(application(project, None));
        }
        let actor = match text(headers, "x-api-key") {
            Some(key) => app.auth.by_key(key)?,
            None => app.auth.by_session(headers).ok_or(
                "not signed in: send Authorization: APPCODE and the code of an application",
            )?,
        };
        let may = actor.must_read(super::KIND);
        may.map_err(|failure| failure.message().to_string())?;
        Ok(Self {
            actor,
            project: None,
            secret: None,
        })
    }

    /// Nothing more has to be seen of the call.
    pub(super) fn is_proven(&self) -> bool {
        self.secret.is_none()
    }

    /// The signature of `X-Ca-Key`, once the body is there.
    pub(super) fn prove(&self, app: &Services, head: &Parts, body: &[u8]) -> Result<(), String> {
        let Some(secret) = &self.secret else {
            return Ok(());
        };
        let header = |name: &str| text(&head.headers, name).unwrap_or_default();
        let needed = |name: &str| match header(name) {
            "" => Err(format!("{name} is needed with X-Ca-Key")),
            value => Ok(value),
        };
        let given = needed("x-ca-signature")?;
        let stamp: i64 = needed("x-ca-timestamp")?
            .parse()
            .map_err(|_| "X-Ca-Timestamp is not in Unix milliseconds".to_string())?;
        if (clock::now_ms() - stamp).abs() > LIFE_MS {
            return Err("X-Ca-Timestamp is more than 15 minutes off".into());
        }
        let kind = header(header::CONTENT_TYPE.as_str());
        let is_form = kind.starts_with("application/x-www-form-urlencoded");
        let digest = header("content-md5");
        if !digest.is_empty() && !is_form && digest != STANDARD.encode(Md5::digest(body)) {
            return Err("Content-MD5 is not that of the body".into());
        }
        let plain = [header("accept"), digest, kind, header("date")];
        let names = header("x-ca-signature-headers").split(',').map(str::trim);
        let signed: Vec<(&str, &str)> = names
            .filter(|name| !name.is_empty() && !is_apart(name))
            .map(|name| (name, header(name)))
            .collect();
        let covers = |wanted: &str| {
            signed
                .iter()
                .any(|(name, _)| name.eq_ignore_ascii_case(wanted))
        };
        if !covers("x-ca-timestamp") {
            return Err("X-Ca-Signature-Headers does not name X-Ca-Timestamp".into());
        }
        let mut parameters = form(head.uri.query().unwrap_or_default().as_bytes());
        if is_form {
            parameters.extend(form(body));
        }
        let string = gateway_string_to_sign(&GatewayParts {
            method: head.method.as_str(),
            plain,
            headers: &signed,
            path: head.uri.path(),
            parameters: &parameters,
        });
        let right = gateway_signature(secret, header("x-ca-signature-method"), &string);
        let right = right.ok_or("X-Ca-Signature-Method is HmacSHA256 or HmacSHA1")?;
        if !random::same(&right, given) {
            let shown = string.replace('\n', "#");
            return Err(format!("Invalid Signature, Server StringToSign:`{shown}`"));
        }
        let nonce = header("x-ca-nonce");
        let key = format!("x-ca {}", header("x-ca-key"));
        match nonce.is_empty() || app.dataworks.nonces.take(&key, nonce, stamp) {
            true => Ok(()),
            false => Err("X-Ca-Nonce was used already".into()),
        }
    }
}

/// Not among the headers that are signed by name.
fn is_apart(name: &str) -> bool {
    const APART: [&str; 6] = [
        "x-ca-signature",
        "x-ca-signature-headers",
        "accept",
        "content-md5",
        "content-type",
        "date",
    ];
    APART.iter().any(|apart| name.eq_ignore_ascii_case(apart))
}
