//! `/v1beta2/dashboards`. Panels carry configuration that belongs to whoever draws them: keys this
//! console does not know stay as they are.

use serde::{Deserialize, Deserializer, Serialize};

use crate::{ApiError, ApiRequest, Owner, crud::Crud, object::Object};

pub const CRUD: Crud = Crud("/v1beta2/dashboards");

pub fn create(definition: &DashboardDef) -> Result<ApiRequest, ApiError> {
    ApiRequest::post(CRUD.0).json(definition)
}

/// Replaces everything.
pub fn update(id: &str, definition: &DashboardDef) -> Result<ApiRequest, ApiError> {
    ApiRequest::put(CRUD.path(id, "")).json(definition)
}

#[serde_with::skip_serializing_none]
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Dashboard {
    pub id: String,
    pub name: String,
    pub description: String,
    #[serde(deserialize_with = "list_or_null")]
    pub panels: Vec<Panel>,
    pub created_at: Option<String>,
    pub created_by: Option<Owner>,
    pub last_updated_at: Option<String>,
    pub last_updated_by: Option<Owner>,
    /// What else the server sent.
    #[serde(rename = "$beside", skip_serializing)]
    pub beside: Object,
}

/// What creates or replaces one; also what an export holds.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct DashboardDef {
    pub name: String,
    #[serde(default)]
    pub description: String,
    #[serde(default, deserialize_with = "list_or_null")]
    pub panels: Vec<Panel>,
    /// What else the server has, which would be lost otherwise.
    #[serde(flatten, skip_deserializing)]
    pub beside: Object,
}

impl From<Dashboard> for DashboardDef {
    fn from(dashboard: Dashboard) -> Self {
        Self {
            name: dashboard.name,
            description: dashboard.description,
            panels: dashboard.panels,
            beside: dashboard.beside,
        }
    }
}

/// Servers written in Go send `null` for an empty list.
fn list_or_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<Panel>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// `id`, `title`, `description`, `position`, `viz_type` (`chart`, `control`, `markdown`),
/// `viz_content` (SQL) and `viz_config`, and whatever else the server keeps.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Panel(pub Object);

/// Cells of a grid of 12 columns.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Position {
    pub x: u32,
    pub y: u32,
    pub w: u32,
    pub h: u32,
}

impl Panel {
    pub fn id(&self) -> String {
        self.0.text("id")
    }

    pub fn title(&self) -> String {
        self.0.text("title")
    }

    pub fn viz_type(&self) -> String {
        self.0.text("viz_type")
    }

    pub fn viz_content(&self) -> String {
        self.0.text("viz_content")
    }

    pub fn viz_config(&self) -> Object {
        self.0.object("viz_config")
    }

    /// What the panel runs; it may hold `{{variables}}`.
    pub fn sql(&self) -> Option<String> {
        let sql = Some(self.viz_content()).filter(|sql| !sql.trim().is_empty());
        sql.filter(|_| self.viz_type() == "chart")
    }

    /// `None` where there is none or not all of it.
    pub fn position(&self) -> Option<Position> {
        let position: Object = self.0.get("position")?;
        // Written by JavaScript: 3.0 is a whole number, too.
        let cell = |key: &str| {
            let number: f64 = position.get(key)?;
            (0.0..=1e6).contains(&number).then_some(number as u32)
        };
        Some(Position {
            x: cell("x")?,
            y: cell("y")?,
            w: cell("w")?,
            h: cell("h")?,
        })
    }

    /// Keys beside these four stay; `nextX` and `nextY` follow where they are kept.
    pub fn set_position(&mut self, to: Position) {
        if self.position() == Some(to) {
            return;
        }
        let mut position = self.0.object("position");
        for (key, value) in [("x", to.x), ("y", to.y), ("w", to.w), ("h", to.h)] {
            position.set(key, &value);
        }
        for (key, value) in [("nextX", to.x + to.w), ("nextY", to.y + to.h)] {
            if position.raw(key).is_some() {
                position.set(key, &value);
            }
        }
        self.0.set("position", &position);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SENT: &str = r#"{"name":"d","description":"","panels":[{"id":"a","position":{"x":0,"y":1.0,"w":6,"h":2,"nextX":6,"nextY":3,"static":false},"viz_type":"chart","viz_content":"select 1","viz_config":{"chartType":"line","config":{"threshold":0.10,"future":[1e30]}},"owner":null}]}"#;

    #[test]
    fn a_dashboard_goes_back_as_it_came() {
        let definition: DashboardDef = serde_json::from_str(SENT).expect("a dashboard");
        assert_eq!(serde_json::to_string(&definition).expect("text"), SENT);
        let none: Dashboard = serde_json::from_str(r#"{"id":"1","panels":null}"#).expect("none");
        assert!(none.panels.is_empty());
    }

    #[test]
    fn moving_a_panel_changes_its_place_alone() {
        let definition: DashboardDef = serde_json::from_str(SENT).expect("a dashboard");
        let mut panel = definition.panels[0].clone();
        let place = panel.position().expect("a place");
        assert_eq!((place.y, place.w), (1, 6));
        panel.set_position(place);
        assert_eq!(panel, definition.panels[0]);
        panel.set_position(Position { x: 3, ..place });
        let moved = r#"{"x":3,"y":1,"w":6,"h":2,"nextX":9,"nextY":3,"static":false}"#;
        assert_eq!(panel.0.raw("position"), Some(moved));
        assert_eq!(panel.viz_config(), definition.panels[0].viz_config());
    }

    #[test]
    fn only_charts_run_something() {
        let panel = |kind: &str| {
            let text = format!(r#"{{"viz_type":"{kind}","viz_content":"SELECT 1"}}"#);
            serde_json::from_str::<Panel>(&text).expect("a panel")
        };
        assert_eq!(panel("chart").sql().as_deref(), Some("SELECT 1"));
        assert_eq!(
            (panel("markdown").sql(), panel("control").sql()),
            (None, None)
        );
    }
}
