use leptos::prelude::*;
use weir_api::role::Role;

use super::draft::Draft;
use crate::{
    kit::FieldGroup,
    systems::timeplus::roles,
    ui::field::{Bound, Choice, Radio, Secret, SecretValue, TextField},
};

pub fn create(draft: RwSignal<Draft>) -> Vec<FieldGroup> {
    vec![FieldGroup::new("", move || {
        let name = Bound::part(draft, |draft| &mut draft.username);
        view! {
            <TextField label="Name" name="username" value=name required=true autofocus=true />
            {password(draft, false)}
            {role(draft)}
        }
    })]
}

pub fn edit(draft: RwSignal<Draft>) -> Vec<FieldGroup> {
    vec![FieldGroup::new(
        "",
        move || view! { {role(draft)} {password(draft, true)} {current_password(draft)} },
    )]
}

fn role(draft: RwSignal<Draft>) -> AnyView {
    let value = Bound::part(draft, |draft| &mut draft.role);
    view! { <Radio label="Role" name="role" value choices=role_choices() /> }.into_any()
}

pub fn role_choices() -> Vec<Choice> {
    let choice = |role: Role| {
        let name = role.as_str();
        Choice::new(name, format!("{name}: {}", roles::summary(name)))
    };
    Role::ALL.map(choice).into()
}

/// Only there while a new password is typed.
fn current_password(draft: RwSignal<Draft>) -> AnyView {
    let replaced =
        Memo::new(move |_| draft.with(|draft| matches!(draft.password, SecretValue::Replace(_))));
    (move || {
        replaced.get().then(|| {
            let value = Bound::part(draft, |draft| &mut draft.current_password);
            view! { <TextField label="Your current password" name="current_password" kind="password" autocomplete="current-password" value help="Required to change your own password." /> }
        })
    })
    .into_any()
}

/// A new password ends the sessions that the old one opened.
fn password(draft: RwSignal<Draft>, stored: bool) -> AnyView {
    let value = RwSignal::new(draft.with_untracked(|draft| draft.password.clone()));
    Effect::new(move |before: Option<SecretValue>| {
        let now = value.get();
        if before.is_some_and(|before| before != now) {
            draft.update(|draft| draft.password = now.clone());
        }
        now
    });
    let help = if stored {
        "At least 10 characters. A new one ends the user's other sessions."
    } else {
        "At least 10 characters. Pass it on to the user; it is not shown again."
    };
    view! { <Secret label="Password" name="password" value stored=Signal::stored(stored) help /> }
        .into_any()
}
