//! `CREATE [OR REPLACE] [AGGREGATE | REMOTE] FUNCTION`

use sqlparser::tokenizer::Token;
use weir_api::timeplus::udf::{Argument, AuthContext, CreateUdf, Kind};

use super::{Ddl, column, cursor::Cursor, literal};
use crate::SqlError;

pub(super) enum Form {
    Plain,
    Aggregate,
    Remote,
}

/// Reads the words before the name, if it is a function.
pub(super) fn kind(cursor: &mut Cursor<'_>) -> Option<Form> {
    [
        (&["FUNCTION"][..], Form::Plain),
        (&["AGGREGATE", "FUNCTION"], Form::Aggregate),
        (&["REMOTE", "FUNCTION"], Form::Remote),
    ]
    .into_iter()
    .find(|(words, _)| cursor.accept_words(words))
    .map(|(_, form)| form)
}

pub(super) fn function(
    cursor: &mut Cursor<'_>,
    form: Form,
    or_replace: bool,
) -> Result<Ddl, SqlError> {
    let if_not_exists = cursor.accept_words(&["IF", "NOT", "EXISTS"]);
    let mut definition = CreateUdf {
        name: cursor.name("the function's name")?,
        kind: match form {
            Form::Remote => Kind::Remote,
            Form::Plain | Form::Aggregate => Kind::JavaScript,
        },
        is_aggregation: matches!(form, Form::Aggregate),
        ..CreateUdf::default()
    };
    if matches!(form, Form::Plain) && cursor.accept_word("AS") {
        expression(cursor, &mut definition)?;
        return Ok(Ddl::CreateFunction {
            definition,
            if_not_exists,
            or_replace,
        });
    }
    cursor.expect(&Token::LParen)?;
    while !cursor.accept(&Token::RParen) {
        definition.arguments.push(Argument {
            name: cursor.name("an argument's name")?,
            data_type: column::data_type(cursor, "the argument's type")?.to_string(),
            ..Argument::default()
        });
        if !cursor.accept(&Token::Comma) {
            cursor.expect(&Token::RParen)?;
            break;
        }
    }
    cursor.expect_word("RETURNS")?;
    definition.return_type = column::data_type(cursor, "the result's type")?.to_string();
    match form {
        Form::Remote => remote(cursor, &mut definition)?,
        Form::Plain | Form::Aggregate => {
            if cursor.accept_words(&["TYPE", "EXECUTABLE"]) {
                let what =
                    "a program as a function; use LANGUAGE JAVASCRIPT or CREATE REMOTE FUNCTION";
                return Err(SqlError::unsupported(what, cursor.span()));
            }
            cursor.expect_word("LANGUAGE")?;
            if !cursor.accept_word("JAVASCRIPT") {
                let language = cursor
                    .rest()
                    .first()
                    .map_or("", |t| cursor.source.text(t.span));
                return Err(SqlError::unsupported(
                    format!("language {language}; use JAVASCRIPT"),
                    cursor.span(),
                ));
            }
            cursor.expect_word("AS")?;
            definition.source = code(cursor)?;
        }
    }
    // How long calls may take is the backend's own rule.
    if cursor.accept_word("EXECUTION_TIMEOUT") {
        literal::integer(cursor)?;
    }
    cursor.expect_end()?;
    Ok(Ddl::CreateFunction {
        definition,
        if_not_exists,
        or_replace,
    })
}

/// `(x, y) -> x + y`
fn expression(cursor: &mut Cursor<'_>, definition: &mut CreateUdf) -> Result<(), SqlError> {
    let names = match cursor.peek() {
        Some(Token::LParen) if cursor.rest().get(1).map(|t| &t.token) == Some(&Token::RParen) => {
            cursor.skip();
            cursor.skip();
            Vec::new()
        }
        Some(Token::LParen) => cursor.names()?,
        _ => vec![cursor.name("arguments, as in (x, y) -> x + y")?],
    };
    cursor.expect(&Token::Arrow)?;
    definition.kind = Kind::Sql;
    definition.source = cursor.expression(|_| false)?;
    let argument = |name| Argument {
        name,
        ..Argument::default()
    };
    definition.arguments = names.into_iter().map(argument).collect();
    cursor.expect_end()
}

/// `$$ … $$`, without the line breaks at its ends.
fn code(cursor: &mut Cursor<'_>) -> Result<String, SqlError> {
    match cursor.dollar_quoted() {
        Some(text) => Ok(text.trim_matches(['\n', '\r']).to_string()),
        None => cursor.string("the code between $$ and $$"),
    }
}

fn remote(cursor: &mut Cursor<'_>, definition: &mut CreateUdf) -> Result<(), SqlError> {
    cursor.expect_word("URL")?;
    definition.url = cursor.string("the URL in quotes")?;
    definition.auth_method = "none".into();
    let mut context = AuthContext::default();
    while let Some(word) = ["AUTH_METHOD", "AUTH_HEADER", "AUTH_KEY"]
        .into_iter()
        .find(|word| cursor.accept_word(word))
    {
        let span = cursor.span();
        let text = cursor.string("a text in quotes")?;
        match word {
            "AUTH_HEADER" => context.key_name = Some(text),
            "AUTH_KEY" => context.key_value = Some(text),
            _ if matches!(text.as_str(), "none" | "auth_header") => definition.auth_method = text,
            _ => {
                return Err(SqlError::at(
                    format!("'{text}' is not a method: use 'none' or 'auth_header'"),
                    span,
                ));
            }
        }
    }
    if definition.auth_method == "auth_header" {
        definition.auth_context = Some(context);
    }
    Ok(())
}
