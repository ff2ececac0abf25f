//! A dashboard while it is looked at or edited: panels with their places, and what was changed
//! since it was saved.

use std::collections::BTreeMap;

use leptos::prelude::*;
use weir_api::timeplus::dashboard::{Dashboard, DashboardDef, Panel, Position};

use super::{
    blank::new_id,
    control::{Control, Snapshot},
    kind::Kind,
    layout,
    options::Options,
    range,
    variables::Value,
};
use crate::text::visible;

/// A panel on the page. `key` is the page's own: ids may be missing or twice there.
#[derive(Clone, Copy, PartialEq)]
pub struct Item {
    pub key: u32,
    pub panel: RwSignal<Panel>,
    pub at: RwSignal<Position>,
}

#[derive(Clone, Copy)]
pub struct Board {
    pub items: RwSignal<Vec<Item>>,
    pub name: RwSignal<String>,
    pub description: RwSignal<String>,
    /// As the server has it.
    pub saved: RwSignal<Dashboard>,
    pub editing: RwSignal<bool>,
    /// Values of controls as in the page's address; others have their defaults.
    pub chosen: RwSignal<BTreeMap<String, String>>,
    /// One of [`range::ALL`]; empty: as each panel says.
    pub range: RwSignal<String>,
    /// What a screen reader is told.
    pub spoken: RwSignal<String>,
    /// The page: a panel's signals live as long as it, whoever made the panel.
    owner: StoredValue<Owner>,
    next: StoredValue<u32>,
}

impl Board {
    pub fn new(dashboard: Dashboard) -> Self {
        let board = Self {
            items: RwSignal::new(Vec::new()),
            name: RwSignal::new(String::new()),
            description: RwSignal::new(String::new()),
            saved: RwSignal::new(Dashboard::default()),
            editing: RwSignal::new(false),
            chosen: RwSignal::new(BTreeMap::new()),
            range: RwSignal::new(String::new()),
            spoken: RwSignal::new(String::new()),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
            next: StoredValue::new(0),
        };
        board.reset(dashboard);
        board
    }

    /// Shows what the server has.
    pub fn reset(self, dashboard: Dashboard) {
        self.name.set(dashboard.name.clone());
        self.description.set(dashboard.description.clone());
        self.fill(dashboard.panels.clone());
        self.saved.set(dashboard);
    }

    /// Other panels instead of those there are.
    pub fn fill(self, panels: Vec<Panel>) {
        let places = layout::of(&panels);
        let order = layout::order(&places);
        let items = order
            .into_iter()
            .map(|index| self.item(panels[index].clone(), places[index]));
        self.items.set(items.collect());
    }

    fn item(self, panel: Panel, at: Position) -> Item {
        let key = self.next.get_value();
        self.next.set_value(key + 1);
        self.owner.with_value(|owner| {
            owner.with(|| Item {
                key,
                panel: RwSignal::new(panel),
                at: RwSignal::new(at),
            })
        })
    }

    /// What would be saved now.
    pub fn definition(self) -> DashboardDef {
        let panels = self.items.get().into_iter().map(|item| {
            let mut panel = item.panel.get();
            panel.set_position(item.at.get());
            panel
        });
        DashboardDef {
            name: self.name.get().trim().into(),
            description: self.description.get(),
            panels: panels.collect(),
            beside: self.saved.with(|saved| saved.beside.clone()),
        }
    }

    /// Whether there is something to save. The order of panels in the list means nothing.
    pub fn dirty(self) -> bool {
        let now = self.definition();
        self.saved.with(|saved| {
            // Places found for panels that had none are no change of the person's.
            let places = layout::of(&saved.panels);
            let same = |panel: &Panel| {
                saved.panels.iter().zip(&places).any(|(before, at)| {
                    let mut before = before.clone();
                    before.set_position(*at);
                    before == *panel
                })
            };
            now.name != saved.name
                || now.description != saved.description
                || now.panels.len() != saved.panels.len()
                || !now.panels.iter().all(same)
        })
    }

