//! The page that makes a key and shows it once.

use leptos::prelude::*;
use weir_api::{json_response, permission::KINDS, timeplus::api_key::CreatedApiKey};

use super::draft::{Draft, Expiry};
use crate::{
    connections::use_connection_id,
    kit::{FieldGroup, Form, FormView, drafts::Restored},
    paths,
    systems::timeplus::once::ShownOnce,
    ui::{
        field::{Bound, Choice, Combobox, Radio, TextField},
        time,
    },
};

pub fn page() -> AnyView {
    let created = RwSignal::new(None::<CreatedApiKey>);
    let connection = use_connection_id().get_untracked().unwrap_or_default();
    let list = paths::section(&connection, super::SEGMENT);
    (move || match created.get() {
        Some(created) => view! {
            <ShownOnce
                title=format!("API key {} created", created.key.name)
                label="API key"
                secret=created.api_key
                warning="The server stores only a hash of it. Copy it now and keep it secret: anyone who has it has its permissions."
                back=list.clone()
            />
        }
        .into_any(),
        None => form(list.clone(), created),
    })
    .into_any()
}

fn form(list: String, created: RwSignal<Option<CreatedApiKey>>) -> AnyView {
    let draft = RwSignal::new(Draft::default());
    let nothing = Callback::new(|()| ());
    let done = move |body: Vec<u8>| {
        created.set(json_response::<CreatedApiKey>(&body).ok());
    };
    let form = Form {
        title: "Create API key".into(),
        action: "Create API key".into(),
        cancel: list,
        sections: vec![
            FieldGroup::new("", move || fields(draft)),
            FieldGroup::new("Permissions", move || permissions(draft)),
        ],
        dirty: Signal::derive(move || draft.with(|draft| *draft != Draft::default())),
        discard: nothing,
        start_over: nothing,
        restored: Restored::No,
        requests: Callback::new(move |()| {
            draft.with_untracked(|draft| draft.request(utc).map(|request| vec![request]))
        }),
        done: Callback::new(done),
        taken: "name",
        steps: "",
        aside: None,
        written: None,
        question: None,
        depends: Signal::stored(Vec::new()),
        meanwhile: None,
    };
    view! { <FormView form /> }.into_any()
}

/// A local date and time as RFC 3339.
fn utc(local: &str) -> Option<String> {
    let ms = js_sys::Date::parse(local);
    ms.is_finite()
        .then(|| js_sys::Date::new(&ms.into()).to_iso_string().into())
}

fn fields(draft: RwSignal<Draft>) -> AnyView {
    let name = Bound::part(draft, |draft| &mut draft.name);
    let expiry = Bound::new(
        move || draft.with(|draft| draft.expiry.name().to_string()),
        move |text: String| draft.update(|draft| draft.expiry = Expiry::named(&text)),
    );
    let after = Bound::part(draft, |draft| &mut draft.after);
    let at = Bound::part(draft, |draft| &mut draft.at);
    let choices = Expiry::ALL.map(|(_, value, label)| Choice::new(value, label));
    let kind = Memo::new(move |_| draft.with(|draft| draft.expiry));
    view! {
        <TextField label="Name" name="name" value=name autofocus=true help="Purpose of the key. Part of the key is appended so that it can be identified." />
        <Radio label="Expires" value=expiry choices=choices.to_vec() />
        {move || match kind.get() {
            Expiry::After => view! {
                <Combobox label="Valid for" name="expire_in" value=after suggestions=&["24h", "168h", "720h", "2160h", "8760h"]
                    help="Hours and minutes as in 24h or 1h30m; 2160h are 90 days." />
            }
            .into_any(),
            Expiry::At => view! {
                <TextField label="Valid until" name="expire_at" value=at kind="datetime-local"
                    help=format!("In your time zone, {}.", zone()) />
            }
            .into_any(),
            Expiry::Never => view! { <p class="field-help">"A key that never expires is a security risk."</p> }.into_any(),
        }}
    }
    .into_any()
}

fn zone() -> String {
    let now = time::stamp(js_sys::Date::now());
    now.rsplit(' ').next().unwrap_or_default().to_string()
}

fn permissions(draft: RwSignal<Draft>) -> AnyView {
    let limited = Bound::new(
        move || {
            draft.with(|draft| {
                if draft.limited {
                    "some".into()
                } else {
                    "all".into()
                }
            })
        },
        move |text: String| draft.update(|draft| draft.limited = text == "some"),
    );
    let choices = vec![
        Choice::new("all", "All of my permissions"),
        Choice::new("some", "Selected permissions"),
    ];
    let shown = Memo::new(move |_| draft.with(|draft| draft.limited));
    view! {
        <Radio label="Permissions" name="permissions" value=limited choices />
        {move || shown.get().then(|| matrix(draft))}
    }
    .into_any()
}

fn matrix(draft: RwSignal<Draft>) -> AnyView {
    let row = |kind: &'static str| {
        let words = match kind {
            "*" => "everything".to_string(),
            kind => kind.replace('_', " "),
        };
        let cells = ["read", "write"].map(|verb| {
            let permission = format!("{verb}:{kind}");
            let (own, changed) = (permission.clone(), permission.clone());
            view! {
                <td>
                    <input
                        type="checkbox"
                        aria-label=permission
                        prop:checked=move || draft.with(|draft| draft.permissions.contains(&own))
                        on:change:target=move |event| {
                            let (on, permission) = (event.target().checked(), changed.clone());
                            draft.update(|draft| {
                                if on { draft.permissions.insert(permission) } else { draft.permissions.remove(&permission) };
                            });
                        }
                    />
                </td>
            }
        });
        view! { <tr><th scope="row">{words}</th>{cells.collect_view()}</tr> }
    };
    let rows = std::iter::once("*").chain(KINDS).map(row).collect_view();
    view! {
        <p class="field-help">"Running a SELECT requires write:query. Servers without permissions ignore them."</p>
        <div class="table-box permissions">
            <table class="table" aria-label="Permissions">
                <thead><tr><th scope="col">"Kind"</th><th scope="col">"Read"</th><th scope="col">"Write"</th></tr></thead>
                <tbody>{rows}</tbody>
            </table>
        </div>
    }
    .into_any()
}
