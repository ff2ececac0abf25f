//! One SELECT.

use super::{
    Compiler,
    aggregate::{edge_in, positional},
    compiler::{Flow, OutColumn, Relation, span},
    expr::{Env, has_aggregate},
    query::Limit,
    scope::{Edge, Scope, suggestion},
    typed::Typed,
};
use crate::{ColumnInfo, SqlError};
use sqlparser::ast::{
    Distinct, ExcludeSelectItem, Expr, GroupByExpr, OrderBy, OrderByKind, Select, SelectItem,
    SelectItemQualifiedWildcardKind, WildcardAdditionalOptions,
};

/// A column of the result.
struct Item {
    name: String,
    value: Typed,
    edge: Option<Edge>,
}

impl Compiler<'_> {
    /// `top`: the query's own SELECT, whose LIMIT ends a query that follows a stream.
    pub(super) fn select(
        &mut self,
        select: &Select,
        order_by: Option<&OrderBy>,
        limit: &Limit,
        top: bool,
    ) -> Result<Relation, SqlError> {
        unsupported(select)?;
        let expanding = std::mem::take(&mut self.expanding);
        let from = self.from(&select.from)?;
        let empty = Scope::default();
        let scope = from.as_ref().map_or(&empty, |from| &from.scope);
        let flow = from.as_ref().map_or(Flow::Bounded, |from| from.flow);
        let rows = Env::rows(scope, &select.projection);
        let selection = match &select.selection {
            Some(expr) => format!(" WHERE {}", self.condition(expr, rows)?),
            None => String::new(),
        };
        let aggregated = is_aggregated(select, order_by);
        if aggregated && flow == Flow::Groups {
            return Err(SqlError::at(
                "an aggregation over an aggregation that follows a stream is not supported: wrap the stream in table(…)",
                select.select_token.0.span,
            ));
        }
        if aggregated {
            self.open_groups(&select.group_by, rows)?;
        }
        let env = Env {
            groups: aggregated,
            ..rows
        };
        let items = self.items(select, env)?;
        let late = Env {
            alias_first: true,
            ..env
        };
        let having = match &select.having {
            Some(expr) if aggregated => format!(" WHERE {}", self.condition(expr, late)?),
            Some(expr) => {
                return Err(SqlError::at(
                    "HAVING takes GROUP BY or an aggregate",
                    span(expr),
                ));
            }
            None => String::new(),
        };
        let order = match order_by {
            Some(order_by) => self.order(order_by, late, &items)?,
            None => String::new(),
        };
        let (source, flow, selection) = if aggregated {
            let (source, flow) = self.close_groups(from.as_ref(), &selection)?;
            (format!(" FROM {source}"), flow, having)
        } else {
            (
                from.as_ref()
                    .map_or_else(String::new, |from| format!(" FROM {}", from.sql)),
                flow,
                selection,
            )
        };
        self.expanding = expanding;
        let distinct = matches!(select.distinct, Some(Distinct::Distinct));
        let ends_after = check_flow(flow, distinct, order_by, limit, top, select)?;
        let list: Vec<_> = items
            .iter()
            .enumerate()
            .map(|(i, item)| format!("{} AS c{i}", item.value.sql))
            .collect();
        let limit_sql = if ends_after {
            String::new()
        } else {
            limit.sql()
        };
        let sql = format!(
            "SELECT {}{}{source}{selection}{order}{limit_sql}",
            if distinct { "DISTINCT " } else { "" },
            list.join(", "),
        );
        let columns = items.into_iter().map(|item| OutColumn {
            info: ColumnInfo {
                name: item.name,
                data_type: item.value.data_type,
            },
            edge: item.edge,
        });
        Ok(Relation {
            sql,
            columns: columns.collect(),
            flow,
            limit: limit.count.filter(|_| ends_after),
        })
    }

    fn items(&mut self, select: &Select, env: Env<'_>) -> Result<Vec<Item>, SqlError> {
        let mut items = Vec::new();
        for item in &select.projection {
            match item {
                SelectItem::UnnamedExpr(expr) => {
                    let name = match expr {
                        Expr::Identifier(name) => name.value.clone(),
                        Expr::CompoundIdentifier(parts) => parts
                            .last()
                            .map_or_else(String::new, |name| name.value.clone()),
                        other => other.to_string(),
                    };
                    items.push(self.item(name, expr, env)?);
                }
                SelectItem::ExprWithAlias { expr, alias } => {
                    self.expanding.push(alias.value.clone());
                    let item = self.item(alias.value.clone(), expr, env);
                    self.expanding.pop();
                    items.push(item?);
                }
                SelectItem::Wildcard(options) => self.wildcard(None, options, env, &mut items)?,
                SelectItem::QualifiedWildcard(
                    SelectItemQualifiedWildcardKind::ObjectName(name),
                    options,
                ) => {
                    let qualifier = name.to_string();
                    if !env.scope.has_source(&qualifier) {
                        return Err(SqlError::at(
                            format!("unknown table '{qualifier}'"),
                            span(name),
                        ));
                    }
                    self.wildcard(Some(&qualifier), options, env, &mut items)?;
                }
                other => return Err(SqlError::unsupported(format!("'{other}'"), span(other))),
            }
        }
        if items.is_empty() {
            return Err(SqlError::at(
                "nothing is selected",
                select.select_token.0.span,
            ));
        }
        Ok(items)
    }

    fn item(&mut self, name: String, expr: &Expr, env: Env<'_>) -> Result<Item, SqlError> {
        let value = self.value(expr, env)?;
        let key = self
            .grouping
            .last()
            .and_then(|grouping| grouping.edge(&value.sql));
        let edge = edge_in(env, &value, key);
        Ok(Item { name, value, edge })
    }

    fn wildcard(
        &mut self,
        qualifier: Option<&str>,
        options: &WildcardAdditionalOptions,
        env: Env<'_>,
        items: &mut Vec<Item>,
    ) -> Result<(), SqlError> {
        let at = options.wildcard_token.0.span;
        if options.opt_ilike.is_some()
            || options.opt_replace.is_some()
            || options.opt_rename.is_some()
            || options.opt_alias.is_some()
        {
            return Err(SqlError::unsupported("this form of *", at));
        }
        if env.groups {
            return Err(SqlError::at(
                "* cannot be selected from groups: name the columns",
                at,
            ));
        }
        if env.scope.sources.is_empty() {
            return Err(SqlError::at("* needs FROM", at));
        }
        let mut left_out: Vec<String> = Vec::new();
        if let Some(except) = &options.opt_except {
            left_out.push(except.first_element.value.clone());
            left_out.extend(
                except
                    .additional_elements
                    .iter()
                    .map(|name| name.value.clone()),
            );
        }
        match &options.opt_exclude {
            Some(ExcludeSelectItem::Single(name)) => left_out.push(name.to_string()),
            Some(ExcludeSelectItem::Multiple(names)) => {
                left_out.extend(names.iter().map(ToString::to_string))
            }
            None => {}
        }
        if let Some(unknown) = left_out
            .iter()
            .find(|name| !env.scope.names().any(|n| n == name.as_str()))
        {
            let near = suggestion(unknown, env.scope.names());
            return Err(SqlError::at(
                format!("unknown column '{unknown}'{near}"),
                at,
            ));
        }
        for source in &env.scope.sources {
            if qualifier.is_some_and(|wanted| source.alias.as_deref() != Some(wanted)) {
                continue;
            }
            for column in &source.columns {
                let hidden = column.hidden && qualifier.is_none();
                if hidden || left_out.contains(&column.name) {
                    continue;
                }
                let value = self.column(column);
                items.push(Item {
                    name: column.name.clone(),
                    value,
                    edge: column.edge,
                });
            }
        }
        Ok(())
    }

    fn order(
        &mut self,
        order_by: &OrderBy,
        env: Env<'_>,
        items: &[Item],
    ) -> Result<String, SqlError> {
        let mut terms = Vec::new();
        for term in order_terms(order_by)? {
            let place = span(&term.expr);
            let position = match &term.expr {
                Expr::Value(_) => term.expr.to_string().parse::<usize>().ok(),
                _ => None,
            };
            let value = match position {
                Some(n) => items
                    .get(n.wrapping_sub(1))
                    .map(|item| item.value.clone())
                    .ok_or_else(|| {
                        SqlError::at(format!("position {n} is not in the select list"), place)
                    })?,
                None => self.value(positional(&term.expr, env.items)?, env)?,
            };
            terms.push(order_term(&value, term));
        }
        Ok(format!(" ORDER BY {}", terms.join(", ")))
    }
}

