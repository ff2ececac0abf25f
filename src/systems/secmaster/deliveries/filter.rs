//! What the list of deliveries asks the server for.

use leptos::prelude::*;
use weir_api::secmaster::{
    PAGE,
    shipper::{self, Filter, consumption},
};

use super::super::pick::{Item, PickField, use_dataspaces, use_pipes};
use crate::kit::address;
use crate::{
    kit::Narrow,
    ui::{
        Button, ButtonKind,
        field::{Bound, Choice, Combobox, Select, TextField},
    },
};

const STATES: &[&str] = &["0", "1", "2", "3", "4"];

pub fn narrow(_connection: &str) -> Narrow {
    let mut start = Filter::default();
    for (name, _) in Filter::default().parts() {
        start.set(name, address::parameter(name));
    }
    let filter = RwSignal::new(start);
    address::keep(Signal::derive(move || {
        filter.with(|filter| {
            let parts = filter.parts().into_iter();
            parts
                .map(|(name, value)| (name, value.to_owned()))
                .collect()
        })
    }));
    let active = Memo::new(move |_| filter.with(|filter| *filter != Filter::default()));
    Narrow {
        request: Signal::derive(move || filter.with(|f| shipper::list(&trimmed(f), 0, PAGE))),
        bar: ViewFn::from(move || bar(filter, active)),
        active: active.into(),
        told: Callback::new(|_| {}),
    }
}

fn trimmed(filter: &Filter) -> Filter {
    let mut trimmed = Filter::default();
    for (name, value) in filter.parts() {
        trimmed.set(name, value.trim().to_owned());
    }
    trimmed
}

/// One part of the filter by its name in the query.
fn part(filter: RwSignal<Filter>, name: &'static str) -> Bound {
    Bound::new(
        move || value(filter, name).get(),
        move |text| filter.update(|filter| filter.set(name, text)),
    )
}

fn value(filter: RwSignal<Filter>, name: &'static str) -> Signal<String> {
    Signal::derive(move || {
        filter.with(|filter| {
            let found = filter.parts().into_iter().find(|(part, _)| *part == name);
            found.map(|(_, value)| value.to_owned()).unwrap_or_default()
        })
    })
}

fn bar(filter: RwSignal<Filter>, active: Memo<bool>) -> AnyView {
    let count = move || {
        filter.with(|filter| {
            let parts = filter.parts().into_iter();
            parts.filter(|(_, value)| !value.is_empty()).count()
        })
    };
    let title = move || match count() {
        0 => "Filters".to_owned(),
        n => format!("Filters ({n})"),
    };
    let dataspace = value(filter, "dataspace_id");
    let dataspaces = use_dataspaces(Signal::stored(String::new()));
    let pipes = use_pipes(Signal::stored(String::new()), dataspace);
    let set = move |name: &'static str| {
        Callback::new(move |item: Item| filter.update(|filter| filter.set(name, item.id)))
    };
    let set_dataspace = Callback::new(move |item: Item| {
        filter.update(|filter| {
            filter.set("dataspace_id", item.id);
            filter.set("pipe_id", String::new());
        });
    });
    let modes = vec![
        Choice::new("", "Any"),
        Choice::new(consumption::REAL_TIME.to_string(), "Real-time"),
        Choice::new(consumption::SCHEDULED.to_string(), "Scheduled"),
    ];
    view! {
        <details class="filters" open=active.get_untracked()>
            <summary>{title}</summary>
            <div class="filters-fields">
                <TextField label="Name contains" value=part(filter, "shipper_name") />
                <PickField label="Data space" value=dataspace pick=dataspaces set=set_dataspace empty="Any" />
                <PickField label="Pipe" value=value(filter, "pipe_id") pick=pipes set=set("pipe_id") empty="Any" />
                <Select label="Consumption" value=part(filter, "shipper_consumption_type") choices=modes />
                <Combobox
                    label="Status number"
                    value=part(filter, "shipper_status")
                    suggestions=STATES
                    help="Embedded backend: 0 delivering, 1 suspended, 2 pending, 3 refused, 4 canceled."
                />
                <TextField label="Destination type number" value=part(filter, "destination_shipper_type") />
                <TextField label="Region of the source" value=part(filter, "shipper_source_region") />
                <TextField label="Strategy of the source" value=part(filter, "shipper_source_strategy") />
                <TextField label="Created" value=part(filter, "create_time") help="Embedded backend: since this Unix time in ms." />
                <div class="filters-actions">
                    {move || active.get().then(|| view! {
                        <Button kind=ButtonKind::Quiet on_click=move || filter.set(Filter::default())>"Clear filters"</Button>
                    })}
                </div>
            </div>
        </details>
    }
    .into_any()
}
