use leptos::prelude::*;
use weir_api::timeplus::invitation::{self, Invitation, Status};

use crate::{
    kit::{Delete, Deletion, ShortList, short_list},
    ui::{
        Button, ButtonKind, Icon, IconName, State, Time, Tone,
        table::Head::{Hidden, Text},
        time,
    },
};

const DELETION: Deletion = Deletion {
    one: "invitation",
    many: "invitations",
    request: Delete::Rest(invitation::CRUD),
    loss: "Its link stops working. A user who has accepted it is kept.",
    of_oneself: None,
};
pub fn page() -> AnyView {
    short_list(ShortList {
        title: "Invitations",
        kind: super::KIND,
        hint: "The invitation link lets a person create a user with name and password.",
        list: || invitation::CRUD.list(),
        deletion: DELETION,
        key: |one: &Invitation| &one.id,
        name: |one: &Invitation| &one.email,
        heads: &[
            Text("Email"),
            Text("State"),
            Text("User"),
            Text("Role"),
            Text("Invited by"),
            Text("Invited"),
            Hidden("Actions"),
        ],
        row,
    })
}

fn row(one: Invitation, remove: Callback<Vec<String>>) -> AnyView {
    let now = time::use_now();
    let ends = one.expires_at.as_deref().and_then(time::parse);
    let status = one.status;
    let state = Memo::new(move |_| match status {
        Status::Accepted => (Tone::Good, "accepted".to_string()),
        Status::Pending if ends.is_some_and(|at| at <= now.get()) => (Tone::Bad, "expired".into()),
        Status::Pending => (Tone::Accent, "pending".into()),
        Status::Other(word) => (Tone::Neutral, word.as_str().into()),
    });
    let tone = Signal::derive(move || state.get().0);
    let word = Signal::derive(move || state.get().1);
    let by = one
        .audit
        .created_by
        .map(|owner| owner.name)
        .unwrap_or_default();
    let verb = match status {
        Status::Pending => "Revoke",
        Status::Accepted | Status::Other(_) => "Delete",
    };
    let label = format!("{verb} {}", one.email);
    view! {
        <tr>
            <th scope="row">{one.email}</th>
            <td><State tone word /></td>
            <td>{one.user_id}</td>
            <td>{one.role.unwrap_or_default()}</td>
            <td>{by}</td>
            <td><Time iso=one.audit.created_at.unwrap_or_default() /></td>
            <td class="row_actions">
                <Button kind=ButtonKind::Quiet label on_click=move || remove.run(vec![one.id.clone()])>
                    <Icon name=IconName::Delete />
                </Button>
            </td>
        </tr>
    }
    .into_any()
}
