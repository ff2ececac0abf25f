//! What the form of a schema edits.

use weir_api::{
    FieldError,
    timeplus::schema::{PROTOBUF, SchemaDef},
};

use crate::systems::timeplus::name;

#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub name: String,
    /// Newer servers have others than this form writes.
    pub kind: String,
    pub content: String,
}

impl Default for Draft {
    fn default() -> Self {
        Self {
            name: String::new(),
            kind: PROTOBUF.into(),
            content: "syntax = \"proto3\";\n\nmessage Example {\n  int64 id = 1;\n  string text = 2;\n}\n"
                .into(),
        }
    }
}

impl Draft {
    /// The definition as far as it can be read; errors beside it. One that is `there` has the name
    /// that the server gave it.
    pub fn definition(&self, there: bool) -> (SchemaDef, Vec<FieldError>) {
        let mut errors = Vec::new();
        if let Err(message) = name::check(&self.name, "Enter a name")
            && !there
        {
            errors.push(FieldError::new("name", message));
        }
        if self.content.trim().is_empty() {
            errors.push(FieldError::new("content", "Define at least one message"));
        }
        let definition = SchemaDef {
            name: self.name.trim().into(),
            kind: self.kind.clone(),
            content: self.content.clone(),
            ..SchemaDef::default()
        };
        (definition, errors)
    }
}

/// Line and column, from 1, at the end of a server's message: `… at line 3, column 12`.
pub fn position(message: &str) -> Option<(usize, usize)> {
    let (_, place) = message.rsplit_once("at line ")?;
    let (line, column) = place.split_once(", column ")?;
    let digits = column.find(|c: char| !c.is_ascii_digit());
    let column = &column[..digits.unwrap_or(column.len())];
    Some((line.parse().ok()?, column.parse().ok()?))
}

/// The word at a place as UTF-16 offsets, at least one character of the line.
pub fn range(text: &str, (line, column): (usize, usize)) -> Option<std::ops::Range<u32>> {
    let before: usize = text
        .split_inclusive('\n')
        .take(line.checked_sub(1)?)
        .map(|line| line.encode_utf16().count())
        .sum();
    let rest = text.split('\n').nth(line - 1)?;
    let skipped = rest
        .chars()
        .take(column - 1)
        .map(char::len_utf16)
        .sum::<usize>();
    let word = rest.chars().skip(column - 1);
    let word = word.take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '.'));
    let length = word.map(char::len_utf16).sum::<usize>().max(1);
    let from = u32::try_from(before + skipped).ok()?;
    Some(from..from + u32::try_from(length).ok()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_in_a_complaint_is_found_in_the_text() {
        let text = "// é😀\nmessage A {\n  Nope id = 1;\n}";
        let place = position("content: name 'Nope' is not defined at line 3, column 3");
        assert_eq!(place, Some((3, 3)));
        let range = range(text, (3, 3)).expect("range");
        let units: Vec<u16> = text.encode_utf16().collect();
        let word = &units[range.start as usize..range.end as usize];
        assert_eq!(String::from_utf16_lossy(word), "Nope");
        assert_eq!(position("no place"), None);
        assert_eq!(super::range(text, (9, 1)), None);
    }

    #[test]
    fn an_empty_schema_is_complained_about() {
        let draft = Draft {
            name: "s".into(),
            content: " \n".into(),
            ..Draft::default()
        };
        let errors = draft.definition(false).1;
        assert_eq!(errors[0].field, "content");
        assert_eq!(Draft::default().definition(false).1[0].field, "name");
    }

    #[test]
    fn what_is_there_keeps_its_name_and_type() {
        let draft = Draft {
            name: "my-schema.v1".into(),
            kind: "Avro".into(),
            content: "{}".into(),
        };
        let (definition, errors) = draft.definition(true);
        assert!(errors.is_empty(), "{errors:?}");
        assert_eq!(definition.kind, "Avro");
    }
}
