//! The forms that create and change a function.

use super::{
    arguments::{ArgumentRows, TYPES},
    ddl,
    draft::{Draft, Form},
    trial::TrialPanel,
};
use crate::{
    connections::use_capabilities,
    kit::FieldGroup,
    systems::timeplus::fields::{Description, Name, equivalent_sql},
    ui::{
        EditorControl, Language,
        field::{
            Bound, Checkbox, Choice, Code, Combobox, Field, Radio, Secret, SecretValue, TextField,
        },
    },
};
use leptos::prelude::*;

pub fn sections(draft: RwSignal<Draft>, new: bool) -> Vec<FieldGroup> {
    vec![
        FieldGroup::new("", move || general(draft, new)),
        FieldGroup::new("Arguments and result", move || signature(draft)),
        FieldGroup::new("Body", move || body(draft)),
        FieldGroup::new("Test", move || view! { <TrialPanel draft /> }),
    ]
}

fn general(draft: RwSignal<Draft>, new: bool) -> AnyView {
    let choices = Form::ALL.map(|form| Choice::new(form.as_str(), form.words()));
    let value = Bound::new(
        move || draft.with(|draft| draft.form.as_str().into()),
        move |chosen: String| {
            let form = Form::ALL.into_iter().find(|form| form.as_str() == chosen);
            draft.update(|draft| draft.form = form.unwrap_or_default());
        },
    );
    let name = move || {
        new.then(|| {
            view! {
                <Name
                    value=Bound::part(draft, |d| &mut d.name)
                    help="The name used in SQL. Letters, digits and _, beginning with a letter; at most 64."
                />
            }
        })
    };
    let can = use_capabilities();
    let kept = Memo::new(move |_| !can.get().by_sql());
    let description = move || {
        match kept.get() {
        true => view! { <Description value=Bound::part(draft, |d| &mut d.description) /> }.into_any(),
        false => view! {
            <p class="field-help">"This server defines functions in SQL, which does not support descriptions."</p>
        }
        .into_any(),
    }
    };
    view! {
        {name}
        {description}
        <Radio label="Kind" name="type" value choices=choices.to_vec() />
    }
    .into_any()
}

fn signature(draft: RwSignal<Draft>) -> AnyView {
    let typed = Memo::new(move |_| draft.with(|draft| draft.form != Form::Sql));
    let result = move || match typed.get() {
        true => view! {
            <Combobox
                label="Return type"
                name="return_type"
                required=true
                suggestions=TYPES
                value=Bound::part(draft, |d| &mut d.return_type)
            />
        }
        .into_any(),
        false => view! {
            <p class="field-help">"Argument and result types follow from each call."</p>
        }
        .into_any(),
    };
    view! {
        <ArgumentRows draft />
        {result}
    }
    .into_any()
}

fn body(draft: RwSignal<Draft>) -> AnyView {
    let form = Memo::new(move |_| draft.with(|draft| draft.form));
    // Follows the template until somebody types.
    let code = Bound::new(
        move || draft.with(Draft::code),
        move |typed| draft.update(|draft| draft.source = Some(typed)),
    );
    (move || match form.get() {
        Form::Remote => service(draft),
        Form::Sql => view! {
            <Field label="Expression" name="source" help="Replaces each call. Only arguments are available, not columns. Running queries keep the expression they started with.">
                <Code value=code control=EditorControl::new() class="code-field" label="Expression" language=Language::Sql />
            </Field>
        }
        .into_any(),
        Form::Scalar | Form::Aggregate => view! {
            <Field label="Code" name="source" help="Integers beyond ±(2^53 - 1) are passed as BigInt. No network or file access; long calls are stopped. Running queries keep the code they started with.">
                <Code value=code control=EditorControl::new() class="code-field" label="Code" language=Language::JavaScript />
            </Field>
        }
        .into_any(),
    })
    .into_any()
}

fn service(draft: RwSignal<Draft>) -> AnyView {
    let with_header = Bound::part(draft, |draft| &mut draft.with_header);
    let shown = Memo::new(move |_| draft.with(|d| d.with_header));
    view! {
        <TextField
            label="URL"
            name="url"
            kind="url"
            required=true
            mono=true
            value=Bound::part(draft, |d| &mut d.url)
            placeholder="https://example.com/function"
            help="Receives a POST with {\"argument\": [value, …]} for many rows at once and returns {\"result\": [value, …]}."
        />
        <Checkbox label="Send a secret in a header" value=with_header />
        {move || shown.get().then(|| view! { <Header draft /> })}
    }
    .into_any()
}

#[component]
fn Header(draft: RwSignal<Draft>) -> impl IntoView {
    let secret = RwSignal::new(draft.with_untracked(|d| d.secret.clone()));
    Effect::new(move || {
        let now = secret.get();
        if draft.with_untracked(|d| d.secret != now) {
            draft.update(|d| d.secret = now);
        }
    });
    let stored = draft.with_untracked(|d| d.secret_stored);
    if !stored && secret.get_untracked() == SecretValue::Unchanged {
        secret.set(SecretValue::Replace(String::new()));
    }
    view! {
        <div class="pair-of-fields">
            <TextField label="Header" name="auth_context.key_name" required=true mono=true value=Bound::part(draft, |d| &mut d.header) placeholder="X-Key" />
            <Secret label="Header value" name="auth_context.key_value" value=secret stored=Signal::stored(stored) />
        </div>
    }
    .into_any()
}

/// What the form amounts to, in SQL.
pub fn sql(draft: RwSignal<Draft>, replace: bool) -> AnyView {
    let text =
        Memo::new(move |_| draft.with(|draft| ddl::shown(&draft.definition(false).0, replace)));
    equivalent_sql(text.into())
}
