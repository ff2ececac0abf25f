//! A panel's configuration. Only the keys named here are read and written; all others stay.

use serde::Serialize;
use weir_api::{object::Object, timeplus::dashboard::Panel};
use weir_live::Aggregate;

/// The object that holds a panel's settings: `viz_config.config`, in older dashboards `viz_config`
/// itself.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Options(Object);

const NESTED: &str = "config";

impl Options {
    pub fn of(panel: &Panel) -> Self {
        let config = panel.viz_config();
        Self(config.get(NESTED).unwrap_or(config))
    }

    /// Puts them back where they were found; a new panel nests them.
    pub fn write(&self, panel: &mut Panel) {
        let mut config = panel.viz_config();
        let flat = config.get::<Object>(NESTED).is_none()
            && (panel.viz_type() == "markdown" || config.keys().any(|key| key != "chartType"));
        if flat {
            panel.0.set("viz_config", &self.0);
        } else {
            config.set(NESTED, &self.0);
            panel.0.set("viz_config", &config);
        }
    }

    /// The last object of a path like `unit.value` and its last key.
    fn find(&self, path: &str) -> (Object, String) {
        let mut object = self.0.clone();
        let mut parts = path.split('.').peekable();
        while let Some(part) = parts.next() {
            if parts.peek().is_none() {
                return (object, part.into());
            }
            object = object.object(part);
        }
        (object, String::new())
    }

    pub fn raw(&self, path: &str) -> Option<String> {
        let (object, key) = self.find(path);
        object.raw(&key).map(String::from)
    }

    /// Text, or a number or truth value as text.
    pub fn text(&self, path: &str) -> String {
        let Some(raw) = self.raw(path) else {
            return String::new();
        };
        match raw.as_bytes().first() {
            Some(b'"') => serde_json::from_str(&raw).unwrap_or_default(),
            Some(b'{' | b'[') | None => String::new(),
            Some(_) if raw == "null" => String::new(),
            Some(_) => raw,
        }
    }

    /// Not empty.
    pub fn some(&self, path: &str) -> Option<String> {
        Some(self.text(path)).filter(|text| !text.trim().is_empty())
    }

    /// Also of a number written as text; never infinite.
    pub fn number(&self, path: &str) -> Option<f64> {
        let number = self.text(path).trim().parse::<f64>().ok()?;
        number.is_finite().then_some(number)
    }

    /// How several rows at one place become one value; of this console's own.
    pub fn aggregate(&self) -> Aggregate {
        match self.text("aggregate").as_str() {
            "sum" => Aggregate::Sum,
            "avg" => Aggregate::Average,
            "min" => Aggregate::Least,
            "max" => Aggregate::Greatest,
            "count" => Aggregate::Count,
            _ => Aggregate::Newest,
        }
    }

    pub fn digits(&self) -> Option<usize> {
        let digits = self.number("fractionDigits")?;
        (0.0..=20.0).contains(&digits).then_some(digits as usize)
    }

    pub fn flag(&self, path: &str, usual: bool) -> bool {
        match self.text(path).as_str() {
            "true" => true,
            "false" | "none" | "off" => false,
            "" => usual,
            _ => true,
        }
    }

    /// An array of texts, or the one text there is.
    pub fn list(&self, path: &str) -> Vec<String> {
        let (object, key) = self.find(path);
        let all: Option<Vec<String>> = object.get(&key);
        all.unwrap_or_else(|| self.some(path).into_iter().collect())
    }

    pub fn object(&self, path: &str) -> Object {
        let (object, key) = self.find(path);
        object.object(&key)
    }

    pub fn set(&mut self, path: &str, value: &(impl Serialize + ?Sized)) {
        set(&mut self.0, path, &|object, key| object.set(key, value));
    }

    pub fn remove(&mut self, path: &str) {
        set(&mut self.0, path, &|object, key| object.remove(key));
    }

    /// All of them, for people who know the format.
    pub fn json(&self) -> String {
        let value: Result<serde_json::Value, _> =
            serde_json::to_string(&self.0).and_then(|text| serde_json::from_str(&text));
        value
            .and_then(|value| serde_json::to_string_pretty(&value))
            .unwrap_or_default()
    }

    /// The same in one line.
    pub fn line(&self) -> String {
        serde_json::to_string(&self.0).unwrap_or_default()
    }

    pub fn from_json(text: &str) -> Result<Self, String> {
        let parsed = serde_json::from_str(text).map(Self);
        parsed
            .map_err(|error| format!("This is not a JSON object: {}", crate::errors::json(&error)))
    }
}

fn set(object: &mut Object, path: &str, change: &dyn Fn(&mut Object, &str)) {
    match path.split_once('.') {
        None => change(object, path),
        Some((first, rest)) => {
            let mut inner = object.object(first);
            set(&mut inner, rest, change);
            if inner.is_empty() {
                object.remove(first);
            } else {
                object.set(first, &inner);
            }
        }
    }
}

/// The unit before or behind a number.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unit {
    pub before: String,
    pub after: String,
}

impl Unit {
    pub fn of(options: &Options) -> Self {
        let value = options.text("unit.value");
        let value = if value.is_empty() {
            options.text("unit")
        } else {
            value
        };
        if options.text("unit.position") == "left" {
            Self {
                before: value,
                after: String::new(),
            }
        } else {
            Self {
                before: String::new(),
                after: value,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn panel(text: &str) -> Panel {
        serde_json::from_str(text).expect("a panel")
    }

    const CHART: &str = r#"{"id":"x","viz_type":"chart","viz_content":"select 1","viz_config":{"chartType":"line","config":{"xAxis":"t","unit":{"position":"left","value":"$","new":1.50},"fractionDigits":"2","xRange":"Infinity","later":[1e30]},"beside":18446744073709551616}}"#;

    #[test]
    fn a_change_leaves_everything_else_as_it_was() {
        let mut changed = panel(CHART);
        let mut options = Options::of(&changed);
        options.set("yTitle", "ms");
        options.set("unit.value", "€");
        options.write(&mut changed);
        let wanted = CHART
            .replace(r#""$""#, r#""€""#)
            .replace("[1e30]}", r#"[1e30],"yTitle":"ms"}"#);
        assert_eq!(serde_json::to_string(&changed).expect("text"), wanted);
        options.remove("yTitle");
        options.set("unit.value", "$");
        options.write(&mut changed);
        assert_eq!(serde_json::to_string(&changed).expect("text"), CHART);
    }

    #[test]
    fn settings_are_read_however_they_were_written() {
        let options = Options::of(&panel(CHART));
        assert_eq!(Unit::of(&options).before, "$");
        assert_eq!(
            (options.digits(), options.number("xRange")),
            (Some(2), None)
        );
        assert_eq!(
            (options.flag("legend", true), options.list("xAxis")),
            (true, vec!["t".into()])
        );
        assert_eq!(options.list("yAxis"), Vec::<String>::new());
    }

    #[test]
    fn markdown_alone_keeps_its_settings_beside_each_other() {
        let text = r##"{"viz_type":"markdown","viz_config":{"mdString":"# a"}}"##;
        let mut note = panel(text);
        let mut options = Options::of(&note);
        options.set("mdString", "b");
        options.write(&mut note);
        assert_eq!(note.viz_config().text("mdString"), "b");
    }

    #[test]
    fn emptied_objects_go() {
        let mut options = Options::default();
        options.set("yRange.min", &1);
        options.remove("yRange.min");
        assert_eq!(options, Options::default());
    }
}
