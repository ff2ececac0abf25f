//! The part of a form that chooses a type and edits its properties, made of the tables in
//! [`weir_api::property`].

mod field;

use leptos::prelude::*;
use weir_api::property::{self, Property, TypeOf, Typed};

use crate::{
    kit::FieldGroup,
    ui::{
        Banner, Tone,
        field::{Bound, Choice, Field, Select, TextArea, use_wiring},
    },
};

/// The type and its properties within a draft.
#[derive(Clone, Copy)]
pub struct TypedBound {
    pub get: Signal<Typed>,
    pub set: Callback<Typed>,
}

impl TypedBound {
    /// The part of a draft that `of` finds.
    pub fn part<D>(draft: RwSignal<D>, of: fn(&mut D) -> &mut Typed) -> Self
    where
        D: Clone + Send + Sync + 'static,
    {
        Self {
            get: Signal::derive(move || draft.with(|draft| of(&mut draft.clone()).clone())),
            set: Callback::new(move |typed| draft.update(|draft| *of(draft) = typed)),
        }
    }

    fn update(self, change: impl FnOnce(&mut Typed)) {
        let mut typed = self.get.get_untracked();
        change(&mut typed);
        self.set.run(typed);
    }

    /// The text of one property.
    fn text(self, key: &'static str) -> Bound {
        Bound::new(
            move || self.get.with(|typed| typed.values.text(key).to_string()),
            move |text| self.update(|typed| typed.values.set(key, text)),
        )
    }

    fn rest(self) -> Bound {
        Bound::new(
            move || self.get.with(|typed| typed.values.rest.clone()),
            move |text| self.update(|typed| typed.values.rest = text),
        )
    }
}

/// Which types there are and where their properties are in the request.
#[derive(Clone, Copy)]
pub struct Table {
    /// Above the choice of the type, for example `Type`.
    pub label: &'static str,
    /// The field of the type in the request, for example `type`.
    pub field: &'static str,
    pub types: &'static [TypeOf],
    /// `properties` or `settings`: errors are at `properties.url` and so on.
    pub path: &'static str,
    /// What is there already keeps its type.
    pub fixed: bool,
}

/// Choice of the type and its properties under one heading.
pub fn section(title: &'static str, table: Table, typed: TypedBound) -> FieldGroup {
    FieldGroup::new(title, move || view! { <Properties table typed /> })
}

/// The same without a section.
#[component]
pub fn Properties(table: Table, typed: TypedBound) -> impl IntoView {
    let kind = Memo::new(move |_| typed.get.with(|typed| typed.kind.clone()));
    let choice = if table.fixed {
        let label = table.label;
        (move || view! { <Field label><Fixed words=title(table.types, &kind.get()) /></Field> })
            .into_any()
    } else {
        let value = Bound::new(
            move || kind.get(),
            move |chosen: String| typed.update(|typed| typed.choose(table.types, &chosen)),
        );
        let choices = Signal::derive(move || choices(table.types, &kind.get()));
        view! { <Select label=table.label name=table.field required=true value choices /> }
            .into_any()
    };
    view! {
        {choice}
        {move || fields(table, typed, property::find(table.types, &kind.get()))}
    }
    .into_any()
}

#[component]
fn Fixed(words: String) -> impl IntoView {
    let wiring = use_wiring();
    view! { <output class="input" id=wiring.id>{words}</output> }.into_any()
}

fn title(types: &'static [TypeOf], name: &str) -> String {
    match property::find(types, name) {
        TypeOf { name: "", .. } => name.into(),
        known if known.legacy => format!("{} (older servers)", known.title),
        known => known.title.into(),
    }
}

/// Also the one chosen, where the table does not know it.
fn choices(types: &'static [TypeOf], chosen: &str) -> Vec<Choice> {
    let known = types
        .iter()
        .map(|one| Choice::new(one.name, title(types, one.name)));
    let known: Vec<Choice> = known.collect();
    let mut all = Vec::new();
    if !known.iter().any(|choice| choice.value == chosen) {
        let words = if chosen.is_empty() {
            "Choose…"
        } else {
            chosen
        };
        all.push(Choice::new(chosen, words));
    }
    all.extend(known);
    all
}

fn fields(table: Table, typed: TypedBound, kind: &'static TypeOf) -> AnyView {
    let field = move |property: &'static Property| field::view(table.path, typed, property);
    let needed = |property: &&Property| property.required || kind.one_of.contains(&property.key);
    let (required, optional): (Vec<_>, Vec<_>) = kind.properties.iter().partition(needed);
    let open = typed.get.with_untracked(|typed| {
        let changed = |p: &&Property| {
            let text = typed.values.text(p.key);
            !text.is_empty() && text != p.default
        };
        optional.iter().any(changed) || !typed.values.rest.is_empty()
    });
    let json = view! {
        <TextArea
            label=if kind.properties.is_empty() { "Properties" } else { "Other properties" }
            name=table.path
            mono=true
            rows=if kind.properties.is_empty() { 6 } else { 3 }
            value=typed.rest()
            help="A JSON object with properties that this form does not have."
        />
    }
    .into_any();
    let notes = notes(kind);
    if kind.properties.is_empty() {
        return view! { {notes} {json} }.into_any();
    }
    let count = optional.len();
    let summary = match count {
        0 => "Other properties".to_string(),
        _ => format!("More properties ({count})"),
    };
    view! {
        {notes}
        <div class="properties">{required.into_iter().map(field).collect_view()}</div>
        <details class="more-properties" open=open>
            <summary>{summary}</summary>
            <div class="properties">{optional.into_iter().map(field).collect_view()} {json}</div>
        </details>
    }
    .into_any()
}

fn notes(kind: &'static TypeOf) -> AnyView {
    let help = (!kind.help.is_empty()).then(|| view! { <p class="type-help">{kind.help}</p> });
    let legacy = kind.legacy.then_some("Supported only by older servers.");
    let idle = (!kind.runs && !kind.name.is_empty())
        .then_some("The embedded backend stores it but does not run it.");
    let words: Vec<&str> = legacy.into_iter().chain(idle).collect();
    let note = (!words.is_empty()).then(|| {
        view! { <Banner tone=Tone::Neutral>{words.join(" ")}</Banner> }
    });
    view! { {help} {note} }.into_any()
}

#[cfg(test)]
mod tests {
    use weir_api::timeplus::types::{alert_actions, sources};

    use super::*;

    #[test]
    fn a_type_the_table_does_not_know_can_stay_chosen() {
        let all = choices(sources::TYPES, "brand_new");
        assert_eq!(all[0], Choice::new("brand_new", "brand_new"));
        assert_eq!(all.len(), sources::TYPES.len() + 1);
        assert_eq!(choices(alert_actions::TYPES, "slack").len(), 4);
        assert_eq!(choices(sources::TYPES, "")[0].label, "Choose…");
    }

    #[test]
    fn older_types_say_so() {
        assert_eq!(
            title(sources::TYPES, "kafka"),
            "Apache Kafka (older servers)"
        );
        assert_eq!(title(sources::TYPES, "nats"), "NATS");
    }
}
