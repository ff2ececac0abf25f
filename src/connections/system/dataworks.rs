use weir_api::{auth::Credential, dataworks::SignatureVersion};

use super::{
    super::Auth, Ask, Field, Given, NONE, Part, SESSION, SystemSpec, Way, check_vendor_url, hidden,
    shown,
};

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DataWorks {
    /// `ProjectId`.
    pub project: String,
    /// `TenantId`.
    pub tenant: String,
    /// See [`Target::vendor_url`].
    pub vendor_url: String,
}

impl DataWorks {
    pub(super) fn common(&self) -> Vec<(&'static str, String)> {
        [("ProjectId", &self.project), ("TenantId", &self.tenant)]
            .into_iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| (name, value.clone()))
            .collect()
    }
}

const KEYS: &[Ask] = &[
    shown(Part::User, "AccessKey ID"),
    hidden(Part::Secret, "AccessKey secret"),
    Ask {
        optional: true,
        ..hidden(Part::More, "STS token (optional)")
    },
];

fn keys(given: Given, version: SignatureVersion) -> Credential {
    Credential::AlibabaKeys {
        id: given.user,
        secret: given.secret,
        token: Some(given.more).filter(|token| !token.is_empty()),
        version,
    }
}

pub(super) const SPEC: SystemSpec = SystemSpec {
    ways: &[
        Way {
            auth: Auth::Keys,
            label: "AccessKey, signature V3",
            asks: KEYS,
            credential: Some(|given| keys(given, SignatureVersion::V3)),
        },
        Way {
            auth: Auth::KeysV1,
            label: "AccessKey, signature V1",
            asks: KEYS,
            credential: Some(|given| keys(given, SignatureVersion::V1)),
        },
        NONE,
        SESSION,
    ],
    address_help: "Vendor endpoints reject cross-origin requests, so use a relay of this console's backend: /relay/dataworks. Vendor endpoint: https://dataworks.{region}.aliyuncs.com. Embedded backend: /dataworks.",
    check_address: check_vendor_url,
    fields: &[
        Field {
            missing: Some("Enter the id of the DataWorks workspace."),
            ..Field::new(
                "project",
                "Workspace id (ProjectId)",
                value!(DataWorks.project),
            )
        },
        Field {
            help: "Optional. Defaults to the tenant of the AccessKey.",
            ..Field::new("tenant", "Tenant id", value!(DataWorks.tenant))
        },
        Field {
            help: super::SIGNED_FOR,
            address: true,
            ways: &[Auth::Keys, Auth::KeysV1],
            ..Field::new(
                "vendor_url",
                "Signature endpoint",
                value!(DataWorks.vendor_url),
            )
        },
    ],
};
