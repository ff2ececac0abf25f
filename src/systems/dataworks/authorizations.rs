//! Who may call APIs: workspaces that were authorized, what others authorized this one for, and
//! the applications that call.

use leptos::{context::Provider, prelude::*, task::spawn_local};
use weir_api::{
    ApiError,
    dataworks::{
        Paging, answer,
        api::{self, Filter},
        application::{self, Application},
        authority::{self, Granted, Received},
    },
};

use super::{apis::list, moment, pick};
use crate::{
    connections::{use_connection, use_connection_id, use_endpoint, use_may_change},
    http,
    kit::{Act, Actor, Load, notice::Waiting, use_act, use_load, use_load_all},
    paths,
    ui::{
        Button, ButtonKind, Confirm, CopyButton, Dialog, Empty, ErrorBanner, Icon, IconName, State,
        Tab, Tabs, Time, Tone,
        field::{Bound, Choice, FormErrors, Select, TextField},
        table::{
            Head::{Hidden, Text},
            ShortTable,
        },
        time, use_toasts,
    },
};

const EVERY: std::time::Duration = std::time::Duration::from_secs(30);

pub fn page() -> AnyView {
    let tabs = vec![
        Tab::new("granted", "Granted", || view! { <GrantedTab /> }),
        Tab::new("received", "Received", || view! { <ReceivedTab /> }),
        Tab::new(
            "applications",
            "Applications",
            || view! { <Applications /> },
        ),
    ];
    view! {
        <div class="page">
            <header class="page-head"><h1>"Authorizations"</h1></header>
            <Tabs label="Authorizations" tabs />
        </div>
    }
    .into_any()
}

#[component]
fn GrantedTab() -> impl IntoView {
    let all = RwSignal::new(Vec::<Granted>::new());
    let accept = Callback::new(move |body: Vec<u8>| {
        all.set(pick::items(&body, authority::listed)?);
        Ok(())
    });
    let request = || authority::list("", Paging::first());
    let more = |body: &[u8]| Some(authority::list("", authority::listed(body).ok()?.next()?));
    let load = use_load_all(Signal::derive(request), more, Some(EVERY), accept);
    let (actor, permit) = (use_act(load), use_may_change());
    let connection = use_connection_id().get_untracked().unwrap_or_default();
    let open = RwSignal::new(false);
    view! {
        <div class="access">
        <p>"Other workspaces whose applications may call APIs of this one, until a time."</p>
        <div class="actions">
            <Button
                kind=ButtonKind::Primary
                disabled=permit.denied
                reason=permit.reason
                on_click=move || open.set(true)
            >
                "Authorize a workspace…"
            </Button>
        </div>
        <Dialog open title="Authorize a workspace" children=move || view! { <Authorize open load /> } />
        <ErrorBanner error=load.complaint() />
        {move || {
            if !load.ready.get() {
                return view! { <Waiting load /> }.into_any();
            }
            let rows: Vec<AnyView> = all
                .get()
                .iter()
                .flat_map(|granted| {
                    let connection = connection.clone();
                    let rows = granted.authorization_records.iter();
                    rows.map(move |grant| granted_row(&connection, granted, grant, actor))
                        .collect::<Vec<_>>()
                })
                .collect();
            if rows.is_empty() {
                return view! { <Empty title="No other workspace is authorized" /> }.into_any();
            }
            view! {
                <Provider value=permit>
                    <ShortTable
                        label="Granted"
                        heads=&[
                            Text("API"), Text("State"), Text("Path"), Text("Workspace"),
                            Text("Until"), Text("Granted"), Hidden("Actions"),
                        ]
                    >
                        {rows}
                    </ShortTable>
                </Provider>
            }
                .into_any()
        }}
        </div>
    }
}

fn granted_row(
    connection: &str,
    granted: &Granted,
    grant: &authority::Grant,
    actor: Actor,
) -> AnyView {
    let (tone, word) = list::state(granted.api_status);
    let (id, project, name) = (granted.api_id, grant.project_id, granted.api_name.clone());
    let revoke = move || {
        actor.run(Act {
            request: authority::delete(id, project),
            done: format!("Workspace {project} may not call {name} any more"),
            question: Some(Confirm {
                title: format!("Revoke the authorization of workspace {project}?"),
                consequences: vec![format!("Its applications cannot call {name} any more.")],
                action: "Revoke".into(),
                danger: true,
                type_name: Some(name.clone()),
            }),
        });
    };
    let label = format!("Revoke {} of workspace {project}", granted.api_name);
    let href = paths::item(connection, "data-apis", &id.to_string());
    view! {
        <tr>
            <th scope="row"><a href=href>{granted.api_name.clone()}</a></th>
            <td><State tone=Signal::stored(tone) word=Signal::stored(word) /></td>
            <td class="mono">{granted.api_path.clone()}</td>
            <td>{project}</td>
            <td><Until time=grant.end_time.clone() /></td>
            <td><Time iso=moment(&grant.created_time) /> " " {grant.creator_id.clone()}</td>
            <td class="deeds">
                <Button kind=ButtonKind::Quiet label on_click=revoke><Icon name=IconName::Delete /></Button>
            </td>
        </tr>
    }
    .into_any()
}

