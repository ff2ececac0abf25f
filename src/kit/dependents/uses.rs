//! Which kinds of resources name others, by system, and what their lists say of it.

use weir_api::{
    ApiError, ApiRequest, System,
    azion::{
        self,
        streaming::{self, Streaming},
    },
    dataworks::{
        Paging,
        answer::part,
        api::{self, Filter},
        authority, folder,
    },
    paging::More,
    secmaster::{
        self, PAGE,
        dataspace::{self, Dataspace},
        pipe::{self, Pipe},
        shipper::{self, End, Shipper},
    },
};

use super::words::Verb;

/// Something that names another.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Use {
    pub by: String,
    pub verb: Verb,
    /// Kind and key of what is named; without a key it is what the connection leads to.
    pub kind: &'static str,
    pub key: String,
    /// Key of what it hands on to; empty where that is of another kind.
    pub onward: String,
}

impl Use {
    fn new(by: &str, verb: Verb, kind: &'static str, key: impl Into<String>) -> Self {
        Self {
            by: by.into(),
            verb,
            kind,
            key: key.into(),
            onward: String::new(),
        }
    }
}

/// Resources of one kind that name others.
pub(super) struct Users {
    pub one: &'static str,
    pub many: &'static str,
    /// The kinds that they name.
    pub of: &'static [&'static str],
    pub request: fn() -> ApiRequest,
    pub more: More,
    pub read: fn(&[u8]) -> Result<Vec<Use>, ApiError>,
}

const AZION: &[Users] = &[Users {
    one: "data streaming",
    many: "data streamings",
    of: &["template"],
    request: streaming::list,
    more: azion::part,
    read: streamings,
}];

const SECMASTER: &[Users] = &[
    Users {
        one: "delivery",
        many: "deliveries",
        of: &["pipe", "data space", "workspace"],
        request: || shipper::list(&shipper::Filter::default(), 0, PAGE),
        more: secmaster::part,
        read: deliveries,
    },
    Users {
        one: "pipe",
        many: "pipes",
        of: &["data space", "workspace"],
        request: || pipe::list("", 0, PAGE),
        more: secmaster::part,
        read: pipes,
    },
    Users {
        one: "data space",
        many: "data spaces",
        of: &["workspace"],
        request: || dataspace::list(0, PAGE),
        more: secmaster::part,
        read: dataspaces,
    },
];

const DATAWORKS: &[Users] = &[
    Users {
        one: "API",
        many: "APIs",
        of: &["API group", "API folder"],
        request: || api::list(&Filter::default(), Paging::first()),
        more: |_, answer| {
            part(api::listed(answer), |next| {
                api::list(&Filter::default(), next)
            })
        },
        read: apis,
    },
    Users {
        one: "API folder",
        many: "API folders",
        of: &["API group", "API folder"],
        request: || folder::list("", "", Paging::first()),
        more: |_, answer| part(folder::listed(answer), |next| folder::list("", "", next)),
        read: folders,
    },
    Users {
        one: "workspace",
        many: "workspaces",
        of: &["API", "API group"],
        request: || authority::list("", Paging::first()),
        more: |_, answer| part(authority::listed(answer), |next| authority::list("", next)),
        read: authorities,
    },
];

pub(super) fn users(system: System) -> &'static [Users] {
    match system {
        System::Azion => AZION,
        System::SecMaster => SECMASTER,
        System::DataWorks => DATAWORKS,
        System::Timeplus => &[],
    }
}

fn streamings(body: &[u8]) -> Result<Vec<Use>, ApiError> {
    let all: Vec<Streaming> = azion::many(body)?;
    let uses = all.iter().filter_map(|one| {
        let definition = &one.definition;
        let template = definition.template_id?;
        Some(Use::new(
            &definition.name,
            Verb::Use,
            "template",
            template.to_string(),
        ))
    });
    Ok(uses.collect())
}

fn deliveries(body: &[u8]) -> Result<Vec<Use>, ApiError> {
    let page: secmaster::Page<Shipper> = secmaster::page(body)?;
    let mut uses = Vec::<Use>::new();
    for one in &page.items {
        let own = uses.len();
        let ends = [
            (&one.shipper_source, Verb::Read),
            (&one.shipper_destination, Verb::Write),
        ];
        for (end, verb) in ends {
            uses.extend(of_end(&one.shipper_name, end, verb));
        }
        for read in &mut uses[own..] {
            if read.kind == "pipe" && read.verb == Verb::Read {
                read.onward.clone_from(&one.shipper_destination.pipe);
            }
        }
    }
    Ok(uses)
}

/// An end without a workspace is in the connection's own.
fn of_end<'a>(by: &'a str, end: &'a End, verb: Verb) -> impl Iterator<Item = Use> + 'a {
    let places = [
        ("pipe", &end.pipe),
        ("data space", &end.dataspace),
        ("workspace", &end.workspace),
    ];
    let named = places
        .into_iter()
        .filter(|(kind, key)| *kind == "workspace" || !key.is_empty());
    named.map(move |(kind, key)| Use::new(by, verb, kind, key.as_str()))
}

fn pipes(body: &[u8]) -> Result<Vec<Use>, ApiError> {
    let page: secmaster::Page<Pipe> = secmaster::page(body)?;
    let uses = page.items.iter().flat_map(|one| {
        let by = &one.pipe_name;
        [
            Use::new(by, Verb::StandIn, "data space", one.dataspace_id.as_str()),
            Use::new(by, Verb::StandIn, "workspace", ""),
        ]
    });
    Ok(uses.collect())
}

fn dataspaces(body: &[u8]) -> Result<Vec<Use>, ApiError> {
    let page: secmaster::Page<Dataspace> = secmaster::page(body)?;
    let uses = page.items.iter();
    let uses = uses.map(|one| Use::new(&one.dataspace_name, Verb::StandIn, "workspace", ""));
    Ok(uses.collect())
}

fn apis(body: &[u8]) -> Result<Vec<Use>, ApiError> {
    let uses = api::listed(body)?.items.into_iter().flat_map(|one| {
        let by = &one.api_name;
        [
            Use::new(by, Verb::StandIn, "API group", one.group_id.as_str()),
            Use::new(by, Verb::StandIn, "API folder", one.folder_id.to_string()),
        ]
    });
    Ok(uses.collect())
}

fn folders(body: &[u8]) -> Result<Vec<Use>, ApiError> {
    let uses = folder::listed(body)?.items.into_iter().flat_map(|one| {
        let by = &one.folder_name;
        [
            Use::new(by, Verb::StandIn, "API group", one.group_id.as_str()),
            Use::new(by, Verb::StandIn, "API folder", one.parent_id.to_string()),
        ]
    });
    Ok(uses.collect())
}

fn authorities(body: &[u8]) -> Result<Vec<Use>, ApiError> {
    let mut uses = Vec::new();
    for granted in authority::listed(body)?.items {
        for grant in &granted.authorization_records {
            let by = grant.project_id.to_string();
            let api = granted.api_id.to_string();
            uses.push(Use::new(&by, Verb::MayCall, "API", api));
            let group = Use::new(&by, Verb::MayCall, "API group", granted.group_id.as_str());
            // May call several of its APIs.
            if !uses.contains(&group) {
                uses.push(group);
            }
        }
    }
    Ok(uses)
}
