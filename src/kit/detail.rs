//! The page of one resource: its name, what can be done with it, and tabs.

use leptos::{context::Provider, prelude::*};

use super::{
    CodeButton, Load, Written,
    created::{use_awaited, waiting_page},
    notice::{Failed, Unread, Waiting},
    page_name::{PageName, Told},
};
use crate::{
    connections::use_may_change,
    text::{capital, coded, visible},
    ui::{Empty, ErrorBanner, Tab, Tabs},
};

/// A detail page without knowledge of what it shows.
#[derive(Clone)]
pub struct Detail {
    pub one: &'static str,
    /// As in the address.
    pub key: String,
    pub name: Signal<String>,
    /// In the words of the list; empty where it is not known.
    pub state: Signal<String>,
    /// Where all of the kind are.
    pub list: String,
    pub load: Load,
    /// Under the name, for example kinds and description.
    pub facts: ViewFn,
    /// Buttons and links in the head.
    pub actions: ViewFn,
    /// As code, where it is a definition.
    pub written: Option<Written>,
    pub tabs: Vec<Tab>,
    pub failures: RwSignal<Vec<String>>,
}

/// What somebody wrote about it, to stand under its name; nothing where nobody did.
pub fn described(text: &str) -> Option<AnyView> {
    (!text.is_empty()).then(|| view! { <p>{coded(text)}</p> }.into_any())
}

#[component]
pub fn DetailView(detail: Detail) -> impl IntoView {
    let Detail {
        one,
        key,
        name,
        state,
        list,
        load,
        facts,
        actions,
        written,
        tabs,
        failures,
    } = detail;
    let permit = use_may_change();
    let awaited = use_awaited(list.clone(), key.clone(), load);
    let missing = Memo::new(move |_| !load.ready.get() && load.missing());
    PageName::tell_all({
        let key = key.clone();
        Signal::derive(move || Told {
            key: key.clone(),
            name: name.get(),
            state: state.get(),
            missing: missing.get(),
        })
    });
    // What is on the screen stays there when it is deleted elsewhere; the banner tells.
    let error = load.page_error();
    let error = Signal::derive(move || error.get().filter(|_| !missing.get()));
    view! {
        <div class="page">
        <header class="page-head">
            <h1 class="resource-name">
                {move || match awaited.get() {
                    Some(made) => visible(&made).into_owned(),
                    None => name.with(|name| visible(name).into_owned()),
                }}
            </h1>
            <div class="page-actions">
                {move || written.filter(|_| load.ready.get()).map(|written| view! { <CodeButton written /> })}
                <Provider value=permit>{move || load.ready.get().then(|| actions.run())}</Provider>
            </div>
        </header>
        <ErrorBanner error=error />
        <Failed failures />
        <Unread parts=load.unread />
        {move || {
            if let Some(name) = awaited.get().filter(|_| missing.get()) {
                return waiting_page(name).into_any();
            }
            if missing.get() {
                let list = list.clone();
                return view! {
                    <Empty title=format!("{} {} not found", capital(one), name.get_untracked()) hint="It may have been deleted or renamed.">
                        <a class="button" href=list>"Back to the list"</a>
                    </Empty>
                }
                    .into_any();
            }
            if !load.ready.get() {
                return view! { <Waiting load /> }.into_any();
            }
            let tabs = tabs.clone();
            view! {
                <div class="detail-facts">{facts.run()}</div>
                <Tabs label=name.with_untracked(|name| visible(name).into_owned()) tabs />
            }
                .into_any()
        }}
        </div>
    }
    .into_any()
}
