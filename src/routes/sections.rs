//! From the address of a page to the page, for all sections alike.

use leptos::prelude::*;
use leptos_router::hooks::use_params_map;

use crate::{
    connections::{server, status::Server, use_connection, use_server},
    kit::{PageKind, Section, capital},
    registry::{self, sections, system_of},
    shell::{NotFound, Waiting},
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
    /// The server has no such section.
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
        let Some((section, _, waits)) = find(&value) else {
            return State::NoSuchPage;
        };
        let system = connection.with(|connection| connection.as_ref().map(|it| it.system()));
        if system_of(section) != system {
            return State::NoSuchPage;
        }
        match (server.get(), section.needs) {
            (None, Some(_)) => State::Waiting,
            (None, None) if waits => State::Waiting,
            (Some(server), Some(needed)) if !server.can.has(needed) => {
                State::Missing(section.label, server)
            }
            _ => State::Page(value),
        }
    });
    (move || match state.get() {
        State::Page(value) => {
            find(&value).map_or(().into_any(), |(section, page, _)| section.pages.show(page))
        }
        State::Waiting => view! { <Waiting /> }.into_any(),
        State::NoSuchPage => NotFound().into_any(),
        State::Missing(label, server) => missing(label, &server),
    })
    .into_any()
}

fn missing(label: &'static str, server: &Server) -> AnyView {
    let section = sections().find(|section| section.label == label);
    let words = section.and_then(|section| server::words(section.needs?));
    let (what, why) = words.unwrap_or((label, ""));
    view! {
        <div class="page">
            <header class="page-head"><h1>{label}</h1></header>
            <Empty title=format!("{} has no {what}", capital(server::called(server))) hint=why />
        </div>
    }
    .into_any()
}
