//! Who may call APIs: workspaces that were authorized, what others authorized this one for, and
//! the applications that call.

pub mod applications;
pub mod authorize;
pub mod granted;
pub mod received;

use leptos::prelude::*;

use self::{applications::Applications, granted::GrantedTab, received::ReceivedTab};
use super::moment;
use crate::ui::{State, Tab, Tabs, Time, Tone, time};

const EVERY: std::time::Duration = std::time::Duration::from_secs(30);

pub fn page() -> AnyView {
    let tabs = vec![
        Tab::new("granted", "Granted", || view! { <GrantedTab /> }),
        Tab::new("received", "Received", || view! { <ReceivedTab /> }),
        Tab::new(
            "applications",
            "Applications",
            || view! { <Applications /> },
        ),
    ];
    view! {
        <div class="page">
            <header class="page-head"><h1>"Authorizations"</h1></header>
            <Tabs label="Authorizations" tabs />
        </div>
    }
    .into_any()
}

/// A time that has passed says so.
#[component]
fn Until(time: String) -> impl IntoView {
    let now = time::use_now();
    let iso = moment(&time);
    let at = time::parse(&iso);
    let over = Memo::new(move |_| at.is_some_and(|at| at <= now.get()));
    view! {
        <Time iso />
        {move || over.get().then(|| view! { " " <State tone=Signal::stored(Tone::Bad) word=Signal::stored("expired".to_string()) /> })}
    }
}
