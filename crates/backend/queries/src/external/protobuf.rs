//! Protobuf schemas: compiled from text, and messages read with them.

use std::fmt;

use miette::Diagnostic;
use prost_reflect::{DescriptorPool, DynamicMessage, MessageDescriptor};
use protox::file::{ChainFileResolver, File, FileResolver, GoogleFileResolver};

use super::decode::json;
use crate::error::HttpError;

/// Why a schema does not compile; line and column count from 1.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SchemaError {
    message: String,
    at: Option<(u64, u64)>,
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.at {
            Some((line, column)) => write!(f, "{} at line {line}, column {column}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl SchemaError {
    /// On the field `content`, with the position in it.
    pub fn failure(&self) -> HttpError {
        let failure = HttpError::field("content", self.to_string());
        match self.at {
            Some((line, column)) => failure.at(line, column),
            None => failure,
        }
    }
}

/// The only file there is, besides what every compiler brings along.
struct One {
    name: String,
    content: String,
}

impl FileResolver for One {
    fn open_file(&self, name: &str) -> Result<File, protox::Error> {
        if name == self.name {
            File::from_source(name, &self.content)
        } else {
            Err(protox::Error::file_not_found(name))
        }
    }
}

pub fn compile(name: &str, content: &str) -> Result<DescriptorPool, SchemaError> {
    let file = format!("{name}.proto");
    let failed = |error: protox::Error| {
        let labels = error.labels();
        let at = labels
            .and_then(|mut labels| labels.next())
            .map(|label| position(content, label.offset()));
        SchemaError {
            message: error.to_string(),
            at,
        }
    };
    let mut resolver = ChainFileResolver::new();
    resolver.add(One {
        name: file.clone(),
        content: content.to_string(),
    });
    resolver.add(GoogleFileResolver::new());
    let mut compiler = protox::Compiler::with_file_resolver(resolver);
    compiler.include_imports(true);
    compiler.open_file(&file).map_err(failed)?;
    Ok(compiler.descriptor_pool())
}

fn position(text: &str, offset: usize) -> (u64, u64) {
    let before = text.get(..offset).unwrap_or(text);
    let line = before.matches('\n').count() + 1;
    let column = before
        .rsplit('\n')
        .next()
        .unwrap_or_default()
        .chars()
        .count()
        + 1;
    (line as u64, column as u64)
}

/// The message of this name, with or without its package; without a name, the only one.
pub(super) fn message(
    pool: &DescriptorPool,
    schema: &str,
    name: Option<&str>,
) -> Result<MessageDescriptor, String> {
    let file = format!("{schema}.proto");
    let own = |message: &MessageDescriptor| message.parent_file().name() == file;
    let mut messages: Vec<_> = pool.all_messages().filter(own).collect();
    let names = messages.iter().map(|message| message.full_name());
    let names = names.collect::<Vec<_>>().join(", ");
    match name {
        Some(name) => {
            messages.retain(|message| message.full_name() == name || message.name() == name);
        }
        None => messages.retain(|message| message.parent_message().is_none()),
    }
    match (messages.pop(), messages.is_empty()) {
        (Some(only), true) => Ok(only),
        (Some(_), false) => Err(format!("name one of its messages: {schema}:… of {names}")),
        (None, _) => Err(format!(
            "schema '{schema}' has no message '{}': it has {names}",
            name.unwrap_or_default()
        )),
    }
}

pub(super) fn single(descriptor: &MessageDescriptor, bytes: &[u8]) -> Result<String, String> {
    let message = DynamicMessage::decode(descriptor.clone(), bytes);
    json(&message.map_err(|error| format!("not a {}: {error}", descriptor.full_name()))?)
}

/// Messages one after the other, each behind its length as a varint.
pub(super) fn delimited(
    descriptor: &MessageDescriptor,
    mut bytes: &[u8],
) -> Result<String, String> {
    let mut text = String::new();
    while !bytes.is_empty() {
        let cut = || format!("a {} is cut off", descriptor.full_name());
        let (length, rest) = varint(bytes).ok_or_else(cut)?;
        let (message, rest) = rest.split_at_checked(length).ok_or_else(cut)?;
        text.push_str(&single(descriptor, message)?);
        text.push('\n');
        bytes = rest;
    }
    Ok(text)
}

fn varint(bytes: &[u8]) -> Option<(usize, &[u8])> {
    let mut value = 0u64;
    for (index, byte) in bytes.iter().take(10).enumerate() {
        value |= u64::from(byte & 0x7f).checked_shl(7 * index as u32)?;
        if byte & 0x80 == 0 {
            return Some((usize::try_from(value).ok()?, &bytes[index + 1..]));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const ORDER: &str = "syntax = \"proto3\";\n\nimport \"google/protobuf/timestamp.proto\";\n\
        package shop;\nmessage Order {\n  int64 id = 1;\n  string item = 2;\n  double price = 3;\n\
        google.protobuf.Timestamp at = 4;\n}\n";

    #[test]
    fn messages_become_json_with_exact_numbers() {
        let pool = compile("orders", ORDER).expect("schema");
        let order = message(&pool, "orders", Some("Order")).expect("message");
        // id = 9007199254740993, item = "é"
        let bytes = [8, 129, 128, 128, 128, 128, 128, 128, 16, 18, 2, 0xc3, 0xa9];
        let text = single(&order, &bytes).expect("json");
        assert_eq!(text, r#"{"id":9007199254740993,"item":"é","price":0.0}"#);
        let mut framed = vec![13];
        framed.extend(bytes);
        framed.extend([2, 8, 5]);
        let lines = delimited(&order, &framed).expect("json");
        assert!(
            lines
                .lines()
                .nth(1)
                .is_some_and(|l| l.starts_with(r#"{"id":5,"#)),
            "{lines}"
        );
        let error = delimited(&order, &framed[..9]).expect_err("cut");
        assert_eq!(error, "a shop.Order is cut off");
        assert_eq!(message(&pool, "orders", None), Ok(order));
        let error = message(&pool, "orders", Some("Nope")).expect_err("no such message");
        assert!(error.contains("shop.Order"), "{error}");
    }

    #[test]
    fn mistakes_are_told_with_their_place() {
        let syntax =
            compile("a", "syntax = \"proto3\";\nmessage A {\n  int64 id 1;\n}").expect_err("");
        assert_eq!(syntax.at, Some((3, 12)), "{syntax}");
        let unknown =
            compile("a", "syntax = \"proto3\";\nmessage A {\n  Nope id = 1;\n}").expect_err("");
        assert_eq!(unknown.at, Some((3, 3)), "{unknown}");
        let import = compile("a", "syntax = \"proto3\";\nimport \"b.proto\";").expect_err("");
        assert!(import.to_string().contains("b.proto"), "{import}");
    }
}
