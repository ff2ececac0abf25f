//! Licence: what the server may be used for, how much it is, and adding one.

pub mod add;
pub mod trial;
pub mod usage;

use leptos::prelude::*;
use weir_api::{
    json_response,
    timeplus::license::{self, License, Usage, ValidationResult},
};

use crate::{
    connections::{server, use_server},
    kit::{Load, load::use_load, notice::Waiting},
    ui::{
        Badge, Empty, ErrorBanner, Time, Tone,
        table::{Head::Text, ShortTable},
    },
};

pub fn page() -> AnyView {
    let server = use_server();
    let embedded = move || server.with(|server| server.as_ref().is_some_and(server::is_embedded));
    let (licenses, load) = loaded::<License>(license::list);
    let more = move || match embedded() {
        true => view! { <p class="lead">"The embedded backend needs no license."</p> }.into_any(),
        false => view! {
            <Licenses licenses load />
            <Validations />
            <div class="pair-of-fields">
                <add::AddLicense load />
                {move || licenses.with(Vec::is_empty).then(|| view! { <trial::StartTrial load /> })}
            </div>
        }
        .into_any(),
    };
    view! {
        <div class="page">
            <header class="page-head"><h1>"License"</h1></header>
            <ErrorBanner error=load.page_error() />
            {move || match load.ready.get() {
                true => more(),
                false => view! { <Waiting load /> }.into_any(),
            }}
            <UsageByDay />
        </div>
    }
    .into_any()
}

/// A list that is asked for once, and again with [`Load::reload`].
fn loaded<T>(request: fn() -> weir_api::ApiRequest) -> (RwSignal<Vec<T>>, Load)
where
    T: serde::de::DeserializeOwned + Send + Sync + 'static,
{
    let all = RwSignal::new(Vec::new());
    let accept = Callback::new(move |body: Vec<u8>| {
        let list: Option<Vec<T>> = json_response(&body)?;
        all.set(list.unwrap_or_default());
        Ok(())
    });
    let load = use_load(Signal::derive(request), None, accept);
    (all, load)
}

#[component]
fn Licenses(licenses: RwSignal<Vec<License>>, load: Load) -> impl IntoView {
    let rows = move || licenses.get().into_iter().map(license_row).collect_view();
    move || {
        if !load.ready.get() {
            return ().into_any();
        }
        if licenses.with(Vec::is_empty) {
            return view! { <Empty title="No license yet" hint="Add one, or start a trial." /> }
                .into_any();
        }
        view! {
            <ShortTable
                label="Licenses"
                heads=&[
                    Text("Kind"), Text("Issued"), Text("Expires"), Text("Added by"),
                    Text("Entitlements"),
                ]
            >
                {rows}
            </ShortTable>
        }
        .into_any()
    }
}

fn license_row(license: License) -> AnyView {
    let (kind, tone) = match license.is_trial {
        true => ("Trial", Tone::Warn),
        false => ("License", Tone::Good),
    };
    let ends = match license.expiry {
        Some(iso) if !iso.is_empty() => view! { <Time iso /> }.into_any(),
        _ => "never".into_any(),
    };
    let codes = license.entitlements.unwrap_or_default().into_iter();
    let codes: Vec<String> = codes.map(|entitlement| entitlement.code).collect();
    view! {
        <tr>
            <th scope="row"><Badge tone text=kind /></th>
            <td><Time iso=license.issued /></td>
            <td>{ends}</td>
            <td>{license.created_by}</td>
            <td class="mono">{codes.join(", ")}</td>
        </tr>
    }
    .into_any()
}

#[component]
fn Validations() -> impl IntoView {
    let (all, _) = loaded::<ValidationResult>(license::validations);
    let rows = move || {
        let results = all.get().into_iter();
        let rows = results.flat_map(|result| {
            let at = result.validated_at;
            let each = result.validations.unwrap_or_default().into_iter();
            each.map(move |one| {
                view! {
                    <tr>
                        <th scope="row">{one.kind}</th>
                        <td>{one.status}</td>
                        <td class="mono">{one.actual}</td>
                        <td class="mono">{one.value}</td>
                        <td>{one.message}</td>
                        <td><Time iso=at.clone() /></td>
                    </tr>
                }
            })
        });
        rows.collect_view()
    };
    move || {
        (!all.with(Vec::is_empty)).then(|| {
            view! {
                <h2>"Checks"</h2>
                <ShortTable
                    label="License checks"
                    heads=&[
                        Text("Check"), Text("State"), Text("Actual"), Text("Allowed"),
                        Text("Message"), Text("Checked"),
                    ]
                >
                    {rows}
                </ShortTable>
            }
        })
    }
}

#[component]
fn UsageByDay() -> impl IntoView {
    let (all, load) = loaded::<Usage>(license::usage);
    view! {
        <h2>"Ingested by day"</h2>
        <ErrorBanner error=load.page_error() />
        {move || {
            load.ready.get().then(|| match all.with(Vec::is_empty) {
                true => view! { <Empty title="No usage yet" hint="Usage appears some hours after the first rows are ingested." /> }.into_any(),
                false => usage::table(&all.get()),
            })
        }}
    }
    .into_any()
}