    pub fn places(self) -> Vec<Position> {
        self.items
            .with_untracked(|items| items.iter().map(|item| item.at.get_untracked()).collect())
    }

    pub fn set_places(self, places: &[Position]) {
        self.items.with_untracked(|items| {
            for (item, at) in items.iter().zip(places) {
                if item.at.get_untracked() != *at {
                    item.at.set(*at);
                }
            }
        });
    }

    pub fn index(self, key: u32) -> Option<usize> {
        self.items
            .with_untracked(|items| items.iter().position(|item| item.key == key))
    }

    /// In the first room there is for it.
    pub fn add(self, panel: Panel, size: Position) -> Item {
        let at = layout::free(&self.places(), size.w, size.h);
        let item = self.item(panel, at);
        self.items.update(|items| items.push(item));
        self.spoken.set(format!(
            "{} added, {}",
            title(&item.panel.get_untracked()),
            words(at)
        ));
        item
    }

    pub fn duplicate(self, key: u32) {
        let Some(item) = self.find(key) else { return };
        let mut panel = item.panel.get_untracked();
        panel.0.set("id", &new_id());
        let title = panel.title();
        if !title.is_empty() {
            panel.0.set("title", &format!("{title} (copy)"));
        }
        self.add(panel, item.at.get_untracked());
    }

    fn find(self, key: u32) -> Option<Item> {
        self.items
            .with_untracked(|items| items.iter().find(|item| item.key == key).copied())
    }

    /// What brings the panel back: it, and where everything was.
    pub fn remove(self, key: u32) -> Option<(Item, Vec<(u32, Position)>)> {
        let item = self.find(key)?;
        let before = self.items.with_untracked(|items| {
            items
                .iter()
                .map(|item| (item.key, item.at.get_untracked()))
                .collect()
        });
        self.items
            .update(|items| items.retain(|item| item.key != key));
        self.set_places(&layout::compact(&self.places(), None));
        self.spoken
            .set(format!("{} deleted", title(&item.panel.get_untracked())));
        Some((item, before))
    }

    pub fn restore(self, (item, before): (Item, Vec<(u32, Position)>)) {
        self.items.update(|items| items.push(item));
        let mut places = self.places();
        self.items.with_untracked(|items| {
            for (item, place) in items.iter().zip(&mut places) {
                if let Some((_, at)) = before.iter().find(|(key, _)| *key == item.key) {
                    *place = *at;
                }
            }
        });
        // Something may have been moved meanwhile.
        let panels: Vec<Panel> = places
            .iter()
            .map(|at| {
                let mut panel = Panel::default();
                panel.set_position(*at);
                panel
            })
            .collect();
        self.set_places(&layout::of(&panels));
    }

    /// Controls and what they offer.
    pub fn values(self) -> Snapshot {
        let chosen = self.chosen.get();
        let mut values = BTreeMap::new();
        for item in self.items.get() {
            item.panel.with(|panel| {
                if let Some(control) = Control::of(panel) {
                    let value = control.value(chosen.get(&control.target));
                    values.insert(control.target, value);
                }
            });
        }
        let range = self.range.get();
        values.entry(range::NAME.into()).or_insert(Value {
            text: range::duration(&range).into(),
            trusted: true,
        });
        Snapshot(values)
    }
}

/// As it is shown: with marks for what cannot be seen.
pub fn title(panel: &Panel) -> String {
    let title = visible(&panel.title()).into_owned();
    let kind = Kind::of(panel);
    match (title.trim().is_empty(), kind.is_control()) {
        (false, _) => title,
        (true, true) => Options::of(panel)
            .some("label")
            .map_or_else(|| "Control".into(), |label| visible(&label).into_owned()),
        (true, false) => format!("{} panel", kind.label()),
    }
}

pub fn words(at: Position) -> String {
    format!(
        "column {}, row {}, {} wide, {} high",
        at.x + 1,
        at.y + 1,
        at.w,
        at.h
    )
}
