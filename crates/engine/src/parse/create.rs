//! `CREATE …`

use sqlparser::tokenizer::Token;
use weir_api::{
    DataType,
    timeplus::stream::{ColumnFamily, Mode, StreamDef},
};

use super::{
    Ddl,
    column::column,
    cursor::Cursor,
    dictionary, external, function, index,
    refused::OWN_COLUMNS,
    source::is_word,
    stream_options::{Expiry, option, primary_key},
    view,
};
use crate::SqlError;

pub(super) fn create(cursor: &mut Cursor<'_>) -> Result<Ddl, SqlError> {
    cursor.expect_word("CREATE")?;
    let or_replace = cursor.accept_words(&["OR", "REPLACE"]);
    if cursor.accept_word("VIEW") {
        return view::view(cursor, or_replace);
    }
    if let Some(kind) = function::kind(cursor) {
        return function::function(cursor, kind, or_replace);
    }
    if cursor.accept_words(&["FORMAT", "SCHEMA"]) {
        return external::schema(cursor, or_replace);
    }
    if cursor.accept_word("DICTIONARY") {
        return dictionary::dictionary(cursor, or_replace);
    }
    if or_replace {
        return Err(cursor.expected("VIEW, FUNCTION, DICTIONARY or FORMAT SCHEMA"));
    }
    if cursor.accept_words(&["EXTERNAL", "STREAM"]) {
        return external::stream(cursor);
    }
    if cursor.accept_words(&["EXTERNAL", "TABLE"]) {
        return external::table(cursor);
    }
    if cursor.accept_words(&["MATERIALIZED", "VIEW"]) {
        return view::materialized(cursor);
    }
    if cursor.accept_word("STREAM") {
        if external::is_stream(cursor) {
            return external::stream(cursor);
        }
        return stream(cursor, None);
    }
    if cursor.accept_words(&["RANDOM", "STREAM"]) {
        return external::random(cursor);
    }
    if cursor.accept_words(&["MUTABLE", "STREAM"]) {
        return stream(cursor, Some("MutableStream".to_string()));
    }
    let what = cursor
        .rest()
        .first()
        .map_or("", |token| cursor.source.text(token.span));
    Err(SqlError::unsupported(
        format!(
            "CREATE {}; use STREAM, MUTABLE STREAM, EXTERNAL STREAM, EXTERNAL TABLE, VIEW, \
             MATERIALIZED VIEW, FUNCTION, DICTIONARY or FORMAT SCHEMA",
            what.to_uppercase()
        ),
        cursor.span(),
    ))
}

fn stream(cursor: &mut Cursor<'_>, engine: Option<String>) -> Result<Ddl, SqlError> {
    let if_not_exists = cursor.accept_words(&["IF", "NOT", "EXISTS"]);
    let mut definition = StreamDef {
        engine,
        ..StreamDef::default()
    };
    let start = cursor.span();
    definition.name = cursor.object("the stream's name")?;
    if cursor.peek().is_some_and(|token| is_word(token, "AS")) {
        let what = "CREATE STREAM … AS; use CREATE STREAM with columns, then INSERT INTO … SELECT";
        return Err(SqlError::unsupported(what, cursor.span()));
    }
    cursor.expect(&Token::LParen)?;
    while !cursor.accept(&Token::RParen) {
        element(cursor, &mut definition)?;
        if !cursor.accept(&Token::Comma) {
            cursor.expect(&Token::RParen)?;
            break;
        }
    }
    let mut ttl = Expiry::default();
    while !cursor.at_end() {
        option(cursor, &mut definition, &mut ttl)?;
    }
    ttl.finish(&mut definition, start)?;
    let mutable =
        definition.engine.is_some() || definition.mode.is_some_and(Mode::needs_primary_key);
    for (given, name) in [
        (definition.version_column.is_some(), "version_column"),
        (
            definition.late_insert_overrides.is_some(),
            "late_insert_overrides",
        ),
        (definition.coalesced.is_some(), "coalesced"),
    ] {
        if given && !mutable {
            let what = format!("setting '{name}' of a stream that keeps all rows");
            return Err(SqlError::unsupported(what, start));
        }
    }
    if definition.coalesced == Some(true) && definition.version_column.is_some() {
        let what = "coalesced and version_column in one stream; use one of both";
        return Err(SqlError::unsupported(what, start));
    }
    if !definition.column_families.is_empty() && definition.coalesced != Some(true) {
        cursor.without_effect("FAMILY without coalesced = true");
    }
    let keyed = definition.mode.is_some_and(Mode::needs_primary_key) || definition.engine.is_some();
    if keyed && definition.primary_key.is_none() {
        return Err(SqlError::at("such a stream needs a PRIMARY KEY", start));
    }
    if !keyed && definition.primary_key.is_some() {
        cursor.without_effect("PRIMARY KEY of a stream that keeps all rows");
    }
    if definition.order_by_expression.is_some() {
        cursor
            .without_effect("ORDER BY of a stream (its rows are in the order in which they come)");
    }
    Ok(Ddl::CreateStream {
        definition,
        if_not_exists,
    })
}

/// A column, a family or an index.
fn element(cursor: &mut Cursor<'_>, definition: &mut StreamDef) -> Result<(), SqlError> {
    if names(cursor, 0, "FAMILY") {
        cursor.expect_word("FAMILY")?;
        let name = cursor.name("the family's name")?;
        let columns = cursor.names()?;
        definition
            .column_families
            .push(ColumnFamily { name, columns });
        return Ok(());
    }
    if let Some(text) = index::skipping(cursor) {
        // It is kept with the first column that it names.
        let mut columns = definition.columns.iter_mut();
        if let Some(column) = columns.find(|column| text.contains(&column.name)) {
            column.skipping_index_expression = Some(text);
        }
        return Ok(());
    }
    if cursor.accept_words(&["PRIMARY", "KEY"]) {
        return primary_key(cursor, definition);
    }
    if names(cursor, 0, "INDEX") || names(cursor, 1, "INDEX") {
        definition.secondary_indexes.push(index::index(cursor)?);
        return Ok(());
    }
    let span = cursor.span();
    let column = column(cursor)?;
    // The vendor's own SHOW CREATE has it.
    match OWN_COLUMNS.iter().find(|(own, _)| *own == column.name) {
        Some((own, _)) if matches!(*own, "_tp_sn" | "_tp_shard") => {
            cursor.without_effect(&format!("column {own}"));
        }
        Some((own, instead)) => {
            let what = format!("column '{own}'; {instead}");
            return Err(SqlError::unsupported(what, span));
        }
        None => definition.columns.push(column),
    }
    Ok(())
}

/// `INDEX name (`: a column called so would be followed by its type.
fn names(cursor: &Cursor<'_>, skip: usize, word: &str) -> bool {
    let Some([first, second, third]) = cursor.rest().get(skip..skip + 3) else {
        return false;
    };
    let is_name = matches!(&second.token, Token::Word(w) if DataType::parse(&w.value).is_err());
    is_word(&first.token, word) && is_name && third.token == Token::LParen
}
