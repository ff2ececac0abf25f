use leptos::{context::Provider, ev::SubmitEvent, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use weir_api::{FieldError, System, auth::Credential};

use super::{
    Auth, Colour, Connection, Connections,
    draft::Draft,
    proof::{CredentialFields, Typed},
    tester::{TestConnection, page_origin},
};
use crate::{
    paths,
    ui::{
        Button, ButtonKind,
        field::{Bound, Checkbox, Choice, FormErrors, Radio, TextField},
        unique, use_toasts,
    },
};

/// `id` is none for a new connection.
#[component]
pub fn ConnectionForm(
    #[prop(optional_no_strip)] id: Option<String>,
    start: Draft,
) -> impl IntoView {
    let connections = expect_context::<Connections>();
    let errors = FormErrors::new();
    let draft = RwSignal::new(start);
    let typed = Typed::new();
    let read = Callback::new(
        move |()| -> Result<(Connection, Credential), Vec<FieldError>> {
            let all = connections.all.get_untracked().unwrap_or_default();
            let taken: Vec<String> = all.into_iter().map(|connection| connection.id).collect();
            let parsed =
                draft.with_untracked(|draft| draft.parse(id.as_deref(), &taken, &page_origin()))?;
            let credential = typed.credential(parsed.system, parsed.auth);
            Ok((parsed, credential.unwrap_or(Credential::None)))
        },
    );
    let (navigate, toasts) = (use_navigate(), use_toasts());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        match read.run(()) {
            Err(wrong) => {
                errors.set(wrong);
                errors.focus_first();
            }
            Ok((connection, credential)) => {
                toasts.success(format!("{} was saved in this browser", connection.name));
                let id = connection.id.clone();
                connections.save(connection);
                if credential != Credential::None {
                    connections.set_credential(&id, credential);
                }
                navigate(paths::CONNECTIONS, NavigateOptions::default());
            }
        }
    };
    view! {
        <Provider value=errors>
            <form class="form" novalidate on:submit=submit>
                <Fields draft />
                <CredentialPart draft typed />
                <Mark draft />
                <TestConnection read />
                <div class="actions">
                    <Button kind=ButtonKind::Primary submit=true>"Save connection"</Button>
                    <a class="button" href=paths::CONNECTIONS>"Cancel"</a>
                </div>
            </form>
        </Provider>
    }
    .into_any()
}

#[component]
fn Fields(draft: RwSignal<Draft>) -> impl IntoView {
    let system = Bound::new(
        move || draft.with(|draft| draft.system.as_str().into()),
        move |typed| {
            draft.update(|draft| {
                draft.system = System::named(&typed).unwrap_or_default();
                let ways = Auth::of(draft.system);
                if !ways.contains(&draft.auth) {
                    draft.auth = ways.first().copied().unwrap_or_default();
                }
            });
        },
    );
    let systems = System::ALL
        .map(|system| Choice::new(system.as_str(), system.words()))
        .to_vec();
    let auth = Bound::new(
        move || draft.with(|draft| draft.auth.as_str().into()),
        move |typed| draft.update(|draft| draft.auth = Auth::named(&typed).unwrap_or_default()),
    );
    let chosen = Memo::new(move |_| draft.with(|draft| draft.system));
    let parts = move || {
        let system = chosen.get();
        let ways = Auth::of(system).iter();
        let choices: Vec<Choice> = ways
            .map(|auth| Choice::new(auth.as_str(), auth.words(system)))
            .collect();
        view! {
            <TextField
                label="Base URL"
                name="url"
                value=Bound::part(draft, |draft| &mut draft.url)
                mono=true
                help=address_help(system)
            />
            <Radio label="Sign-in" name="auth" value=auth choices />
        }
    };
    view! {
        <TextField label="Name" name="name" value=Bound::part(draft, |draft| &mut draft.name) required=true autofocus=true />
        <Radio label="System" name="system" value=system choices=systems />
        {parts}
        {PARTS.iter().map(|part| part.view(draft)).collect_view()}
    }
    .into_any()
}

