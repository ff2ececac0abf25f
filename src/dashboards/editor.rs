//! The dialog in which a panel is made and changed: statement, kind, settings, and the panel as it
//! will be.

use leptos::prelude::*;
use weir_api::timeplus::dashboard::Panel;

use super::{
    blank::become_kind,
    board::Board,
    feed::{Feed, Lanes},
    frame::statement,
    kind::Kind,
    options::Options,
    panel::{Inside, body},
    plot,
    settings::{self, Input, Setting},
};
use crate::{
    sql::streams::Streams,
    ui::{
        Button, ButtonKind, EditorControl, SqlEditor, State,
        field::{Bound, Checkbox, Choice, NumberField, Select, TextArea, TextField},
    },
};

/// A panel being edited, and whether it is new.
#[derive(Clone)]
pub struct Edit {
    pub key: Option<u32>,
    pub panel: Panel,
}

#[component]
pub fn PanelEditor(
    board: Board,
    edit: Edit,
    /// Takes the panel as it is now.
    #[prop(into)]
    on_apply: Callback<Edit>,
    #[prop(into)] on_cancel: Callback<()>,
) -> impl IntoView {
    let key = edit.key;
    let draft = RwSignal::new(edit.panel);
    let kind = Memo::new(move |_| draft.with(Kind::of));
    let sql = RwSignal::new(draft.with_untracked(Panel::viz_content));
    Effect::new(move || {
        let now = sql.get();
        if draft.with_untracked(|draft| draft.viz_content() != now) {
            draft.update(|draft| draft.0.set("viz_content", &now));
        }
    });
    // What was run last: typing alone runs nothing.
    let ran = RwSignal::new(draft.get_untracked());
    let run = move || {
        let now = draft.get_untracked();
        ran.update(|ran| *ran = now);
    };
    let statement = Memo::new(move |_| ran.with(|panel| statement(board, panel)));
    let active = Signal::stored(true);
    let feed = Feed::new(Lanes::new(), statement.into(), active);
    let inside = Inside::new(board, Lanes::new(), draft.into(), feed, active);
    let columns = Memo::new(move |_| {
        feed.session.header.track();
        feed.session.read(|core| {
            let columns = core.rows.shown().columns();
            columns
                .iter()
                .map(|column| column.name.clone())
                .collect::<Vec<_>>()
        })
    });
    let choose = Bound::new(
        move || kind.get().word().into(),
        move |word: String| {
            draft.update(|draft| become_kind(draft, Kind::from_word(&word)));
            run();
        },
    );
    let kinds = Signal::derive(move || {
        let mut all: Vec<Choice> = Kind::ALL
            .into_iter()
            .map(|kind| Choice::new(kind.word(), kind.label()))
            .collect();
        if kind.get() == Kind::Unknown {
            all.insert(0, Choice::new("", "Unknown"));
        }
        all
    });
    let text = move |name: &'static str| {
        Bound::new(
            move || draft.with(|draft| draft.0.text(name)),
            move |text: String| draft.update(|draft| draft.0.set(name, &text)),
        )
    };
    let asks = Memo::new(move |_| kind.get().runs() || kind.get() == Kind::Selector);
    let apply = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        on_apply.run(Edit {
            key,
            panel: draft.get_untracked(),
        });
    };
    let streams = Streams::load();
    let words = Signal::derive(move || streams.words());
    let tone = Signal::derive(move || feed.state().0);
    let word = Signal::derive(move || feed.state().1.to_string());
    view! {
        <form class="panel-editor" on:submit=apply novalidate>
            <div class="panel-editor-main">
                <div class="panel-preview" aria-label="Preview" role="region">
                    <div class="dash-body">{body(inside)}</div>
                </div>
                <Show when=move || asks.get()>
                    <div class="panel-sql">
                        <div class="panel-run">
                            <Button on_click=run>"Run"</Button>
                            <span class="dash-state"><State tone word /></span>
                            <span class="keys">"Ctrl + Enter runs the statement"</span>
                        </div>
                        <div class="sql-field">
                            <SqlEditor text=sql control=EditorControl::new() words on_run=run />
                        </div>
                        <p class="field-help">
                            "{{name}} inserts the value of the control with this variable, {{range}} the length of the time range. Any value is allowed inside quotes; outside them only the control's own choices, single words and numbers."
                        </p>
                    </div>
                </Show>
            </div>
            <div class="panel-settings">
                <Select label="Kind" value=choose choices=kinds />
                <TextField label="Title" value=text("title") />
                <TextField label="Description" value=text("description") />
                {move || fields(kind.get(), draft, columns)}
                <details class="panel-json">
                    <summary>"All settings as JSON"</summary>
                    <Json draft />
                </details>
            </div>
            <div class="dialog-actions">
                <Button on_click=move || on_cancel.run(())>"Cancel"</Button>
                <Button kind=ButtonKind::Primary submit=true>{if key.is_some() { "Apply" } else { "Add panel" }}</Button>
            </div>
        </form>
    }
    .into_any()
}

