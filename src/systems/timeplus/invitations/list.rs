use leptos::{context::Provider, prelude::*};
use weir_api::{
    json_response,
    timeplus::invitation::{self, Invitation, Status},
};

use crate::{
    connections::{use_connection_id, use_may_change},
    kit::{
        Deletion,
        delete::use_named_deletion,
        notice::{Failed, Waiting},
        use_load,
    },
    paths,
    ui::{
        Button, ButtonKind, ChangeLink, Empty, ErrorBanner, Icon, IconName, State, Time, Tone,
        table::{
            Head::{Hidden, Text},
            ShortTable,
        },
        time,
    },
};

const DELETION: Deletion = Deletion {
    one: "invitation",
    many: "invitations",
    request: invitation::delete,
    loss: "Its link does not work any more. Who has accepted it stays a user.",
};
const EVERY: std::time::Duration = std::time::Duration::from_secs(30);

pub fn page() -> AnyView {
    let all = RwSignal::new(Vec::<Invitation>::new());
    let accept = Callback::new(move |body: Vec<u8>| {
        let answer: Option<Vec<Invitation>> = json_response(&body)?;
        all.set(answer.unwrap_or_default());
        Ok(())
    });
    let load = use_load(Signal::derive(invitation::list), Some(EVERY), accept);
    let (permit, failures) = (use_may_change(), RwSignal::new(Vec::new()));
    let name = Callback::new(move |id: String| {
        let email = |all: &Vec<Invitation>| {
            all.iter()
                .find(|one| one.id == id)
                .map(|one| one.email.clone())
        };
        all.with_untracked(email).unwrap_or_else(|| id.clone())
    });
    let remove = use_named_deletion(
        DELETION,
        failures,
        Callback::new(move |_| load.reload()),
        name,
    );
    let connection = use_connection_id().get_untracked().unwrap_or_default();
    let create = paths::new(&connection, super::KIND);
    let empty = create.clone();
    view! {
        <div class="page">
            <header class="page-head">
                <h1>"Invitations"</h1>
                <div class="page-actions">
                    <Provider value=permit>
                        <ChangeLink kind=ButtonKind::Primary href=create text="Create invitation" />
                    </Provider>
                </div>
            </header>
            <ErrorBanner error=load.complaint() />
            <Failed failures />
            {move || {
                if !load.ready.get() {
                    return view! { <Waiting load /> }.into_any();
                }
                if all.with(Vec::is_empty) {
                    let empty = empty.clone();
                    return view! {
                        <Empty title="No invitations yet" hint="Whoever opens the link of an invitation becomes a user and chooses name and password.">
                            <Provider value=permit>
                                <ChangeLink kind=ButtonKind::Primary href=empty text="Create invitation" />
                            </Provider>
                        </Empty>
                    }
                        .into_any();
                }
                let rows = all.get().into_iter().map(|one| row(one, remove)).collect_view();
                view! {
                    <Provider value=permit>
                        <ShortTable
                            label="Invitations"
                            heads=&[
                                Text("Email"), Text("State"), Text("User"), Text("Role"),
                                Text("Invited by"), Text("Invited"), Hidden("Actions"),
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
    .into_any()
}

fn row(one: Invitation, remove: Callback<Vec<String>>) -> AnyView {
    let now = time::use_now();
    let ends = one.expires_at.as_deref().and_then(time::parse);
    let status = one.status;
    let state = Memo::new(move |_| match status {
        Status::Accepted => (Tone::Good, "accepted"),
        Status::Pending if ends.is_some_and(|at| at <= now.get()) => (Tone::Bad, "expired"),
        Status::Pending => (Tone::Accent, "pending"),
    });
    let tone = Signal::derive(move || state.get().0);
    let word = Signal::derive(move || state.get().1.to_string());
    let by = one
        .audit
        .created_by
        .map(|owner| owner.name)
        .unwrap_or_default();
    let verb = match status {
        Status::Pending => "Revoke",
        Status::Accepted => "Delete",
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
            <td class="deeds">
                <Button kind=ButtonKind::Quiet label on_click=move || remove.run(vec![one.id.clone()])>
                    <Icon name=IconName::Delete />
                </Button>
            </td>
        </tr>
    }
    .into_any()
}
