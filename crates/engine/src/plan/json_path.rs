//! `raw:a.b[1]`, a path into JSON, and `json_encode(a, b)`, JSON of named values.

use sqlparser::ast::{Expr, Ident, JsonPath, JsonPathElem};
use weir_api::DataType;

use super::{
    compiler::{Compiler, span},
    scope::Env,
};
use crate::{SqlError, typed::Typed};

impl Compiler<'_> {
    /// The text at a path, or with `[*]` the texts of an array.
    pub(super) fn json_path(
        &mut self,
        value: &Expr,
        path: &JsonPath,
        env: Env<'_>,
    ) -> Result<Typed, SqlError> {
        let at = |message: String| SqlError::at(message, span(value));
        let document = self.value(value, env)?;
        if !matches!(
            document.data_type.inner(),
            DataType::String | DataType::Json
        ) {
            return Err(at(format!(
                "a path into JSON follows a string or json, not {}",
                document.data_type
            )));
        }
        let mut args = vec![document];
        let mut function = "json_extract_string";
        for element in &path.path {
            let last = function == "json_extract_array";
            if last {
                return Err(at("[*] is the end of a path".to_string()));
            }
            match element {
                JsonPathElem::Dot { key, .. } => args.push(Typed::text(key)),
                JsonPathElem::Bracket {
                    key: Expr::Wildcard(_),
                }
                | JsonPathElem::ColonBracket {
                    key: Expr::Wildcard(_),
                } => {
                    function = "json_extract_array";
                }
                JsonPathElem::Bracket { key } | JsonPathElem::ColonBracket { key } => {
                    args.push(self.value(key, env)?);
                }
            }
        }
        self.scalar(function, &args).map_err(at)
    }

    /// JSON of the values, by the names under which they are written. `None` stands for `*`.
    pub(super) fn json_encode(
        &mut self,
        name: &Ident,
        args: &[Option<&Expr>],
        env: Env<'_>,
    ) -> Result<Typed, SqlError> {
        let (mut keys, mut values) = (Vec::new(), Vec::new());
        for arg in args {
            match arg {
                None => {
                    let columns: Vec<_> = env
                        .scope
                        .sources
                        .iter()
                        .flat_map(|source| &source.columns)
                        .cloned()
                        .collect();
                    for column in columns.iter().filter(|column| !column.hidden) {
                        keys.push(column.name.clone());
                        values.push(self.column(column));
                    }
                }
                Some(arg) => {
                    keys.push(match arg {
                        Expr::Identifier(name) => name.value.clone(),
                        Expr::CompoundIdentifier(parts) => parts
                            .last()
                            .map_or_else(String::new, |part| part.value.clone()),
                        other => other.to_string(),
                    });
                    values.push(self.value(arg, env)?);
                }
            }
        }
        let keys = serde_json::to_string(&keys).unwrap_or_default();
        values.insert(0, Typed::text(&keys));
        let encoded = self.scalar("_json_object", &values);
        let encoded = encoded
            .map_err(|message| SqlError::at(format!("{}: {message}", name.value), name.span))?;
        if name.value.eq_ignore_ascii_case("json_cast") {
            return Ok(Typed::new(encoded.sql, DataType::Json));
        }
        Ok(encoded)
    }
}