pub(super) fn order_terms(order_by: &OrderBy) -> Result<&[sqlparser::ast::OrderByExpr], SqlError> {
    match (&order_by.kind, &order_by.interpolate) {
        (OrderByKind::Expressions(terms), None) => {
            match terms.iter().find(|term| term.with_fill.is_some()) {
                Some(term) => Err(SqlError::unsupported("WITH FILL", span(&term.expr))),
                None => Ok(terms),
            }
        }
        _ => Err(SqlError::unsupported(
            "this form of ORDER BY",
            span(order_by),
        )),
    }
}

/// NULL comes last unless told otherwise.
pub(super) fn order_term(value: &Typed, term: &sqlparser::ast::OrderByExpr) -> String {
    let direction = match term.options.sort {
        Some(sqlparser::ast::OrderBySort::Desc) => " DESC",
        _ => "",
    };
    let nulls = if term.options.nulls_first == Some(true) {
        "FIRST"
    } else {
        "LAST"
    };
    format!("{}{direction} NULLS {nulls}", value.ordered())
}

fn is_aggregated(select: &Select, order_by: Option<&OrderBy>) -> bool {
    let grouped = match &select.group_by {
        GroupByExpr::Expressions(exprs, modifiers) => !exprs.is_empty() || !modifiers.is_empty(),
        GroupByExpr::All(_) => true,
    };
    let selected = select.projection.iter().any(|item| match item {
        SelectItem::UnnamedExpr(expr) | SelectItem::ExprWithAlias { expr, .. } => {
            has_aggregate(expr)
        }
        _ => false,
    });
    let ordered = order_by.is_some_and(|order_by| {
        order_terms(order_by).is_ok_and(|terms| terms.iter().any(|term| has_aggregate(&term.expr)))
    });
    grouped || selected || ordered || select.having.as_ref().is_some_and(has_aggregate)
}

