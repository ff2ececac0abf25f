//! Checks a query against the catalog and turns it into SQLite text with typed columns.

mod absent;
mod aggregate;
mod aggregate_call;
mod analysis;
mod apply;
mod brought;
mod budget;
mod call;
mod carry;
mod changes;
mod choice;
mod compiler;
mod constants;
mod dedup;
mod defined;
mod definition;
mod dictionary;
mod elsewhere;
mod emission;
mod ending;
mod expr;
mod factor;
mod fill;
mod follow;
mod frame;
mod grouping;
mod inline;
mod insert;
mod items;
mod join;
mod json_path;
mod keyed_changelog;
mod lambda;
mod limit;
mod lookup;
mod membership;
mod names;
mod operators;
mod over;
mod over_partition;
mod past_lag;
mod past_sessions;
mod pick;
mod qualify;
mod query;
mod relation;
mod rewind;
mod scope;
mod seek;
mod select;
mod session;
mod shape;
mod special;
pub(crate) mod stage;
mod statement;
mod subquery;
mod subtotals;
mod system;
mod told;
mod union;
mod unroll;
mod values;
mod view_parameters;
mod weigh;
mod window;
mod window_length;

pub(crate) use self::inline::check_inlined;
pub(crate) use self::stage::{
    Aggregation, CarryKind, Frame, Leaf, Passing, SessionBounds, Stage, Work,
};
pub use self::{
    analysis::analyze,
    compiler::Bring,
    insert::insert_rows,
    seek::Seek,
    statement::{Plan, expression_sql, plan, plan_tables, plan_view},
};
