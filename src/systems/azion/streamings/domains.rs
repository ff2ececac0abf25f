//! The domains whose records are sent.

use leptos::prelude::*;
use weir_api::azion::{
    self,
    domain::{self, Domain},
};

use super::draft::Draft;
use crate::{
    kit::{notice::Incomplete, use_load_all},
    ui::{
        ErrorBanner,
        field::{Bound, Checkbox, FormErrors},
        unique,
    },
};

/// So many fit without a search.
const FEW: usize = 12;

#[component]
pub fn Domains(draft: RwSignal<Draft>) -> impl IntoView {
    let needed = Memo::new(move |_| draft.with(|draft| draft.source().has_domains()));
    (move || match needed.get() {
        true => view! { <Picker draft /> }.into_any(),
        false => {
            view! { <p class="field-help">"This data source does not use domains."</p> }.into_any()
        }
    })
    .into_any()
}

#[component]
fn Picker(draft: RwSignal<Draft>) -> impl IntoView {
    let domains = RwSignal::new(Vec::<Domain>::new());
    let accept = Callback::new(move |parts: Vec<Vec<u8>>| {
        domains.set(azion::all(&parts)?);
        Ok(())
    });
    let list = Signal::derive(|| domain::list(None));
    let load = use_load_all(list, azion::part, None, accept);
    let all = Memo::new(move |_| draft.with(|draft| draft.all_domains));
    let id = unique("domains");
    let errors = use_context::<FormErrors>();
    if let Some(errors) = errors {
        errors.register("domain_ids", &id);
    }
    let wrong = move || errors.and_then(|errors| errors.of("domain_ids"));
    let search = RwSignal::new(String::new());
    // Also those that are chosen and no longer exist.
    let shown = Memo::new(move |_| {
        let known = domains.get();
        let gone = draft.with(|draft| {
            let missing = |id: &i64| !known.iter().any(|one| one.domain_id == *id);
            let ids = draft.domains.iter().copied().filter(missing);
            ids.collect::<Vec<_>>()
        });
        let search = search.get().to_lowercase();
        let mut rows: Vec<(i64, String)> = known
            .into_iter()
            .map(|one| (one.domain_id, one.name))
            .collect();
        rows.extend(gone.into_iter().map(|id| (id, format!("Domain {id}"))));
        rows.retain(|(id, name)| {
            name.to_lowercase().contains(&search) || id.to_string().contains(&search)
        });
        rows
    });
    let boxes = move || {
        let rows = shown.get().into_iter().map(|(id, name)| {
            let value = Bound::new(
                move || draft.with(|draft| draft.domains.contains(&id)),
                move |on: bool| {
                    if let Some(errors) = errors {
                        errors.clear("domain_ids");
                    }
                    draft.update(|draft| {
                        match on {
                            true => draft.domains.insert(id),
                            false => draft.domains.remove(&id),
                        };
                    });
                },
            );
            view! { <Checkbox label=name value /> }
        });
        rows.collect_view()
    };
    // What the list does not have, or where there is no list.
    let add = move |text: String| {
        if let Ok(id) = text.trim().parse::<i64>() {
            draft.update(|draft| {
                draft.domains.insert(id);
            });
        }
    };
    let many = Memo::new(move |_| domains.with(|all| all.len() > FEW));
    let tally = move || {
        let chosen = draft.with(|draft| draft.domains.len());
        format!("{chosen} chosen")
    };
    view! {
        <ErrorBanner error=load.page_error() />
        <Incomplete load many="domains" />
        <Checkbox
            label="All domains"
            value=Bound::part(draft, |d| &mut d.all_domains)
            help="Including domains created later."
        />
        {move || (!all.get()).then(|| view! {
            <fieldset class="field domain-picker" id=id.clone() tabindex="-1">
                <legend>"Domains"</legend>
                {move || many.get().then(|| view! {
                    <input
                        class="input"
                        type="search"
                        aria-label="Search domains"
                        placeholder="Search domains"
                        prop:value=search
                        on:input:target=move |event| search.set(event.target().value())
                    />
                })}
                <div class="domain-list">{boxes}</div>
                <input
                    class="input"
                    aria-label="Add a domain by its id"
                    placeholder="Add by id, then Enter"
                    inputmode="numeric"
                    on:keydown=move |event| {
                        if event.key() == "Enter" {
                            event.prevent_default();
                            let input = event_target::<web_sys::HtmlInputElement>(&event);
                            add(input.value());
                            input.set_value("");
                        }
                    }
                    on:change:target=move |event| {
                        add(event.target().value());
                        event.target().set_value("");
                    }
                />
                <p class="field-help" role="status">{tally}</p>
                {move || wrong().map(|error| view! { <p class="field-error">{error}</p> })}
            </fieldset>
        })}
    }
    .into_any()
}
