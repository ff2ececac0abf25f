//! A connection as it is typed.

use weir_api::FieldError;

use super::{Auth, Colour, Connection};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    pub name: String,
    pub url: String,
    pub workspace: String,
    pub auth: Auth,
    pub colour: Colour,
    pub production: bool,
}

impl From<Connection> for Draft {
    fn from(connection: Connection) -> Self {
        Self {
            name: connection.name,
            url: connection.url,
            workspace: connection.workspace,
            auth: connection.auth,
            colour: connection.colour,
            production: connection.production,
        }
    }
}

impl Draft {
    /// `id` is kept when a connection is edited; a new one gets one from its name that is not in
    /// `taken`. `page` is the origin the console came from.
    pub fn parse(
        &self,
        id: Option<&str>,
        taken: &[String],
        page: &str,
    ) -> Result<Connection, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut wrong = |field: &str, message: &str| {
            errors.push(FieldError {
                field: field.into(),
                message: message.into(),
            });
        };
        let name = self.name.trim();
        if name.is_empty() {
            wrong("name", "Type a name, for example “Timeplus staging”.");
        }
        let url = self.url.trim().trim_end_matches('/');
        if let Err(message) = check_url(url, self.auth, page) {
            wrong("url", message);
        }
        let workspace = self.workspace.trim();
        if workspace.is_empty() {
            wrong(
                "workspace",
                "Type the workspace; “default” where the system has only one.",
            );
        } else if workspace.contains('/') {
            wrong("workspace", "Only the workspace's id, without “/”.");
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        Ok(Connection {
            id: id.map_or_else(|| new_id(name, taken), String::from),
            name: name.into(),
            url: url.into(),
            workspace: workspace.into(),
            auth: self.auth,
            colour: self.colour,
            production: self.production,
        })
    }
}

fn check_url(url: &str, auth: Auth, page: &str) -> Result<(), &'static str> {
    if auth == Auth::Session {
        return if url.is_empty() || url == page {
            Ok(())
        } else {
            Err(
                "A session works only with the backend this console came from: leave this empty, or sign in with an API key.",
            )
        };
    }
    let rest = match (url.strip_prefix("https://"), url.strip_prefix("http://")) {
        (Some(rest), _) | (None, Some(rest)) => rest,
        (None, None) if url.is_empty() => {
            return Err("Type the address, for example https://timeplus.example:8000.");
        }
        (None, None) => return Err("Start with http:// or https://."),
    };
    let host = rest.split('/').next().unwrap_or_default();
    if host.is_empty() || host.contains(char::is_whitespace) {
        Err("The host is missing.")
    } else if host.contains('@') {
        Err("Leave user and password out of the address.")
    } else if rest.contains(['?', '#']) {
        Err("Leave out everything from “?” or “#”.")
    } else if rest
        .split('/')
        .skip(1)
        .any(|part| part == "v1beta2" || part == "api")
    {
        Err("Only the part before the workspace: without “/api” and what follows.")
    } else {
        Ok(())
    }
}

/// Letters, digits and `-`, for example `timeplus-staging-2`.
fn new_id(name: &str, taken: &[String]) -> String {
    let mut id = String::new();
    for letter in name.chars().flat_map(char::to_lowercase) {
        if letter.is_ascii_alphanumeric() {
            id.push(letter);
        } else if !id.is_empty() && !id.ends_with('-') {
            id.push('-');
        }
    }
    let id = match id.trim_end_matches('-') {
        "" => "connection",
        id => id,
    };
    let free = |candidate: &String| !taken.contains(candidate);
    let numbered = (2_u32..).map(|n| format!("{id}-{n}"));
    let mut candidates = std::iter::once(id.to_string()).chain(numbered);
    candidates.find(free).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &str = "http://127.0.0.1:8000";

    fn draft(url: &str, auth: Auth) -> Draft {
        Draft {
            name: " Timeplus, Köln ".into(),
            url: url.into(),
            workspace: "default".into(),
            auth,
            ..Draft::default()
        }
    }

    #[test]
    fn a_new_connection_gets_a_free_id_and_a_clean_address() {
        let taken = ["timeplus-k-ln".to_string()];
        let made = draft("https://tp.example:8000/ ", Auth::ApiKey).parse(None, &taken, PAGE);
        let made = made.expect("valid");
        assert_eq!(
            (made.id.as_str(), made.name.as_str()),
            ("timeplus-k-ln-2", "Timeplus, Köln")
        );
        assert_eq!(made.url, "https://tp.example:8000");
    }

    #[test]
    fn an_edited_connection_keeps_its_id() {
        let kept = draft("http://a", Auth::None).parse(Some("local"), &["local".into()], PAGE);
        assert_eq!(kept.expect("valid").id, "local");
    }

    #[test]
    fn every_wrong_field_is_named() {
        let empty = Draft {
            url: "tp.example".into(),
            ..Draft::default()
        };
        let errors = empty.parse(None, &[], PAGE).expect_err("invalid");
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["name", "url", "workspace"]);
    }

    #[test]
    fn addresses_that_would_go_wrong_are_refused() {
        for url in [
            "",
            "http://",
            "ftp://x",
            "https://u:p@x",
            "https://x?a",
            "https://x/ws/api",
        ] {
            let errors = draft(url, Auth::Basic)
                .parse(None, &[], PAGE)
                .expect_err(url);
            assert_eq!(errors[0].field, "url", "{url}");
        }
    }

    #[test]
    fn a_session_is_for_the_consoles_own_backend_only() {
        assert!(draft("", Auth::Session).parse(None, &[], PAGE).is_ok());
        assert!(draft(PAGE, Auth::Session).parse(None, &[], PAGE).is_ok());
        assert!(
            draft("https://other.example", Auth::Session)
                .parse(None, &[], PAGE)
                .is_err()
        );
    }
}
