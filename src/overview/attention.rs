//! What needs somebody, each with its last error and the one thing that helps.

use leptos::{prelude::*, task::spawn_local};

use super::health::Finding;
use crate::{
    connections::{use_capabilities, use_endpoint, use_may_change},
    http,
    kit::BulkAction,
    text::visible,
    ui::{
        Button, State, Time, Tone,
        number::plural,
        table::{Head, ShortTable},
        use_toasts,
    },
};

/// Findings that are shown; the lists show all.
const MOST: usize = 20;

/// `unread`: kinds of resources whose lists could not be had.
#[component]
pub fn Attention(found: Vec<Finding>, unread: usize, refresh: Callback<()>) -> impl IntoView {
    let (tone, word, words) = well(unread);
    let well = view! { <p class="overview-well"><State tone=tone word=word />{words}</p> };
    if found.is_empty() {
        return view! {
            <section aria-label="Needs attention">
                <h2>"Needs attention"</h2>
                {well}
            </section>
        }
        .into_any();
    }
    let all = found.len();
    let rows = found.into_iter().take(MOST).map(|one| row(one, refresh));
    let rows = rows.collect_view();
    view! {
        <section aria-label="Needs attention">
            <h2>{format!("Needs attention ({all})")}</h2>
            <ShortTable
                label="Needs attention"
                class="overview-attention"
                heads=&[
                    Head::Text("Name"), Head::Text("Kind"), Head::Text("State"), Head::Text("Reason"),
                    Head::Text("Since"), Head::Hidden("Action"),
                ]
            >
                {rows}
            </ShortTable>
            {(all > MOST).then(|| format!("{} more in the lists.", all - MOST))}
            {(unread > 0).then_some(well)}
        </section>
    }
    .into_any()
}

/// What is said where nothing was found: of what could not be read nothing is known.
fn well(unread: usize) -> (Tone, &'static str, String) {
    match unread {
        0 => (
            Tone::Good,
            "No problems.",
            " No failures, firing alerts or pending approvals.".into(),
        ),
        unread => {
            let kinds = plural(unread as u64, "kind of resource", "kinds of resources");
            let words = format!(" {kinds} could not be loaded; see the table below.");
            (Tone::Warn, "Incomplete.", words)
        }
    }
}

fn row(one: Finding, refresh: Callback<()>) -> AnyView {
    let can = use_capabilities();
    let Finding {
        kind,
        name,
        href,
        tone,
        state,
        message,
        since,
        key,
        help,
    } = one;
    let help = help.filter(|it| {
        let can = can.get_untracked();
        it.needs.is_none_or(|needed| can.has(needed))
    });
    let name = visible(&name).into_owned();
    let done = format!("{kind} {name}");
    let way_out = match help {
        Some(action) => way_out(action, key, done, refresh),
        None => view! { <a class="button" href=href.clone()>"Open"</a> }.into_any(),
    };
    view! {
        <tr>
            <th scope="row"><a href=href>{name}</a></th>
            <td>{kind}</td>
            <td><State tone=tone word=state /></td>
            <td class="overview-message" title=message.clone()>{message.clone()}</td>
            <td>{(!since.is_empty()).then(|| view! { <Time iso=since /> })}</td>
            <td class="overview-help">{way_out}</td>
        </tr>
    }
    .into_any()
}

fn way_out(
    action: &'static BulkAction,
    key: String,
    named: String,
    refresh: Callback<()>,
) -> AnyView {
    let (endpoint, toasts, permit) = (use_endpoint(), use_toasts(), use_may_change());
    let busy = RwSignal::new(false);
    let label = format!("{} {named}", action.verb);
    let press = move || {
        let Some(endpoint) = endpoint.get_untracked().filter(|_| !busy.get_untracked()) else {
            return;
        };
        busy.set(true);
        let (request, named) = ((action.request)(&key), named.clone());
        spawn_local(async move {
            let sent = match request {
                Ok(request) => http::send(&endpoint, request).await,
                Err(error) => Err(error),
            };
            match sent {
                Ok(_) => toasts.success(format!("{named} {}", action.done)),
                Err(error) => toasts.api_error(&error),
            }
            // The page may be left meanwhile.
            if busy.try_set(false).is_none() {
                refresh.run(());
            }
        });
    };
    view! {
        <Button label text=true busy disabled=permit.denied reason=permit.reason on_click=press>{action.verb}</Button>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_not_be_read_is_not_well() {
        assert_eq!(well(0).1, "No problems.");
        let (tone, word, words) = well(1);
        assert_eq!((tone, word), (Tone::Warn, "Incomplete."));
        assert!(
            words.starts_with(" 1 kind of resource could not"),
            "{words}"
        );
    }
}
