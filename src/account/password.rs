//! The form that changes one's own password.

use leptos::{context::Provider, ev::SubmitEvent, prelude::*};
use weir_api::{
    FieldError,
    session::{self, NewPassword},
};

use crate::{
    connections::{Connection, backend::backend},
    http,
    kit::{needed, use_form_call},
    ui::{
        Button, ErrorBanner,
        field::{Bound, FormErrors, TextField},
        leave, use_toasts,
    },
};

#[component]
pub fn PasswordForm(connection: Connection) -> impl IntoView {
    let errors = FormErrors::new();
    let toasts = use_toasts();
    let draft = RwSignal::new(NewPassword::default());
    let call = use_form_call(errors, "password");
    let server = StoredValue::new_local(backend(&connection));
    let typed = draft.with_untracked(Clone::clone);
    leave::guard(
        Signal::derive(move || draft.with(|draft| *draft != typed)),
        Callback::new(|()| ()),
    );
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let missing = draft.with_untracked(missing);
        if !missing.is_empty() {
            return call.refuse(missing);
        }
        let (server, request) = (
            server.get_value(),
            draft.with_untracked(session::change_password),
        );
        call.run(
            move |_| async move { http::send(&server, request?).await },
            move |_| {
                draft.set(NewPassword::default());
                toasts.success("Password changed. Your other sessions have ended.");
            },
        );
    };
    view! {
        <Provider value=errors>
            <form class="form" novalidate aria-label="Change password" on:submit=submit>
                <section class="form-section">
                    <h2>"Change password"</h2>
                    <div class="form-fields">
                        <ErrorBanner error=call.error />
                        <TextField label="Current password" name="current_password" kind="password" required=true autocomplete="current-password" value=Bound::part(draft, |d| &mut d.current_password) />
                        <TextField label="New password" name="password" kind="password" required=true autocomplete="new-password" value=Bound::part(draft, |d| &mut d.password) help="At least ten characters. Your other sessions end with the change." />
                        <Button submit=true busy=call.busy>"Change password"</Button>
                    </div>
                </section>
            </form>
        </Provider>
    }
    .into_any()
}

fn missing(change: &NewPassword) -> Vec<FieldError> {
    needed([
        (
            "current_password",
            &change.current_password,
            "Enter your current password",
        ),
        ("password", &change.password, "Enter a new password"),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_passwords_are_needed() {
        let fields = |change: &NewPassword| {
            let errors = missing(change).into_iter();
            errors.map(|error| error.field).collect::<Vec<_>>()
        };
        assert_eq!(
            fields(&NewPassword::default()),
            ["current_password", "password"]
        );
        let both = NewPassword {
            current_password: "old one".into(),
            password: "new one".into(),
        };
        assert_eq!(fields(&both), Vec::<String>::new());
    }
}
