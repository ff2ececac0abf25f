use leptos::{context::Provider, ev::SubmitEvent, prelude::*};
use leptos_router::NavigateOptions;
use weir_api::{FieldError, System, auth::Credential};

use super::{
    Auth, Colour, Connection, Connections,
    credential::{CredentialFields, CredentialInput, credential},
    draft::checked,
    system::{Field, SystemSpec},
    tester::{TestConnection, page_origin},
};
use crate::{
    paths,
    ui::{
        Button, ButtonKind,
        field::{Bound, Checkbox, Choice, FormErrors, Radio, TextField},
        leave, unique, use_toasts,
    },
};

/// `id` is none for a new connection.
#[component]
pub fn ConnectionForm(
    #[prop(optional_no_strip)] id: Option<String>,
    start: Connection,
) -> impl IntoView {
    let connections = expect_context::<Connections>();
    let errors = FormErrors::new();
    let begun = start.clone();
    let draft = RwSignal::new(start);
    let typed = CredentialInput::new();
    let saved = RwSignal::new(false);
    let dirty = Signal::derive(move || {
        let changed = draft.with(|draft| *draft != begun);
        !saved.get() && (changed || typed.is_touched())
    });
    leave::guard(dirty, Callback::new(|()| ()));
    let read = Callback::new(
        move |()| -> Result<(Connection, Credential), Vec<FieldError>> {
            let all = connections.all.get_untracked().unwrap_or_default();
            let parsed = draft
                .with_untracked(|draft| checked(draft, id.as_deref(), &all, &page_origin()))?;
            let credential = credential(parsed.system(), parsed.auth, typed.given());
            Ok((parsed, credential.unwrap_or(Credential::None)))
        },
    );
    let (navigate, toasts) = (paths::use_navigate(), use_toasts());
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        match read.run(()) {
            Err(wrong) => {
                errors.set(wrong);
                errors.focus_first();
            }
            Ok((connection, credential)) => {
                toasts.success(format!(
                    "Connection {} saved in this browser",
                    connection.name
                ));
                let id = connection.id.clone();
                saved.set(true);
                connections.save(connection);
                if credential != Credential::None {
                    connections.set_credential(&id, credential);
                }
                navigate(&paths::connections(), NavigateOptions::default());
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
                    <a class="button" href=paths::connections()>"Cancel"</a>
                </div>
            </form>
        </Provider>
    }
    .into_any()
}

#[component]
fn Fields(draft: RwSignal<Connection>) -> impl IntoView {
    let system = Bound::new(
        move || draft.with(|draft| draft.system().as_str().to_string()),
        move |typed: String| {
            draft.update(|draft| {
                draft.target = System::named(&typed).unwrap_or_default().into();
                let spec = draft.spec();
                if spec.way(draft.auth).is_none() {
                    draft.auth = spec.ways.first().map(|way| way.auth).unwrap_or_default();
                }
            });
        },
    );
    let systems = System::ALL
        .map(|system| Choice::new(system.as_str(), system.words()))
        .to_vec();
    let auth = Bound::new(
        move || draft.with(|draft| draft.auth.as_str().to_string()),
        move |typed: String| {
            draft.update(|draft| draft.auth = Auth::named(&typed).unwrap_or_default())
        },
    );
    let chosen = Memo::new(move |_| draft.with(Connection::system));
    let parts = move || {
        let spec = SystemSpec::of(chosen.get());
        let choices: Vec<Choice> = spec
            .ways
            .iter()
            .map(|way| Choice::new(way.auth.as_str(), way.label))
            .collect();
        let fields: Vec<_> = spec.fields.iter().map(|one| field(one, draft)).collect();
        view! {
            <TextField
                label="Base URL"
                name="url"
                value=Bound::part(draft, |draft| &mut draft.url)
                mono=true
                help=spec.address_help
            />
            <Radio label="Sign-in" name="auth" value=auth choices />
            {fields}
        }
    };
    view! {
        <TextField label="Name" name="name" value=Bound::part(draft, |draft| &mut draft.name) required=true autofocus=true />
        <Radio label="System" name="system" value=system choices=systems />
        {parts}
    }
    .into_any()
}

/// Shown only with the ways to sign in that need it.
fn field(field: &'static Field, draft: RwSignal<Connection>) -> AnyView {
    let asked = Memo::new(move |_| draft.with(|draft| field.is_asked(draft.auth)));
    let value = Bound::new(
        move || {
            let value = draft.with(|draft| (field.value)(&mut draft.target.clone()).cloned());
            value.unwrap_or_default()
        },
        move |text| {
            draft.update(|draft| {
                if let Some(value) = (field.value)(&mut draft.target) {
                    *value = text;
                }
            });
        },
    );
    (move || {
        asked.get().then(|| {
            view! { <TextField label=field.label name=field.name value mono=true help=field.help /> }
        })
    })
    .into_any()
}

/// For the test, and for this visit. Tokens are asked for when somebody signs in.
#[component]
fn CredentialPart(draft: RwSignal<Connection>, typed: CredentialInput) -> impl IntoView {
    let way = Memo::new(move |_| draft.with(|draft| (draft.system(), draft.auth)));
    move || {
        let (system, auth) = way.get();
        (auth.asks() && !auth.gets_token()).then(|| {
            view! {
                <fieldset class="credential">
                    <legend>"Credential (optional)"</legend>
                    <p class="field-help">"Used for the connection test. It stays in memory until this page is closed."</p>
                    <CredentialFields system auth typed />
                </fieldset>
            }
        })
    }
}

#[component]
fn Mark(draft: RwSignal<Connection>) -> impl IntoView {
    let production = Bound::part(draft, |draft| &mut draft.production);
    let look_only = Bound::part(draft, |draft| &mut draft.look_only);
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
            <legend>"Color"</legend>
            <div class="radio-options">{colours}</div>
        </fieldset>
        <Checkbox
            label="Production system"
            value=production
            help="Pages show the connection's color, and dangerous actions require typing the name."
        />
        <Checkbox
            label="Read-only"
            value=look_only
            help="This browser sends no changes to the system."
        />
    }
    .into_any()
}
