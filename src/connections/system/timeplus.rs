use weir_api::auth::Credential;

use super::{super::Auth, Field, NONE, PASSWORD, Part, SESSION, SystemSpec, Way, address, hidden};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Timeplus {
    pub workspace: String,
    /// Empty: the server's own default.
    pub database: String,
}

pub(super) const SPEC: SystemSpec = SystemSpec {
    ways: &[
        Way {
            auth: Auth::ApiKey,
            label: "API key",
            asks: &[hidden(Part::Secret, "API key")],
            credential: Some(|given| Credential::ApiKey(given.secret)),
        },
        Way {
            auth: Auth::Basic,
            label: "User and password",
            asks: PASSWORD,
            credential: Some(|given| Credential::Basic {
                user: given.user,
                password: given.secret,
            }),
        },
        Way {
            label: "None",
            ..NONE
        },
        SESSION,
    ],
    address_help: "The URL without the workspace, for example https://timeplus.example:8000. With a session, leave it empty to use the backend that serves this console.",
    check_address: address::check_url,
    fields: &[
        Field {
            help: "Usually “default”.",
            missing: Some("Enter the workspace, usually “default”."),
            ..Field::new("workspace", "Workspace", value!(Timeplus.workspace))
        },
        Field {
            help: "Optional. Leave it empty for “default”; the top bar switches to another one where the server has several.",
            ..Field::new("database", "Database", value!(Timeplus.database))
        },
    ],
};
