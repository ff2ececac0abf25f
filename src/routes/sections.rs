//! From the address of a page to the page, for all sections alike.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::{
    connections::{server, status::Server, use_connection, use_server},
    kit::{PageKind, Section},
    registry::{self, sections, system_of},
    shell::{NotFound, Waiting},
    text::capital,
    ui::Empty,
};

pub(crate) fn list() -> AnyView {
    page("section", |section| {
        let section = registry::section(section)?;
        Some((section, PageKind::List, false))
    })
}

/// What a form sends depends on the server.
pub(crate) fn create() -> AnyView {
    page("kind", |kind| {
        let section = sections().find(|section| section.creates == Some(kind))?;
        Some((section, PageKind::Create, true))
    })
}

pub(crate) fn detail() -> AnyView {
    page("section", |section| {
        let section = having(section, PageKind::Detail)?;
        Some((section, PageKind::Detail, true))
    })
}

pub(crate) fn edit() -> AnyView {
    page("section", |section| {
        let section = having(section, PageKind::Edit)?;
        Some((section, PageKind::Edit, true))
    })
}

fn having(segment: &str, page: PageKind) -> Option<&'static Section> {
    registry::section(segment).filter(|section| section.has(page))
}

/// A section, one of its pages, and whether the page waits until the server was asked: what it asks
/// for depends on what the server has.
type Found = (&'static Section, PageKind, bool);

#[derive(Clone, PartialEq)]
enum State {
    NoSuchPage,
    Waiting,
    Page(String),
    /// The server has no such section, or does not change what is in it.
    Missing(&'static str, Server),
}

/// `find` turns the route's parameter into a page.
fn page(parameter: &'static str, find: fn(&str) -> Option<Found>) -> AnyView {
    let params = use_params_map();
    let server = use_server();
    let connection = use_connection();
    // A memo, because the router tells of the same parameters again when the page is left.
    let state = Memo::new(move |_| {
        let value = params.with(|params| params.get(parameter).unwrap_or_default());
        let Some((section, page, waits)) = find(&value) else {
            return State::NoSuchPage;
        };
        let system = connection.with(|connection| connection.as_ref().map(|it| it.system()));
        if system_of(section) != system {
            return State::NoSuchPage;
        }
        match server.get() {
            None if waits || section.needs.is_some() => State::Waiting,
            Some(server) if !section.offered(page, server.can) => {
                State::Missing(section.label, server)
            }
            _ => State::Page(value),
        }
    });
    (move || match state.get() {
        State::Page(value) => {
            find(&value).map_or(().into_any(), |(section, page, _)| section.show(page))
        }
        State::Waiting => view! { <Waiting /> }.into_any(),
        State::NoSuchPage => NotFound().into_any(),
        State::Missing(label, server) => missing(label, &server),
    })
    .into_any()
}

fn missing(label: &'static str, server: &Server) -> AnyView {
    let section = sections().find(|section| section.label == label);
    let needed = section.and_then(|section| section.needs);
    let lacks = needed.filter(|needed| !server.can.has(*needed));
    let called = capital(server::called(server));
    let (title, why) = match lacks {
        Some(needed) => {
            let (what, why) = server::words(needed).unwrap_or((label, ""));
            (format!("{called} has no {what}"), why)
        }
        None => (
            format!("{called} cannot create or change {}", label.to_lowercase()),
            "Existing ones can be viewed and used.",
        ),
    };
    view! {
        <div class="page">
            <header class="page-head"><h1>{label}</h1></header>
            <Empty title hint=why />
        </div>
    }
    .into_any()
}
