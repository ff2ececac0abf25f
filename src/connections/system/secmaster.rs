use weir_api::auth::Credential;

use super::{
    super::Auth, Field, NONE, Part, SESSION, SystemSpec, Way, check_vendor_url, hidden, shown,
};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SecMaster {
    /// `project_id`.
    pub project: String,
    pub workspace: String,
    /// The project that an IAM user signs in to.
    pub region: String,
    /// Where IAM answers; empty: at the base URL.
    pub iam_url: String,
    /// See [`Target::vendor_url`].
    pub vendor_url: String,
}

pub(super) const SPEC: SystemSpec = SystemSpec {
    ways: &[
        Way {
            auth: Auth::Token,
            label: "Token (X-Auth-Token)",
            asks: &[hidden(Part::Secret, "Token")],
            credential: Some(|given| Credential::HuaweiToken {
                token: given.secret,
                expires_ms: None,
            }),
        },
        Way {
            auth: Auth::Iam,
            label: "IAM user and password",
            asks: &[
                shown(Part::More, "Account (domain)"),
                shown(Part::User, "IAM user"),
                hidden(Part::Secret, "Password"),
            ],
            credential: None,
        },
        Way {
            auth: Auth::Keys,
            label: "AK/SK",
            asks: &[
                shown(Part::User, "Access key (AK)"),
                hidden(Part::Secret, "Secret key (SK)"),
            ],
            credential: Some(|given| Credential::HuaweiKeys {
                id: given.user,
                secret: given.secret,
            }),
        },
        NONE,
        SESSION,
    ],
    address_help: "Vendor endpoints reject cross-origin requests, so use a relay of this console's backend: /relay/secmaster. Vendor endpoint: https://secmaster.{region}.myhuaweicloud.com. Embedded backend: /secmaster.",
    check_address: check_vendor_url,
    fields: &[
        Field {
            missing: Some("Enter the project id of the region."),
            ..Field::new("project", "Project id", value!(SecMaster.project))
        },
        Field {
            missing: Some("Enter the workspace id."),
            ..Field::new("workspace", "Workspace id", value!(SecMaster.workspace))
        },
        Field {
            help: "Name of the project that the IAM user signs in to, for example cn-southwest-2.",
            missing: Some("Enter the region, for example “cn-southwest-2”."),
            ways: &[Auth::Iam],
            ..Field::new("region", "Region", value!(SecMaster.region))
        },
        Field {
            help: "Endpoint that issues tokens, through the relay: /relay/iam. Leave it empty to use the base URL.",
            address: true,
            ways: &[Auth::Iam],
            ..Field::new("iam_url", "IAM URL", value!(SecMaster.iam_url))
        },
        Field {
            help: super::SIGNED_FOR,
            address: true,
            ways: &[Auth::Keys],
            ..Field::new(
                "vendor_url",
                "Signature endpoint",
                value!(SecMaster.vendor_url),
            )
        },
    ],
};
