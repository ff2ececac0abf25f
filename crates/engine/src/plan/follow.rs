//! A stream in FROM: followed, or read as it is.

use sqlparser::tokenizer::Span;
use weir_api::DataType;

use super::{
    compiler::{Compiler, Flow},
    relation::{EVENT_TIME, From, NUMBER, scope},
    scope::ScopeColumn,
    stage::{self, Leaf},
};
use crate::{Outside, SqlError, StreamInfo, typed::quote_name};

/// Streams that one query follows.
const MAX_FOLLOWED: usize = 8;

impl Compiler<'_> {
    pub(super) fn stream(&mut self, info: &StreamInfo, at: Span) -> Result<From, SqlError> {
        self.add_source(info);
        let outside = self.catalog.outside(&info.name);
        // A mutable stream beside a followed one is looked up: it has one row for each key.
        let keyed = info.keyed && self.leaves.iter().all(|leaf| leaf.keyed);
        let both = self.anew && keyed && self.emit.key_expire.is_none();
        let beside = info.keyed && !self.leaves.is_empty() && !both;
        if let Some(first) = self.leaves.first().filter(|first| beside && first.keyed)
            && !self.bounded
        {
            self.notices.push(format!(
                "'{}' is looked up when a row of '{}' comes: its own changes bring no row",
                info.name, first.stream
            ));
        }
        let inside = self.in_expression && !self.bounded && outside != Some(Outside::Table);
        if inside {
            self.notices.push(format!(
                "'{}' in a subquery of an expression is read as it is when a row is tested",
                info.name
            ));
        }
        let bounded = self.bounded || inside || beside || outside == Some(Outside::Table);
        let table = match outside {
            Some(_) => self.bring(info, !bounded),
            None => info.table.clone(),
        };
        let leaf_table = table.clone();
        let table = quote_name(&table);
        let alias = self.alias();
        // The last row of a key can be one that takes it back.
        let deletes = info.keyed && info.columns.iter().any(|c| c.name == super::weigh::DELTA);
        let (sql, flow) = if bounded && deletes {
            let live = format!("(SELECT * FROM {table} WHERE _tp_delta > 0) AS {alias}");
            (live, Flow::Bounded)
        } else if bounded {
            (format!("{table} AS {alias}"), Flow::Bounded)
        } else {
            let (after, last) = stage::bounds(self.leaves.len());
            let leaf = Leaf {
                keyed: info.keyed,
                stream: info.name.clone(),
                table: leaf_table,
                outside: outside.is_some(),
                sides: self.sides.clone(),
                looked_up: self.looking_up,
                rewind: None,
            };
            self.add_leaf(leaf, at)?;
            let mut select =
                format!("SELECT * FROM {table} WHERE _seq > ?{after} AND _seq <= ?{last}");
            if deletes && self.anew {
                select.push_str(" AND _tp_delta > 0");
            } else if deletes {
                // Those that were taken back before the query began are not there.
                select.push_str(&format!(" AND (_tp_delta > 0 OR ?{after} > 0)"));
            }
            if self.emit.last.is_some() {
                select.push_str(&format!(" AND _tp_time >= {}", stage::LAST_FROM));
            }
            let flow = match self.looking_up {
                true => Flow::Bounded,
                false => Flow::Rows,
            };
            (format!("({select}) AS {alias}"), flow)
        };
        let followed = (!bounded).then(|| self.leaves.len() - 1);
        let columns = info.columns.iter().map(|column| ScopeColumn {
            name: column.name.clone(),
            sql: format!("{alias}.{}", quote_name(&column.name)),
            data_type: column.data_type.clone(),
            edge: None,
            event_time: followed.filter(|_| column.name == EVENT_TIME),
            size: 0,
            stream: Some(info.name.clone()),
            hidden: false,
        });
        let mut scope = scope(columns.collect());
        let number = outside.is_none().then(|| ScopeColumn {
            name: NUMBER.to_string(),
            sql: format!("({alias}._seq - 1)"),
            data_type: DataType::Int(64),
            edge: None,
            event_time: followed,
            size: 0,
            stream: None,
            hidden: false,
        });
        for source in &mut scope.sources {
            source.number.clone_from(&number);
        }
        Ok(From { sql, scope, flow })
    }

    fn add_leaf(&mut self, leaf: Leaf, at: Span) -> Result<(), SqlError> {
        if let Some(first) = self.leaves.first() {
            let outside = [first, &leaf].into_iter().find(|leaf| leaf.outside);
            if let Some(outside) = outside {
                return Err(SqlError::at(
                    format!(
                        "'{}' is outside and cannot be followed beside another stream: bring its \
                         rows into a stream with a materialized view first, or wrap one of both in \
                         table(…)",
                        outside.stream
                    ),
                    at,
                ));
            }
            let both = self.anew && leaf.keyed;
            if first.keyed && !leaf.is_apart(first) && !leaf.looked_up && !both {
                return Err(SqlError::at(
                    format!(
                        "'{}' keeps the last row of each key and cannot be followed beside '{}': \
                         join it from the other side, as in FROM {} JOIN {}, or wrap one of both \
                         in table(…)",
                        first.stream, leaf.stream, leaf.stream, first.stream
                    ),
                    at,
                ));
            }
        }
        if self.leaves.len() >= MAX_FOLLOWED {
            return Err(SqlError::at(
                format!("more than {MAX_FOLLOWED} streams are followed"),
                at,
            ));
        }
        self.leaves.push(leaf);
        Ok(())
    }
}
