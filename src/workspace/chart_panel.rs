//! Lines of numeric columns over time or row number, from the rows held.

use leptos::prelude::*;
use weir_api::timeplus::dashboard::Panel;
use weir_live::{ChartSpec, Ring, X, chart};

use crate::{
    dashboards::{
        add::AddToDashboard,
        board,
        options::{Kind, Options},
    },
    live::{Session, frame::clock, pace::Pace},
    ui::{Chart, Empty, Lines, number},
};

/// More points than pixels only cost time.
const POINTS: usize = 1_000;
const MOST_LINES: usize = 24;
/// Columns drawn before the person chooses.
const FIRST: usize = 3;

#[derive(Clone, Default, PartialEq)]
struct Fields {
    /// Name and whether it is a time.
    axes: Vec<(usize, String, bool)>,
    numbers: Vec<(usize, String)>,
    groups: Vec<(usize, String)>,
}

impl Fields {
    fn of(ring: &Ring) -> Self {
        let mut fields = Self::default();
        for (index, column) in ring.columns().iter().enumerate() {
            let named = (index, column.name.clone());
            if column.data_type.is_time() {
                fields.axes.push((index, column.name.clone(), true));
            } else if column.data_type.is_numeric() {
                fields.numbers.push(named);
            } else {
                fields.groups.push(named);
            }
        }
        fields
    }

    /// The window's start or the event time before other times.
    fn usual_axis(&self) -> Option<usize> {
        let named = |name: &str| self.axes.iter().find(|(_, axis, _)| axis == name);
        let usual = ["window_end", "window_start", "_tp_time"];
        let found = usual.into_iter().find_map(named).or(self.axes.first());
        found.map(|(index, ..)| *index)
    }
}

#[derive(Clone, Default, PartialEq)]
struct Choice {
    x: Option<usize>,
    y: Vec<usize>,
    group: Option<usize>,
}

#[component]
pub fn ChartPanel(session: Session) -> impl IntoView {
    let fields = Memo::new(move |_| {
        session.header.track();
        session.read(|core| Fields::of(core.rows.shown()))
    });
    let choice = RwSignal::new(Choice::default());
    Effect::new(move || {
        let fields = fields.get();
        choice.set(Choice {
            x: fields.usual_axis(),
            y: fields
                .numbers
                .iter()
                .take(FIRST)
                .map(|(index, _)| *index)
                .collect(),
            group: None,
        });
    });
    let left_out = RwSignal::new(0u64);
    let pace = Pace::new();
    let lines = move |()| {
        session.facts.track();
        pace.again.track();
        let choice = choice.get();
        if !pace.ready() {
            return None;
        }
        let since = clock();
        let (lines, left) = session.read(|core| draw(core.rows.shown(), &choice));
        pace.took(since);
        if left_out.get_untracked() != left {
            left_out.set(left);
        }
        Some(lines)
    };
    let nothing = Memo::new(move |_| fields.with(|fields| fields.numbers.is_empty()));
    let label = Signal::derive(move || {
        let names: Vec<String> = fields.with(|fields| {
            let chosen = choice.get().y;
            let drawn = fields
                .numbers
                .iter()
                .filter(|(index, _)| chosen.contains(index));
            drawn.map(|(_, name)| name.clone()).collect()
        });
        format!("Chart of {}", names.join(", "))
    });
    let panel = move |()| {
        let (choice, sql) = (choice.get_untracked(), session.sql.get_untracked());
        session.read(|core| as_panel(core.rows.shown(), &choice, &sql))
    };
    view! {
        <div class="chart-panel">
            <Show when=move || nothing.get()>
                <Empty
                    title="There is nothing to draw"
                    hint="Run a query that has a numeric column; a time column makes the axis."
                />
            </Show>
            <Show when=move || !nothing.get()>
                <div class="chart-bar">
                    <Fieldset fields choice />
                    <AddToDashboard panel=Callback::new(panel) />
                </div>
                <Chart label lines=Callback::new(lines) />
                <Show when=move || { left_out.get() > 0 }>
                    <p class="chart-note">
                        {move || format!("{} of further groups are not drawn.", number::plural(left_out.get(), "row", "rows"))}
                    </p>
                </Show>
            </Show>
        </div>
    }
    .into_any()
}

