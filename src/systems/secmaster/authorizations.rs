//! Deliveries that others want to make into this workspace: agreed to, rejected, cancelled.

use leptos::prelude::*;
use weir_api::secmaster::{
    PAGE,
    authorization::{self, Authorization, Decision, Filter, authorized},
    page as list_page, part as list_part,
    shipper::status,
};

use super::deliveries::list::iso;
use crate::{
    connections::use_may_change,
    kit::{
        Act, Actor,
        notice::{Incomplete, Waiting},
        use_act, use_load_all,
    },
    ui::{
        Button, ButtonKind, Confirm, Empty, ErrorBanner, Icon, IconName, State, Time, Tone,
        field::{Bound, Choice, Select, TextField},
        number::plural,
    },
};
use crate::{
    kit::address,
    ui::table::{
        Head::{Hidden, Text},
        ShortTable,
    },
};

const EVERY: std::time::Duration = std::time::Duration::from_secs(20);

pub fn page() -> AnyView {
    let filter = RwSignal::new(Filter {
        source_region: address::parameter("source_region"),
        destination_shipper_type: address::parameter("destination_shipper_type"),
        shipper_status: address::parameter("shipper_status"),
        auth_status: address::parameter("auth_status"),
    });
    address::keep(Signal::derive(move || {
        filter.with(|filter| {
            let parts = filter.parts().into_iter();
            parts
                .map(|(name, value)| (name, value.to_owned()))
                .collect()
        })
    }));
    let all = RwSignal::new(None::<Vec<Authorization>>);
    let accept = Callback::new(move |parts: Vec<Vec<u8>>| {
        let pages: Result<Vec<_>, _> = parts.iter().map(|part| list_page(part)).collect();
        let items = pages?.into_iter().flat_map(|page| page.items).collect();
        if all.with_untracked(|old| old.as_ref() != Some(&items)) {
            all.set(Some(items));
        }
        Ok(())
    });
    let request = Signal::derive(move || filter.with(|f| authorization::list(f, 0, PAGE)));
    let load = use_load_all(request, list_part, Some(EVERY), accept);
    let actor = use_act(load);
    let tally = move || {
        let count = all.with(|all| all.as_ref().map(|all| all.len() as u64));
        count.map(|count| plural(count, "authorization", "authorizations"))
    };
    let rows = move || {
        match all.get() {
        None => view! { <Waiting load /> }.into_any(),
        Some(items) if items.is_empty() => view! {
            <Empty
                title="No authorizations"
                hint="A delivery from another workspace into this one appears here and waits for approval."
            />
        }
        .into_any(),
        Some(items) => table(items, actor),
    }
    };
    view! {
        <div class="page">
            <header class="page-head">
                <h1>"Authorizations"</h1>
                <p class="page-count" role="status">{tally}</p>
                <div class="page-actions">
                    <Button kind=ButtonKind::Quiet label="Refresh" on_click=move || load.reload()>
                        <Icon name=IconName::Reload />
                    </Button>
                </div>
            </header>
            {filters(filter)}
            <ErrorBanner error=load.page_error() />
            <Incomplete load many="authorizations" />
            {rows}
        </div>
    }
    .into_any()
}

fn part(filter: RwSignal<Filter>, of: fn(&mut Filter) -> &mut String) -> Bound {
    Bound::new(
        move || filter.with(|filter| std::mem::take(of(&mut filter.clone()))),
        move |text| filter.update(|filter| *of(filter) = text.trim().into()),
    )
}

fn filters(filter: RwSignal<Filter>) -> AnyView {
    let mut states = vec![Choice::new("", "Any")];
    for number in [
        authorized::WAITING,
        authorized::GRANTED,
        authorized::REFUSED,
    ] {
        let words = authorized::words(number).unwrap_or_default();
        states.push(Choice::new(number.to_string(), words));
    }
    let active = Memo::new(move |_| filter.with(|filter| *filter != Filter::default()));
    view! {
        <details class="filters" open=active.get_untracked()>
            <summary>"Filters"</summary>
            <div class="filters-fields">
                <Select label="Authorization" value=part(filter, |f| &mut f.auth_status) choices=states />
                <TextField label="Status number of the delivery" value=part(filter, |f| &mut f.shipper_status) />
                <TextField label="Region of the source" value=part(filter, |f| &mut f.source_region) />
                <TextField label="Destination type number" value=part(filter, |f| &mut f.destination_shipper_type) />
            </div>
        </details>
    }
    .into_any()
}

