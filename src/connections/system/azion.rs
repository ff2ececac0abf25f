use weir_api::auth::Credential;

use super::{super::Auth, NONE, Part, SESSION, SystemSpec, Way, check_vendor_url, hidden};

pub(super) const SPEC: SystemSpec = SystemSpec {
    ways: &[
        Way {
            auth: Auth::Token,
            label: "Personal token",
            asks: &[hidden(Part::Secret, "Token")],
            credential: Some(|given| Credential::AzionToken(given.secret)),
        },
        NONE,
        SESSION,
    ],
    address_help: "Vendor endpoints reject cross-origin requests, so use a relay of this console's backend: /relay/azion. Vendor endpoint: https://api.azionapi.net. Embedded backend: /azion.",
    check_address: check_vendor_url,
    fields: &[],
};
