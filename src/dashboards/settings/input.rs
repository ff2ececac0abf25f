//! A field of the editor, and how its text stands in the configuration.

use super::super::options::Options;

#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Input {
    Text,
    /// Several lines.
    Lines,
    Number,
    /// What holds where nothing is set.
    Flag(bool),
    /// Value and words.
    Choice(&'static [(&'static str, &'static str)]),
    /// A column of the result.
    Column,
    /// The same, or the rows' numbers.
    Axis,
    /// One or more.
    Columns,
    /// Texts separated by commas.
    List,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Setting {
    /// Path in the panel's configuration.
    pub key: &'static str,
    pub label: &'static str,
    pub input: Input,
    pub help: &'static str,
}

pub(super) const fn set(key: &'static str, label: &'static str, input: Input) -> Setting {
    Setting {
        key,
        label,
        input,
        help: "",
    }
}

impl Setting {
    pub(super) const fn help(mut self, help: &'static str) -> Self {
        self.help = help;
        self
    }

    /// As the field shows it; a flag is `true` or `false`.
    pub fn read(&self, options: &Options) -> String {
        match self.input {
            Input::Flag(usual) => options.flag(self.key, usual).to_string(),
            Input::List | Input::Columns => options.list(self.key).join(", "),
            _ => options.text(self.key),
        }
    }

    /// What cannot be read as what it should be is kept as text, so that nothing typed is lost.
    pub fn write(&self, options: &mut Options, typed: &str) {
        let text = typed.trim();
        match self.input {
            Input::Flag(_) => options.set(self.key, &(text == "true")),
            _ if text.is_empty() => options.remove(self.key),
            // Spaces between words are typed one by one.
            Input::Text => options.set(self.key, typed),
            Input::Number => match text.parse::<i64>() {
                Ok(whole) => options.set(self.key, &whole),
                Err(_) => match text.parse::<f64>() {
                    Ok(number) if number.is_finite() => options.set(self.key, &number),
                    _ => options.set(self.key, text),
                },
            },
            Input::List | Input::Columns => {
                let all: Vec<&str> = text
                    .split(',')
                    .map(str::trim)
                    .filter(|t| !t.is_empty())
                    .collect();
                match (self.input, all.as_slice()) {
                    // One column is a text, as every console writes it.
                    (Input::Columns, [one]) => options.set(self.key, one),
                    _ => options.set(self.key, &all),
                }
            }
            Input::Lines => options.set(self.key, typed),
            Input::Choice(_) | Input::Column | Input::Axis => options.set(self.key, text),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_typed_becomes_what_the_format_wants() {
        let mut options = Options::default();
        set("n", "", Input::Number).write(&mut options, " 5 ");
        set("f", "", Input::Number).write(&mut options, "0.5");
        set("x", "", Input::Number).write(&mut options, "Infinity");
        set("b", "", Input::Flag(true)).write(&mut options, "");
        set("l", "", Input::List).write(&mut options, "a, b,");
        set("y", "", Input::Columns).write(&mut options, "cpu");
        set("u.value", "", Input::Text).write(&mut options, "%");
        let json: serde_json::Value = serde_json::from_str(&options.json()).expect("json");
        assert_eq!(
            json,
            serde_json::json!({"n":5,"f":0.5,"x":"Infinity","b":false,"l":["a","b"],"y":"cpu","u":{"value":"%"}})
        );
        set("n", "", Input::Number).write(&mut options, "");
        assert_eq!(options.raw("n"), None);
    }
}
