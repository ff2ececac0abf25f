//! Over the grid: search in what is held, the rules in force, columns and looks.

use leptos::prelude::*;

use super::{arrange::Arrangement, look_menu::LookMenu, rule_dialog::Wanted, session::Session};
use crate::{
    text::visible,
    ui::{Button, ButtonKind, Icon, IconName, Menu, number},
};

#[component]
pub fn FilterBar(session: Session, wanted: RwSignal<Option<Wanted>>) -> impl IntoView {
    let arrangement = session.arrangement;
    let search = Memo::new(move |_| arrangement.with(|all| all.search.clone()));
    view! {
        <div class="filter-row" role="search" aria-label="Loaded rows">
            <input
                class="input search"
                type="search"
                aria-label="Search loaded rows"
                placeholder="Search loaded rows"
                autocomplete="off"
                spellcheck="false"
                prop:value=search
                on:input:target=move |event| {
                    let text = event.target().value();
                    arrangement.update(|all| all.search = text);
                }
            />
            <Button kind=ButtonKind::Quiet on_click=move || wanted.set(Some(Wanted::Filter(Default::default())))>
                "Add filter"
            </Button>
            <Button kind=ButtonKind::Quiet on_click=move || wanted.set(Some(Wanted::Highlight(Default::default())))>
                "Highlight"
            </Button>
            <ColumnsMenu session />
            <LookMenu session />
            <Chips session />
            <Tally session />
        </div>
    }
    .into_any()
}

/// How many rows meet the filter; said politely, not with every row.
#[component]
fn Tally(session: Session) -> impl IntoView {
    let words = Memo::new(move |_| {
        session.facts.with(|facts| {
            let matching = facts.matching?;
            let more = if facts.filtering { " so far" } else { "" };
            let held = number::plural(facts.shown, "row", "rows");
            Some(format!("{} of {held} match{more}", number::count(matching)))
        })
    });
    view! { <span class="filter-tally tabular" data-live="matching">{move || words.get()}</span> }
}

/// The rules in force, each with a way to be rid of it.
#[component]
fn Chips(session: Session) -> impl IntoView {
    let arrangement = session.arrangement;
    let idle = Memo::new(move |_| {
        session.facts.track();
        session.read(|core| core.applied.idle_rules().to_vec())
    });
    let chip = |words: String, class: String, note: Option<&'static str>, remove: Callback<()>| {
        let label = format!("Remove {words}");
        view! {
            <li class=format!("chip {class}") title=note>
                <span>{words} {note.map(|note| format!(" ({note})"))}</span>
                <button type="button" aria-label=label on:click=move |_| remove.run(())>
                    <Icon name=IconName::Close />
                </button>
            </li>
        }
    };
    let chips = move || {
        let all = arrangement.get();
        let idle = idle.get();
        let change = move |change: fn(&mut Arrangement, usize), at: usize| {
            Callback::new(move |()| arrangement.update(|all| change(all, at)))
        };
        let rules = all.rules.iter().enumerate().map(|(at, rule)| {
            let note = idle.iter().find(|(idle, _)| *idle == at);
            let note = note.map(|(_, reason)| *reason);
            let remove = change(
                |all, at| {
                    all.rules.remove(at);
                },
                at,
            );
            chip(rule.words(), String::new(), note, remove)
        });
        let marks = all.marks.iter().enumerate().map(|(at, mark)| {
            let remove = change(
                |all, at| {
                    all.marks.remove(at);
                },
                at,
            );
            let words = format!("Highlight {}", mark.rule.words());
            chip(words, format!("mark-{}", mark.colour), None, remove)
        });
        let sort = all.sort.iter().map(|sort| {
            let way = if sort.descending {
                "descending"
            } else {
                "ascending"
            };
            let words = format!("Sorted by {}, {way}", visible(&sort.column));
            chip(
                words,
                String::new(),
                None,
                change(|all, _| all.sort = None, 0),
            )
        });
        rules.chain(marks).chain(sort).collect_view()
    };
    let some = Memo::new(move |_| {
        arrangement.with(|all| !all.rules.is_empty() || !all.marks.is_empty() || all.sort.is_some())
    });
    view! {
        <Show when=move || some.get()>
            <ul class="chips" aria-label="Active filters">{chips}</ul>
            <Button
                kind=ButtonKind::Quiet
                on_click=move || arrangement.update(|all| {
                    all.search.clear();
                    all.rules.clear();
                    all.marks.clear();
                    all.sort = None;
                })
            >
                "Clear all"
            </Button>
        </Show>
    }
}

#[component]
fn ColumnsMenu(session: Session) -> impl IntoView {
    let arrangement = session.arrangement;
    let names = Memo::new(move |_| {
        session.header.track();
        session.read(|core| {
            let columns = core.rows.shown().columns().iter();
            columns
                .map(|column| column.name.clone())
                .collect::<Vec<_>>()
        })
    });
    let items = move || {
        let all = names.get();
        if all.is_empty() {
            return view! { <p>"No columns yet."</p> }.into_any();
        }
        all.into_iter()
            .map(|name| {
                let (shown, checked) = (name.clone(), name.clone());
                view! {
                    <label class="menu-check">
                        <input
                            type="checkbox"
                            prop:checked=move || arrangement.with(|all| !all.columns.is_hidden(&checked))
                            on:change:target=move |event| {
                                let on = event.target().checked();
                                arrangement.update(|all| {
                                    if on { all.columns.show(&shown) } else { all.columns.hide(&shown) }
                                });
                            }
                        />
                        " " {visible(&name).into_owned()}
                    </label>
                }
            })
            .collect_view()
            .into_any()
    };
    let hidden = Memo::new(move |_| {
        arrangement.with(|all| {
            let hidden = |name: &&String| all.columns.is_hidden(name);
            names.with(|names| (names.iter().filter(hidden).count(), names.len()))
        })
    });
    let face = Signal::derive(move || match hidden.get() {
        (0, _) => "Columns".to_string(),
        (hidden, all) if hidden == all => "Columns (all hidden)".into(),
        (hidden, _) => format!("Columns ({hidden} hidden)"),
    });
    view! {
        <Menu label=face face=move || face.into_any()>
            <div class="columns-menu" on:click=|event| event.stop_propagation()>
                {items}
                <Button kind=ButtonKind::Quiet on_click=move || arrangement.update(|all| all.columns = Default::default())>
                    "Show all columns as sent"
                </Button>
            </div>
        </Menu>
    }
}
