//! The page that invites somebody and shows the link once.

use leptos::prelude::*;
use weir_api::{
    ApiRequest, FieldError, json_response,
    role::Role,
    timeplus::invitation::{self, CreateInvitation, CreatedInvitation},
};

use crate::{
    connections::{Connection, use_connection, use_connection_id},
    kit::{FieldGroup, Form, FormView, drafts::Restored},
    paths,
    systems::timeplus::{once::ShownOnce, users::form::role_choices},
    ui::{
        Empty,
        field::{Bound, Radio, TextField},
    },
};

#[derive(Clone, PartialEq, Eq)]
struct Draft {
    email: String,
    role: String,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            email: String::new(),
            role: Role::ReadOnly.as_str().into(),
        }
    }
}

pub fn page() -> AnyView {
    let created = RwSignal::new(None::<CreatedInvitation>);
    let connection = use_connection_id().get_untracked().unwrap_or_default();
    let server = use_connection().get_untracked();
    let list = paths::section(&connection, super::SEGMENT);
    (move || match created.get() {
        Some(created) if created.link.is_empty() => {
            let back = list.clone();
            view! {
                <div class="page">
                    <header class="page-head"><h1>"Invitation created"</h1></header>
                    <Empty title="Invitation sent">
                        <a class="button primary" href=back>"Done"</a>
                    </Empty>
                </div>
            }
            .into_any()
        }
        Some(created) => view! {
            <ShownOnce
                title=format!("Invitation for {} created", created.invitation.email)
                label="Invitation link"
                secret=link(server.as_ref(), &created.link)
                warning="The backend does not send email: send this link to the person yourself. It works once, within seven days."
                back=list.clone()
            />
        }
        .into_any(),
        None => form(list.clone(), created),
    })
    .into_any()
}

/// On the server's own address, or on the console's where that is the same.
fn link(server: Option<&Connection>, path: &str) -> String {
    let url = server
        .map(|server| server.url.trim_end_matches('/'))
        .unwrap_or_default();
    if url.is_empty() {
        let origin = window().location().origin().unwrap_or_default();
        return format!("{origin}{path}");
    }
    format!("{url}{path}")
}

fn form(list: String, created: RwSignal<Option<CreatedInvitation>>) -> AnyView {
    let draft = RwSignal::new(Draft::default());
    let nothing = Callback::new(|()| ());
    let fields = move || {
        let email = Bound::part(draft, |draft| &mut draft.email);
        let role = Bound::part(draft, |draft| &mut draft.role);
        view! {
            <TextField label="Email" name="email" value=email required=true autofocus=true help="Email address of the person, who chooses the user name." />
            <Radio label="Role" name="role" value=role choices=role_choices() />
        }
    };
    let form = Form {
        title: "Create invitation".into(),
        action: "Create invitation".into(),
        cancel: list,
        sections: vec![FieldGroup::new("", fields)],
        dirty: Signal::derive(move || draft.with(|draft| *draft != Draft::default())),
        discard: nothing,
        start_over: nothing,
        restored: Restored::No,
        requests: Callback::new(move |()| {
            draft.with_untracked(request).map(|request| vec![request])
        }),
        done: Callback::new(move |body: Vec<u8>| {
            created.set(Some(json_response(&body).unwrap_or_default()));
        }),
        taken: "email",
        steps: "",
        aside: None,
        written: None,
        question: None,
        depends: Signal::stored(Vec::new()),
        meanwhile: None,
    };
    view! { <FormView form /> }.into_any()
}

fn request(draft: &Draft) -> Result<ApiRequest, Vec<FieldError>> {
    let wrong = |field: &str, message: String| vec![FieldError::new(field, message)];
    if draft.email.trim().is_empty() {
        return Err(wrong("email", "Enter an email address".into()));
    }
    let invitation = CreateInvitation {
        email: draft.email.trim().into(),
        role: Some(draft.role.clone()),
    };
    invitation::create(&invitation)
        .map_err(|error| wrong("", crate::errors::words(&error).sentence()))
}
