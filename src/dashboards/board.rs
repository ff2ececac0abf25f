//! A dashboard while it is looked at or edited: panels with their places, and what was changed
//! since it was saved.

use std::collections::BTreeMap;

use leptos::prelude::*;
use weir_api::timeplus::dashboard::{Dashboard, DashboardDef, Panel, Position};

use super::{
    layout,
    options::{Kind, Options},
    range,
    variables::{Value, Values},
};

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

/// Values of all variables at a moment.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Snapshot(pub BTreeMap<String, Value>);

impl Values for Snapshot {
    fn value(&self, name: &str) -> Option<Value> {
        self.0
            .get(name)
            .filter(|value| !value.text.is_empty() || value.trusted)
            .cloned()
    }
}

/// A panel that chooses the value of a variable.
#[derive(Debug, Clone, PartialEq)]
pub struct Control {
    pub label: String,
    pub target: String,
    pub default: String,
    /// Offered by the dashboard itself.
    pub inline: Vec<String>,
    pub typed: bool,
    /// Its first column is offered too.
    pub sql: Option<String>,
}

impl Control {
    pub fn of(panel: &Panel) -> Option<Self> {
        let kind = Kind::of(panel);
        let options = Options::of(panel);
        let target = options.text("target").trim().to_string();
        if !kind.is_control() || target.is_empty() {
            return None;
        }
        let inline = options.list("inlineValues");
        let inline = inline.iter().flat_map(|part| part.split(','));
        let inline: Vec<String> = inline
            .map(|value| value.trim().to_string())
            .filter(|value| !value.is_empty())
            .collect();
        let label = options
            .some("label")
            .or_else(|| Some(panel.title()).filter(|t| !t.is_empty()));
        let sql = Some(panel.viz_content())
            .filter(|sql| inline.is_empty() && !sql.trim().is_empty() && kind == Kind::Selector);
        Some(Self {
            label: label.unwrap_or_else(|| target.clone()),
            default: options.text("defaultValue"),
            target,
            inline,
            typed: kind == Kind::TextBox,
            sql,
        })
    }

    /// `chosen` comes from the page's address.
    pub fn value(&self, chosen: Option<&String>) -> Value {
        match chosen {
            Some(text) => Value {
                text: text.clone(),
                trusted: *text == self.default || self.inline.contains(text),
            },
            None => {
                let first = || self.inline.first().cloned().unwrap_or_default();
                let text = Some(self.default.clone()).filter(|text| !text.is_empty());
                let text = text.unwrap_or_else(first);
                Value {
                    // Nothing typed is a value, nothing chosen is none.
                    trusted: !text.is_empty() || self.typed,
                    text,
                }
            }
        }
    }
}

pub fn title(panel: &Panel) -> String {
    let title = panel.title();
    let kind = Kind::of(panel);
    match (title.trim().is_empty(), kind.is_control()) {
        (false, _) => title,
        (true, true) => Options::of(panel)
            .some("label")
            .unwrap_or_else(|| "Control".into()),
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

/// 96 random bits, enough for the panels of a dashboard.
pub fn new_id() -> String {
    let part = || {
        format!(
            "{:08x}",
            (js_sys::Math::random() * f64::from(u32::MAX)) as u32
        )
    };
    format!("{}{}{}", part(), part(), part())
}

/// A panel of this kind without anything configured.
pub fn blank(kind: Kind, sql: &str) -> Panel {
    let mut panel = Panel::default();
    panel.0.set("id", &new_id());
    panel.0.set("title", "");
    panel.0.set("description", "");
    panel.0.set("viz_type", kind.viz_type());
    panel.0.set(
        "viz_content",
        if kind == Kind::Note { "SELECT 1" } else { sql },
    );
    become_kind(&mut panel, kind);
    panel
}

/// Settings of the old kind stay: what the new one knows of them goes on to hold.
pub fn become_kind(panel: &mut Panel, kind: Kind) {
    let options = Options::of(panel);
    panel.0.set("viz_type", kind.viz_type());
    if kind == Kind::Note {
        let mut options = options;
        if options.text("mdString").is_empty() {
            options.set("mdString", &options.text("content"));
        }
        options.remove("chartType");
        panel.0.set("viz_config", &serde_json::Map::new());
        options.write(panel);
        return;
    }
    let mut config = panel.viz_config();
    config.set("chartType", kind.word());
    if config.raw("config").is_none() {
        config.set("config", &serde_json::Map::new());
    }
    panel.0.set("viz_config", &config);
}

#[cfg(test)]
mod tests {
    use super::*;

    fn control(kind: &str, config: &str, content: &str) -> Control {
        let text = format!(
            r#"{{"viz_type":"control","viz_content":"{content}","viz_config":{{"chartType":"{kind}","config":{config}}}}}"#
        );
        let panel: Panel = serde_json::from_str(&text).expect("a panel");
        Control::of(&panel).expect("a control")
    }

    #[test]
    fn only_what_the_dashboard_offers_is_trusted() {
        let offered = control(
            "selector",
            r#"{"target":"host","inlineValues":"a, b c","defaultValue":"b c"}"#,
            "",
        );
        assert_eq!(offered.inline, ["a", "b c"]);
        assert_eq!(offered.value(None).text, "b c");
        assert!(offered.value(Some(&"a".into())).trusted);
        assert!(!offered.value(Some(&"x".into())).trusted);
    }

    #[test]
    fn a_choice_needs_a_value_and_a_text_does_not() {
        let empty = control("selector", r#"{"target":"h"}"#, "select 1");
        assert_eq!(empty.sql.as_deref(), Some("select 1"));
        let values = Snapshot(BTreeMap::from([("h".into(), empty.value(None))]));
        assert_eq!(values.value("h"), None);
        let text = control("text", r#"{"target":"h"}"#, "");
        let values = Snapshot(BTreeMap::from([("h".into(), text.value(None))]));
        assert_eq!(
            values.value("h").map(|value| value.text).as_deref(),
            Some("")
        );
    }

    #[test]
    fn a_panel_of_another_kind_keeps_its_settings() {
        let text = r#"{"viz_type":"chart","viz_content":"select 1","viz_config":{"chartType":"line","config":{"color":"host","x":1.50}}}"#;
        let mut panel: Panel = serde_json::from_str(text).expect("a panel");
        become_kind(&mut panel, Kind::Area);
        let changed = serde_json::to_string(&panel).expect("text");
        assert_eq!(changed, text.replace("line", "area"));
        become_kind(&mut panel, Kind::Selector);
        assert_eq!(Kind::of(&panel), Kind::Selector);
        assert_eq!(Options::of(&panel).text("color"), "host");
    }
}
