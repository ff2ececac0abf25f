//! `session(table(s), 5s)`: the sessions of rows that are there already.

use std::rc::Rc;

use sqlparser::ast::{Expr, GroupByExpr, Select, TableFactor, TableWithJoins};

use super::{
    aggregate::positional,
    compiler::{Compiler, Flow},
    relation::From,
    scope::Env,
};
use crate::{SqlError, typed::Typed};

/// Behind all times.
const NEVER: i64 = i64::MAX;

/// SQLite text of a session's rows over the source.
pub(super) struct Parts {
    pub(super) time: String,
    pub(super) starts: String,
    pub(super) ends: String,
    pub(super) gap_ms: i64,
    pub(super) max_ms: i64,
    /// The event that ends one belongs to it.
    pub(super) include_end: bool,
}

/// The SELECT, where sessions stand in its FROM: they are those of the other keys of its GROUP BY.
pub(super) fn around(select: &Select) -> Option<Rc<Select>> {
    let session = |table: &TableWithJoins| {
        let joined = table.joins.iter().map(|join| &join.relation);
        std::iter::once(&table.relation)
            .chain(joined)
            .any(|factor| {
                matches!(factor, TableFactor::Table { name, args: Some(_), .. }
                if name.to_string().eq_ignore_ascii_case("session"))
            })
    };
    select
        .from
        .iter()
        .any(session)
        .then(|| Rc::new(select.clone()))
}

impl Compiler<'_> {
    /// Relation of the source's columns, the session's start and its end, under `alias`.
    pub(super) fn past_sessions(
        &mut self,
        source: &From,
        parts: &Parts,
        alias: &str,
    ) -> Result<String, SqlError> {
        let (mut keys, mut filter) = (Vec::new(), String::new());
        if let Some(select) = self.around.take() {
            let env = Env::rows(&source.scope, &select.projection);
            let grouped: &[Expr] = match &select.group_by {
                GroupByExpr::Expressions(grouped, _) => grouped,
                GroupByExpr::All(_) => &[],
            };
            for expr in grouped.iter().chain(&select.cluster_by) {
                let expr = positional(expr, &select.projection)?;
                // What is not known of the rows is of the windows.
                if let Ok(key) = self.value(expr, env) {
                    keys.push(key);
                }
            }
            // Rows that it leaves out are in no session, as where rows come.
            if let Some(expr) = &select.selection
                && let Ok(condition) = self.condition(expr, env)
            {
                filter = format!(" WHERE {condition}");
            }
        }
        let columns: Vec<_> = source
            .scope
            .sources
            .iter()
            .flat_map(|s| &s.columns)
            .collect();
        let width = columns.len();
        let list = columns.iter().map(|column| column.sql.as_str());
        let more = [&parts.time, &parts.starts, &parts.ends].map(String::as_str);
        let list: Vec<_> = list.chain(more).enumerate().collect();
        let list: Vec<_> = list
            .into_iter()
            .map(|(index, sql)| format!("{sql} AS c{index}"))
            .chain(
                keys.iter()
                    .enumerate()
                    .map(|(n, key): (_, &Typed)| format!("{} AS k{n}", key.sql)),
            )
            .collect();
        let by: String = (0..keys.len()).map(|n| format!("k{n}, ")).collect();
        let parted = match by.strip_suffix(", ") {
            Some(by) => format!("PARTITION BY {by} "),
            None => String::new(),
        };
        let Parts { gap_ms, max_ms, .. } = parts;
        let (time, starts, ends) = (width, width + 1, width + 2);
        let include = u8::from(parts.include_end);
        // The event that ends a session without belonging to it, or the first one behind it.
        let (next, over) = match parts.include_end {
            true => (
                String::new(),
                format!("CASE WHEN max(c{ends}) OVER same THEN max(c{time}) OVER same + 1 END"),
            ),
            false => (
                format!(
                    ", min(CASE WHEN c{ends} THEN c{time} END) OVER ({parted}ORDER BY c{time} \
                     ROWS BETWEEN CURRENT ROW AND UNBOUNDED FOLLOWING) AS closed"
                ),
                "closed".to_string(),
            ),
        };
        let numbered = format!(
            "SELECT *, _session({gap_ms}, {max_ms}, c{time}, coalesce(c{starts}, 0), \
             coalesce(c{ends}, 0), {include}) OVER ({parted}ORDER BY c{time} \
             ROWS BETWEEN UNBOUNDED PRECEDING AND CURRENT ROW) AS number{next} \
             FROM (SELECT {} FROM {}{filter})",
            list.join(", "),
            source.sql
        );
        let kept: String = (0..width).map(|n| format!("c{n}, ")).collect();
        Ok(format!(
            "(SELECT {kept}min(c{time}) OVER same AS c{time}, \
             min(max(c{time}) OVER same + {gap_ms}, min(c{time}) OVER same + {max_ms}, \
             coalesce({over}, {NEVER})) AS c{starts} FROM ({numbered}) WHERE number IS NOT NULL \
             WINDOW same AS (PARTITION BY {by}number)) AS {alias}"
        ))
    }

    /// Whether the rows are there already.
    pub(super) fn is_past(source: &From) -> bool {
        source.flow == Flow::Bounded
    }
}
