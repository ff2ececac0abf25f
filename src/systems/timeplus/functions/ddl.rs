//! The SQL that does the same as the form.

use weir_api::timeplus::{
    quote,
    udf::{CreateUdf, Kind},
};

/// `CREATE FUNCTION` in Timeplus' SQL. The description has no place in it.
pub fn create(definition: &CreateUdf, replace: bool) -> String {
    let replace = if replace { "OR REPLACE " } else { "" };
    let kind = match definition.kind {
        Kind::Remote => "REMOTE ",
        _ if definition.is_aggregation => "AGGREGATE ",
        _ => "",
    };
    let function = match definition.name.as_str() {
        "" => "name".into(),
        given => quote::name(given),
    };
    if definition.kind == Kind::Sql {
        let names = definition.arguments.iter();
        let names: Vec<String> = names.map(|argument| quote::name(&argument.name)).collect();
        let names = names.join(", ");
        return format!(
            "CREATE {replace}FUNCTION {function} AS ({names}) -> {};",
            definition.source
        );
    }
    let arguments: Vec<String> = definition
        .arguments
        .iter()
        .filter(|argument| !argument.name.is_empty() || !argument.data_type.is_empty())
        .map(|argument| format!("{} {}", quote::name(&argument.name), argument.data_type))
        .collect();
    let head = format!(
        "CREATE {replace}{kind}FUNCTION {function}({})\nRETURNS {}",
        arguments.join(", "),
        definition.return_type
    );
    if definition.kind != Kind::Remote {
        let code = definition.source.trim_matches(['\n', '\r']);
        return format!("{head}\nLANGUAGE JAVASCRIPT AS $$\n{code}\n$$;");
    }
    let mut sql = format!(
        "{head}\nURL {}\nAUTH_METHOD {}",
        quote::text(&definition.url),
        quote::text(&definition.auth_method)
    );
    if let Some(context) = &definition.auth_context {
        let text = |text: &Option<String>| quote::text(text.as_deref().unwrap_or_default());
        sql.push_str(&format!("\nAUTH_HEADER {}", text(&context.key_name)));
        sql.push_str(&format!("\nAUTH_KEY {}", text(&context.key_value)));
    }
    sql + ";"
}

/// The same for eyes: without the secret.
pub fn shown(definition: &CreateUdf, replace: bool) -> String {
    let mut definition = definition.clone();
    if let Some(context) = &mut definition.auth_context {
        context.key_value = Some("••••••••".into());
    }
    create(&definition, replace)
}

#[cfg(test)]
mod tests {
    use weir_api::timeplus::udf::{Argument, AuthContext};

    use super::*;

    fn definition() -> CreateUdf {
        CreateUdf {
            name: "f".into(),
            arguments: vec![
                Argument {
                    name: "x".into(),
                    data_type: "float64".into(),
                    ..Argument::default()
                },
                Argument {
                    name: "my arg".into(),
                    data_type: "array(string)".into(),
                    ..Argument::default()
                },
            ],
            return_type: "string".into(),
            source: "function f(x, y) {\n  return x;\n}\n".into(),
            ..CreateUdf::default()
        }
    }

    #[test]
    fn javascript_stands_between_dollars() {
        assert_eq!(
            create(&definition(), false),
            "CREATE FUNCTION f(x float64, `my arg` array(string))\nRETURNS string\n\
             LANGUAGE JAVASCRIPT AS $$\nfunction f(x, y) {\n  return x;\n}\n$$;"
        );
        let mut aggregate = definition();
        aggregate.is_aggregation = true;
        assert!(create(&aggregate, true).starts_with("CREATE OR REPLACE AGGREGATE FUNCTION f("));
    }

    #[test]
    fn secrets_are_sent_but_not_shown() {
        let mut remote = definition();
        remote.kind = Kind::Remote;
        remote.url = "https://x/it's".into();
        remote.auth_method = "auth_header".into();
        remote.auth_context = Some(AuthContext {
            key_name: Some("X-Key".into()),
            key_value: Some("s3cret".into()),
        });
        let sql = create(&remote, false);
        assert!(
            sql.starts_with("CREATE REMOTE FUNCTION f(x float64"),
            "{sql}"
        );
        assert!(
            sql.ends_with("URL 'https://x/it''s'\nAUTH_METHOD 'auth_header'\nAUTH_HEADER 'X-Key'\nAUTH_KEY 's3cret';"),
            "{sql}"
        );
        assert!(!shown(&remote, false).contains("s3cret"));
    }
}
