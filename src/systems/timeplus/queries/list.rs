//! The list of running and finished queries, newest first.

use std::{sync::Arc, time::Duration};

use leptos::prelude::*;
use leptos_router::{NavigateOptions, hooks::use_location};
use weir_api::timeplus::query::{self, Query, Status};

use super::{
    cancel::use_cancel,
    facts::{iso, tone, user},
};
use crate::{
    connections::{use_connection_id, use_may_change},
    kit::{
        BulkDialog, Job,
        bulk::{Harm, Work},
        list::states::{Chips, count_states},
        load::use_load,
    },
    paths,
    query::use_query,
    text::{coded, one_line, visible},
    ui::{Button, ButtonKind, Empty, ErrorBanner, State, Time, number, time},
};

const EVERY: Duration = Duration::from_secs(2);
/// Rows on the page; the filters find the others.
const LISTED: usize = 200;

#[derive(Clone, Copy)]
struct Filters {
    status: RwSignal<String>,
    tag: RwSignal<String>,
    text: RwSignal<String>,
}

impl Filters {
    /// As the URL says, and the URL follows.
    fn in_url() -> Self {
        let query = use_query();
        let read = |name: &str| RwSignal::new(query.read_untracked().get(name).unwrap_or_default());
        let filters = Self {
            status: read("state"),
            tag: read("tag"),
            text: read("find"),
        };
        let (location, navigate) = (use_location(), paths::use_navigate());
        Effect::new(move |before: Option<()>| {
            let all = [
                ("state", filters.status.get()),
                ("tag", filters.tag.get()),
                ("find", filters.text.get()),
            ];
            if before.is_none() {
                return;
            }
            let mut params = query.get_untracked();
            for (name, value) in all {
                params.set(name, &value);
            }
            let url = format!("{}{params}", location.pathname.get_untracked());
            let options = NavigateOptions {
                replace: true,
                scroll: false,
                ..Default::default()
            };
            navigate(&url, options);
        });
        filters
    }

    fn let_through(self, query: &Query) -> bool {
        let status = self
            .status
            .with(|status| status.is_empty() || status == query.status.as_str());
        status && self.is_searched(query)
    }

    fn is_searched(self, query: &Query) -> bool {
        let text = self.text.get().to_lowercase();
        text.is_empty() || query.sql.to_lowercase().contains(&text) || query.id == text
    }
}

#[component]
pub fn QueryListPage() -> impl IntoView {
    let filters = Filters::in_url();
    let all = RwSignal::new(Vec::<Query>::new());
    let request = Signal::derive(move || {
        let tag = filters.tag.get();
        query::list(Some(tag.as_str()).filter(|tag| !tag.is_empty()))
    });
    let load = use_load(
        request,
        Some(EVERY),
        Callback::new(move |body: Vec<u8>| {
            let mut queries: Vec<Query> = weir_api::json_response(&body)?;
            queries.sort_by_key(|query| (!is_running(query), -(query.start_time)));
            all.set(queries);
            Ok(())
        }),
    );
    let found = Memo::new(move |_| {
        all.with(|all| {
            all.iter()
                .filter(|query| filters.let_through(query))
                .cloned()
                .collect::<Vec<_>>()
        })
    });
    let states = Memo::new(move |_| {
        all.with(|all| {
            let states = all.iter().map(|query| {
                let counts = filters.is_searched(query);
                (tone(query.status), query.status.as_str(), counts)
            });
            filters.status.with(|chosen| count_states(states, chosen))
        })
    });
    let total = Memo::new(move |_| found.with(Vec::len));
    let none_at_all = Memo::new(move |_| all.with(Vec::is_empty));
    let cancel = use_cancel(move || load.reload());
    let (permit, job) = (use_may_change(), RwSignal::new(None::<Job>));
    let running =
        Memo::new(move |_| found.with(|found| found.iter().filter(|it| is_running(it)).count()));
    let cancel_all = move || job.set(Some(found.with_untracked(|found| cancel_job(found))));
    let listed = move || found.with(|found| found.iter().take(LISTED).cloned().collect::<Vec<_>>());
    view! {
        <div class="page">
            <header class="page-head">
                <h1>"Queries"</h1>
                <p class="page-count" role="status">
                    {move || load.ready.get().then(|| number::plural(total.get() as u64, "query", "queries"))}
                </p>
                <div class="page-actions">
                    {move || (running.get() > 1).then(|| view! {
                        <Button disabled=permit.denied reason=permit.reason on_click=cancel_all>
                            {move || format!("Cancel {} running queries", running.get())}
                        </Button>
                    })}
                </div>
            </header>
            <ErrorBanner error=load.page_error() />
            <FilterBar filters />
            <Chips all=states chosen=filters.status />
            <Show when=move || load.ready.get() && total.get() == 0>
                <Empty
                    title=Signal::derive(move || {
                        if none_at_all.get() { "No queries yet".to_string() } else { "No matching queries".into() }
                    })
                    hint=Signal::derive(move || {
                        if none_at_all.get() {
                            "Run a statement in the SQL workspace; it is listed here for all users.".to_string()
                        } else {
                            "Change the filters above.".into()
                        }
                    })
                />
            </Show>
            <div class="table-box" class:hidden=move || total.get() == 0>
                <table class="table query-table" aria-label="Queries">
                    <thead>
                        <tr>
                            <th scope="col">"State"</th>
                            <th scope="col">"SQL"</th>
                            <th scope="col">"User"</th>
                            <th scope="col">"Started"</th>
                            <th scope="col" class="number">"Duration"</th>
                            <th scope="col"><span class="visually-hidden">"Actions"</span></th>
                        </tr>
                    </thead>
                    <tbody>
                        <For each=listed key=row_key let:query>
                            <QueryRow query cancel />
                        </For>
                    </tbody>
                </table>
            </div>
            <BulkDialog job changed=Callback::new(move |_| load.reload()) />
            <Show when=move || { total.get() > LISTED }>
                <p class="hint">
                    {move || format!("{} older queries not shown: narrow the filters.", number::count((total.get() - LISTED) as u64))}
                </p>
            </Show>
        </div>
    }
    .into_any()
}

