//! A chart of the rows held, built by choosing fields; drawn as a panel of a dashboard is.

use leptos::prelude::*;
use weir_live::{Aggregate, Ring};

use super::chart_choice::ChartChoice;
use crate::{
    dashboards::{
        add::AddToDashboard,
        kind::Kind,
        panel::{Stage, drawn},
        plot::{self, ROW},
        png, settings,
    },
    live::Session,
    ui::{Button, ButtonKind, Empty, Icon, IconName, Picture, use_toasts},
};

#[derive(Clone, Default, PartialEq)]
struct Columns {
    times: Vec<String>,
    numbers: Vec<String>,
    others: Vec<String>,
}

impl Columns {
    fn of(ring: &Ring) -> Self {
        let mut columns = Self::default();
        for column in ring.columns() {
            let list = if column.data_type.is_time() {
                &mut columns.times
            } else if column.data_type.is_numeric() {
                &mut columns.numbers
            } else {
                &mut columns.others
            };
            list.push(column.name.clone());
        }
        columns
    }

    fn is_empty(&self) -> bool {
        self.times.is_empty() && self.numbers.is_empty() && self.others.is_empty()
    }

    fn joined(lists: [&[String]; 3]) -> Vec<String> {
        lists.concat()
    }
}

/// The columns that are drawn, chosen or guessed.
#[derive(Clone, Default, PartialEq)]
struct Taken {
    x: String,
    y: Vec<String>,
    group: String,
}

#[component]
pub fn ChartPanel(session: Session, choice: RwSignal<ChartChoice>) -> impl IntoView {
    let columns = Memo::new(move |_| {
        session.header.track();
        session.read(|core| Columns::of(core.rows.shown()))
    });
    let taken = Memo::new(move |_| {
        columns.track();
        let choice = choice.get();
        session.read(|core| {
            let ring = core.rows.shown();
            let name = |index: usize| ring.columns()[index].name.clone();
            let fields = plot::Fields::of(choice.kind, &choice.options, ring);
            Taken {
                x: fields.x.map_or_else(|| ROW.into(), name),
                y: fields.y.into_iter().map(name).collect(),
                group: fields.group.map(name).unwrap_or_default(),
            }
        })
    });
    let kind = Memo::new(move |_| choice.with(|choice| choice.kind));
    let title = Memo::new(move |_| {
        columns.track();
        choice.with(|choice| session.read(|core| choice.words(core.rows.shown())))
    });
    let stage = Stage {
        session,
        options: Memo::new(move |_| choice.with(|choice| choice.options.clone())),
        span: Signal::stored(None),
        title: title.into(),
        picture: Picture::new(),
    };
    let counted = move || choice.with(|choice| choice.options.aggregate() == Aggregate::Count);
    let unticked = Memo::new(move |_| !counted() && taken.with(|taken| taken.y.is_empty()));
    let nothing = Memo::new(move |_| {
        let counted = counted();
        columns.with(|all| all.is_empty() || all.numbers.is_empty() && !counted)
    });
    let no_rows = Memo::new(move |_| {
        let facts = session.facts.read();
        (facts.shown == 0).then_some(match facts.matching {
            Some(_) => "No rows match the filter.",
            None => "No rows to draw.",
        })
    });
    let can_count = Memo::new(move |_| columns.with(|all| !all.is_empty()));
    let panel = move |()| {
        let sql = session.sql.get_untracked();
        choice.with_untracked(|choice| session.read(|core| choice.panel(core.rows.shown(), &sql)))
    };
    let toasts = use_toasts();
    let save = move || png::save(stage.picture, title.get_untracked(), toasts);
    let count = move || {
        choice.update(|choice| {
            choice.become_kind(Kind::Column);
            choice.choose("aggregate", "count");
        });
    };
    view! {
        <div class="chart-panel">
            <Show when=move || nothing.get()>
                <Empty
                    title="Nothing to chart"
                    hint="Run a query that has a numeric column; a time column becomes the X axis."
                />
                <Show when=move || can_count.get()>
                    <p class="chart-count"><Button on_click=count>"Count rows instead"</Button></p>
                </Show>
            </Show>
            <Show when=move || !nothing.get()>
                <div class="chart-bar">
                    <Fieldset columns taken choice />
                    <div class="chart-tools">
                        <Button kind=ButtonKind::Quiet on_click=save>
                            <Icon name=IconName::Download /> "Save as PNG"
                        </Button>
                        <AddToDashboard panel=Callback::new(panel) />
                    </div>
                </div>
                {move || no_rows.get().map(|words| view! { <p class="chart-count" role="status">{words}</p> })}
                {move || match unticked.get() {
                    true => view! { <p class="chart-count">"Choose a column beside Y."</p> }.into_any(),
                    false => view! { <div class="chart-stage">{move || drawn(stage, kind.get())}</div> }.into_any(),
                }}
            </Show>
        </div>
    }
    .into_any()
}

