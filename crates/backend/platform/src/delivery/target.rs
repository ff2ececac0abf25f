//! Where messages go and how often it is tried.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, header};
use bytes::Bytes;

use super::{FieldErrors, Properties, oauth::OAuth};
use crate::{
    outbound::{self, Answer, Call, Outbound},
    running::Monitor,
};

/// Bytes of an answer that are read, for the words of a refusal.
const LIMIT: usize = 4 << 10;
const HOUR: Duration = Duration::from_secs(3600);
/// What a server may ask for with `Retry-After`.
const LONGEST_REQUEST: Duration = Duration::from_secs(300);

pub struct Target {
    method: Method,
    url: Uri,
    headers: HeaderMap,
    timeout: Duration,
    retries: u32,
    retry_interval: Duration,
    /// Each wait is twice as long as the one before.
    doubling: bool,
    /// Calls at once.
    pub parallel: usize,
    oauth: Option<OAuth>,
}

/// What became of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    Delivered,
    /// All attempts are used up; the last one's reason.
    Failed(String),
    /// There was no time for more attempts.
    Stopped,
}

struct Refused {
    words: String,
    retry_after: Option<Duration>,
}

impl Target {
    pub fn http(properties: Properties<'_>, errors: &mut FieldErrors) -> Self {
        let seconds = Duration::from_secs(10);
        let method = properties.text("http_method").to_uppercase();
        let method = match method.as_str() {
            "" => Method::POST,
            "GET" | "POST" | "PUT" | "PATCH" | "DELETE" => {
                Method::from_bytes(method.as_bytes()).unwrap_or(Method::POST)
            }
            other => {
                let words = format!("'{other}' is none of GET, POST, PUT, PATCH, DELETE");
                errors.add("http_method", words);
                Method::POST
            }
        };
        let mut headers = headers(properties, "http_header", errors);
        let content_type = properties.text("content_type");
        if !content_type.is_empty() {
            match outbound::header("content-type", &content_type) {
                Ok((name, value)) => {
                    headers.insert(name, value);
                }
                Err(message) => errors.add("content_type", message),
            }
        }
        let timeout = properties.duration("timeout", seconds, HOUR, errors);
        Self {
            method,
            url: url(properties, errors),
            headers,
            timeout,
            retries: properties.number("retries", 0, 0..=1000, errors),
            retry_interval: properties.duration("retry_interval", seconds, HOUR, errors),
            doubling: false,
            parallel: properties.number("paralism", 1, 1..=64, errors) as usize,
            oauth: OAuth::new(properties, timeout, errors),
        }
    }

    /// Slack's webhooks take one message a second and say so when there are more.
    pub fn slack(properties: Properties<'_>, errors: &mut FieldErrors) -> Self {
        Self {
            method: Method::POST,
            url: url(properties, errors),
            headers: headers(properties, "header", errors),
            timeout: Duration::from_secs(10),
            retries: 5,
            retry_interval: Duration::from_secs(1),
            doubling: true,
            parallel: 1,
            oauth: None,
        }
    }

    /// For what must arrive: an hour of attempts, less and less often.
    #[must_use]
    pub fn patient(mut self) -> Self {
        self.retries = 15;
        self.retry_interval = Duration::from_secs(1);
        self.doubling = true;
        self
    }

    /// Tries until it is delivered, the retries are used up, or everything ends. `told` hears of
    /// each failed attempt that is not the last one.
    pub async fn deliver(
        &self,
        outbound: &Outbound,
        body: String,
        monitor: &Monitor,
        mut told: impl FnMut(&str),
    ) -> Outcome {
        let body = Bytes::from(body);
        let mut wait = self.retry_interval;
        for left in (0..=self.retries).rev() {
            let refused = match self.attempt(outbound, &body).await {
                Ok(()) => return Outcome::Delivered,
                Err(refused) => refused,
            };
            if left == 0 {
                return Outcome::Failed(refused.words);
            }
            told(&refused.words);
            let pause = refused.retry_after.unwrap_or_default().max(wait);
            tokio::select! {
                () = monitor.stopped() => return Outcome::Stopped,
                () = tokio::time::sleep(pause) => {}
            }
            if self.doubling {
                wait = (wait * 2).min(LONGEST_REQUEST);
            }
        }
        Outcome::Stopped
    }

    async fn attempt(&self, outbound: &Outbound, body: &Bytes) -> Result<(), Refused> {
        let mut answer = None;
        // A token can end before its time: once more with a new one.
        for _ in 0..2 {
            let mut headers = self.headers.clone();
            if !headers.contains_key(header::CONTENT_TYPE) {
                headers.insert(header::CONTENT_TYPE, content_type(body));
            }
            let mut token = None;
            if let Some(oauth) = &self.oauth {
                let value = oauth.authorization(outbound).await.map_err(plain)?;
                headers.insert(header::AUTHORIZATION, value.clone());
                token = Some((oauth, value));
            }
            let call = Call {
                method: self.method.clone(),
                url: self.url.clone(),
                headers,
                // A GET has no body.
                body: match self.method {
                    Method::GET => Bytes::new(),
                    _ => body.clone(),
                },
                timeout: self.timeout,
                limit: LIMIT,
            };
            let got = outbound
                .send(call)
                .await
                .map_err(|error| plain(error.to_string()))?;
            match token {
                Some((oauth, value)) if got.status == StatusCode::UNAUTHORIZED => {
                    oauth.refused(&value).await;
                    answer = Some(got);
                }
                _ => {
                    answer = Some(got);
                    break;
                }
            }
        }
        match answer {
            Some(answer) if answer.status.is_success() => Ok(()),
            Some(answer) => Err(Refused {
                words: refusal(&answer),
                retry_after: retry_after(&answer.headers),
            }),
            None => Err(plain("no answer".into())),
        }
    }
}

fn plain(words: String) -> Refused {
    Refused {
        words,
        retry_after: None,
    }
}

fn url(properties: Properties<'_>, errors: &mut FieldErrors) -> Uri {
    match outbound::url(&properties.text("url")) {
        Ok(url) => url,
        Err(message) => {
            errors.add("url", message);
            Uri::default()
        }
    }
}

fn headers(properties: Properties<'_>, key: &str, errors: &mut FieldErrors) -> HeaderMap {
    let mut headers = HeaderMap::new();
    for (name, value) in properties.map(key, errors) {
        match outbound::header(&name, &value) {
            Ok((name, value)) => {
                headers.append(name, value);
            }
            Err(message) => errors.add(key, message),
        }
    }
    headers
}

fn content_type(body: &[u8]) -> HeaderValue {
    match serde_json::from_slice::<serde::de::IgnoredAny>(body) {
        Ok(_) => HeaderValue::from_static("application/json"),
        Err(_) => HeaderValue::from_static("text/plain; charset=utf-8"),
    }
}

/// `HTTP 503 Service Unavailable: try later`
pub(super) fn refusal(answer: &Answer) -> String {
    const SHOWN: usize = 200;
    let status = answer.status;
    let said = String::from_utf8_lossy(&answer.body);
    let said: String = said.trim().chars().take(SHOWN).collect();
    match said.is_empty() {
        true => format!("HTTP {status}"),
        false => format!("HTTP {status}: {said}"),
    }
}

fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get(header::RETRY_AFTER)?.to_str().ok()?;
    let wait = Duration::from_secs(seconds.trim().parse().ok()?);
    Some(wait.min(LONGEST_REQUEST))
}
