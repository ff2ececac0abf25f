//! A database in memory with streams as the store lays them out.

use std::{collections::HashMap, ops::ControlFlow, sync::Arc};

use rusqlite::{Connection, params_from_iter, types::Value};
use weir_api::DataType;
use weir_engine::{
    Catalog, Checkpoint, ColumnInfo, DictionaryInfo, Plan, Runner, SqlError, Statement, Step,
    StreamInfo, codec, functions, parse, plan, udf::FunctionInfo,
};

pub(crate) struct Fixture {
    pub(crate) conn: Connection,
    streams: HashMap<String, StreamInfo>,
    views: HashMap<String, String>,
    functions: HashMap<String, Arc<FunctionInfo>>,
    dictionaries: HashMap<String, Arc<DictionaryInfo>>,
}

impl Catalog for Fixture {
    fn stream(&self, name: &str) -> Option<StreamInfo> {
        self.streams.get(name).cloned()
    }

    /// The first column, where it is keyed.
    fn key(&self, name: &str) -> Vec<String> {
        let info = self.streams.get(name).filter(|info| info.keyed);
        let first = info.and_then(|info| info.columns.first());
        first
            .map(|column| column.name.clone())
            .into_iter()
            .collect()
    }

    fn view(&self, name: &str) -> Option<String> {
        self.views.get(name).cloned()
    }

    fn dictionary(&self, name: &str) -> Option<Arc<DictionaryInfo>> {
        self.dictionaries.get(name).cloned()
    }

    fn function(&self, name: &str) -> Option<Arc<FunctionInfo>> {
        self.functions.get(name).cloned()
    }

    fn function_names(&self) -> Vec<String> {
        self.functions.keys().cloned().collect()
    }

    fn names(&self) -> Vec<String> {
        let mut names: Vec<_> = self
            .streams
            .keys()
            .chain(self.views.keys())
            .chain(self.dictionaries.keys())
            .cloned()
            .collect();
        names.sort();
        names
    }
}

pub(crate) const NOW: i64 = 1_700_000_000_000;

impl Fixture {
    pub(crate) fn new() -> Self {
        let conn = Connection::open_in_memory().unwrap();
        functions::register(&conn).unwrap();
        Self {
            conn,
            streams: HashMap::new(),
            views: HashMap::new(),
            functions: HashMap::new(),
            dictionaries: HashMap::new(),
        }
    }

    /// Columns as `name type`.
    pub(crate) fn stream(mut self, name: &str, columns: &[&str]) -> Self {
        let mut columns: Vec<ColumnInfo> = columns
            .iter()
            .map(|column| {
                let (name, data_type) = column.split_once(' ').unwrap();
                ColumnInfo {
                    name: name.into(),
                    data_type: DataType::parse(data_type).unwrap(),
                }
            })
            .collect();
        columns.push(ColumnInfo {
            name: "_tp_time".into(),
            data_type: DataType::DateTime64 {
                precision: 3,
                zone: None,
            },
        });
        let list: String = columns
            .iter()
            .map(|column| {
                let wide = matches!(
                    column.data_type.inner(),
                    DataType::Decimal { .. } | DataType::Int(128 | 256) | DataType::UInt(128 | 256)
                );
                format!(
                    ", \"{}\"{}",
                    column.name,
                    if wide { " TEXT COLLATE WIDE" } else { "" }
                )
            })
            .collect();
        self.conn
            .execute_batch(&format!(
                "CREATE TABLE \"s_{name}\" (_seq INTEGER PRIMARY KEY AUTOINCREMENT, _size INTEGER NOT NULL{list});
                 CREATE INDEX \"s_{name}_time\" ON \"s_{name}\" (_tp_time)"
            ))
            .unwrap();
        let info = StreamInfo {
            name: name.into(),
            table: format!("s_{name}"),
            columns,
            keyed: false,
        };
        self.streams.insert(name.into(), info);
        self
    }

    /// Says that the stream keeps the last row of each key.
    pub(crate) fn keyed(mut self, name: &str) -> Self {
        if let Some(info) = self.streams.get_mut(name) {
            info.keyed = true;
        }
        self
    }

    pub(crate) fn view_of(mut self, name: &str, sql: &str) -> Self {
        self.views.insert(name.into(), sql.into());
        self
    }

    pub(crate) fn dictionary(mut self, name: &str, info: DictionaryInfo) -> Self {
        self.dictionaries.insert(name.into(), Arc::new(info));
        self
    }

    pub(crate) fn dictionaries(&self, name: &str) -> DictionaryInfo {
        DictionaryInfo::clone(&self.dictionaries[name])
    }

    pub(crate) fn function(mut self, info: FunctionInfo) -> Self {
        self.functions.insert(info.name.clone(), Arc::new(info));
        self
    }

