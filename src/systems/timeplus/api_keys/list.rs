use leptos::{context::Provider, prelude::*};
use weir_api::{
    json_response,
    timeplus::api_key::{self, ApiKey},
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
    one: "API key",
    many: "API keys",
    request: api_key::delete,
    loss: "Programs that use it are refused at once.",
};
const EVERY: std::time::Duration = std::time::Duration::from_secs(30);

pub fn page() -> AnyView {
    let keys = RwSignal::new(Vec::<ApiKey>::new());
    let accept = Callback::new(move |body: Vec<u8>| {
        let answer: Option<Vec<ApiKey>> = json_response(&body)?;
        keys.set(answer.unwrap_or_default());
        Ok(())
    });
    let load = use_load(Signal::derive(api_key::list), Some(EVERY), accept);
    let (permit, failures) = (use_may_change(), RwSignal::new(Vec::new()));
    let name = Callback::new(move |id: String| {
        let name = |keys: &Vec<ApiKey>| {
            keys.iter()
                .find(|key| key.id == id)
                .map(|key| key.name.clone())
        };
        keys.with_untracked(name).unwrap_or_else(|| id.clone())
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
                <h1>"API keys"</h1>
                <div class="page-actions">
                    <Provider value=permit>
                        <ChangeLink kind=ButtonKind::Primary href=create text="Create API key" />
                    </Provider>
                </div>
            </header>
            <ErrorBanner error=load.complaint() />
            <Failed failures />
            {move || {
                if !load.ready.get() {
                    return view! { <Waiting load /> }.into_any();
                }
                if keys.with(Vec::is_empty) {
                    let empty = empty.clone();
                    return view! {
                        <Empty title="No API keys yet" hint="Programs send an API key instead of a password, in the header X-Api-Key.">
                            <Provider value=permit>
                                <ChangeLink kind=ButtonKind::Primary href=empty text="Create API key" />
                            </Provider>
                        </Empty>
                    }
                        .into_any();
                }
                let rows = keys.get().into_iter().map(|key| row(key, remove)).collect_view();
                view! {
                    <Provider value=permit>
                        <ShortTable
                            label="API keys"
                            heads=&[
                                Text("Name"), Text("State"), Text("Owner"), Text("Created"),
                                Text("Expires"), Text("May"), Hidden("Actions"),
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

fn iso(seconds: i64) -> String {
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
        [] => "whatever its owner may".to_string(),
        some => some.join(", "),
    };
    let label = format!("Delete {}", key.name);
    view! {
        <tr>
            <th scope="row" class="mono">{key.name}</th>
            <td><State tone word /></td>
            <td>{key.created_by.name}</td>
            <td><Time iso=iso(key.created_at) /></td>
            <td>{end}</td>
            <td>{may}</td>
            <td class="deeds">
                <Button kind=ButtonKind::Quiet label on_click=move || remove.run(vec![key.id.clone()])>
                    <Icon name=IconName::Delete />
                </Button>
            </td>
        </tr>
    }
    .into_any()
}