/// A time that has passed says so.
#[component]
fn Until(time: String) -> impl IntoView {
    let now = time::use_now();
    let iso = moment(&time);
    let at = time::parse(&iso);
    let over = Memo::new(move |_| at.is_some_and(|at| at <= now.get()));
    view! {
        <Time iso />
        {move || over.get().then(|| view! { " " <State tone=Signal::stored(Tone::Bad) word=Signal::stored("expired".to_string()) /> })}
    }
}

/// What is chosen in the dialog.
#[derive(Debug, Clone, Default, PartialEq)]
struct Draft {
    api: String,
    project: String,
    days: String,
}

impl Draft {
    /// API, workspace and end in Unix seconds.
    fn read(&self, now_ms: f64) -> Result<(i64, i64, i64), Vec<weir_api::FieldError>> {
        let mut errors = Vec::new();
        let mut number = |field: &str, text: &str, message: &str| {
            let number = text.trim().parse::<i64>().ok().filter(|number| *number > 0);
            if number.is_none() {
                errors.push(weir_api::FieldError::new(field, message));
            }
            number.unwrap_or_default()
        };
        let api = number("ApiId", &self.api, "An API is needed");
        let project = number(
            "AuthorizedProjectId",
            &self.project,
            "The id of a workspace is needed",
        );
        let days = number("EndTime", &self.days, "A whole number of days is needed");
        match errors.is_empty() {
            true => Ok((
                api,
                project,
                (now_ms / 1000.0) as i64 + days.saturating_mul(86_400),
            )),
            false => Err(errors),
        }
    }
}

#[component]
fn Authorize(open: RwSignal<bool>, load: Load) -> impl IntoView {
    let errors = FormErrors::new();
    provide_context(errors);
    let (endpoint, toasts) = (use_endpoint(), use_toasts());
    let draft = RwSignal::new(Draft {
        days: "365".into(),
        ..Draft::default()
    });
    let busy = RwSignal::new(false);
    let failed = RwSignal::new(None::<ApiError>);
    let apis = pick::all(
        || api::list(&Filter::default(), Paging::first()),
        |body| {
            Some(api::list(
                &Filter::default(),
                api::listed(body).ok()?.next()?,
            ))
        },
        api::listed,
    );
    let apis = Signal::derive(move || {
        let choice = |api: &api::Api| {
            let label = format!("{} ({})", api.api_name, api.api_path);
            Choice::new(api.api_id.to_string(), label)
        };
        apis.with(|apis| apis.iter().map(choice).collect::<Vec<_>>())
    });
    let chosen = Signal::derive(move || draft.with(|draft| draft.api.clone()));
    let choices = pick::with_chosen(apis, chosen, "Choose an API");
    let submit = move || {
        let Some(endpoint) = endpoint.get_untracked().filter(|_| !busy.get_untracked()) else {
            return;
        };
        let read = draft.with_untracked(|draft| draft.read(js_sys::Date::now()));
        let (id, project, end) = match read {
            Ok(read) => read,
            Err(wrong) => {
                errors.set(wrong);
                return errors.focus_first();
            }
        };
        busy.set(true);
        failed.set(None);
        spawn_local(async move {
            let sent = http::send(&endpoint, authority::create(id, project, end)).await;
            let sent = sent.and_then(|body| answer::done(&body));
            if busy.try_set(false).is_some() {
                return;
            }
            match sent {
                Ok(()) => {
                    toasts.success(format!("Workspace {project} is authorized"));
                    open.set(false);
                    load.reload();
                }
                Err(ApiError::Status(status)) if !status.fields.is_empty() => {
                    errors.set(status.fields);
                    errors.focus_first();
                }
                Err(error) => failed.set(Some(error)),
            }
        });
    };
    view! {
        <form
            class="dialog-form"
            novalidate
            on:submit=move |event| {
                event.prevent_default();
                submit();
            }
        >
            <ErrorBanner error=failed />
            <Select label="API" name="ApiId" required=true value=Bound::part(draft, |d| &mut d.api) choices />
            <TextField label="Workspace id" name="AuthorizedProjectId" required=true mono=true value=Bound::part(draft, |d| &mut d.project) />
            <TextField label="Days" name="EndTime" required=true mono=true value=Bound::part(draft, |d| &mut d.days) help="How long, from now." />
            <div class="dialog-actions">
                <Button on_click=move || open.set(false)>"Cancel"</Button>
                <Button kind=ButtonKind::Primary submit=true busy>"Authorize"</Button>
            </div>
        </form>
    }
}

