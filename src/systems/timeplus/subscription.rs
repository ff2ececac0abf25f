//! The subscription: who pays for what.

use leptos::prelude::*;
use weir_api::{
    json_response,
    timeplus::subscription::{self, Subscription},
};

use crate::{
    kit::{notice::Waiting, use_load},
    ui::{
        ErrorBanner,
        number::{bytes, count},
    },
};

/// What the embedded backend answers where there is no limit.
const UNLIMITED: i64 = i32::MAX as i64;

pub fn page() -> AnyView {
    let current = RwSignal::new(None::<Subscription>);
    let accept = Callback::new(move |body: Vec<u8>| {
        current.set(Some(json_response(&body)?));
        Ok(())
    });
    let load = use_load(Signal::derive(subscription::get), None, accept);
    view! {
        <div class="page">
            <header class="page-head"><h1>"Subscription"</h1></header>
            <ErrorBanner error=load.page_error() />
            {move || match current.get() {
                Some(subscription) => facts(subscription),
                None => view! { <Waiting load /> }.into_any(),
            }}
        </div>
    }
    .into_any()
}

fn facts(subscription: Subscription) -> AnyView {
    let free = subscription.customer.is_none() && subscription.payment.is_none();
    let customer = subscription.customer.map(|customer| {
        view! { <dt>"Customer"</dt><dd>{customer.name} " " {customer.email}</dd> }
    });
    let payment = subscription.payment.map(|payment| {
        let types = payment.types.unwrap_or_default().join(", ");
        view! { <dt>"Payment"</dt><dd>{payment.status} " " {types}</dd> }
    });
    let spec = subscription.spec.map(|spec| {
        let invitations = match spec.invitations {
            UNLIMITED.. => "unlimited".to_string(),
            number => count(number.max(0) as u64),
        };
        view! {
            <dt>"Processor"</dt><dd>{format!("{} cores", spec.cpu as f64 / 1000.0)}</dd>
            <dt>"Memory"</dt><dd>{format!("{} GiB", spec.memory)}</dd>
            <dt>"Storage"</dt><dd>{bytes(spec.storage_size.max(0) as u64)}</dd>
            <dt>"Invitations"</dt><dd>{invitations}</dd>
        }
    });
    view! {
        {free.then(|| view! { <p>"No subscription: this server can use all resources of its machine."</p> })}
        <dl class="facts">
            <dt>"Plan"</dt><dd>{subscription.subscription_plan}</dd>
            {customer} {payment} {spec}
        </dl>
    }
    .into_any()
}
