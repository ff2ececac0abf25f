//! What a statement reads by name: streams, and views as views.

use std::sync::Arc;

use weir_engine::{Catalog, ColumnInfo, DictionaryInfo, Statement, StreamInfo, udf::FunctionInfo};

use crate::clock;
use weir_queries::run::planning;

#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Named {
    pub(super) relations: Vec<String>,
    /// Functions that people have defined.
    pub(super) functions: Vec<String>,
}

/// Empty where the statement is no `SELECT` or does not fit the streams any more.
pub(super) fn reads(catalog: &dyn Catalog, sql: &str) -> Named {
    let Ok(Statement::Select(select)) = planning::parse(sql) else {
        return Named::default();
    };
    match planning::plan_view(&select, &Flat(catalog), clock::now_ms()) {
        Ok(plan) => Named {
            functions: plan.functions().map(String::from).collect(),
            relations: [plan.sources, plan.dictionaries].concat(),
        },
        Err(_) => Named::default(),
    }
}

/// Shows views as streams, so that planning stops at them.
struct Flat<'a>(&'a dyn Catalog);

impl Catalog for Flat<'_> {
    fn stream(&self, name: &str) -> Option<StreamInfo> {
        if let Some(stream) = self.0.stream(name) {
            return Some(stream);
        }
        self.opaque(name)
    }

    fn opaque(&self, name: &str) -> Option<StreamInfo> {
        let Ok(Statement::Select(select)) = planning::parse(&self.0.view(name)?) else {
            return None;
        };
        let plan = planning::plan_view(&select, self.0, clock::now_ms()).ok()?;
        Some(StreamInfo {
            name: name.into(),
            table: String::new(),
            columns: columns(plan.header),
            keyed: false,
        })
    }

    /// As one without a source.
    fn dictionary(&self, name: &str) -> Option<Arc<DictionaryInfo>> {
        let mut info = (*self.0.dictionary(name)?).clone();
        let columns = info.columns.iter_mut().map(|column| {
            column.expression = None;
            format!("NULL AS `{}`", column.name)
        });
        info.query = format!("SELECT {}", columns.collect::<Vec<_>>().join(", "));
        info.stream = None;
        Some(Arc::new(info))
    }

    fn key(&self, name: &str) -> Vec<String> {
        self.0.key(name)
    }

    fn view(&self, _name: &str) -> Option<String> {
        None
    }

    fn function(&self, name: &str) -> Option<Arc<FunctionInfo>> {
        self.0.function(name)
    }
}

/// A stream has `_tp_time` in the end, which windows over it need.
fn columns(header: Vec<ColumnInfo>) -> Vec<ColumnInfo> {
    let mut columns = header;
    let timed = columns.iter().any(|column| column.name == "_tp_time");
    if let (false, Ok(data_type)) = (timed, weir_api::DataType::parse("datetime64(3)")) {
        columns.push(ColumnInfo {
            name: "_tp_time".into(),
            data_type,
        });
    }
    columns
}