fn address_help(system: System) -> &'static str {
    match system {
        System::Timeplus => {
            "The part before the workspace, for example https://timeplus.example:8000. Empty with a session: the backend this console came from."
        }
        System::Azion => {
            "Vendors refuse calls from pages of other origins, so usually a relay of this console's backend: /relay/azion. The vendor's own is https://api.azionapi.net; the embedded backend's is /azion."
        }
        System::SecMaster => {
            "Vendors refuse calls from pages of other origins, so usually a relay of this console's backend: /relay/secmaster. The vendor's own is https://secmaster.{region}.myhuaweicloud.com; the embedded backend's is /secmaster."
        }
        System::DataWorks => {
            "Vendors refuse calls from pages of other origins, so usually a relay of this console's backend: /relay/dataworks. The vendor's own is https://dataworks.{region}.aliyuncs.com; the embedded backend's is /dataworks."
        }
    }
}

/// A field that only some systems have.
struct Part {
    name: &'static str,
    label: fn(System) -> &'static str,
    value: fn(&mut Draft) -> &mut String,
    help: fn(System) -> &'static str,
}

const PARTS: [Part; 6] = [
    Part {
        name: "project",
        label: |system| match system {
            System::DataWorks => "Workspace id (ProjectId)",
            _ => "Project id",
        },
        value: |draft| &mut draft.project,
        help: |_| "",
    },
    Part {
        name: "workspace",
        label: |system| match system {
            System::SecMaster => "Workspace id",
            _ => "Workspace",
        },
        value: |draft| &mut draft.workspace,
        help: |system| match system {
            System::Timeplus => "“default” unless the system has several.",
            _ => "",
        },
    },
    Part {
        name: "tenant",
        label: |_| "Tenant id",
        value: |draft| &mut draft.tenant,
        help: |_| "May be empty: then each call uses the AccessKey's own.",
    },
    Part {
        name: "region",
        label: |_| "Region",
        value: |draft| &mut draft.region,
        help: |_| "Name of the project that the IAM user signs in to, for example cn-southwest-2.",
    },
    Part {
        name: "iam_url",
        label: |_| "IAM URL",
        value: |draft| &mut draft.iam_url,
        help: |_| "Where tokens are given, through the relay: /relay/iam. Empty: the base URL.",
    },
    Part {
        name: "vendor_url",
        label: |_| "Signed for",
        value: |draft| &mut draft.vendor_url,
        help: |_| "With a relay as base URL: the vendor's endpoint it leads to, because signatures name it. Empty: the base URL.",
    },
];

impl Part {
    fn view(&'static self, draft: RwSignal<Draft>) -> AnyView {
        let shown =
            Memo::new(move |_| draft.with(|draft| draft.asks(self.name).then_some(draft.system)));
        (move || {
            shown.get().map(|system| {
                view! {
                    <TextField
                        label=(self.label)(system)
                        name=self.name
                        value=Bound::part(draft, self.value)
                        mono=true
                        help=(self.help)(system)
                    />
                }
            })
        })
        .into_any()
    }
}

/// For the test, and for this visit. IAM is asked for its token when somebody signs in.
#[component]
fn CredentialPart(draft: RwSignal<Draft>, typed: Typed) -> impl IntoView {
    let way = Memo::new(move |_| draft.with(|draft| (draft.system, draft.auth)));
    move || {
        let (system, auth) = way.get();
        (auth.asks() && auth != Auth::Iam).then(|| {
            view! {
                <fieldset class="credential">
                    <legend>"Credential (optional)"</legend>
                    <p class="field-help">"For the test. It stays in memory until this page is closed."</p>
                    <CredentialFields system auth typed />
                </fieldset>
            }
        })
    }
}

#[component]
fn Mark(draft: RwSignal<Draft>) -> impl IntoView {
    let production = Bound::flag(draft, |draft| &mut draft.production);
    let group = unique("colour");
    let colours: Vec<_> = Colour::ALL
        .into_iter()
        .map(|colour| {
            view! {
                <label data-mark=colour.as_str()>
                    <input
                        type="radio"
                        name=group.clone()
                        prop:checked=move || draft.with(|draft| draft.colour == colour)
                        on:change=move |_| draft.update(|draft| draft.colour = colour)
                    />
                    <span class="dot"></span>
                    {colour.words()}
                </label>
            }
        })
        .collect();
    view! {
        <fieldset class="field radio">
            <legend>"Colour"</legend>
            <div class="radio-options">{colours}</div>
        </fieldset>
        <Checkbox
            label="Production system"
            value=production
            help="Its pages carry the colour at the top, and dangerous actions ask for the name first."
        />
    }
    .into_any()
}
