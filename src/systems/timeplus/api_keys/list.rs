use leptos::prelude::*;
use weir_api::timeplus::api_key::{self, ApiKey};

use crate::{
    kit::{Delete, Deletion, ShortList, short_list},
    text::visible,
    ui::{
        Button, ButtonKind, Icon, IconName, State, Time, Tone,
        table::Head::{Hidden, Text},
        time,
    },
};

const DELETION: Deletion = Deletion {
    one: "API key",
    many: "API keys",
    request: Delete::Rest(api_key::CRUD),
    loss: "Programs that use it are rejected immediately.",
    of_oneself: None,
};
pub fn page() -> AnyView {
    short_list(ShortList {
        title: "API keys",
        kind: super::KIND,
        hint: "Programs send an API key instead of a password, in the X-Api-Key header.",
        list: || api_key::CRUD.list(),
        deletion: DELETION,
        key: |one: &ApiKey| &one.id,
        name: |one: &ApiKey| &one.name,
        heads: &[
            Text("Name"),
            Text("State"),
            Text("Owner"),
            Text("Created"),
            Text("Expires"),
            Text("Permissions"),
            Hidden("Actions"),
        ],
        row,
    })
}

/// Nothing where the server does not tell.
fn iso(seconds: i64) -> String {
    if seconds == 0 {
        return String::new();
    }
    js_sys::Date::new(&(seconds as f64 * 1000.0).into())
        .to_iso_string()
        .into()
}

fn row(key: ApiKey, remove: Callback<Vec<String>>) -> AnyView {
    let expires = key.expire_at.filter(|at| *at > 0);
    let now = time::use_now();
    let over = Memo::new(move |_| expires.is_some_and(|at| at as f64 * 1000.0 <= now.get()));
    let tone = Signal::derive(move || if over.get() { Tone::Bad } else { Tone::Good });
    let word = Signal::derive(move || {
        if over.get() {
            "expired".to_string()
        } else {
            "valid".into()
        }
    });
    let end = match expires {
        Some(at) => view! { <Time iso=iso(at) /> }.into_any(),
        None => "never".into_any(),
    };
    let may = match key.permissions.as_slice() {
        [] => "all of the owner's permissions".to_string(),
        some => some.join(", "),
    };
    let label = format!("Delete {}", key.name);
    view! {
        <tr>
            <th scope="row" class="mono">{visible(&key.name).into_owned()}</th>
            <td><State tone word /></td>
            <td>{key.created_by.name}</td>
            <td><Time iso=iso(key.created_at) /></td>
            <td>{end}</td>
            <td>{may}</td>
            <td class="row_actions">
                <Button kind=ButtonKind::Quiet label on_click=move || remove.run(vec![key.id.clone()])>
                    <Icon name=IconName::Delete />
                </Button>
            </td>
        </tr>
    }
    .into_any()
}
