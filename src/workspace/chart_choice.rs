//! What a person has chosen to draw of a result, short as text for the page's address.

use weir_api::timeplus::dashboard::Panel;
use weir_live::Ring;

use crate::dashboards::{
    blank,
    kind::Kind,
    options::Options,
    plot::{Fields, ROW},
};

/// Bytes that still fit beside a statement.
const LONGEST: usize = 1_500;

#[derive(Debug, Clone, PartialEq)]
pub struct ChartChoice {
    pub kind: Kind,
    /// Those of a panel of this kind.
    pub options: Options,
}

impl Default for ChartChoice {
    fn default() -> Self {
        Self {
            kind: Kind::Line,
            options: Options::default(),
        }
    }
}

impl ChartChoice {
    /// Empty where nothing was chosen.
    pub fn to_text(&self) -> String {
        if *self == Self::default() {
            return String::new();
        }
        let mut text = self.kind.word().to_string();
        if self.options != Options::default() {
            text += &self.options.line();
        }
        if text.len() > LONGEST {
            return String::new();
        }
        text
    }

    /// What an address says; something else than a choice is none.
    pub fn from_text(text: &str) -> Self {
        let (word, options) = text.split_at(text.find('{').unwrap_or(text.len()));
        let kind = Kind::from_word(word);
        let options = if options.is_empty() {
            Ok(Options::default())
        } else {
            Options::from_json(options)
        };
        match options {
            Ok(options) if Kind::DRAWN.contains(&kind) => Self { kind, options },
            _ => Self::default(),
        }
    }

    pub fn become_kind(&mut self, kind: Kind) {
        // The value of one kind is the y of the others.
        let (from, to) = match (self.kind, kind) {
            (Kind::SingleValue, _) => ("value", "yAxis"),
            (_, Kind::SingleValue) => ("yAxis", "value"),
            _ => ("", ""),
        };
        if let Some(first) = self.options.list(from).first()
            && self.options.list(to).is_empty()
        {
            self.options.set(to, first);
        }
        self.kind = kind;
    }

    pub fn choose(&mut self, key: &str, value: &str) {
        if value.is_empty() {
            self.options.remove(key);
        } else {
            self.options.set(key, value);
        }
    }

    /// One column is a text, as every console writes it.
    pub fn choose_all(&mut self, key: &str, names: &[String]) {
        match names {
            // None on purpose, which is something else than what is guessed.
            [] => self.options.set(key, names),
            [one] => self.options.set(key, one),
            all => self.options.set(key, all),
        }
    }

    /// With the columns that were guessed.
    fn fixed(&self, ring: &Ring) -> Self {
        let fields = Fields::of(self.kind, &self.options, ring);
        let name = |index: &usize| ring.columns().get(*index).map(|column| column.name.clone());
        let mut fixed = self.clone();
        let y: Vec<String> = fields.y.iter().filter_map(name).collect();
        if self.kind == Kind::SingleValue {
            fixed.choose_all("value", &y);
        } else {
            fixed.choose_all("yAxis", &y);
            let x = fields.x.as_ref().and_then(name);
            fixed.choose("xAxis", &x.unwrap_or_else(|| ROW.into()));
        }
        fixed
    }

    /// The same chart on a dashboard.
    pub fn panel(&self, ring: &Ring, sql: &str) -> Panel {
        let mut panel = blank::blank(self.kind, sql);
        self.fixed(ring).options.write(&mut panel);
        panel
    }

    /// What is drawn of what, for the title of a picture.
    pub fn words(&self, ring: &Ring) -> String {
        let fields = Fields::of(self.kind, &self.options, ring);
        let name = |index: usize| ring.columns().get(index).map_or("", |column| &column.name);
        let y: Vec<&str> = fields.y.iter().map(|index| name(*index)).collect();
        let mut words = y.join(", ");
        if self.kind == Kind::SingleValue {
            return words;
        }
        for index in [fields.x, fields.group].into_iter().flatten() {
            words += " by ";
            words += name(index);
        }
        words
    }
}

#[cfg(test)]
mod tests {
    use weir_api::DataType;
    use weir_live::{Limits, RingColumn};

    use super::*;

    fn ring() -> Ring {
        let columns = [("t", "datetime"), ("host", "string"), ("v", "float64")];
        let columns = columns.map(|(name, kind)| RingColumn {
            name: name.into(),
            data_type: DataType::parse(kind).expect("a type"),
        });
        Ring::new(columns.into(), Limits::default())
    }

    #[test]
    fn a_choice_survives_the_address_and_nonsense_is_none() {
        let mut choice = ChartChoice::default();
        assert_eq!(choice.to_text(), "");
        choice.become_kind(Kind::Column);
        assert_eq!(choice.to_text(), "column");
        choice.choose("color", "hö{st");
        choice.choose_all("yAxis", &["a".into(), "b".into()]);
        let text = choice.to_text();
        assert_eq!(text, r#"column{"color":"hö{st","yAxis":["a","b"]}"#);
        assert_eq!(ChartChoice::from_text(&text), choice);
        for other in ["", "table", "line{", "column[1]", "md{}"] {
            assert_eq!(ChartChoice::from_text(other), ChartChoice::default());
        }
    }

    #[test]
    fn a_panel_names_the_columns_that_were_guessed() {
        let mut choice = ChartChoice::default();
        choice.choose("color", "host");
        let options = choice.fixed(&ring()).options;
        assert_eq!(
            ["xAxis", "yAxis", "color"].map(|key| options.text(key)),
            ["t", "v", "host"]
        );
        assert_eq!(choice.words(&ring()), "v by t by host");
        choice.become_kind(Kind::SingleValue);
        assert_eq!(choice.fixed(&ring()).options.text("value"), "v");
    }

    #[test]
    fn the_value_stays_when_the_kind_changes() {
        let mut choice = ChartChoice::default();
        choice.choose_all("yAxis", &["a".into(), "b".into()]);
        choice.become_kind(Kind::SingleValue);
        assert_eq!(choice.options.text("value"), "a");
        let mut choice = ChartChoice::default();
        choice.choose_all("yAxis", &[]);
        assert!(
            Fields::of(Kind::Line, &choice.options, &ring())
                .y
                .is_empty()
        );
        assert_eq!(ChartChoice::from_text(&choice.to_text()), choice);
    }
}