fn is_running(query: &Query) -> bool {
    query.status == Status::Running
}

/// To cancel all of them that run.
fn cancel_job(found: &[Query]) -> Job {
    let running = found.iter().filter(|query| is_running(query));
    Job {
        verb: "Cancel",
        done: "canceled",
        one: "query",
        many: "queries",
        items: running
            .map(|query| (query.id.clone(), one_line(&query.sql)))
            .collect(),
        work: Work::Send(Arc::new(|id: String| Ok(query::cancel(&id)))),
        effects: vec![
            "They stop on the server for all users. Results not yet sent are lost.".into(),
        ],
        harm: Harm::Halts,
    }
}

/// A running query's duration changes with every answer.
fn row_key(query: &Query) -> (String, String, i64) {
    let status = query.status.as_str().to_string();
    (query.id.clone(), status, query.duration)
}

#[component]
fn FilterBar(filters: Filters) -> impl IntoView {
    view! {
        <div class="filter-bar" role="search" aria-label="Queries">
            <input
                type="search"
                class="input"
                aria-label="Search queries"
                placeholder="Search SQL or id"
                prop:value=move || filters.text.get()
                on:input:target=move |event| filters.text.set(event.target().value())
            />
            <input
                class="input"
                aria-label="Tag"
                placeholder="Tag"
                prop:value=move || filters.tag.get()
                on:change:target=move |event| filters.tag.set(event.target().value().trim().into())
            />
        </div>
    }
}

#[component]
fn QueryRow(query: Query, cancel: Callback<Query>) -> impl IntoView {
    let connection = use_connection_id().get_untracked().unwrap_or_default();
    let href = paths::item(&connection, "queries", &query.id);
    let running = is_running(&query);
    let sql = one_line(&query.sql);
    let tags = visible(&query.tags.join(", ")).into_owned();
    let actions = running.then(|| {
        let live = format!("{href}?tab=results");
        let query = query.clone();
        view! {
            <a class="button quiet" href=live>"Open live results"</a>
            <Button kind=ButtonKind::Quiet on_click=move || cancel.run(query.clone())>"Cancel query"</Button>
        }
    });
    view! {
        <tr>
            <td>
                <State tone=tone(query.status) word=query.status.as_str().to_string() />
            </td>
            <th scope="row" class="query-sql" title=coded(&query.message)>
                <a href=href class="mono" title=sql.clone()>{sql.clone()}</a>
                {(!tags.is_empty()).then(|| view! { <span class="type">" " {tags}</span> })}
            </th>
            <td>{user(&query)}</td>
            <td><Time iso=iso(query.start_time) /></td>
            <td class="number">{time::span(query.duration as f64)}</td>
            <td class="row-actions">{actions}</td>
        </tr>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_runs_is_canceled() {
        let query = |id: &str, status| Query {
            id: id.into(),
            status,
            ..Query::default()
        };
        let all = [query("a", Status::Running), query("b", Status::Finished)];
        let keys: Vec<String> = cancel_job(&all)
            .items
            .into_iter()
            .map(|(key, _)| key)
            .collect();
        assert_eq!(keys, ["a"]);
    }
}
