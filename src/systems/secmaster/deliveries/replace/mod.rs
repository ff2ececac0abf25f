//! Deliveries cannot be changed. This page deletes one and makes another in its place; where that
//! fails, the old one is made again.

mod exchange;
mod question;

use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_router::{NavigateOptions, hooks::use_location};
use weir_api::{
    ApiError, FieldError,
    secmaster::{
        answer,
        shipper::{self, Shipper, ShipperDef},
    },
};

use self::{
    exchange::{ReplaceError, replace},
    question::consequences,
};
use super::{NAMES, draft::Draft, form};
use crate::{
    connections::{use_connection_id, use_endpoint, use_may_change},
    errors,
    kit::{
        address::use_key, drafts, form::section, notice::Waiting, page_name::PageName, use_load,
    },
    paths,
    ui::{
        Banner, Button, ButtonKind, Confirm, ErrorBanner, Tone, field::FormErrors, leave,
        use_confirm, use_toasts,
    },
};

pub fn page() -> AnyView {
    let key = use_key();
    (move || of(key.get())).into_any()
}

/// Fetched once: what somebody types is not overwritten by what changes on the server.
fn of(key: String) -> AnyView {
    let model = RwSignal::new(None::<Shipper>);
    let accept = Callback::new(move |body: Vec<u8>| {
        let shipper: Shipper = answer(&body)?;
        if model.with_untracked(Option::is_none) {
            model.set(Some(shipper));
        }
        Ok(())
    });
    let asked = key.clone();
    let load = use_load(Signal::derive(move || shipper::get(&asked)), None, accept);
    (move || match model.get() {
        Some(shipper) => {
            PageName::tell(key.clone(), Signal::stored(shipper.shipper_name.clone()));
            view! { <Replace old=shipper /> }.into_any()
        }
        None => view! {
            <div class="page">
                <header class="page-head"><h1>"Replace delivery"</h1></header>
                <ErrorBanner error=load.page_error() />
                <Waiting load />
            </div>
        }
        .into_any(),
    })
    .into_any()
}