    /// A row as JSON values, `_tp_time` last.
    pub(crate) fn insert(&self, stream: &str, row: &str) {
        let info = &self.streams[stream];
        let values: Vec<&serde_json::value::RawValue> = serde_json::from_str(row).unwrap();
        assert_eq!(values.len(), info.columns.len(), "{row}");
        let mut stored = vec![Value::Integer(i64::try_from(row.len()).unwrap())];
        for (value, column) in values.iter().zip(&info.columns) {
            stored.push(codec::decode(value.get(), &column.data_type).unwrap());
        }
        let names: String = info
            .columns
            .iter()
            .map(|c| format!(", \"{}\"", c.name))
            .collect();
        let places = vec!["?"; stored.len()].join(", ");
        self.conn
            .execute(
                &format!(
                    "INSERT INTO \"{}\" (_size{names}) VALUES ({places})",
                    info.table
                ),
                params_from_iter(stored),
            )
            .unwrap();
    }

    /// As [`Self::insert`]; of a keyed stream in the place of the row of the same key.
    pub(crate) fn put(&self, stream: &str, row: &str) {
        let info = &self.streams[stream];
        if let (true, Some(key)) = (info.keyed, info.columns.first()) {
            let values: Vec<&serde_json::value::RawValue> = serde_json::from_str(row).unwrap();
            let value = codec::decode(values[0].get(), &key.data_type).unwrap();
            let sql = format!("DELETE FROM \"{}\" WHERE \"{}\" = ?", info.table, key.name);
            self.conn.execute(&sql, [value]).unwrap();
        }
        self.insert(stream, row);
    }

    pub(crate) fn plan(&self, sql: &str) -> Result<Plan, SqlError> {
        match parse(sql)? {
            Statement::Select(select) => plan(&select, self, NOW),
            other => panic!("{other:?}"),
        }
    }

    pub(crate) fn start(&self, sql: &str) -> Query<'_> {
        let plan = self
            .plan(sql)
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        let runner = Runner::new(plan.clone(), &self.conn, NOW).unwrap();
        self.query(&plan, runner)
    }

    /// Goes on from a checkpoint that was written as JSON.
    pub(crate) fn resume(&self, sql: &str, checkpoint: &str) -> Query<'_> {
        let plan = self.plan(sql).unwrap();
        let checkpoint: Checkpoint = serde_json::from_str(checkpoint).unwrap();
        let runner = Runner::resume(plan.clone(), checkpoint).unwrap();
        self.query(&plan, runner)
    }

    fn query(&self, plan: &Plan, runner: Runner) -> Query<'_> {
        Query {
            types: plan
                .header
                .iter()
                .map(|column| column.data_type.clone())
                .collect(),
            runner,
            fixture: self,
        }
    }

    /// All rows of a bounded query, each as JSON.
    pub(crate) fn rows(&self, sql: &str) -> Vec<String> {
        let mut query = self.start(sql);
        let (rows, step) = query.step(NOW, u32::MAX);
        assert_eq!(step, Step::Done, "{sql}");
        rows
    }

    pub(crate) fn error(&self, sql: &str) -> SqlError {
        let run = || -> Result<(), SqlError> {
            let mut runner = Runner::new(self.plan(sql)?, &self.conn, NOW)?;
            runner.step(
                &self.conn,
                NOW,
                u32::MAX,
                &mut |_| ControlFlow::Continue(()),
            )?;
            Ok(())
        };
        run().expect_err(sql)
    }

    /// `name type` of each column.
    pub(crate) fn header(&self, sql: &str) -> Vec<String> {
        let plan = self
            .plan(sql)
            .unwrap_or_else(|error| panic!("{sql}: {error}"));
        plan.header
            .iter()
            .map(|c| format!("{} {}", c.name, c.data_type))
            .collect()
    }

    /// The only value of the only row, and its type.
    pub(crate) fn value(&self, expr: &str) -> (String, String) {
        let sql = format!("SELECT {expr} AS x");
        let header = self.header(&sql);
        let rows = self.rows(&sql);
        let value = rows[0]
            .strip_prefix('[')
            .and_then(|row| row.strip_suffix(']'))
            .unwrap();
        (
            value.to_string(),
            header[0].strip_prefix("x ").unwrap().to_string(),
        )
    }
}

pub(crate) struct Query<'f> {
    fixture: &'f Fixture,
    types: Vec<DataType>,
    pub(crate) runner: Runner,
}

impl Query<'_> {
    pub(crate) fn step(&mut self, now_ms: i64, max_rows: u32) -> (Vec<String>, Step) {
        let mut rows = Vec::new();
        let types = &self.types;
        let step = self
            .runner
            .step(&self.fixture.conn, now_ms, max_rows, &mut |values| {
                let mut out = Vec::new();
                codec::encode_row(&mut out, types, values);
                rows.push(String::from_utf8(out).unwrap());
                ControlFlow::Continue(())
            });
        (rows, step.unwrap())
    }

    pub(crate) fn checkpoint(&self) -> String {
        serde_json::to_string(&self.runner.checkpoint().unwrap()).unwrap()
    }

    pub(crate) fn rows(&mut self) -> Vec<String> {
        self.step(NOW, u32::MAX).0
    }
}
