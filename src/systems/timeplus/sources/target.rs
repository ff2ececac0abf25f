//! The stream a source writes to: one there is, or one made here of the preview's columns.

use leptos::prelude::*;
use weir_api::{
    json_response,
    timeplus::{
        exec,
        stream::{self, Stream},
    },
};

use super::{draft::Draft, preview::Events};
use crate::{
    connections::use_capabilities,
    kit::{use_form_call, use_load},
    systems::timeplus::streams::{columns::ColumnRows, ddl, draft as streams},
    ui::{
        Button, ErrorBanner,
        field::{Bound, Choice, FormErrors, Select, TextField},
        use_toasts,
    },
};

#[component]
pub fn Target(draft: RwSignal<Draft>, events: Events) -> impl IntoView {
    let names = RwSignal::new(Vec::<String>::new());
    let accept = Callback::new(move |body: Vec<u8>| {
        let streams: Option<Vec<Stream>> = json_response(&body)?;
        let streams = streams.unwrap_or_default().into_iter();
        let mut all: Vec<String> = streams.map(|stream| stream.name).collect();
        all.sort();
        names.set(all);
        Ok(())
    });
    let load = use_load(Signal::stored(stream::CRUD.list()), None, accept);
    let value = Bound::part(draft, |draft| &mut draft.stream);
    let choices = Signal::derive(move || {
        let chosen = value.get.get();
        let mut all = vec![Choice::new("", "Choose…")];
        let names = names.get();
        if !chosen.is_empty() && !names.contains(&chosen) {
            all.push(Choice::new(chosen.clone(), chosen));
        }
        all.extend(
            names
                .into_iter()
                .map(|name| Choice::new(name.clone(), name)),
        );
        all
    });
    let made = Callback::new(move |name: String| {
        value.set.run(name);
        load.reload();
    });
    view! {
        <Select
            label="Stream"
            name="stream"
            required=true
            value
            choices
            help="Rows are appended to it; fields without a column are left out."
        />
        <NewStream draft events made />
    }
    .into_any()
}

/// Folded until the preview has shown columns.
#[component]
fn NewStream(draft: RwSignal<Draft>, events: Events, made: Callback<String>) -> impl IntoView {
    let (can, toasts) = (use_capabilities(), use_toasts());
    let errors = use_context::<FormErrors>().unwrap_or_default();
    // The fields of a stream have a draft of their own here.
    let own = RwSignal::new(draft.with_untracked(|draft| draft.new_stream.clone()));
    Effect::new(move || {
        let columns = draft.with(|draft| draft.new_stream.columns.clone());
        own.maybe_update(|own| {
            let other = own.columns != columns;
            own.columns = columns;
            other
        });
    });
    Effect::new(move || {
        let now = own.get();
        draft.maybe_update(|draft| {
            let other = draft.new_stream != now;
            draft.new_stream = now;
            other
        });
    });
    let name = Bound::new(
        move || own.with(|own| own.name.clone()),
        move |text| own.update(|own| own.name = text),
    );
    let sql = Memo::new(move |_| own.with(|own| ddl::create(&own.definition().0)));
    let call = use_form_call(errors, "new_stream");
    let create = move || {
        let (definition, mut wrong) = own.with_untracked(streams::Draft::definition);
        if !wrong.is_empty() {
            // The source has a name of its own.
            for error in wrong.iter_mut().filter(|error| error.field == "name") {
                error.field = "new_stream".into();
            }
            return call.refuse(wrong);
        }
        let rest = || stream::create(&definition);
        let request = exec::define(can.get_untracked(), rest, || sql.get_untracked());
        call.send(request, move |_| {
            toasts.success(format!("Stream {} created", definition.name));
            made.run(definition.name);
        });
    };
    let open = Memo::new(move |_| events.with(|events| !events.is_empty()));
    view! {
        <details class="new-stream" prop:open=open>
            <summary>"Create a stream"</summary>
            <div class="properties">
                <p class="type-help">"Starts with the columns of the preview."</p>
                <TextField label="Name of the new stream" name="new_stream" mono=true value=name />
                <ColumnRows draft=own />
                <pre class="new-stream-sql mono" tabindex="0" aria-label="Equivalent SQL">{sql}</pre>
                <ErrorBanner error=call.error />
                <div><Button busy=call.busy on_click=create>"Create stream"</Button></div>
            </div>
        </details>
    }
    .into_any()
}