#[component]
fn Replace(old: Shipper) -> impl IntoView {
    let errors = FormErrors::new();
    provide_context(errors);
    let connection = use_connection_id().get_untracked().unwrap_or_default();
    let here = use_location().pathname.get_untracked();
    let typed = drafts::use_draft(here, Draft::of(&old));
    let (draft, first) = (typed.draft, typed.first);
    let (dirty, end) = (typed.dirty, typed.end);
    let old = StoredValue::new(old);
    leave::guard(dirty.into(), end);
    let (endpoint, permit, busy) = (use_endpoint(), use_may_change(), RwSignal::new(false));
    let (confirm, toasts) = (use_confirm(), use_toasts());
    let navigate = StoredValue::new_local(paths::use_navigate());
    let failed = RwSignal::new(None::<ReplaceError>);
    let rest = RwSignal::new(Vec::<FieldError>::new());
    let back = paths::item(
        &connection,
        NAMES.segment,
        &old.with_value(|old| old.shipper_id.clone()),
    );
    let list = paths::section(&connection, NAMES.segment);
    let run = move |definition: ShipperDef| {
        let Some(endpoint) = endpoint.get_untracked().filter(|_| !busy.get_untracked()) else {
            return;
        };
        busy.set(true);
        failed.set(None);
        let (connection, list) = (connection.clone(), list.clone());
        spawn_local(async move {
            let old_one = old.get_value();
            let outcome = replace(&endpoint, &old_one, &definition).await;
            if busy.try_set(false).is_some() {
                return;
            }
            match outcome {
                Ok(id) => {
                    end.run(());
                    toasts.success(format!("Delivery {} replaced", definition.shipper_name));
                    let to = match id.is_empty() {
                        true => list,
                        false => paths::item(&connection, NAMES.segment, &id),
                    };
                    navigate.with_value(|go| go(&to, NavigateOptions::default()));
                }
                Err(error) => {
                    if let ReplaceError::NotCreated(error, again) = &error {
                        if let ApiError::Status(status) = error {
                            rest.set(errors.set(status.fields.clone()));
                        }
                        if let Ok(id) = again {
                            old.update_value(|old| old.shipper_id.clone_from(id));
                        }
                    }
                    failed.set(Some(error));
                }
            }
        });
    };
    let submit = move |event: SubmitEvent| {
        event.prevent_default();
        let definition = match draft.with_untracked(Draft::definition) {
            Ok(definition) => definition,
            Err(fields) => {
                rest.set(errors.set(fields));
                return errors.focus_first();
            }
        };
        rest.set(errors.set(Vec::new()));
        let id = old.with_value(|old| old.shipper_id.clone());
        let lines =
            draft.with_untracked(|draft| first.with_value(|first| consequences(first, draft, &id)));
        let question = Confirm {
            title: format!(
                "Replace delivery {}?",
                first.with_value(|first| first.name.clone())
            ),
            consequences: lines,
            action: "Replace delivery".into(),
            danger: true,
            type_name: Some(first.with_value(|first| first.name.clone())),
        };
        let run = run.clone();
        confirm.ask(question, move || run(definition.clone()));
    };
    let parts: Vec<AnyView> = form::sections(draft).into_iter().map(section).collect();
    let happens = move || {
        let id = old.with_value(|old| old.shipper_id.clone());
        let lines = draft.with(|draft| first.with_value(|first| consequences(first, draft, &id)));
        lines
            .into_iter()
            .map(|line| view! { <li>{line}</li> })
            .collect_view()
    };
    let same = Signal::derive(move || !dirty.get());
    let reason = Signal::derive(move || match () {
        () if permit.denied.get() => permit.reason.get(),
        () if same.get() => "Nothing has changed yet.".into(),
        () => String::new(),
    });
    let homeless = move || {
        let all = rest.get();
        (!all.is_empty()).then(|| {
            let lines = all
                .into_iter()
                .map(|e| view! { <li><code>{e.field}</code> ": " {e.message}</li> });
            view! { <Banner tone=Tone::Bad><ul>{lines.collect_view()}</ul></Banner> }
        })
    };
    view! {
        <div class="page">
        <header class="page-head">
            <h1>{format!("Replace {}", first.with_value(|first| first.name.clone()))}</h1>
        </header>
        <form class="form with-aside" novalidate on:submit=submit>
            <div class="form-main">
                <Banner tone=Tone::Accent>
                    "SecMaster cannot change a delivery. This delivery is deleted, and a new one replaces it."
                </Banner>
                {move || failed.get().map(|error| view! { <NotReplaced error old /> })}
                {homeless}
                <fieldset class="form-guard" disabled=permit.denied>{parts}</fieldset>
            </div>
            <div class="form-aside">
                <h2>"Changes"</h2>
                <ul class="consequences">{happens}</ul>
            </div>
            <div class="form-actions">
                <Button
                    kind=ButtonKind::Danger
                    submit=true
                    busy
                    disabled=Signal::derive(move || permit.denied.get() || same.get())
                    reason
                >
                    "Review and replace"
                </Button>
                <a class="button" href=back>"Cancel"</a>
            </div>
        </form>
        </div>
    }
    .into_any()
}

#[component]
fn NotReplaced(error: ReplaceError, old: StoredValue<Shipper>) -> impl IntoView {
    match error {
        ReplaceError::NotDeleted(error) => view! {
            <Banner tone=Tone::Bad>
                <strong>"No changes: the old delivery could not be deleted."</strong>
                <p>{errors::words(&error).sentence()}</p>
            </Banner>
        }
        .into_any(),
        ReplaceError::NotCreated(error, Ok(id)) => view! {
            <Banner tone=Tone::Warn>
                <strong>"The server rejected the new delivery. The old delivery was recreated."</strong>
                <p>{errors::words(&error).sentence()}</p>
                <p>"Its new id is " <code>{id}</code> ". It delivers only new records."</p>
            </Banner>
        }
        .into_any(),
        ReplaceError::NotCreated(error, Err(again)) => {
            let definition = old.with_value(Shipper::definition);
            let json = serde_json::to_string_pretty(&definition).unwrap_or_default();
            view! {
                <Banner tone=Tone::Bad>
                    <strong>"The old delivery is deleted, and neither the new one nor the old one could be created."</strong>
                    <p>"New: " {errors::words(&error).sentence()}</p>
                    <p>"Old: " {errors::words(&again).sentence()}</p>
                    <p>"Definition of the old delivery:"</p>
                    <pre class="mono" tabindex="0">{json}</pre>
                </Banner>
            }
            .into_any()
        }
    }
}