#[component]
fn Fieldset(fields: Memo<Fields>, choice: RwSignal<Choice>) -> impl IntoView {
    let pick = |event: web_sys::Event| event_target_value(&event).parse::<usize>().ok();
    let options = |all: Vec<(usize, String)>, chosen: Option<usize>| {
        all.into_iter()
            .map(|(index, name)| {
                view! { <option value=index.to_string() selected=chosen == Some(index)>{name}</option> }
            })
            .collect_view()
    };
    view! {
        <div class="chart-fields">
            <label>
                "X "
                <select class="input" on:change=move |event| choice.update(|choice| choice.x = pick(event))>
                    {move || {
                        let axes = fields.get().axes.into_iter().map(|(index, name, _)| (index, name));
                        options(axes.collect(), choice.get().x)
                    }}
                    <option value="" selected=move || choice.get().x.is_none()>"Row number"</option>
                </select>
            </label>
            <label>
                "Series by "
                <select class="input" on:change=move |event| choice.update(|choice| choice.group = pick(event))>
                    <option value="" selected=move || choice.get().group.is_none()>"None"</option>
                    {move || options(fields.get().groups, choice.get().group)}
                </select>
            </label>
            <fieldset>
                <legend>"Y"</legend>
                {move || fields.get().numbers.into_iter().map(|(index, name)| view! {
                    <label class="chart-y">
                        <input
                            type="checkbox"
                            prop:checked=move || choice.get().y.contains(&index)
                            on:change:target=move |event| {
                                let on = event.target().checked();
                                choice.update(|choice| {
                                    choice.y.retain(|column| *column != index);
                                    if on {
                                        choice.y.push(index);
                                        choice.y.sort_unstable();
                                    }
                                });
                            }
                        />
                        {name}
                    </label>
                }).collect_view()}
            </fieldset>
        </div>
    }
    .into_any()
}

/// The same chart on a dashboard.
fn as_panel(ring: &Ring, choice: &Choice, sql: &str) -> Panel {
    let mut panel = board::blank(Kind::Line, sql);
    let mut options = Options::of(&panel);
    let name = |index: &usize| ring.columns().get(*index).map(|column| column.name.clone());
    if let Some(x) = choice.x.as_ref().and_then(name) {
        options.set("xAxis", &x);
    }
    match choice
        .y
        .iter()
        .filter_map(name)
        .collect::<Vec<_>>()
        .as_slice()
    {
        [one] => options.set("yAxis", one),
        all => options.set("yAxis", all),
    }
    if let Some(group) = choice.group.as_ref().and_then(name) {
        options.set("color", &group);
    }
    options.write(&mut panel);
    panel
}

fn draw(ring: &Ring, choice: &Choice) -> (Lines, u64) {
    let spec = ChartSpec {
        x: choice.x.map_or(X::Row, X::Column),
        y: choice.y.clone(),
        group: choice.group,
        points: POINTS,
        lines: MOST_LINES,
    };
    let drawn = chart(ring, ring.first()..ring.end(), &spec);
    let time = choice.x.is_some();
    let scale = if time { 1e-3 } else { 1.0 };
    let name = |column: usize, group: &str| {
        let name = ring.columns().get(column).map_or("", |column| &column.name);
        match (choice.group, choice.y.len()) {
            (None, _) => name.to_string(),
            (Some(_), 1) => group.to_string(),
            (Some(_), _) => format!("{name} {group}"),
        }
    };
    let mut lines = Lines {
        time,
        ..Lines::default()
    };
    // Where a point stands for many rows, low and high are drawn beside each other, so that no
    // spike is lost.
    let half = match drawn.x.as_slice() {
        [first, second, ..] => (second - first) / 2.0,
        _ => 0.0,
    };
    for x in &drawn.x {
        lines.x.push(x * scale);
        if drawn.gathered {
            lines.x.push((x + half) * scale);
        }
    }
    let finite = |value: f64| if value.is_finite() { value } else { f64::NAN };
    for line in &drawn.lines {
        let y = if drawn.gathered {
            let both = line.min.iter().zip(&line.max);
            both.flat_map(|(min, max)| [finite(*min), finite(*max)])
                .collect()
        } else {
            line.last.clone()
        };
        lines.series.push((name(line.column, &line.group), y));
    }
    (lines, drawn.left_out)
}
