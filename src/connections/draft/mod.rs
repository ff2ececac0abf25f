//! A connection as it is typed.

mod address;

use weir_api::{FieldError, System};

use self::address::{check_url, check_vendor_url};
use super::{Auth, Colour, Connection};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Draft {
    pub name: String,
    pub system: System,
    pub url: String,
    pub workspace: String,
    pub project: String,
    pub tenant: String,
    pub region: String,
    pub iam_url: String,
    pub vendor_url: String,
    pub auth: Auth,
    pub colour: Colour,
    pub production: bool,
}

impl From<Connection> for Draft {
    fn from(connection: Connection) -> Self {
        Self {
            name: connection.name,
            system: connection.system,
            url: connection.url,
            workspace: connection.workspace,
            project: connection.project,
            tenant: connection.tenant,
            region: connection.region,
            iam_url: connection.iam_url,
            vendor_url: connection.vendor_url,
            auth: connection.auth,
            colour: connection.colour,
            production: connection.production,
        }
    }
}

impl Draft {
    /// `id` is kept when a connection is edited; a new one gets one from its name that is not in
    /// `taken`. `page` is the origin the console came from. What the system does not know is left
    /// out.
    pub fn parse(
        &self,
        id: Option<&str>,
        taken: &[String],
        page: &str,
    ) -> Result<Connection, Vec<FieldError>> {
        let mut errors = Vec::new();
        let mut wrong = |field: &str, message: &str| {
            errors.push(FieldError::new(field, message));
        };
        let name = self.name.trim();
        if name.is_empty() {
            wrong("name", "Type a name, for example “Timeplus staging”.");
        }
        let url = self.url.trim().trim_end_matches('/');
        let checked = match self.system {
            System::Timeplus => check_url(url, self.auth, page),
            _ => check_vendor_url(url, self.auth, page),
        };
        if let Err(message) = checked {
            wrong("url", message);
        }
        for (field, message) in self.wanted() {
            let value = self.value(field);
            if value.is_empty() {
                wrong(field, message);
            } else if value.contains('/') {
                wrong(field, "Only the id, without “/”.");
            }
        }
        let more = [("iam_url", &self.iam_url), ("vendor_url", &self.vendor_url)];
        for (field, value) in more.into_iter().filter(|(field, _)| self.asks(field)) {
            let value = value.trim().trim_end_matches('/');
            if !value.is_empty()
                && let Err(message) = check_vendor_url(value, Auth::None, page)
            {
                wrong(field, message);
            }
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let kept = |field: &str| match self.asks(field) {
            true => self.value(field).trim_end_matches('/').to_string(),
            false => String::new(),
        };
        Ok(Connection {
            id: id.map_or_else(|| new_id(name, taken), String::from),
            name: name.into(),
            system: self.system,
            url: url.into(),
            workspace: kept("workspace"),
            project: kept("project"),
            tenant: kept("tenant"),
            region: kept("region"),
            iam_url: kept("iam_url"),
            vendor_url: kept("vendor_url"),
            auth: self.auth,
            colour: self.colour,
            production: self.production,
        })
    }

    /// Whether the form has the field.
    pub fn asks(&self, field: &str) -> bool {
        match (self.system, field) {
            (System::Timeplus, "workspace")
            | (System::SecMaster, "workspace" | "project")
            | (System::DataWorks, "project" | "tenant") => true,
            (System::SecMaster, "region" | "iam_url") => self.auth == Auth::Iam,
            // Signatures name the host they are for.
            (System::SecMaster | System::DataWorks, "vendor_url") => {
                matches!(self.auth, Auth::Keys | Auth::KeysV1)
            }
            _ => false,
        }
    }

    /// Fields that cannot be empty, and what to say then.
    fn wanted(&self) -> Vec<(&'static str, &'static str)> {
        let all = match self.system {
            System::Timeplus => vec![(
                "workspace",
                "Type the workspace; “default” where the system has only one.",
            )],
            System::Azion => Vec::new(),
            System::SecMaster => vec![
                ("project", "Type the project id of the region."),
                ("workspace", "Type the workspace id."),
                ("region", "Type the region, for example “cn-southwest-2”."),
            ],
            System::DataWorks => vec![("project", "Type the id of the DataWorks workspace.")],
        };
        all.into_iter()
            .filter(|(field, _)| self.asks(field))
            .collect()
    }

    fn value(&self, field: &str) -> &str {
        match field {
            "workspace" => &self.workspace,
            "project" => &self.project,
            "tenant" => &self.tenant,
            "region" => &self.region,
            "iam_url" => &self.iam_url,
            "vendor_url" => &self.vendor_url,
            _ => "",
        }
        .trim()
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
    fn each_system_asks_for_what_it_needs_and_keeps_nothing_else() {
        let mut draft = draft("https://secmaster.example", Auth::Keys);
        draft.system = System::SecMaster;
        draft.workspace.clear();
        let errors = draft.parse(None, &[], PAGE).expect_err("invalid");
        let fields: Vec<&str> = errors.iter().map(|error| error.field.as_str()).collect();
        assert_eq!(fields, ["project", "workspace"]);
        (draft.project, draft.workspace) = ("p".into(), "w".into());
        draft.tenant = "of another system".into();
        let made = draft.parse(None, &[], PAGE).expect("valid");
        assert_eq!(made.base(), "https://secmaster.example/v1/p/workspaces/w");
        assert_eq!(made.tenant, "");
        draft.system = System::Azion;
        let made = draft.parse(None, &[], PAGE).expect("valid");
        assert_eq!(made.base(), "https://secmaster.example");
    }

    #[test]
    fn a_relay_is_a_path_of_the_own_origin() {
        let mut draft = draft("/relay/azion", Auth::None);
        draft.system = System::Azion;
        assert!(draft.parse(None, &[], PAGE).is_ok());
        for foreign in ["//evil.example/x", "relay/azion", ""] {
            draft.url = foreign.into();
            let errors = draft.parse(None, &[], PAGE).expect_err(foreign);
            assert_eq!(errors[0].field, "url", "{foreign}");
        }
        (draft.url, draft.auth) = ("https://api.azionapi.net".into(), Auth::Session);
        assert!(draft.parse(None, &[], PAGE).is_err());
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
