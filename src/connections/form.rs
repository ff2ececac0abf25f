use leptos::{context::Provider, ev::SubmitEvent, prelude::*};
use leptos_router::{NavigateOptions, hooks::use_navigate};
use weir_api::{FieldError, auth::Credential};

use super::{
    Auth, Colour, Connection, Connections,
    draft::Draft,
    sign_in::CredentialFields,
    tester::{TestConnection, credential, page_origin},
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
    let (user, secret) = (RwSignal::new(String::new()), RwSignal::new(String::new()));
    let read = Callback::new(
        move |()| -> Result<(Connection, Credential), Vec<FieldError>> {
            let all = connections.all.get_untracked().unwrap_or_default();
            let taken: Vec<String> = all.into_iter().map(|connection| connection.id).collect();
            let parsed =
                draft.with_untracked(|draft| draft.parse(id.as_deref(), &taken, &page_origin()))?;
            let typed = credential(&parsed, &user.read_untracked(), &secret.read_untracked());
            Ok((parsed, typed))
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
                <Credential draft user secret />
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

fn text(draft: RwSignal<Draft>, of: fn(&mut Draft) -> &mut String) -> Bound {
    Bound::new(
        move || of(&mut draft.get()).clone(),
        move |text| draft.update(|draft| *of(draft) = text),
    )
}

#[component]
fn Fields(draft: RwSignal<Draft>) -> impl IntoView {
    let auth = Bound::new(
        move || draft.with(|draft| draft.auth.as_str().into()),
        move |typed| {
            let chosen = Auth::ALL.into_iter().find(|auth| auth.as_str() == typed);
            draft.update(|draft| draft.auth = chosen.unwrap_or_default());
        },
    );
    let choices = Auth::ALL
        .map(|auth| Choice::new(auth.as_str(), auth.words()))
        .to_vec();
    view! {
        <TextField label="Name" name="name" value=text(draft, |draft| &mut draft.name) required=true autofocus=true />
        <TextField
            label="Base URL"
            name="url"
            value=text(draft, |draft| &mut draft.url)
            kind="url"
            mono=true
            help="The part before the workspace, for example https://timeplus.example:8000. Empty with a session: the backend this console came from."
        />
        <TextField
            label="Workspace"
            name="workspace"
            value=text(draft, |draft| &mut draft.workspace)
            required=true
            mono=true
            help="“default” unless the system has several."
        />
        <Radio label="Sign-in" name="auth" value=auth choices />
    }
    .into_any()
}

/// For the test, and for this visit.
#[component]
fn Credential(
    draft: RwSignal<Draft>,
    user: RwSignal<String>,
    secret: RwSignal<String>,
) -> impl IntoView {
    let auth = Memo::new(move |_| draft.with(|draft| draft.auth));
    move || {
        let auth = auth.get();
        matches!(auth, Auth::ApiKey | Auth::Basic).then(|| {
            view! {
                <fieldset class="credential">
                    <legend>"Credential (optional)"</legend>
                    <p class="field-help">"For the test. It stays in memory until this page is closed."</p>
                    <CredentialFields auth user secret />
                </fieldset>
            }
        })
    }
}

#[component]
fn Mark(draft: RwSignal<Draft>) -> impl IntoView {
    let production = Bound::new(
        move || {
            draft.with(|draft| {
                if draft.production {
                    "true".into()
                } else {
                    String::new()
                }
            })
        },
        move |typed| draft.update(|draft| draft.production = typed == "true"),
    );
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
