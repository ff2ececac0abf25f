//! All definitions of a connection.

use futures_util::future::{join_all, try_join_all};
use leptos::prelude::untrack;
use weir_api::{ApiError, System, capability::Capabilities};

use crate::{
    connections::{Connection, Connections, server, session, status::Access},
    http::{Abort, Endpoint},
    kit::{Code, Described, List, Section, fetch, fetch_all},
    registry::groups,
    ui::lazy::LoadError,
};

/// Calls at once: a browser has few connections.
const AT_ONCE: usize = 4;

/// A kind of resource that can be written as code.
#[derive(Clone)]
pub struct Kind {
    pub section: &'static Section,
    pub list: List,
    pub code: Code,
}

/// Sections of what a connection's server has and this console lists.
pub fn listed(system: System, can: Capabilities) -> impl Iterator<Item = &'static Section> {
    let sections = groups(system).iter().flat_map(|group| group.sections);
    sections.filter(move |section| {
        section.whole().is_some() && section.needs.is_none_or(|needed| can.has(needed))
    })
}

/// What a connection's server has and this console can write. `which` says whether a kind, by what
/// one of it is called, is asked for: the code of the others is not fetched.
pub async fn kinds(
    system: System,
    can: Capabilities,
    which: impl Fn(&str) -> bool,
) -> Result<Vec<Kind>, LoadError> {
    let chosen = listed(system, can).filter(|section| which(section.one));
    let kinds = try_join_all(chosen.map(kind)).await?;
    Ok(kinds.into_iter().flatten().collect())
}

/// `None` where the section has nothing that can be written.
pub async fn kind(section: &'static Section) -> Result<Option<Kind>, LoadError> {
    let Some(list) = section.listed else {
        return Ok(None);
    };
    let list = list.get(()).await?;
    let Some(code) = list.code else {
        return Ok(None);
    };
    let code = code.get(()).await?;
    Ok(Some(Kind {
        section,
        list,
        code,
    }))
}

/// All of one kind.
#[derive(Clone)]
pub struct Gathered {
    pub kind: Kind,
    pub found: Result<Vec<Described>, ApiError>,
}

/// A connection that somebody is signed in to.
#[derive(Clone)]
pub struct Remote {
    pub endpoint: Endpoint,
    pub system: System,
    pub can: Capabilities,
}

/// `None` where somebody has to sign in first.
pub async fn remote(connections: Connections, connection: &Connection) -> Option<Remote> {
    session::enter(connections, connection.clone()).await;
    let status = connections.statuses.get_untracked(&connection.id);
    if !matches!(status.access, Access::Open | Access::Expired) {
        return None;
    }
    let can = server::known(connections, connection).await;
    let can = can.map(|server| server.can);
    Some(Remote {
        endpoint: untrack(|| connections.endpoint(connection)),
        system: connection.system(),
        can: can.unwrap_or(Capabilities::all()),
    })
}

/// `which` as in [`kinds`]; `told` how many of them have been asked for.
pub async fn gather(
    remote: &Remote,
    which: impl Fn(&str) -> bool,
    told: impl Fn(usize),
) -> Result<Vec<Gathered>, LoadError> {
    let mut all = Vec::new();
    let kinds = kinds(remote.system, remote.can, which).await?;
    for some in kinds.chunks(AT_ONCE) {
        let found = join_all(some.iter().map(|kind| of_kind(remote, kind))).await;
        let some = some.iter().cloned().zip(found);
        all.extend(some.map(|(kind, found)| Gathered { kind, found }));
        told(all.len());
    }
    Ok(all)
}

async fn of_kind(remote: &Remote, kind: &Kind) -> Result<Vec<Described>, ApiError> {
    let abort = Abort::new()?;
    let request = (kind.list.request)();
    let parts = fetch_all(&remote.endpoint, request, kind.list.more, &abort).await?;
    let listed = (kind.code.listed)(&parts, remote.can)?;
    if kind.code.whole {
        return Ok(listed);
    }
    let mut all = Vec::new();
    for some in listed.chunks(AT_ONCE) {
        let asked = some.iter().map(|one| get(remote, kind, &one.key, &abort));
        for one in join_all(asked).await {
            all.push(one?);
        }
    }
    Ok(all)
}

async fn get(
    remote: &Remote,
    kind: &Kind,
    key: &str,
    abort: &Abort,
) -> Result<Described, ApiError> {
    let answer = fetch(&remote.endpoint, (kind.code.get)(key), abort).await?;
    (kind.code.got)(&answer, remote.can)
}