/// Value and words, the chosen one, and what to do with another.
fn pick(
    label: &'static str,
    options: impl Fn() -> Vec<(String, String)> + Send + 'static,
    chosen: impl Fn() -> String + Copy + Send + 'static,
    choose: impl Fn(String) + 'static,
) -> AnyView {
    let options = move || {
        let now = chosen();
        options()
            .into_iter()
            .map(|(value, words)| {
                view! { <option selected=value == now value=value>{words}</option> }
            })
            .collect_view()
    };
    view! {
        <label>
            {label} " "
            <select
                class="input"
                aria-label=label
                on:change=move |event| choose(event_target_value(&event))
            >
                {options}
            </select>
        </label>
    }
    .into_any()
}

#[component]
fn Fieldset(
    columns: Memo<Columns>,
    taken: Memo<Taken>,
    choice: RwSignal<ChartChoice>,
) -> impl IntoView {
    let kind = Memo::new(move |_| choice.with(|choice| choice.kind));
    let same = |names: Vec<String>| names.into_iter().map(|name| (name.clone(), name));
    let kinds = || {
        let all = Kind::DRAWN.into_iter();
        all.map(|kind| (kind.word().into(), kind.label().into()))
            .collect()
    };
    let axes = move || {
        let Columns {
            times,
            numbers,
            others,
        } = columns.get();
        let (names, rows) = match kind.get() {
            Kind::Bar | Kind::Column => (Columns::joined([&others, &times, &numbers]), true),
            Kind::Scatter => (Columns::joined([&numbers, &times, &[]]), false),
            _ => (Columns::joined([&times, &numbers, &[]]), true),
        };
        let row = rows.then(|| (ROW.to_string(), "Row number".to_string()));
        same(names).chain(row).collect()
    };
    let groups = move || {
        let all = columns.get();
        let names = Columns::joined([&all.others, &all.numbers, &[]]);
        let none = std::iter::once((String::new(), "None".to_string()));
        none.chain(same(names)).collect()
    };
    let aggregates = || {
        let all = settings::AGGREGATES.iter();
        all.map(|(value, words)| (value.to_string(), words.to_string()))
            .collect()
    };
    let values = move || {
        let all = columns.get();
        let counted = choice.with(|choice| choice.options.aggregate() == Aggregate::Count);
        let single = kind.get() == Kind::SingleValue;
        let more = if counted || single {
            [all.times.as_slice(), &all.others].concat()
        } else {
            Vec::new()
        };
        [all.numbers, more].concat()
    };
    let draws = move |wanted: fn(Kind) -> bool| wanted(kind.get());
    let has_axes = move || draws(|kind| kind != Kind::SingleValue);
    let gathers = move || draws(|kind| kind != Kind::Scatter);
    view! {
        <div class="chart-fields">
            {pick(
                "Chart",
                kinds,
                move || kind.get().word().into(),
                move |word| choice.update(|choice| choice.become_kind(Kind::from_word(&word))),
            )}
            <Show when=has_axes>
                {pick(
                    "X",
                    axes,
                    move || taken.with(|taken| taken.x.clone()),
                    move |name| choice.update(|choice| choice.choose("xAxis", &name)),
                )}
                {pick(
                    "Series by",
                    groups,
                    move || taken.with(|taken| taken.group.clone()),
                    move |name| choice.update(|choice| choice.choose("color", &name)),
                )}
            </Show>
            <Show when=gathers>
                {pick(
                    "Values",
                    aggregates,
                    move || choice.with(|choice| choice.options.text("aggregate")),
                    move |word| choice.update(|choice| choice.choose("aggregate", &word)),
                )}
            </Show>
            <Show
                when=has_axes
                fallback=move || pick(
                    "Value",
                    move || same(values()).collect(),
                    move || taken.with(|taken| taken.y.first().cloned().unwrap_or_default()),
                    move |name| choice.update(|choice| choice.choose("value", &name)),
                )
            >
                <fieldset>
                    <legend>"Y"</legend>
                    {move || values().into_iter().map(|name| {
                        let own = name.clone();
                        view! {
                            <label class="chart-y">
                                <input
                                    type="checkbox"
                                    prop:checked=move || taken.with(|taken| taken.y.contains(&own))
                                    on:change:target={
                                        let name = name.clone();
                                        move |event| {
                                            let mut all = taken.with_untracked(|taken| taken.y.clone());
                                            all.retain(|known| *known != name);
                                            if event.target().checked() {
                                                all.push(name.clone());
                                            }
                                            choice.update(|choice| choice.choose_all("yAxis", &all));
                                        }
                                    }
                                />
                                {name}
                            </label>
                        }
                    }).collect_view()}
                </fieldset>
            </Show>
        </div>
    }
    .into_any()
}