/// Whether the LIMIT ends the query, instead of cutting each result.
fn check_flow(
    flow: Flow,
    distinct: bool,
    order_by: Option<&OrderBy>,
    limit: &Limit,
    top: bool,
    select: &Select,
) -> Result<bool, SqlError> {
    let history = "wrap the stream in table(…) to read history";
    if flow == Flow::Rows {
        if distinct {
            return Err(SqlError::at(
                format!("DISTINCT over a followed stream is not supported: {history}, or GROUP BY"),
                select.select_token.0.span,
            ));
        }
        if let Some(order_by) = order_by {
            return Err(SqlError::at(
                format!("ORDER BY over a followed stream is not supported: {history}"),
                span(order_by),
            ));
        }
        if !top && limit.count.is_some() {
            return Err(SqlError::at(
                format!("LIMIT in a subquery over a followed stream is not supported: {history}"),
                limit.span,
            ));
        }
    }
    if flow != Flow::Bounded && limit.offset > 0 {
        return Err(SqlError::at(
            format!("OFFSET is not supported here: {history}"),
            limit.span,
        ));
    }
    Ok(top
        && limit.count.is_some()
        && (flow == Flow::Rows || (flow == Flow::Groups && order_by.is_none())))
}

fn unsupported(select: &Select) -> Result<(), SqlError> {
    let at = select.select_token.0.span;
    let found = [
        (select.top.is_some(), "TOP"),
        (select.into.is_some(), "SELECT INTO"),
        (!select.lateral_views.is_empty(), "LATERAL VIEW"),
        (select.prewhere.is_some(), "PREWHERE"),
        (!select.connect_by.is_empty(), "CONNECT BY"),
        (!select.cluster_by.is_empty(), "CLUSTER BY"),
        (!select.distribute_by.is_empty(), "DISTRIBUTE BY"),
        (!select.sort_by.is_empty(), "SORT BY"),
        (!select.named_window.is_empty(), "WINDOW"),
        (select.qualify.is_some(), "QUALIFY"),
        (select.value_table_mode.is_some(), "SELECT AS"),
        (
            matches!(select.distinct, Some(Distinct::On(_))),
            "DISTINCT ON",
        ),
    ]
    .into_iter()
    .find(|(found, _)| *found);
    match found {
        Some((_, what)) => Err(SqlError::unsupported(what, at)),
        None => Ok(()),
    }
}
