//! Conditions of tags: `name != null and name != ''`, a part of OGNL.

use weir_engine::Given;

/// Brackets inside each other.
const DEEPEST: usize = 32;

type Values<'a> = &'a dyn Fn(&str) -> Option<&'a Given>;

pub(super) fn holds<'a>(text: &str, values: Values<'a>) -> Result<bool, String> {
    let mut reader = Reader {
        tokens: tokens(text)?,
        at: 0,
        values,
    };
    let value = reader.or(0)?;
    match reader.peek() {
        None => Ok(value.is_true()),
        Some(token) => Err(format!("'{token}' is not expected")),
    }
}

#[derive(Debug, Clone, PartialEq)]
enum Value {
    Null,
    Text(String),
    Number(f64),
    Bool(bool),
}

impl Value {
    fn is_true(&self) -> bool {
        match self {
            Self::Null => false,
            Self::Text(text) => !text.is_empty(),
            Self::Number(number) => *number != 0.0,
            Self::Bool(truth) => *truth,
        }
    }

    fn number(&self) -> Option<f64> {
        match self {
            Self::Number(number) => Some(*number),
            Self::Bool(truth) => Some(f64::from(u8::from(*truth))),
            Self::Text(text) => text.trim().parse().ok(),
            Self::Null => None,
        }
    }

    fn equals(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Text(a), Self::Text(b)) => a == b,
            (Self::Null, other) | (other, Self::Null) => *other == Self::Null,
            (a, b) => a.number().is_some() && a.number() == b.number(),
        }
    }
}

fn tokens(text: &str) -> Result<Vec<String>, String> {
    const TWO: [&str; 6] = ["==", "!=", "<=", ">=", "&&", "||"];
    let mut all = Vec::new();
    let mut rest = text.trim_start();
    while let Some(c) = rest.chars().next() {
        let length = if c == '\'' || c == '"' {
            let end = rest[1..].find(c).ok_or("a text does not end")?;
            end + 2
        } else if c.is_alphanumeric() || c == '_' {
            let goes_on = |c: char| c.is_alphanumeric() || c == '_' || c == '.';
            rest.find(|c| !goes_on(c)).unwrap_or(rest.len())
        } else if TWO.iter().any(|two| rest.starts_with(two)) {
            2
        } else if "()<>!-".contains(c) {
            1
        } else {
            return Err(format!("'{c}' is not expected"));
        };
        all.push(rest[..length].to_owned());
        rest = rest[length..].trim_start();
    }
    Ok(all)
}

struct Reader<'a> {
    tokens: Vec<String>,
    at: usize,
    values: Values<'a>,
}

