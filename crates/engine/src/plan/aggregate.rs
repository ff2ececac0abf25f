//! Aggregation in two halves: keys and arguments of rows below, everything over groups above.
//!
//! Over history SQLite runs both in one statement. Over a followed stream the lower half runs on
//! new rows only, its results go into accumulators, and the upper half runs over their results.

use sqlparser::ast::{Expr, GroupByExpr, Ident, SelectItem, Value};
use weir_api::DataType;

use super::{
    carry::looks_back_inside,
    compiler::{Compiler, Flow, span},
    expr::has_aggregate,
    grouping::{Grouping, Key},
    relation::From,
    scope::{Edge, Env, ScopeColumn},
    subtotals,
};
use crate::{SqlError, functions::aggregate::Spec, typed::Typed, types};

/// The relation of groups in SQLite text.
pub(super) struct Groups {
    pub(super) source: String,
    pub(super) flow: Flow,
    /// That of one group of all rows, for WITH TOTALS.
    pub(super) totals: Option<String>,
}

impl Compiler<'_> {
    /// Compiles the keys and opens the grouping that [`Self::aggregated`] fills.
    pub(super) fn open_groups(
        &mut self,
        group_by: &GroupByExpr,
        env: Env<'_>,
    ) -> Result<(), SqlError> {
        let sets = subtotals::read(group_by)?;
        let mut grouping = Grouping::new(self.alias(), span(group_by));
        for expr in sets.keys {
            let expr = positional(expr, env.items)?;
            let value = self.value(expr, env)?;
            let edge = edge_of(env, &value.sql);
            self.analysis.group_by_columns.push(expr.to_string());
            grouping.keys.push(Key { value, edge });
        }
        grouping.written = grouping.keys.len();
        (grouping.sets, grouping.totals) = (sets.sets, sets.totals);
        if let Some(expire) = self.emit.key_expire.clone() {
            let value = self.name(&Ident::new(expire.column), env)?;
            let to = DataType::DateTime64 {
                precision: 3,
                zone: None,
            };
            let time = value.cast(&to).map_err(SqlError::new)?;
            grouping.expire_time = Some(time.sql);
            if let Some(session) = expire.session {
                let mut edge = |name: Option<String>, none: &str| match name {
                    None => Ok(none.to_string()),
                    Some(name) => {
                        let test = self.condition(&Expr::Identifier(Ident::new(name)), env)?;
                        Ok::<_, SqlError>(format!("coalesce({test}, 0)"))
                    }
                };
                grouping.session_edges = Some((edge(session.start, "1")?, edge(session.end, "0")?));
            }
        }
        self.grouping.push(grouping);
        Ok(())
    }

    /// Adds what stands in PARTITION BY to the keys; gives the places of all of it.
    pub(super) fn partition_keys(
        &mut self,
        partition: &[Expr],
        env: Env<'_>,
    ) -> Result<Vec<usize>, SqlError> {
        let mut places = Vec::with_capacity(partition.len());
        for expr in partition {
            let expr = positional(expr, env.items)?;
            let value = self.value(expr, env)?;
            let edge = edge_of(env, &value.sql);
            let Some(grouping) = self.grouping.last_mut() else {
                continue;
            };
            let known = grouping
                .keys
                .iter()
                .position(|key| key.value.sql == value.sql);
            places.push(known.unwrap_or_else(|| {
                grouping.keys.push(Key { value, edge });
                grouping.keys.len() - 1
            }));
        }
        Ok(places)
    }

    /// Of the relation of groups being compiled.
    pub(super) fn group_alias(&self) -> String {
        let grouping = self.grouping.last();
        grouping.map_or_else(String::new, |grouping| grouping.alias.clone())
    }

    /// All columns of the relation of groups, and their names.
    pub(super) fn group_columns(&self) -> Vec<(String, String)> {
        let Some(grouping) = self.grouping.last() else {
            return Vec::new();
        };
        let names = (0..grouping.keys.len()).map(|index| format!("k{index}"));
        let names = names.chain((0..grouping.calls.len()).map(|index| format!("a{index}")));
        let names = names.chain(self.emit.changelog.then(|| "delta".to_string()));
        names
            .map(|name| (format!("{}.{name}", grouping.alias), name))
            .collect()
    }

    /// `_tp_delta` of the result of a changelog.
    pub(super) fn delta(&self) -> Option<Typed> {
        let grouping = self.grouping.last().filter(|_| self.emit.changelog)?;
        Some(Typed::new(
            format!("{}.delta", grouping.alias),
            DataType::Int(8),
        ))
    }

    /// The key that an expression is, if it is one.
    pub(super) fn group_key(&mut self, expr: &Expr, env: Env<'_>) -> Option<Typed> {
        if matches!(expr, Expr::Value(_) | Expr::Interval(_))
            || has_aggregate(expr, self.catalog)
            || (self.carries.is_some() && looks_back_inside(expr))
        {
            return None;
        }
        let rows = Env {
            groups: false,
            ..env
        };
        // An alias may stand for a look back, which is not at rows.
        let calls = self.carries.as_ref().map(|carries| carries.calls.len());
        let value = self.expr(expr, rows).ok();
        if let (Some(carries), Some(calls)) = (&mut self.carries, calls) {
            carries.calls.truncate(calls);
        }
        let value = value?;
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

    /// The other edge of a window by one of whose edges rows are grouped: it is the same in each
    /// group.
    pub(super) fn other_edge(&mut self, column: &ScopeColumn) -> Option<Typed> {
        let wanted = column.edge?;
        let grouping = self.grouping.last_mut()?;
        let edge = |key: &Key| matches!(key.edge, Some(Edge::Start | Edge::End));
        let by_window = grouping.keys.iter().any(edge);
        if !by_window || wanted == Edge::Delta {
            return None;
        }
        let value = Typed::new(column.sql.clone(), column.data_type.clone());
        let key = format!("{}.k{}", grouping.alias, grouping.keys.len());
        let typed = Typed::new(key, value.data_type.clone());
        grouping.keys.push(Key {
            value,
            edge: column.edge,
        });
        Some(typed)
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

    /// The relation of groups, for the FROM of the upper half.
    pub(super) fn close_groups(
        &mut self,
        from: Option<&From>,
        selection: &str,
        partition: Vec<usize>,
    ) -> Result<Groups, SqlError> {
        self.ends_of_months(from);
        let Some(grouping) = self.grouping.pop() else {
            return Err(SqlError::new("there are no groups"));
        };
        let flow = from.map_or(Flow::Bounded, |from| from.flow);
        let source = from.map_or_else(String::new, |from| format!(" FROM {}", from.sql));
        let taken_back = from.and_then(|from| self.not_taken_back(from));
        let selection = &match taken_back {
            None => selection.to_string(),
            Some(test) if selection.is_empty() => format!(" WHERE {test}"),
            Some(test) => format!("{selection} AND {test}"),
        };
        let keys = grouping.keys.iter().enumerate();
        let mut columns: Vec<String> = keys
            .map(|(index, key)| format!("{} AS k{index}", key.value.sql))
            .collect();
        let rest = format!("{source}{selection}");
        // Over results that take each other's place SQLite aggregates each of them.
        let own = flow == Flow::Rows || (flow == Flow::Groups && self.rows_stay());
        if own {
            grouping.only_one_set()?;
            return Ok(Groups {
                source: self.stage(&grouping, partition, &columns, &rest)?,
                flow: Flow::Groups,
                totals: None,
            });
        }
        if flow == Flow::Groups && from.is_some_and(has_changes) {
            let what = "an aggregation of changelog(…) over an aggregation; aggregate the \
                        aggregation itself";
            return Err(SqlError::unsupported(what, grouping.place));
        }
        for (index, (spec, args)) in grouping.calls.iter().enumerate() {
            columns.push(format!("{} AS a{index}", spec.sql(args)));
        }
        let totals = grouping.totals.then(|| grouping.of_all(&columns, &rest));
        let named = |sql: String| format!("({sql}) AS {}", grouping.alias);
        Ok(Groups {
            source: named(grouping.of_sets(&columns, &rest)),
            flow,
            totals: totals.map(named),
        })
    }

    /// Windows of months by whose start rows are grouped are grouped by their end, too: only that
    /// tells when they end.
    fn ends_of_months(&mut self, from: Option<&From>) {
        let months = self.window.as_ref().is_some_and(|w| w.size_ms.is_none());
        let keys = self
            .grouping
            .last()
            .map_or(&[][..], |grouping| &grouping.keys);
        let known = keys.iter().any(|key| key.edge == Some(Edge::End));
        let columns = from.iter().flat_map(|from| &from.scope.sources);
        let mut columns = columns.flat_map(|source| &source.columns);
        if let (true, false, Some(end)) = (
            months,
            known,
            columns.find(|column| column.edge == Some(Edge::End)),
        ) {
            self.other_edge(end);
        }
    }
}

/// Whether rows are added and taken back one by one.
fn has_changes(from: &From) -> bool {
    let mut columns = from.scope.sources.iter().flat_map(|source| &source.columns);
    columns.any(|column| column.edge == Some(Edge::Delta))
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
    key.or_else(|| edge_of(env, &typed.sql)).filter(|edge| {
        *edge == Edge::Delta || matches!(typed.data_type, DataType::DateTime64 { .. })
    })
}
