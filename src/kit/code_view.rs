//! One resource as SQL, as a command line, as JSON and for Terraform, to be looked at and copied.

use leptos::prelude::*;
use weir_api::FieldError;
use weir_code::{Definition, Form};

use crate::{
    connections::use_endpoint,
    ui::{
        Banner, Button, ButtonKind, CopyButton, Dialog, Tone,
        lazy::{Lazy, lazy},
    },
};

/// What is shown when it is asked for; the error says what the form misses.
pub type Written = Callback<(), Outcome>;

type Outcome = Result<Definition, Vec<FieldError>>;

const CODE: Lazy<Outcome> = lazy!(code_view: Outcome => |written| match written {
    Ok(definition) => view! { <CodeView definition /> }.into_any(),
    Err(wrong) => missing(wrong),
});

#[component]
pub fn CodeButton(written: Written) -> impl IntoView {
    let open = RwSignal::new(false);
    let press = move |_| {
        CODE.fetched(move || {
            open.try_set(true);
        });
    };
    view! {
        <button type="button" class="button" aria-haspopup="dialog" on:click=press>"Code"</button>
        <Dialog open title="Code" wide=true closes=true children=move || CODE.show(written.run(())) />
    }
    .into_any()
}

fn missing(wrong: Vec<FieldError>) -> AnyView {
    let lines = wrong
        .into_iter()
        .map(|one| view! { <li><code>{one.field}</code>": "{one.message}</li> });
    let lines = lines.collect_view();
    view! {
        <Banner tone=Tone::Warn>
            "Complete these fields first:"
            <ul>{lines}</ul>
        </Banner>
    }
    .into_any()
}

#[component]
fn CodeView(definition: Definition) -> impl IntoView {
    let base = use_endpoint()
        .get_untracked()
        .map_or_else(String::new, |it| it.written_base());
    let written = |form| Some((form, definition.write(form, &base)?));
    let texts: Vec<(Form, String)> = Form::ALL.into_iter().filter_map(written).collect();
    let terraform = texts.iter().any(|(form, _)| *form == Form::Terraform);
    let chosen = RwSignal::new(texts.first().map_or(Form::Json, |(form, _)| *form));
    let buttons: Vec<_> = texts
        .iter()
        .map(|(form, _)| {
            let form = *form;
            let pressed = Signal::derive(move || chosen.get() == form);
            view! {
                <Button kind=ButtonKind::Quiet pressed=pressed on_click=move || chosen.set(form)>
                    {form.label()}
                </Button>
            }
        })
        .collect();
    let text = Signal::derive(move || {
        let found = texts.iter().find(|(form, _)| *form == chosen.get());
        found.map(|(_, text)| text.clone()).unwrap_or_default()
    });
    let secrets = definition.secrets;
    let named = (!secrets.is_empty()).then(|| {
        let names = secrets
            .into_iter()
            .map(|name| view! { <li><code>{name}</code></li> });
        let names = names.collect_view();
        view! {
            <div class="code-secrets">
                <p>"Secrets are replaced by these variables:"</p>
                <ul>{names}</ul>
            </div>
        }
    });
    view! {
        <div class="code-view">
            <div class="code-forms">
                <div role="group" aria-label="Format">{buttons}</div>
                <CopyButton text label="Copy code" />
            </div>
            <pre class="code-text" tabindex="0" aria-label=move || chosen.get().label()>{text}</pre>
            {move || (chosen.get() == Form::Curl).then(|| view! {
                <p class="hint">"Set WEIR_AUTH to the authentication header, for example “X-Api-Key: …”. Systems that sign each request need their own client."</p>
            })}
            {(!terraform).then(|| view! {
                <p class="hint">"The vendor's Terraform provider does not support this kind."</p>
            })}
            {named}
        </div>
    }
    .into_any()
}