impl Reader<'_> {
    fn peek(&self) -> Option<&str> {
        self.tokens.get(self.at).map(String::as_str)
    }

    fn take(&mut self, any: &[&str]) -> Option<String> {
        let token = self.peek().filter(|token| any.contains(token))?.to_owned();
        self.at += 1;
        Some(token)
    }

    fn or(&mut self, depth: usize) -> Result<Value, String> {
        let mut left = self.and(depth)?;
        while self.take(&["or", "||"]).is_some() {
            let right = self.and(depth)?;
            left = Value::Bool(left.is_true() || right.is_true());
        }
        Ok(left)
    }

    fn and(&mut self, depth: usize) -> Result<Value, String> {
        let mut left = self.comparison(depth)?;
        while self.take(&["and", "&&"]).is_some() {
            let right = self.comparison(depth)?;
            left = Value::Bool(left.is_true() && right.is_true());
        }
        Ok(left)
    }

    fn comparison(&mut self, depth: usize) -> Result<Value, String> {
        const OPERATORS: [&str; 12] = [
            "==", "eq", "!=", "neq", "<", "lt", "<=", "lte", ">", "gt", ">=", "gte",
        ];
        let left = self.operand(depth)?;
        let Some(operator) = self.take(&OPERATORS) else {
            return Ok(left);
        };
        let right = self.operand(depth)?;
        let order = || left.number()?.partial_cmp(&right.number()?);
        Ok(Value::Bool(match operator.as_str() {
            "==" | "eq" => left.equals(&right),
            "!=" | "neq" => !left.equals(&right),
            "<" | "lt" => order().is_some_and(|order| order.is_lt()),
            "<=" | "lte" => order().is_some_and(|order| order.is_le()),
            ">" | "gt" => order().is_some_and(|order| order.is_gt()),
            _ => order().is_some_and(|order| order.is_ge()),
        }))
    }

    fn operand(&mut self, depth: usize) -> Result<Value, String> {
        if depth >= DEEPEST {
            return Err("brackets are nested too deeply".into());
        }
        let Some(token) = self.tokens.get(self.at).cloned() else {
            return Err("something is missing at the end".into());
        };
        self.at += 1;
        match token.as_str() {
            "(" => {
                let value = self.or(depth + 1)?;
                self.take(&[")"]).ok_or("a bracket is not closed")?;
                Ok(value)
            }
            "!" | "not" => Ok(Value::Bool(!self.operand(depth + 1)?.is_true())),
            "-" => match self.operand(depth + 1)?.number() {
                Some(number) => Ok(Value::Number(-number)),
                None => Err("'-' stands before a number".into()),
            },
            "null" => Ok(Value::Null),
            "true" => Ok(Value::Bool(true)),
            "false" => Ok(Value::Bool(false)),
            text if text.starts_with(['\'', '"']) => {
                Ok(Value::Text(text[1..text.len() - 1].to_owned()))
            }
            text if text.starts_with(|c: char| c.is_ascii_digit()) => text
                .parse()
                .map(Value::Number)
                .map_err(|_| format!("'{text}' is not a number")),
            name if name.starts_with(|c: char| c.is_alphabetic() || c == '_') => self.named(name),
            other => Err(format!("'{other}' is not expected")),
        }
    }

    /// A parameter, or how long it is.
    fn named(&mut self, name: &str) -> Result<Value, String> {
        let called = [".size", ".length"];
        let (name, size) = match called.iter().find_map(|end| name.strip_suffix(end)) {
            Some(name) => {
                if self.take(&["("]).is_some() {
                    self.take(&[")"]).ok_or("a bracket is not closed")?;
                }
                (name, true)
            }
            None => (name, false),
        };
        let value = (self.values)(name);
        if size {
            let size = match value {
                Some(Given::List(items)) => items.len(),
                Some(Given::Text(text)) => text.chars().count(),
                _ => 0,
            };
            return Ok(Value::Number(size as f64));
        }
        Ok(match value {
            None | Some(Given::Null) => Value::Null,
            Some(Given::Text(text)) => Value::Text(text.clone()),
            Some(Given::Int(number)) => Value::Number(*number as f64),
            Some(Given::Float(number)) => Value::Number(*number),
            Some(Given::Bool(truth)) => Value::Bool(*truth),
            Some(Given::List(items)) => Value::Bool(!items.is_empty()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str) -> Result<bool, String> {
        let one = Given::Int(1);
        let word = Given::Text("x".into());
        let empty = Given::Text(String::new());
        let list = Given::List(vec![Given::Int(1), Given::Int(2)]);
        let values = |name: &str| match name {
            "one" => Some(&one),
            "word" => Some(&word),
            "empty" => Some(&empty),
            "list" => Some(&list),
            _ => None,
        };
        holds(text, &values)
    }

    #[test]
    fn conditions_hold_or_not() {
        for text in [
            "one == 1",
            "one != null",
            "none == null",
            "word == 'x'",
            "empty == ''",
            "one > 0 and word != ''",
            "none != null or one >= 1",
            "!(one == 2)",
            "list != null and list.size() > 1",
            "word eq 'x' && one lt 2",
            "-1 < one",
            "list",
        ] {
            assert_eq!(check(text), Ok(true), "{text}");
        }
        for text in ["none", "empty != ''", "one == 2", "none > 1", "word == 'y'"] {
            assert_eq!(check(text), Ok(false), "{text}");
        }
        for text in ["", "one ==", "(one", "one ? 1", "'x", "one one"] {
            assert!(check(text).is_err(), "{text}");
        }
    }
}