fn fields(kind: Kind, draft: RwSignal<Panel>, columns: Memo<Vec<String>>) -> Vec<AnyView> {
    let group = |group: settings::Group| {
        let fields: Vec<AnyView> = group
            .settings
            .into_iter()
            .map(|setting| field(setting, draft, columns))
            .collect();
        view! {
            <fieldset class="panel-group">
                <legend>{group.title}</legend>
                {fields}
            </fieldset>
        }
        .into_any()
    };
    settings::of(kind).into_iter().map(group).collect()
}

fn field(setting: Setting, draft: RwSignal<Panel>, columns: Memo<Vec<String>>) -> AnyView {
    let (label, help) = (setting.label, setting.help);
    let value = Bound::new(
        move || draft.with(|draft| setting.read(&Options::of(draft))),
        move |typed: String| {
            draft.update(|draft| {
                let mut options = Options::of(draft);
                setting.write(&mut options, &typed);
                options.write(draft);
            });
        },
    );
    match setting.input {
        Input::Text | Input::List => view! { <TextField label value help /> }.into_any(),
        Input::Columns => view! { <Many label value columns /> }.into_any(),
        Input::Lines => view! { <TextArea label value help rows=10 mono=true /> }.into_any(),
        Input::Number => view! { <NumberField label value help /> }.into_any(),
        Input::Flag(_) => {
            let on = Bound::new(
                move || value.get.with(|text| text == "true"),
                move |on: bool| value.set.run(on.to_string()),
            );
            view! { <Checkbox label value=on help /> }.into_any()
        }
        Input::Choice(choices) => {
            let choices = Signal::derive(move || {
                let mut all: Vec<Choice> = choices
                    .iter()
                    .map(|(value, words)| Choice::new(*value, *words))
                    .collect();
                // What another console wrote is not lost.
                let now = value.get.get();
                if !all.iter().any(|choice| choice.value == now) {
                    all.push(Choice::new(now.clone(), now));
                }
                all
            });
            view! { <Select label value choices help /> }.into_any()
        }
        Input::Column | Input::Axis => {
            let choices = Signal::derive(move || {
                let mut all = vec![Choice::new("", "Automatic")];
                if setting.input == Input::Axis {
                    all.push(Choice::new(plot::ROW, "Row number"));
                }
                all.extend(
                    columns
                        .get()
                        .into_iter()
                        .map(|name| Choice::new(name.clone(), name)),
                );
                let now = value.get.get();
                if !all.iter().any(|choice| choice.value == now) {
                    all.push(Choice::new(
                        now.clone(),
                        format!("{now} (not in the result)"),
                    ));
                }
                all
            });
            view! { <Select label value choices help /> }.into_any()
        }
    }
}

/// Columns to be ticked; kept as a text separated by commas.
#[component]
fn Many(label: &'static str, value: Bound, columns: Memo<Vec<String>>) -> impl IntoView {
    let chosen = Memo::new(move |_| {
        let text = value.get.get();
        let all = text.split(',').map(|name| name.trim().to_string());
        all.filter(|name| !name.is_empty()).collect::<Vec<_>>()
    });
    let boxes = move || {
        let mut all = columns.get();
        for name in chosen.get() {
            if !all.contains(&name) {
                all.push(name);
            }
        }
        let one = |name: String| {
            let (own, tick) = (name.clone(), name.clone());
            view! {
                <label>
                    <input
                        type="checkbox"
                        prop:checked=move || chosen.with(|all| all.contains(&own))
                        on:change:target=move |event| {
                            let mut all = chosen.get_untracked();
                            all.retain(|known| *known != tick);
                            if event.target().checked() {
                                all.push(tick.clone());
                            }
                            value.set.run(all.join(", "));
                        }
                    />
                    <span>{name}</span>
                </label>
            }
        };
        all.into_iter().map(one).collect_view()
    };
    view! {
        <fieldset class="field radio">
            <legend>{label}</legend>
            <div class="radio-options">{boxes}</div>
        </fieldset>
    }
    .into_any()
}

/// For what has no field, for example `tableStyles`.
#[component]
fn Json(draft: RwSignal<Panel>) -> impl IntoView {
    let typed = RwSignal::new(None::<String>);
    let error = RwSignal::new(None::<String>);
    let value = Bound::new(
        move || {
            typed
                .get()
                .unwrap_or_else(|| draft.with(|draft| Options::of(draft).json()))
        },
        move |text: String| {
            match Options::from_json(&text) {
                Ok(options) => {
                    error.set(None);
                    draft.update(|draft| options.write(draft));
                }
                Err(words) => error.set(Some(words)),
            }
            typed.set(Some(text));
        },
    );
    view! { <TextArea label="Settings" value rows=10 mono=true error /> }.into_any()
}
