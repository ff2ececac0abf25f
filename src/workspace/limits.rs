//! How many rows and bytes a result keeps.

use leptos::prelude::*;
use weir_live::Limits;

use crate::{
    live::{Session, settings},
    ui::{Icon, IconName, Menu},
};

/// `now`: the same for all tabs.
#[component]
pub fn LimitsMenu(session: Session, now: RwSignal<Limits>) -> impl IntoView {
    Effect::new(move || session.set_limits(now.get()));
    let change = move |limits: Limits| {
        let limits = settings::bounded(limits);
        now.set(limits);
        settings::keep_limits(limits);
    };
    let field =
        move |label: &'static str, read: fn(Limits) -> u64, write: fn(Limits, u64) -> Limits| {
            view! {
                <label class="limit-field">
                    <span>{label}</span>
                    <input
                        class="input"
                        type="number"
                        min="1"
                        prop:value=move || read(now.get()).to_string()
                        on:change:target=move |event| {
                            if let Ok(value) = event.target().value().parse() {
                                change(write(now.get_untracked(), value));
                            }
                            event.target().set_value(&read(now.get_untracked()).to_string());
                        }
                        // The menu closes on a click inside; choosing a number is none.
                        on:click=|event| event.stop_propagation()
                    />
                </label>
            }
        };
    view! {
        <Menu label="Result limits" face=|| view! { <Icon name=IconName::More /> } right=true>
            <div class="limits" on:click=|event| event.stop_propagation()>
                {field("Maximum rows", |limits| limits.rows, |limits, rows| Limits { rows, ..limits })}
                {field(
                    "Maximum MiB",
                    |limits| (limits.bytes >> 20) as u64,
                    |limits, mib| Limits { bytes: (mib as usize).min(1 << 10) << 20, ..limits },
                )}
                <p>"Older rows beyond a limit are dropped and counted."</p>
            </div>
        </Menu>
    }
    .into_any()
}
