//! An event as a row of the table.

use leptos::{prelude::*, task::spawn_local};
use leptos_router::NavigateOptions;
use weir_api::capability::Capabilities;
use weir_code::Entry;

use super::event::Event;
use crate::{
    as_code::{
        gather::{Remote, kind, listed},
        import::hand_over,
        plan_table::differences,
    },
    connections::Connection,
    errors,
    kit::Section,
    paths,
    text::visible,
    ui::{Button, State, Time, Tone, use_toasts},
};

pub(super) fn row(connection: StoredValue<Connection>, remote: &Remote, event: &Event) -> AnyView {
    let section = listed(remote.system, remote.can).find(|section| section.one == event.kind);
    let made = event.action != "create" || matches!(event.status, 0 | 200..=299);
    let named = match section {
        // Only where the name is what the address holds can it lead there, and to what was made.
        Some(section) if event.action != "delete" && !event.name.is_empty() && made => {
            let key = event
                .after
                .get("id")
                .and_then(|id| id.as_str())
                .unwrap_or(&event.name);
            let href = connection.with_value(|it| paths::item(&it.id, section.segment, key));
            let name = visible(&shown_name(event)).into_owned();
            view! { <a href=href>{name}</a> }.into_any()
        }
        _ => visible(&shown_name(event)).into_owned().into_any(),
    };
    let back = section
        .filter(|_| event.can_come_back())
        .map(|section| bring_back(connection, section, remote.can, event.before.to_string()));
    let (tone, word) = match event.status {
        0 => (Tone::Warn, "No response".to_string()),
        200..=299 => (Tone::Good, "Done".into()),
        403 => (Tone::Bad, "Not allowed".into()),
        status => (Tone::Bad, format!("Failed ({status})")),
    };
    let changes = event.changes();
    let (who, kind_word, action) = (
        event.who.clone(),
        event.kind.clone(),
        event.action.replace('_', " "),
    );
    let request = format!("{} · request {}", event.detail, event.request_id);
    let open = RwSignal::new(false);
    let expanded = move || if open.get() { "true" } else { "false" };
    let more = move || {
        open.get().then(|| {
            let changed = (!changes.is_empty()).then(|| differences(&changes));
            // As wide as the table: a definition is long.
            view! {
                <tr class="activity-more">
                    <td colspan="7" class="plan-what">
                        <div class="activity-details">
                            <p class="mono">{request.clone()}</p>
                            {changed}
                        </div>
                    </td>
                </tr>
            }
        })
    };
    view! {
        <tr>
            <td><Time iso=event.at.clone() /></td>
            <td>{who}</td>
            <td>{action}</td>
            <td><span class="activity-kind">{kind_word}</span>" "{named}</td>
            <td><State tone word /></td>
            <td>{event.from.clone()}</td>
            <td class="row-actions">
                <button type="button" class="button quiet" aria-expanded=expanded on:click=move |_| open.update(|open| *open = !*open)>
                    "Details"
                </button>
                {back}
            </td>
        </tr>
        {more}
    }
    .into_any()
}

/// Hands the state before the event to the import page.
fn bring_back(
    connection: StoredValue<Connection>,
    section: &'static Section,
    can: Capabilities,
    before: String,
) -> AnyView {
    let (navigate, toasts) = (paths::use_navigate(), use_toasts());
    let navigate = StoredValue::new_local(navigate);
    let press = move || {
        let before = before.clone();
        spawn_local(async move {
            let kind = match kind(section).await {
                Ok(kind) => kind,
                Err(error) => {
                    return toasts.error(errors::words(&error.into()).sentence());
                }
            };
            let described = kind.and_then(|kind| (kind.code.got)(before.as_bytes(), can).ok());
            let definition = described.and_then(|one| one.definition.ok());
            let value = definition.and_then(|one| Some((one.name.clone(), one.value()?)));
            let Some((name, definition)) = value else {
                return toasts.error("The previous state cannot be read as a definition.");
            };
            hand_over(&[Entry {
                kind: section.one.into(),
                name,
                definition,
            }]);
            // The page may be left meanwhile.
            let Some(to) = connection.try_with_value(|it| paths::import(&it.id)) else {
                return;
            };
            navigate.try_with_value(|go| go(&to, NavigateOptions::default()));
        });
    };
    view! { <Button on_click=press>"Restore"</Button> }.into_any()
}

/// What people call it, where the event knows.
fn shown_name(event: &Event) -> String {
    let told = |value: &serde_json::Value| {
        value
            .get("name")
            .and_then(|it| it.as_str())
            .map(String::from)
    };
    told(&event.after)
        .or(told(&event.before))
        .unwrap_or_else(|| event.name.clone())
}