#[component]
fn ReceivedTab() -> impl IntoView {
    let all = RwSignal::new(Vec::<Received>::new());
    let accept = Callback::new(move |body: Vec<u8>| {
        all.set(pick::items(&body, authority::listed_received)?);
        Ok(())
    });
    let request = || authority::list_received("", Paging::first());
    let more = |body: &[u8]| {
        let next = authority::listed_received(body).ok()?.next()?;
        Some(authority::list_received("", next))
    };
    let load = use_load_all(Signal::derive(request), more, Some(EVERY), accept);
    let row = |received: Received| {
        let (tone, word) = list::state(received.api_status);
        view! {
            <tr>
                <th scope="row">{received.api_name.clone()}</th>
                <td><State tone=Signal::stored(tone) word=Signal::stored(word) /></td>
                <td class="mono">{received.api_path.clone()}</td>
                <td>{received.project_id}</td>
                <td><Until time=received.grant_end_time.clone() /></td>
                <td><Time iso=moment(&received.grant_created_time) /> " " {received.grant_operator_id.clone()}</td>
            </tr>
        }
    };
    view! {
        <div class="access">
        <p>"APIs of other workspaces that applications of this one may call."</p>
        <ErrorBanner error=load.complaint() />
        {move || {
            if !load.ready.get() {
                return view! { <Waiting load /> }.into_any();
            }
            if all.with(Vec::is_empty) {
                return view! { <Empty title="No other workspace has authorized this one" /> }.into_any();
            }
            let rows = all.get().into_iter().map(row).collect_view();
            view! {
                <ShortTable
                    label="Received"
                    heads=&[
                        Text("API"), Text("State"), Text("Path"), Text("Of workspace"),
                        Text("Until"), Text("Granted"),
                    ]
                >
                    {rows}
                </ShortTable>
            }
                .into_any()
        }}
        </div>
    }
}

#[component]
fn Applications() -> impl IntoView {
    let connection = use_connection();
    let all = RwSignal::new(Vec::<Application>::new());
    let accept = Callback::new(move |body: Vec<u8>| {
        all.set(application::listed(&body)?.items);
        Ok(())
    });
    let request = move || {
        let project = connection
            .get()
            .and_then(|connection| connection.project.parse().ok());
        application::list(&[project.unwrap_or_default()], Paging::first())
    };
    let load = use_load(Signal::derive(request), None, accept);
    view! {
        <div class="access">
        <p>
            "Applications call published APIs. Their secrets are shown on request and never kept by this page."
        </p>
        <ErrorBanner error=load.complaint() />
        {move || {
            if !load.ready.get() {
                return view! { <Waiting load /> }.into_any();
            }
            if all.with(Vec::is_empty) {
                return view! { <Empty title="No applications" hint="DataWorks has no operation to create one." /> }.into_any();
            }
            let rows = all.get().into_iter().map(|one| view! { <ApplicationRow one /> }).collect_view();
            view! {
                <ShortTable
                    label="Applications"
                    heads=&[Text("Application"), Text("Id"), Text("Workspace"), Text("Secrets")]
                >
                    {rows}
                </ShortTable>
            }
                .into_any()
        }}
        </div>
    }
}

#[component]
fn ApplicationRow(one: Application) -> impl IntoView {
    let (endpoint, permit, toasts) = (use_endpoint(), use_may_change(), use_toasts());
    let told = RwSignal::new(None::<Application>);
    let id = one.application_id;
    let reveal = move || {
        let Some(endpoint) = endpoint.get_untracked() else {
            return;
        };
        spawn_local(async move {
            let body = http::send(&endpoint, application::get(id)).await;
            match body.and_then(|body| application::got(&body)) {
                // The page may be left meanwhile.
                Ok(application) => drop(told.try_set(Some(application))),
                Err(error) => toasts.api_error(&error),
            }
        });
    };
    let secrets = move || match told.get() {
        None => view! {
            <Button
                label=format!("Show secrets of application {id}")
                disabled=permit.denied
                reason=permit.reason
                on_click=reveal
            >
                "Show"
            </Button>
        }
        .into_any(),
        Some(shown) => {
            let all = [
                ("Code", shown.application_code),
                ("Key", shown.application_key),
                ("Secret", shown.application_secret),
            ];
            let rows = all.map(|(term, value)| {
                view! {
                    <div>
                        <dt>{term}</dt>
                        <dd class="mono">{value.clone()} <CopyButton text=value label=format!("Copy {}", term.to_lowercase()) /></dd>
                    </div>
                }
            });
            view! {
                <dl class="settings">{rows.into_iter().collect_view()}</dl>
                <Button kind=ButtonKind::Quiet on_click=move || told.set(None)>"Hide"</Button>
            }
            .into_any()
        }
    };
    view! {
        <tr>
            <th scope="row">{one.application_name}</th>
            <td>{id}</td>
            <td>{one.project_id}</td>
            <td>{secrets}</td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_authorization_ends_after_days() {
        let draft = Draft {
            api: "7".into(),
            project: "2".into(),
            days: "1".into(),
        };
        assert_eq!(draft.read(1_000.0), Ok((7, 2, 86_401)));
        let errors = Draft::default().read(0.0).expect_err("errors");
        assert_eq!(errors.len(), 3);
    }
}
