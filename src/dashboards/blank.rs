//! New panels, and panels that become another kind.

use weir_api::timeplus::dashboard::Panel;

use super::{kind::Kind, options::Options};

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
