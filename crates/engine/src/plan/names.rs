//! What a name in an expression stands for: a column, an alias, a column of a query around it.

use sqlparser::ast::{Ident, SelectItem};
use weir_api::DataType;

use super::{
    compiler::Compiler,
    expr::has_aggregate,
    scope::{Env, ScopeColumn, suggestion},
};
use crate::{SqlError, functions, parse::refused::OWN_COLUMNS, typed::Typed};

impl Compiler<'_> {
    pub(super) fn column(&mut self, column: &ScopeColumn) -> Typed {
        self.referenced = self.referenced.saturating_add(column.size);
        if let Some(stream) = &column.stream {
            self.require(stream, &column.name, &column.data_type);
        }
        Typed::new(column.sql.clone(), column.data_type.clone())
    }

    pub(super) fn name(&mut self, name: &Ident, env: Env<'_>) -> Result<Typed, SqlError> {
        if let Some(value) = self.parameter(&name.value) {
            return Ok(value);
        }
        // An alias comes before a column of the same name, but for the column inside it.
        if let Some(value) = self.aliased(name, env)? {
            return Ok(value);
        }
        if let Some(value) = self.named_value(name, env)? {
            return Ok(value);
        }
        if name.value == super::weigh::DELTA
            && env.groups
            && let Some(delta) = self.delta()
        {
            return Ok(delta);
        }
        if let Some(column) = env.scope.find(None, name)? {
            if env.groups {
                if let Some(edge) = self.other_edge(column) {
                    return Ok(edge);
                }
                return Err(SqlError::at(
                    format!(
                        "column '{}' is neither in GROUP BY nor inside an aggregate",
                        name.value
                    ),
                    name.span,
                ));
            }
            let column = column.clone();
            return Ok(self.column(&column));
        }
        if let Some(value) = self.outer_column(None, name)? {
            return Ok(value);
        }
        // Rows of a stream without it are only ever added.
        if name.value == super::weigh::DELTA && self.emit.changelog {
            return Ok(Typed::new("1", weir_api::DataType::Int(8)));
        }
        if let Some(number) = Self::number_name(&name.value) {
            return Ok(number);
        }
        if let Some((_, instead)) = OWN_COLUMNS.iter().find(|(own, _)| *own == name.value) {
            let what = format!("'{}'; {instead}", name.value);
            return Err(SqlError::unsupported(what, name.span));
        }
        if name.value == super::weigh::DELTA {
            let what = "'_tp_delta' of this source; use FROM changelog(s, key) or EMIT CHANGELOG";
            return Err(SqlError::unsupported(what, name.span));
        }
        let aliases = env.items.iter().filter_map(|item| match item {
            SelectItem::ExprWithAlias { alias, .. } => Some(alias.value.as_str()),
            _ => None,
        });
        let near = match name.value.as_str() {
            "window_start" | "window_end" => {
                " (FROM tumble(s, 5s), hop(…) and session(…) have it)".to_string()
            }
            other => suggestion(other, env.scope.names().chain(aliases)),
        };
        let near = match name.quote_style {
            Some('"') if near.is_empty() => " (write a text in single quotes)".to_string(),
            _ => near,
        };
        Err(SqlError::at(
            format!("unknown column '{}'{near}", name.value),
            name.span,
        ))
    }

    /// What an alias of the select list stands for.
    pub(super) fn aliased(
        &mut self,
        name: &Ident,
        env: Env<'_>,
    ) -> Result<Option<Typed>, SqlError> {
        if self.expanding.contains(&name.value) {
            return Ok(None);
        }
        let found = env.items.iter().find_map(|item| match item {
            SelectItem::ExprWithAlias { expr, alias } if alias.value == name.value => Some(expr),
            _ => None,
        });
        let Some(expr) = found else {
            return Ok(None);
        };
        // Where rows are meant the column of that name is, not what becomes of all rows.
        if !env.groups
            && has_aggregate(expr, self.catalog)
            && env.scope.names().any(|column| column == name.value)
        {
            return Ok(None);
        }
        self.expanding.push(name.value.clone());
        let value = self.expr(expr, env);
        self.expanding.pop();
        value.map(Some)
    }

    /// What WITH names so, but for the name inside it.
    fn named_value(&mut self, name: &Ident, env: Env<'_>) -> Result<Option<Typed>, SqlError> {
        if self.naming.contains(&name.value) {
            return Ok(None);
        }
        let mut names = self.named.iter();
        let found = names.find(|named| named.name == name.value && named.is_known(name.span));
        let Some(expr) = found.map(|named| named.expr.clone()) else {
            return Ok(None);
        };
        self.naming.push(name.value.clone());
        let value = self.expr(&expr, env);
        self.naming.pop();
        value.map(Some)
    }

    pub(super) fn outer_column(
        &mut self,
        qualifier: Option<&str>,
        name: &Ident,
    ) -> Result<Option<Typed>, SqlError> {
        for index in (0..self.outer.len()).rev() {
            if let Some(column) = self.outer[index].find(qualifier, name)? {
                let column = column.clone();
                return Ok(Some(self.column(&column)));
            }
        }
        Ok(None)
    }

    /// Whether a name is the alias of a source of a query around, and of none here.
    fn is_outer(&self, name: &Ident, env: Env<'_>) -> bool {
        let mut outer = self.outer.iter();
        !env.scope.has_alias(&name.value) && outer.any(|scope| scope.has_alias(&name.value))
    }

    /// `source.column`, or a column and what is inside it.
    pub(super) fn path(&mut self, parts: &[Ident], env: Env<'_>) -> Result<Typed, SqlError> {
        // The workspace's database may stand before a stream's name.
        let parts = match parts {
            [database, inside @ ..]
                if inside.len() > 1
                    && database.value == "default"
                    && !env.scope.has_source(&database.value) =>
            {
                inside
            }
            parts => parts,
        };
        let [first, second, rest @ ..] = parts else {
            return Err(SqlError::new("an empty name"));
        };
        let (mut value, inside) = if let Some(value) = self.parameter(&first.value) {
            (value, &parts[1..])
        } else if env.scope.has_source(&first.value) && !self.is_outer(first, env) {
            let Some(column) = env.scope.find(Some(&first.value), second)?.cloned() else {
                let source = env
                    .scope
                    .sources
                    .iter()
                    .find(|source| env.scope.is_called(source, &first.value));
                let names = source
                    .iter()
                    .flat_map(|s| &s.columns)
                    .map(|c| c.name.as_str());
                let near = suggestion(&second.value, names);
                return Err(SqlError::at(
                    format!("unknown column '{}.{}'{near}", first.value, second.value),
                    second.span,
                ));
            };
            if env.groups {
                if let Some(edge) = self.other_edge(&column) {
                    return Ok(edge);
                }
                return Err(SqlError::at(
                    format!(
                        "column '{}' is neither in GROUP BY nor inside an aggregate",
                        second.value
                    ),
                    second.span,
                ));
            }
            (self.column(&column), rest)
        } else if let Some(column) = self.outer_column(Some(&first.value), second)? {
            (column, rest)
        } else {
            (self.name(first, env)?, &parts[1..])
        };
        for part in inside {
            let inner = match part_function(&value.data_type, &part.value) {
                Some(function) => self.scalar(function, &[value]),
                None => functions::subscript(&value, &Typed::text(&part.value)),
            };
            value = inner.map_err(|message| SqlError::at(message, part.span))?;
        }
        Ok(value)
    }
}

/// What gives a part of a column as the vendor keeps it: `m.keys`, `a.size0`, `n.null`.
fn part_function(data_type: &DataType, part: &str) -> Option<&'static str> {
    match (data_type.inner(), part) {
        (_, "null") if data_type.is_nullable() => Some("is_null"),
        (DataType::Map(..), "keys") => Some("map_keys"),
        (DataType::Map(..), "values") => Some("map_values"),
        (DataType::Array(_), "size" | "size0") => Some("length"),
        _ => None,
    }
}
