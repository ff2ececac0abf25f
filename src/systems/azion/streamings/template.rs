//! What is made of a record: a template to choose, or one of one's own with completed variables,
//! marks at unknown ones, and the line of an example.

use leptos::prelude::*;
use weir_api::{
    azion::{
        self, Model,
        template::{self, Template},
    },
    capability::Capability,
};

use super::draft::{CUSTOM, Draft};
use crate::{
    connections::use_capabilities,
    kit::{notice::Incomplete, use_load_all},
    ui::{
        ErrorBanner,
        editor::{EditorControl, Language, Words},
        field::{Bound, Choice, Code, Field, Select},
    },
};

/// The templates of the connection, and how fetching them goes.
pub fn use_templates() -> (RwSignal<Vec<Template>>, crate::kit::Load) {
    let templates = RwSignal::new(Vec::<Template>::new());
    let accept = Callback::new(move |parts: Vec<Vec<u8>>| {
        templates.set(azion::all(&parts)?);
        Ok(())
    });
    let load = use_load_all(Signal::derive(template::list), azion::part, None, accept);
    (templates, load)
}

/// `own`: streamings can have templates of their own.
fn choices(templates: &[Template], chosen: &str, own: bool) -> Vec<Choice> {
    let mut all: Vec<Choice> = templates
        .iter()
        .map(|one| Choice::new(one.id.to_string(), one.name.clone()))
        .collect();
    if chosen != CUSTOM && !all.iter().any(|choice| choice.value == chosen) {
        let words = match chosen {
            "" => "Choose…".to_string(),
            id => format!("Template {id}"),
        };
        all.insert(0, Choice::new(chosen, words));
    }
    if own || chosen == CUSTOM {
        all.push(Choice::new(CUSTOM, "Custom template"));
    }
    all
}

#[component]
pub fn TemplateFields(draft: RwSignal<Draft>) -> impl IntoView {
    let (templates, load) = use_templates();
    let chosen = Memo::new(move |_| draft.with(|draft| draft.template.clone()));
    let can = use_capabilities();
    let own = move || !can.get().has(Capability::AzionParts);
    let options = Signal::derive(move || templates.with(|all| choices(all, &chosen.get(), own())));
    let custom = Memo::new(move |_| chosen.get() == CUSTOM);
    // To begin with, what was chosen before.
    let value = Bound::part(draft, |d| &mut d.template);
    let choose = Bound::new(
        move || value.get.get(),
        move |now: String| {
            let id = chosen.get_untracked().parse::<i64>().ok();
            let text = templates.with_untracked(|all| {
                let found = all.iter().find(|one| Some(one.id) == id);
                found.map(|one| one.template_model.clone())
            });
            draft.update(|draft| {
                if now == CUSTOM && draft.model.is_empty() {
                    draft.model = text.unwrap_or_default();
                }
                draft.template = now;
            });
        },
    );
    let text = Signal::derive(move || {
        let id = chosen.get();
        match id == CUSTOM {
            true => draft.with(|draft| draft.model.clone()),
            false => templates.with(|all| {
                let found = all.iter().find(|one| one.id.to_string() == id);
                found
                    .map(|one| one.template_model.clone())
                    .unwrap_or_default()
            }),
        }
    });
    view! {
        <ErrorBanner error=load.page_error() />
        <Incomplete load many="templates" />
        <Select label="Template" name="template_id" required=true value=choose choices=options />
        {move || custom.get().then(|| view! { <ModelField draft /> })}
        <Preview draft text />
    }
    .into_any()
}

#[component]
fn ModelField(draft: RwSignal<Draft>) -> impl IntoView {
    view! {
        <Field
            label="Custom template"
            name="template_model"
            required=true
            help="One line for each record. Type $ for the variables of the data source."
        >
            <Editor draft />
        </Field>
    }
    .into_any()
}

#[component]
fn Editor(draft: RwSignal<Draft>) -> impl IntoView {
    let control = EditorControl::new();
    let value = Bound::part(draft, |draft| &mut draft.model);
    let source = Memo::new(move |_| draft.with(|draft| draft.source.clone()));
    let words = Signal::derive(move || {
        source.track();
        let source = draft.with_untracked(Draft::source);
        let names = source.variables().iter().map(|one| one.name.to_string());
        Words {
            functions: names.collect(),
            ..Words::default()
        }
    });
    let unknown = Memo::new(move |_| {
        source.track();
        let source = draft.with_untracked(Draft::source);
        value.get.with(|text| Model::parse(text).unknown(source))
    });
    Effect::new(move || match unknown.with(|all| all.first().cloned()) {
        Some(one) => {
            let (from, length) = (one.at.offset, one.at.name.len() + 1);
            let at = value.get.with_untracked(|text| place(text, from, length));
            control.mark(at, &one.message);
        }
        None => control.mark(0..0, ""),
    });
    let wrong = move || {
        let all = unknown.get().into_iter();
        let lines = all.map(|one| view! { <li class="query-wrong">{one.message}</li> });
        lines.collect_view()
    };
    view! {
        <Code
            value
            control
            class="template-box"
            label="Custom template"
            language=Language::Template
            words
        />
        <div class="template-wrong" role="status">
            {move || (!unknown.with(Vec::is_empty)).then(|| view! { <ul aria-label="Unknown variables">{wrong()}</ul> })}
        </div>
    }
    .into_any()
}

/// UTF-16 offsets of so many bytes.
fn place(text: &str, from: usize, length: usize) -> std::ops::Range<u32> {
    let count = |text: &str| u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX);
    let start = count(text.get(..from).unwrap_or_default());
    let end = start + count(text.get(from..from + length).unwrap_or_default());
    start..end
}

#[component]
fn Preview(draft: RwSignal<Draft>, text: Signal<String>) -> impl IntoView {
    let line = Memo::new(move |_| {
        let source = draft.with(Draft::source);
        let text = text.get();
        (!text.trim().is_empty()).then(|| Model::parse(&text).preview(source))
    });
    move || {
        line.get().map(|line| {
            let verdict = verdict(&line);
            view! {
                <section class="template-preview" aria-label="Example line">
                    <h3>"Example line"</h3>
                    <pre tabindex="0">{line}</pre>
                    <p class="field-help">{verdict}</p>
                </section>
            }
        })
    }
}

fn verdict(line: &str) -> String {
    match serde_json::from_str::<serde::de::IgnoredAny>(line) {
        Ok(_) => "The line is JSON.".into(),
        Err(error) => format!("The line is not JSON: {}.", crate::errors::json(&error)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_count_as_the_browser_does() {
        assert_eq!(place("é🙂 $x", 7, 2), 4..6);
        assert_eq!(place("$x", 7, 2), 0..0);
    }

    #[test]
    fn what_is_chosen_can_stay_chosen() {
        let labels = |chosen: &str| {
            let known = [Template {
                id: 2,
                name: "Applications".into(),
                ..Template::default()
            }];
            let all = choices(&known, chosen, true).into_iter();
            all.map(|choice| choice.label).collect::<Vec<_>>()
        };
        assert_eq!(labels("2"), ["Applications", "Custom template"]);
        assert_eq!(
            labels("9"),
            ["Template 9", "Applications", "Custom template"]
        );
        assert_eq!(labels(""), ["Choose…", "Applications", "Custom template"]);
        assert_eq!(labels(CUSTOM), ["Applications", "Custom template"]);
    }
}
