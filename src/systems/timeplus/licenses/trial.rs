//! The form that starts a trial and makes the server's first user.

use leptos::{context::Provider, ev::SubmitEvent, prelude::*};
use weir_api::{FieldError, timeplus::license};

use crate::{
    kit::{Load, needed, use_form_call},
    ui::{
        Button, ErrorBanner,
        field::{Bound, Checkbox, FormErrors, TextField},
        use_toasts,
    },
};

#[component]
pub fn StartTrial(load: Load) -> impl IntoView {
    let errors = FormErrors::new();
    let toasts = use_toasts();
    let draft = RwSignal::new(license::StartTrial::default());
    let call = use_form_call(errors, "userName");
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let missing = draft.with_untracked(missing);
        if !missing.is_empty() {
            return call.refuse(missing);
        }
        call.send(draft.with_untracked(license::start_trial), move |_| {
            toasts.success("The trial has started");
            load.reload();
        });
    };
    let track = Bound::part(draft, |d| &mut d.allow_track);
    view! {
        <Provider value=errors>
            <form class="form" novalidate aria-label="Start trial" on:submit=submit>
                <section class="form-section">
                    <h2>"Start trial"</h2>
                    <div class="form-fields">
                        <ErrorBanner error=call.error />
                        <TextField label="User" name="userName" required=true autocomplete="username" value=Bound::part(draft, |d| &mut d.user_name) help="This user becomes the server's first administrator." />
                        <TextField label="E-mail" name="userEmail" kind="email" required=true autocomplete="email" value=Bound::part(draft, |d| &mut d.user_email) />
                        <TextField label="Password" name="password" kind="password" required=true autocomplete="new-password" value=Bound::part(draft, |d| &mut d.password) />
                        <Checkbox label="Allow usage statistics to be sent to the vendor" value=track />
                        <Button submit=true busy=call.busy>"Start trial"</Button>
                    </div>
                </section>
            </form>
        </Provider>
    }
    .into_any()
}

fn missing(trial: &license::StartTrial) -> Vec<FieldError> {
    needed([
        ("userName", &trial.user_name, "Required"),
        ("userEmail", &trial.user_email, "Required"),
        ("password", &trial.password, "Required"),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_typed_is_named() {
        let trial = license::StartTrial {
            user_name: "me".into(),
            ..Default::default()
        };
        let fields: Vec<String> = missing(&trial).into_iter().map(|e| e.field).collect();
        assert_eq!(fields, ["userEmail", "password"]);
    }
}
