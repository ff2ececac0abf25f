//! Who calls: a client of ours, and in the name of whom the server's address says.

use async_nats::ServerAddr;
use percent_encoding::percent_decode_str;
use serde_json::{Map, Value};

use crate::random;

/// `nats://user:password@host`, or `nats://token@host`.
#[derive(Clone)]
pub(super) struct User {
    name: String,
    password: Option<String>,
}

/// By which a client says who calls.
const NAMED: [&str; 4] = ["user", "auth_token", "jwt", "nkey"];

impl User {
    pub(super) fn of(server: &ServerAddr) -> Option<Self> {
        let plain = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
        Some(Self {
            name: plain(server.username()?),
            password: server.password().map(plain),
        })
    }

    /// Names it where the client names nobody itself.
    fn add_to(&self, said: &mut Map<String, Value>) {
        if NAMED
            .iter()
            .any(|name| said.get(*name).is_some_and(|value| !value.is_null()))
        {
            return;
        }
        match &self.password {
            Some(password) => {
                said.insert("user".into(), self.name.as_str().into());
                said.insert("pass".into(), password.as_str().into());
            }
            None => {
                said.insert("auth_token".into(), self.name.as_str().into());
            }
        }
    }
}

/// The line by which a client introduces itself, as the server gets it. None where it is no client
/// of ours, which knows `secret`: others on this machine find the way, too.
pub(super) fn introduced(line: &[u8], secret: &str, user: Option<&User>) -> Option<Vec<u8>> {
    let said = line.strip_prefix(b"CONNECT ")?;
    let mut said: Map<String, Value> = serde_json::from_slice(said).ok()?;
    if !random::same(said.get("name")?.as_str()?, secret) {
        return None;
    }
    said.insert("name".into(), "weir".into());
    if let Some(user) = user {
        user.add_to(&mut said);
    }
    Some(format!("CONNECT {}\r\n", Value::Object(said)).into_bytes())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn said(address: &str, mut line: Value) -> Value {
        let server: ServerAddr = address.parse().expect("an address");
        line["name"] = "secret".into();
        let line = format!("CONNECT {line}\r\n");
        let user = User::of(&server);
        let line = introduced(line.as_bytes(), "secret", user.as_ref()).expect("ours");
        let text = line.strip_prefix(b"CONNECT ").expect("a line");
        serde_json::from_slice(text).expect("JSON")
    }

    #[test]
    fn the_address_says_who_calls_where_the_client_does_not() {
        let named = said("nats://u:p%40%20s@a.example", json!({"user": null}));
        assert_eq!(named, json!({"name": "weir", "user": "u", "pass": "p@ s"}));
        let token = said("tls://hush@a.example:1", json!({}));
        assert_eq!(token, json!({"name": "weir", "auth_token": "hush"}));
        let own = said("nats://u:p@a.example", json!({"nkey": "N"}));
        assert_eq!(own, json!({"name": "weir", "nkey": "N"}));
        assert_eq!(said("nats://a.example", json!({})), json!({"name": "weir"}));
    }

    #[test]
    fn somebody_else_on_this_machine_gets_nowhere() {
        for line in [
            "CONNECT {}\r\n",
            "CONNECT {\"name\":\"weir\"}\r\n",
            "CONNECT {\"name\":null}\r\n",
            "PING\r\n",
            "CONNECT \r\n",
        ] {
            assert_eq!(introduced(line.as_bytes(), "secret", None), None, "{line}");
        }
    }
}