fn table(items: Vec<Authorization>, actor: Actor) -> AnyView {
    let rows: Vec<AnyView> = items.into_iter().map(|one| row(one, actor)).collect();
    view! {
        <ShortTable
            label="Authorizations" class="authorizations"
            heads=&[
                Text("Delivery"), Text("From"), Text("Authorization"), Text("Delivery state"),
                Text("Requested"), Text("Decided"), Hidden("Actions"),
            ]
        >
            {rows}
        </ShortTable>
    }
    .into_any()
}

fn row(one: Authorization, actor: Actor) -> AnyView {
    let state = authorized::words(one.authorize_status);
    let state = state.map_or_else(|| format!("Status {}", one.authorize_status), Into::into);
    let tone = match one.authorize_status {
        authorized::GRANTED => Tone::Good,
        authorized::WAITING => Tone::Warn,
        authorized::REFUSED => Tone::Bad,
        _ => Tone::Neutral,
    };
    let run = one.known_run_status().and_then(status::words);
    let run = run.map_or_else(|| format!("Status {}", one.run_status), Into::into);
    let from = [&one.workspace, &one.dataspace, &one.pipe];
    let from = from.map(String::as_str).join(" / ");
    let buttons: Vec<AnyView> = decisions(&one)
        .into_iter()
        .map(|decision| button(&one, decision, actor))
        .collect();
    let decided = (one.handler_time > 0).then(|| view! { <Time iso=iso(one.handler_time) /> });
    view! {
        <tr>
            <th scope="row">{one.shipper_name.clone()}</th>
            <td class="mono">{from}</td>
            <td><State tone word=state /></td>
            <td>{run}</td>
            <td><Time iso=iso(one.request_time) /></td>
            <td>{decided}</td>
            <td class="row-buttons">{buttons}</td>
        </tr>
    }
    .into_any()
}

/// Everything where the number means nothing to us.
fn decisions(one: &Authorization) -> Vec<Decision> {
    match one.authorize_status {
        // Who cancelled has decided; the other side has to ask again.
        authorized::WAITING if one.known_run_status() == Some(status::CANCELED) => Vec::new(),
        authorized::WAITING => vec![Decision::Agree, Decision::Reject],
        authorized::GRANTED => vec![Decision::Cancel],
        authorized::REFUSED => Vec::new(),
        _ => vec![Decision::Agree, Decision::Reject, Decision::Cancel],
    }
}

fn button(one: &Authorization, decision: Decision, actor: Actor) -> AnyView {
    let permit = use_may_change();
    let name = one.shipper_name.clone();
    let (label, done, title, loss) = match decision {
        Decision::Agree => ("Approve", "approved", "Approve", ""),
        Decision::Reject => ("Reject", "rejected", "Reject", "Nothing will be delivered."),
        Decision::Cancel => (
            "Cancel authorization",
            "canceled",
            "Cancel the authorization of",
            "Delivery stops immediately.",
        ),
    };
    // The number is what the vendor's own authorisations are told by.
    let request = authorization::decide(&[one.id.to_string()], decision);
    let press = {
        let name = name.clone();
        move || {
            let Ok(request) = request.clone() else { return };
            let question = (!loss.is_empty()).then(|| Confirm {
                title: format!("{title} delivery {name}?"),
                consequences: vec![loss.into()],
                action: label.into(),
                danger: true,
                type_name: None,
            });
            actor.run(Act {
                request,
                done: format!("Delivery {name} {done}"),
                question,
            });
        }
    };
    view! {
        <Button
            label=format!("{label} {name}")
            text=true
            busy=actor.busy
            disabled=permit.denied
            reason=permit.reason
            on_click=press
        >
            {label}
        </Button>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_makes_sense_is_offered() {
        let offered = |authorize_status, run_status| {
            decisions(&Authorization {
                authorize_status,
                run_status,
                weir: true,
                ..Authorization::default()
            })
            .len()
        };
        assert_eq!(offered(authorized::WAITING, status::PENDING), 2);
        assert_eq!(offered(authorized::WAITING, status::CANCELED), 0);
        assert_eq!(offered(authorized::GRANTED, status::DELIVERING), 1);
        assert_eq!(offered(9, 9), 3);
    }
}
