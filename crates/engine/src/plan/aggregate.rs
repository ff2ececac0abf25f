//! Aggregation in two halves: keys and arguments of rows below, everything over groups above.
//!
//! Over history SQLite runs both in one statement. Over a followed stream the lower half runs on
//! new rows only, its results go into accumulators, and the upper half runs over their results.

use sqlparser::ast::{Expr, GroupByExpr, SelectItem, Value};
use weir_api::DataType;

use super::{
    compiler::{Compiler, Flow, Stage, groups_table, span},
    expr::has_aggregate,
    grouping::{Grouping, Key},
    relation::From,
    scope::{Edge, Env},
};
use crate::{SqlError, functions::aggregate::Spec, typed::Typed, types};

impl Compiler<'_> {
    /// Compiles the keys and opens the grouping that [`Self::aggregated`] fills.
    pub(super) fn open_groups(
        &mut self,
        group_by: &GroupByExpr,
        env: Env<'_>,
    ) -> Result<(), SqlError> {
        let mut grouping = Grouping {
            alias: self.alias(),
            ..Grouping::default()
        };
        match group_by {
            GroupByExpr::Expressions(exprs, modifiers) if modifiers.is_empty() => {
                for expr in exprs {
                    let expr = positional(expr, env.items)?;
                    let value = self.value(expr, env)?;
                    let edge = edge_of(env, &value.sql);
                    self.analysis.group_by_columns.push(expr.to_string());
                    grouping.keys.push(Key { value, edge });
                }
            }
            _ => {
                return Err(SqlError::unsupported(
                    "GROUP BY ALL and its modifiers",
                    span(group_by),
                ));
            }
        }
        self.grouping.push(grouping);
        Ok(())
    }

    /// The key that an expression is, if it is one.
    pub(super) fn group_key(&mut self, expr: &Expr, env: Env<'_>) -> Option<Typed> {
        if matches!(expr, Expr::Value(_) | Expr::Interval(_)) || has_aggregate(expr, self.catalog) {
            return None;
        }
        let rows = Env {
            groups: false,
            ..env
        };
        let value = self.expr(expr, rows).ok()?;
        let grouping = self.grouping.last()?;
        let index = grouping
            .keys
            .iter()
            .position(|key| key.value.sql == value.sql)?;
        Some(Typed::new(
            format!("{}.k{index}", grouping.alias),
            value.data_type,
        ))
    }

    /// The result of an aggregate over the group.
    /// `null`: whether the values may be NULL, conditions aside.
    pub(super) fn aggregated(&mut self, spec: Spec, args: Vec<Typed>, null: bool) -> Typed {
        self.analysis.has_aggr = true;
        let Some(grouping) = self.grouping.last_mut() else {
            return Typed::null();
        };
        let empty = spec.empty().filter(|_| !null || spec.counts());
        let data_type = types::nullable_if(spec.result.clone(), empty.is_none());
        let same = |(known, known_args): &(Spec, Vec<Typed>)| {
            *known == spec
                && known_args
                    .iter()
                    .map(|a| &a.sql)
                    .eq(args.iter().map(|a| &a.sql))
        };
        let index = grouping.calls.iter().position(same).unwrap_or_else(|| {
            grouping.calls.push((spec, args));
            grouping.calls.len() - 1
        });
        let column = format!("{}.a{index}", grouping.alias);
        let sql = match empty {
            Some(empty) => format!("coalesce({column}, {empty})"),
            None => column,
        };
        Typed::new(sql, data_type)
    }

    /// SQLite text of the relation of groups, for the FROM of the upper half.
    pub(super) fn close_groups(
        &mut self,
        from: Option<&From>,
        selection: &str,
    ) -> Result<(String, Flow), SqlError> {
        let grouping = self.grouping.pop().unwrap_or_default();
        let flow = from.map_or(Flow::Bounded, |from| from.flow);
        let source = from.map_or_else(String::new, |from| format!(" FROM {}", from.sql));
        let keys = grouping.keys.iter().enumerate();
        let mut columns: Vec<String> = keys
            .map(|(index, key)| format!("{} AS k{index}", key.value.sql))
            .collect();
        if flow == Flow::Rows {
            self.stage = Some(self.stage(&grouping, &columns, &format!("{source}{selection}")));
            let width = grouping.keys.len() + grouping.calls.len();
            let names = (0..grouping.keys.len())
                .map(|index| format!("c{index} AS k{index}"))
                .chain(
                    (0..grouping.calls.len())
                        .map(|index| format!("c{} AS a{index}", grouping.keys.len() + index)),
                );
            let names: Vec<_> = names.collect();
            let sql = format!(
                "(SELECT {} FROM {}) AS {}",
                names.join(", "),
                groups_table(width),
                grouping.alias
            );
            return Ok((sql, Flow::Groups));
        }
        for (index, (spec, args)) in grouping.calls.iter().enumerate() {
            columns.push(format!("{} AS a{index}", spec.sql(args)));
        }
        if columns.is_empty() {
            columns.push("1".to_string());
        }
        let positions: Vec<_> = (1..=grouping.keys.len()).map(|n| n.to_string()).collect();
        let group_by = if positions.is_empty() {
            String::new()
        } else {
            format!(" GROUP BY {}", positions.join(", "))
        };
        let list = columns.join(", ");
        Ok((
            format!(
                "(SELECT {list}{source}{selection}{group_by}) AS {}",
                grouping.alias
            ),
            flow,
        ))
    }

    fn stage(&self, grouping: &Grouping, keys: &[String], rest: &str) -> Stage {
        let mut columns = keys.to_vec();
        for (_, args) in &grouping.calls {
            columns.extend(args.iter().map(|arg| arg.sql.clone()));
        }
        if columns.is_empty() {
            columns.push("1".to_string());
        }
        let size = self.window.as_ref().map_or(0, |window| window.size_ms);
        let edge = |wanted: Edge| {
            grouping
                .keys
                .iter()
                .position(|key| key.edge == Some(wanted))
        };
        let window_key = edge(Edge::End)
            .map(|index| (index, 0))
            .or_else(|| edge(Edge::Start).map(|index| (index, size)));
        Stage {
            sql: format!("SELECT {}{rest}", columns.join(", ")),
            keys: grouping.keys.len(),
            calls: grouping
                .calls
                .iter()
                .map(|(spec, args)| (spec.clone(), args.len()))
                .collect(),
            window_key: window_key.filter(|_| self.window.is_some()),
        }
    }
}

fn edge_of(env: Env<'_>, sql: &str) -> Option<Edge> {
    let mut columns = env.scope.sources.iter().flat_map(|source| &source.columns);
    columns
        .find(|column| column.sql == sql)
        .and_then(|column| column.edge)
}

/// `GROUP BY 1` is the first expression of the select list.
pub(super) fn positional<'e>(
    expr: &'e Expr,
    items: &'e [SelectItem],
) -> Result<&'e Expr, SqlError> {
    let Expr::Value(value) = expr else {
        return Ok(expr);
    };
    let Value::Number(text, _) = &value.value else {
        return Ok(expr);
    };
    let item = text
        .parse::<usize>()
        .ok()
        .and_then(|n| items.get(n.checked_sub(1)?));
    match item {
        Some(SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. }) => Ok(expr),
        _ => Err(SqlError::at(
            format!("position {text} is not in the select list"),
            value.span,
        )),
    }
}

/// Whether the type can be a result; windows' edges keep theirs.
pub(super) fn edge_in(env: Env<'_>, typed: &Typed, key: Option<Edge>) -> Option<Edge> {
    key.or_else(|| edge_of(env, &typed.sql))
        .filter(|_| matches!(typed.data_type, DataType::DateTime64 { .. }))
}
