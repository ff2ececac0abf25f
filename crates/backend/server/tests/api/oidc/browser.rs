//! As much of a browser as signing in needs: it keeps cookies by their path, sends forms, and goes
//! where it is led.

use reqwest::{
    Client, Method, Url,
    header::{COOKIE, SET_COOKIE},
};

use crate::api::common::{Answer, PATIENCE, answer};

struct Cookie {
    name: String,
    value: String,
    path: String,
}

pub(super) struct Browser {
    client: Client,
    cookies: Vec<Cookie>,
}

impl Browser {
    pub(super) fn new() -> Self {
        let client = Client::builder().redirect(reqwest::redirect::Policy::none());
        Self {
            client: client.timeout(PATIENCE).build().expect("client"),
            cookies: Vec::new(),
        }
    }

    pub(super) async fn get(&mut self, url: &Url) -> Answer {
        self.send(Method::GET, url, &[]).await
    }

    pub(super) async fn send(
        &mut self,
        method: Method,
        url: &Url,
        headers: &[(&str, &str)],
    ) -> Answer {
        self.exchange(method, url, headers, String::new()).await
    }

    async fn exchange(
        &mut self,
        method: Method,
        url: &Url,
        headers: &[(&str, &str)],
        body: String,
    ) -> Answer {
        let sent = self.cookies.iter();
        let sent = sent.filter(|cookie| url.path().starts_with(&cookie.path));
        let sent: Vec<String> = sent
            .map(|cookie| format!("{}={}", cookie.name, cookie.value))
            .collect();
        let mut request = self.client.request(method, url.clone());
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request = request.header(COOKIE, sent.join("; "));
        if !body.is_empty() {
            request = request
                .header("content-type", "application/x-www-form-urlencoded")
                .body(body);
        }
        let answer = answer(request).await;
        for set in answer.headers.get_all(SET_COOKIE) {
            self.keep(set.to_str().expect("text"));
        }
        answer
    }

    fn keep(&mut self, set: &str) {
        let mut parts = set.split(';').map(str::trim);
        let (name, value) = parts.next().expect("pair").split_once('=').expect("pair");
        let path = parts.find_map(|part| {
            let (name, path) = part.split_once('=')?;
            name.eq_ignore_ascii_case("path").then_some(path)
        });
        let path = path.unwrap_or("/").to_string();
        self.cookies
            .retain(|known| known.name != name || known.path != path);
        if !set.contains("Max-Age=0") {
            self.cookies.push(Cookie {
                name: name.into(),
                value: value.into(),
                path,
            });
        }
    }

    /// By a part of its name: each backend adds something of its own.
    pub(super) fn cookie(&self, name: &str) -> Option<&str> {
        let found = self
            .cookies
            .iter()
            .find(|cookie| cookie.name.contains(name));
        found.map(|cookie| cookie.value.as_str())
    }

    /// As it is sent.
    pub(super) fn pair(&self, name: &str) -> String {
        let found = self
            .cookies
            .iter()
            .find(|cookie| cookie.name.contains(name));
        let found = found.expect("a cookie");
        format!("{}={}", found.name, found.value)
    }

    pub(super) fn count(&self, name: &str) -> usize {
        let all = self.cookies.iter();
        all.filter(|cookie| cookie.name.contains(name)).count()
    }

    pub(super) fn forget(&mut self, name: &str) {
        self.cookies.retain(|cookie| !cookie.name.contains(name));
    }

    /// Signs in at the provider and agrees, until it leads back to `home`: that address.
    pub(super) async fn at_provider(&mut self, start: &Url, login: &str, home: &str) -> Url {
        let mut at = start.clone();
        for _ in 0..20 {
            if at.as_str().starts_with(home) {
                return at;
            }
            let mut page = self.get(&at).await;
            if page.status == 200 {
                let prompt = between(&page.body, "name=\"prompt\" value=\"", "\"");
                let form = match prompt {
                    "login" => format!("prompt=login&login={login}&password=any"),
                    other => format!("prompt={other}"),
                };
                page = self.exchange(Method::POST, &at, &[], form).await;
            }
            at = led(&at, &page);
        }
        panic!("led in a circle: {at}");
    }
}

/// Where an answer leads.
pub(super) fn led(from: &Url, answer: &Answer) -> Url {
    let to = answer.header("location");
    assert!(!to.is_empty(), "{from}: {} {}", answer.status, answer.body);
    from.join(to).expect("an address")
}

fn between<'a>(text: &'a str, before: &str, after: &str) -> &'a str {
    let found = text
        .split_once(before)
        .and_then(|(_, rest)| rest.split_once(after));
    found.map_or("", |(found, _)| found)
}

/// As a proxy with TLS in front of the backend passes the browser's request on.
pub(super) const BEHIND_TLS: [(&str, &str); 2] =
    [("host", "weir.example"), ("x-forwarded-proto", "https")];
