//! What tells the systems apart for a connection, as values: ways to sign in, fields, addresses.

/// Where a field's value is.
macro_rules! value {
    ($system:ident.$field:ident) => {
        |target| match target {
            $crate::connections::system::Target::$system(target) => Some(&mut target.$field),
            _ => None,
        }
    };
}

mod address;
mod azion;
mod dataworks;
mod secmaster;
mod timeplus;

use weir_api::{System, auth::Credential};

use super::Auth;

pub use self::{
    address::check_vendor_url, dataworks::DataWorks, secmaster::SecMaster, timeplus::Timeplus,
};

/// How a connection of a system is described, typed in and called.
pub struct SystemSpec {
    /// Ways to sign in; the first is the usual one.
    pub ways: &'static [Way],
    pub address_help: &'static str,
    /// Of the base URL, the way to sign in and this page's origin.
    pub check_address: fn(&str, Auth, &str) -> Result<(), &'static str>,
    /// Besides the base URL.
    pub fields: &'static [Field],
}

impl SystemSpec {
    pub fn of(system: System) -> &'static Self {
        match system {
            System::Timeplus => &timeplus::SPEC,
            System::Azion => &azion::SPEC,
            System::SecMaster => &secmaster::SPEC,
            System::DataWorks => &dataworks::SPEC,
        }
    }

    pub fn way(&self, auth: Auth) -> Option<&'static Way> {
        self.ways.iter().find(|way| way.auth == auth)
    }
}

/// A way to sign in.
pub struct Way {
    pub auth: Auth,
    pub label: &'static str,
    pub asks: &'static [Ask],
    /// What goes with each call; `None` where there is no credential or a server makes it.
    pub credential: Option<fn(Given) -> Credential>,
}

/// A part of a credential that somebody types.
pub struct Ask {
    pub part: Part,
    pub label: &'static str,
    pub hidden: bool,
    pub optional: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// A user, or the id of a key.
    User,
    /// A password, a token or the secret of a key.
    Secret,
    /// The account an IAM user belongs to, or the token of STS.
    More,
}

impl Part {
    /// In errors of the form.
    pub fn name(self) -> &'static str {
        match self {
            Self::User => "user",
            Self::Secret => "secret",
            Self::More => "more",
        }
    }
}

/// The parts of a credential as typed.
#[derive(Clone, Default)]
pub struct Given {
    pub user: String,
    pub secret: String,
    pub more: String,
}

impl Given {
    pub fn part(&self, part: Part) -> &str {
        match part {
            Part::User => &self.user,
            Part::Secret => &self.secret,
            Part::More => &self.more,
        }
    }
}

const fn shown(part: Part, label: &'static str) -> Ask {
    Ask {
        part,
        label,
        hidden: false,
        optional: false,
    }
}

const fn hidden(part: Part, label: &'static str) -> Ask {
    Ask {
        hidden: true,
        ..shown(part, label)
    }
}

const SIGNED_FOR: &str = "If the base URL is a relay: its vendor endpoint, which is part of request signatures. Leave it empty to use the base URL.";

const PASSWORD: &[Ask] = &[shown(Part::User, "User"), hidden(Part::Secret, "Password")];

const NONE: Way = Way {
    auth: Auth::None,
    label: "None (the relay adds the credential)",
    asks: &[],
    credential: None,
};

const SESSION: Way = Way {
    auth: Auth::Session,
    label: "Embedded backend session",
    asks: PASSWORD,
    credential: None,
};

/// A field of a connection that only some systems have.
pub struct Field {
    pub name: &'static str,
    pub label: &'static str,
    pub help: &'static str,
    /// What is said where it is empty; `None` where it may be.
    pub missing: Option<&'static str>,
    /// An address instead of an id.
    pub address: bool,
    /// Only with these ways to sign in; empty for all.
    pub ways: &'static [Auth],
    pub value: fn(&mut Target) -> Option<&mut String>,
}

impl Field {
    const fn new(
        name: &'static str,
        label: &'static str,
        value: fn(&mut Target) -> Option<&mut String>,
    ) -> Self {
        Self {
            name,
            label,
            help: "",
            missing: None,
            address: false,
            ways: &[],
            value,
        }
    }

    pub fn is_asked(&self, auth: Auth) -> bool {
        self.ways.is_empty() || self.ways.contains(&auth)
    }
}

/// The system and where in it a connection leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    Timeplus(Timeplus),
    Azion,
    SecMaster(SecMaster),
    DataWorks(DataWorks),
}

impl Default for Target {
    fn default() -> Self {
        Self::Timeplus(Timeplus::default())
    }
}

impl From<System> for Target {
    fn from(system: System) -> Self {
        match system {
            System::Timeplus => Self::default(),
            System::Azion => Self::Azion,
            System::SecMaster => Self::SecMaster(SecMaster::default()),
            System::DataWorks => Self::DataWorks(DataWorks::default()),
        }
    }
}

impl Target {
    pub fn system(&self) -> System {
        match self {
            Self::Timeplus(_) => System::Timeplus,
            Self::Azion => System::Azion,
            Self::SecMaster(_) => System::SecMaster,
            Self::DataWorks(_) => System::DataWorks,
        }
    }

    /// What paths of the system's API are relative to, of a base URL.
    pub fn base(&self, url: &str) -> String {
        match self {
            Self::Timeplus(target) => weir_api::timeplus::base(url, &target.workspace),
            Self::SecMaster(target) => {
                weir_api::secmaster::base(url, &target.project, &target.workspace)
            }
            Self::Azion | Self::DataWorks(_) => url.into(),
        }
    }

    /// Parameters of every call.
    pub fn common(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::DataWorks(target) => target.common(),
            _ => Vec::new(),
        }
    }

    /// The database of a Timeplus; empty: the default one.
    pub fn database(&self) -> &str {
        match self {
            Self::Timeplus(target) => &target.database,
            _ => "",
        }
    }

    /// Where a relay leads, for signatures made here; empty: the base URL itself.
    pub fn vendor_url(&self) -> &str {
        match self {
            Self::SecMaster(target) => &target.vendor_url,
            Self::DataWorks(target) => &target.vendor_url,
            Self::Timeplus(_) | Self::Azion => "",
        }
    }

    /// The id of the workspace that a list of connections shows.
    pub fn workspace(&self) -> &str {
        match self {
            Self::Timeplus(target) => &target.workspace,
            Self::SecMaster(target) => &target.workspace,
            Self::Azion | Self::DataWorks(_) => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_system_has_its_fields_and_a_usual_way_in() {
        for system in System::ALL {
            let spec = SystemSpec::of(system);
            let mut target = Target::from(system);
            assert_eq!(target.system(), system);
            assert!(spec.ways[0].credential.is_some());
            for field in spec.fields {
                assert!((field.value)(&mut target).is_some(), "{}", field.name);
            }
        }
    }
}
