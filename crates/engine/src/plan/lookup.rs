//! `dict_get` and its kind, which look a row of a dictionary up.

use std::sync::Arc;

use sqlparser::ast::{Expr, Function, Ident};
use weir_api::DataType;

use super::{
    call::arguments,
    compiler::Compiler,
    relation::From,
    scope::{Env, suggestion},
};
use crate::{
    SqlError,
    catalog::{DictionaryInfo, Lookup},
    functions,
    typed::{Literal, Typed, equal},
    types,
};

/// What a lookup gives where there is no row.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Missing {
    Default,
    Given,
    Null,
}

/// The rows of a key.
struct Rows {
    from: From,
    /// What is true of the rows of a key.
    fits: String,
    order: String,
}

impl Compiler<'_> {
    /// A call of `dict_get`, `dict_get_or_default`, `dict_get_or_null` or `dict_has`; `None` where
    /// it is none of them.
    pub(super) fn lookup(
        &mut self,
        function: &Function,
        name: &Ident,
        env: Env<'_>,
    ) -> Option<Result<Typed, SqlError>> {
        let missing = match name.value.to_ascii_lowercase().as_str() {
            "dict_get" => Some(Missing::Default),
            "dict_get_or_default" => Some(Missing::Given),
            "dict_get_or_null" => Some(Missing::Null),
            "dict_has" => None,
            _ => return None,
        };
        Some(self.looked_up(function, name, missing, env))
    }

    fn looked_up(
        &mut self,
        function: &Function,
        name: &Ident,
        missing: Option<Missing>,
        env: Env<'_>,
    ) -> Result<Typed, SqlError> {
        let at = |message: String| SqlError::at(format!("{}: {message}", name.value), name.span);
        let (mut args, distinct) = arguments(function, name)?;
        if distinct || function.filter.is_some() {
            return Err(SqlError::unsupported("this form of call", name.span));
        }
        let usage = || {
            at(match missing {
                None => "takes a dictionary's name in quotes and a key".into(),
                Some(Missing::Given) => "takes a dictionary's name and an attribute in quotes, a \
                                         key and a value"
                    .into(),
                Some(_) => "takes a dictionary's name and an attribute in quotes, and a key".into(),
            })
        };
        if args.len() < 2 {
            return Err(usage());
        }
        let (dictionary, info) = self.dictionary_named(args.remove(0), name, env)?;
        let given = match missing {
            Some(Missing::Given) => Some(args.pop().ok_or_else(usage)?),
            _ => None,
        };
        let attribute = missing.map(|_| args.remove(0));
        let ranged = matches!(info.lookup, Lookup::Range { .. });
        let point = match ranged {
            true if args.len() == 2 => args.pop(),
            true => return Err(at("takes a key and a point in the range".into())),
            false => None,
        };
        let [key] = args.as_slice() else {
            return Err(usage());
        };
        let rows = self.rows_of_key((&dictionary, info.as_ref()), key, point, name, env)?;
        let (Some(missing), Some(attribute)) = (missing, attribute) else {
            let sql = format!(
                "EXISTS (SELECT 1 FROM {} WHERE {})",
                rows.from.sql, rows.fits
            );
            return Ok(Typed::new(sql, DataType::UInt(8)));
        };
        let (names, several) = attributes(attribute).ok_or_else(usage)?;
        let given = match given {
            None => Vec::new(),
            Some(Expr::Tuple(values)) if several => values.iter().collect(),
            Some(value) => vec![value],
        };
        if !given.is_empty() && given.len() != names.len() {
            return Err(at(format!("takes {} values", names.len())));
        }
        let mut values = Vec::with_capacity(names.len());
        for (index, wanted) in names.iter().enumerate() {
            let found = rows.from.scope.find(None, &Ident::new(*wanted))?;
            let column = found.ok_or_else(|| {
                let near = suggestion(wanted, rows.from.scope.names());
                at(format!("the dictionary has no attribute '{wanted}'{near}"))
            })?;
            let found = format!(
                "(SELECT {} FROM {} WHERE {}{} LIMIT 1)",
                column.sql, rows.from.sql, rows.fits, rows.order
            );
            let data_type = column.data_type.clone();
            values.push(match missing {
                Missing::Null => Typed::new(found, types::nullable(data_type)),
                Missing::Given => {
                    let value = self
                        .value(given[index], env)?
                        .cast(&data_type)
                        .map_err(at)?;
                    Typed::new(format!("coalesce({found}, {})", value.sql), value.data_type)
                }
                Missing::Default => {
                    let known = info.columns.iter().find(|column| column.name == *wanted);
                    let default = match known {
                        Some(column) => self.dictionary_default(column, name.span)?.sql,
                        None => "NULL".to_string(),
                    };
                    Typed::new(format!("coalesce({found}, {default})"), data_type)
                }
            });
        }
        if !several {
            return values.pop().ok_or_else(usage);
        }
        let fields = names.iter().zip(&values);
        let fields = fields.map(|(name, value)| ((*name).to_string(), value.data_type.clone()));
        let fields = DataType::Tuple(fields.collect());
        let tuple = functions::tuple(&values).map_err(at)?;
        Ok(Typed::new(tuple.sql, fields))
    }

    fn dictionary_named(
        &mut self,
        arg: &Expr,
        name: &Ident,
        env: Env<'_>,
    ) -> Result<(Ident, Arc<DictionaryInfo>), SqlError> {
        let value = match arg {
            Expr::Identifier(name) => name.value.clone(),
            Expr::CompoundIdentifier(parts) => {
                let parts: Vec<_> = parts.iter().map(|part| part.value.as_str()).collect();
                parts.join(".")
            }
            other => match self.value(other, env)?.literal {
                Literal::Text(text) => text,
                _ => {
                    let words = format!("{}: the dictionary is a name in quotes", name.value);
                    return Err(SqlError::at(words, super::compiler::span(arg)));
                }
            },
        };
        let value = value.strip_prefix("default.").unwrap_or(&value);
        let info = self.catalog.dictionary(value).ok_or_else(|| {
            let names = self.catalog.names();
            let names = names
                .iter()
                .filter(|name| self.catalog.dictionary(name).is_some());
            let near = suggestion(value, names.map(String::as_str));
            SqlError::at(
                format!("unknown dictionary '{value}'{near}"),
                super::compiler::span(arg),
            )
        })?;
        let mut dictionary = name.clone();
        dictionary.value = value.to_string();
        Ok((dictionary, info))
    }

    fn rows_of_key(
        &mut self,
        (dictionary, info): (&Ident, &DictionaryInfo),
        key: &Expr,
        point: Option<&Expr>,
        name: &Ident,
        env: Env<'_>,
    ) -> Result<Rows, SqlError> {
        let at = |message: String| SqlError::at(format!("{}: {message}", name.value), name.span);
        let keys = self.key_values(info, key, name, env)?;
        self.reads_dictionary(dictionary);
        let of = |known: &String| *known == dictionary.value;
        let number = self.dictionaries.iter().position(of).map_or(0, |at| at + 1);
        let from = self.alike(number, |inside| inside.dictionary_from(info, dictionary))?;
        let column = |wanted: &str| {
            let columns = from.scope.sources.iter().flat_map(|source| &source.columns);
            let found = columns.into_iter().find(|column| column.name == wanted);
            found
                .map(|column| Typed::new(column.sql.clone(), column.data_type.clone()))
                .ok_or_else(|| at(format!("the dictionary has no column '{wanted}'")))
        };
        let mut fits = Vec::with_capacity(keys.len() + 1);
        let mut order = String::new();
        for (wanted, value) in info.key.iter().zip(&keys) {
            let own = column(wanted)?;
            if info.lookup == Lookup::Prefix {
                // An address can come as its 16 bytes.
                let text = match value.data_type.inner() {
                    DataType::FixedString(16) => {
                        let bytes = std::slice::from_ref(value);
                        self.scalar("ipv6_num_to_string", bytes).map_err(at)?
                    }
                    _ => value.cast(&DataType::String).map_err(at)?,
                };
                let inside = [text, own.clone()];
                fits.push(
                    self.scalar("is_ip_address_in_range", &inside)
                        .map_err(at)?
                        .sql,
                );
                // The longest prefix that fits.
                order = format!(
                    " ORDER BY CAST(substr({0}, instr({0}, '/') + 1) AS INTEGER) DESC",
                    own.sql
                );
            } else {
                fits.push(equal(&own, value).map_err(at)?);
            }
        }
        if let (Lookup::Range { min, max, last }, Some(point)) = (&info.lookup, point) {
            let (min, max) = (column(min)?, column(max)?);
            let point = self.value(point, env)?;
            for (symbol, bound) in [("<=", &min), (">=", &max)] {
                let test = crate::typed::compare(symbol, bound, &point).map_err(at)?;
                // NULL is no bound.
                fits.push(format!("coalesce({}, 1)", test.sql));
            }
            let way = if *last { "DESC" } else { "ASC" };
            order = format!(" ORDER BY {} {way}, {} {way}", min.ordered(), max.ordered());
        }
        Ok(Rows {
            fits: fits.join(" AND "),
            order,
            from,
        })
    }

    /// A value for each column of the key.
    fn key_values(
        &mut self,
        info: &DictionaryInfo,
        key: &Expr,
        name: &Ident,
        env: Env<'_>,
    ) -> Result<Vec<Typed>, SqlError> {
        let at = |message: String| SqlError::at(format!("{}: {message}", name.value), name.span);
        let count = |found: usize| {
            at(format!(
                "the key has {} parts ({}), not {found}",
                info.key.len(),
                info.key.join(", ")
            ))
        };
        let mut values = Vec::with_capacity(info.key.len());
        match key {
            Expr::Tuple(parts) => {
                for part in parts {
                    values.push(self.value(part, env)?);
                }
            }
            _ => {
                let value = self.value(key, env)?;
                match value.data_type.inner() {
                    DataType::Tuple(fields) => {
                        for place in 1..=fields.len() {
                            let place = Typed::number(&place.to_string()).map_err(at)?;
                            let parts = [value.clone(), place];
                            values.push(self.scalar("tuple_element", &parts).map_err(at)?);
                        }
                    }
                    _ => values.push(value),
                }
            }
        }
        match values.len() == info.key.len() {
            true => Ok(values),
            false => Err(count(values.len())),
        }
    }
}

/// Names in quotes, and whether they stand in brackets.
fn attributes(expr: &Expr) -> Option<(Vec<&str>, bool)> {
    fn text(expr: &Expr) -> Option<&str> {
        match expr {
            Expr::Value(value) => match &value.value {
                sqlparser::ast::Value::SingleQuotedString(text) => Some(text),
                _ => None,
            },
            _ => None,
        }
    }
    match expr {
        Expr::Tuple(parts) => {
            let names: Option<Vec<_>> = parts.iter().map(text).collect();
            names.map(|names| (names, true))
        }
        Expr::Nested(inner) => attributes(inner),
        other => text(other).map(|name| (vec![name], false)),
    }
}
