use weir_api::auth::Credential;

use super::{super::Auth, NONE, Part, SESSION, SystemSpec, Way, check_vendor_url, hidden, shown};

pub(super) const SPEC: SystemSpec = SystemSpec {
    ways: &[
        Way {
            auth: Auth::Token,
            label: "Personal token",
            asks: &[hidden(Part::Secret, "Token")],
            credential: Some(|given| Credential::AzionToken(given.secret)),
        },
        Way {
            auth: Auth::AzionPassword,
            label: "E-mail and password",
            asks: &[
                shown(Part::User, "E-mail"),
                hidden(Part::Secret, "Password"),
            ],
            credential: None,
        },
        NONE,
        SESSION,
    ],
    address_help: "Vendor endpoints reject cross-origin requests, so use a relay of this console's backend: /relay/azion. Vendor endpoints: https://api.azionapi.net (version 3), https://api.azion.com (version 4). Embedded backend: /azion.",
    check_address: check_vendor_url,
    fields: &[],
};
