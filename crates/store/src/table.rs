//! The SQLite table of a stream: `_seq`, `_size`, the stream's columns, `_tp_time` last.

use rusqlite::types::Value;
use weir_api::DataType;
use weir_engine::{catalog::StreamInfo, codec};

use crate::schema::quote;

/// A secondary index; columns by position.
pub(crate) struct Index {
    pub(crate) name: String,
    pub(crate) columns: Vec<usize>,
    pub(crate) unique: bool,
}

/// What a column holds when a row does not say.
pub(crate) enum Fill {
    Value(Value),
    /// `_tp_time` without an expression.
    Now,
}

pub(crate) struct Table {
    /// Statements that create the table and its indexes.
    pub(crate) create: String,
    /// Parameters: 1 `_seq`, 2 `_size`, then the columns in order, then now in ms where
    /// `binds_now`.
    pub(crate) insert: String,
    pub(crate) binds_now: bool,
    /// Deletes the row of a key (parameters in the order of `key`), returning `_seq` and `_size`.
    pub(crate) replace: Option<String>,
    pub(crate) key: Vec<usize>,
    /// Finds a row of the same key that is of a later version: parameters in the order of `key`,
    /// then the version.
    pub(crate) later: Option<(String, usize)>,
    /// Columns that are replaced together where rows are not replaced as a whole, and what finds
    /// the columns of the row of a key.
    pub(crate) families: Option<(Vec<Vec<usize>>, String)>,
    /// One per column.
    pub(crate) fill: Vec<Fill>,
}

/// Stands for "not given" where a default is an expression; no stored value looks like it.
const MISSING: &str = "X''";

impl Table {
    /// `computed` holds the SQLite text of each column's default expression; `key` is empty for
    /// streams without one row per key.
    pub(crate) fn new(
        info: &StreamInfo,
        computed: &[Option<String>],
        key: Vec<usize>,
        indexes: Vec<Index>,
    ) -> Self {
        let last = info.columns.len() - 1;
        let fill = info.columns.iter().zip(computed).enumerate();
        let fill = fill.map(|(position, (column, computed))| match computed {
            Some(_) => Fill::Value(Value::Blob(Vec::new())),
            None if position == last => Fill::Now,
            None => Fill::Value(codec::default_value(&column.data_type)),
        });
        Self {
            create: create(info, &key, &indexes),
            insert: insert(info, computed),
            binds_now: computed[last].is_some(),
            replace: (!key.is_empty()).then(|| replace(info, &key)),
            fill: fill.collect(),
            later: None,
            families: None,
            key,
        }
    }

    /// A row does not replace one whose `column` is greater; nor one where it is the same unless
    /// the later one overrides.
    pub(crate) fn versioned(&mut self, info: &StreamInfo, column: usize, overrides: bool) {
        let symbol = if overrides { ">" } else { ">=" };
        let sql = format!(
            "SELECT 1 FROM {} WHERE {} AND {} {symbol} ?{}",
            info.table,
            equal(info, &self.key),
            quote(&info.columns[column].name),
            self.key.len() + 1
        );
        self.later = Some((sql, column));
    }

    /// A row replaces only the families that it gives whole.
    pub(crate) fn coalesced(&mut self, info: &StreamInfo, families: Vec<Vec<usize>>) {
        let names: Vec<String> = info.columns.iter().map(|c| quote(&c.name)).collect();
        let sql = format!(
            "SELECT {} FROM {} WHERE {}",
            names.join(", "),
            info.table,
            equal(info, &self.key)
        );
        self.families = Some((families, sql));
    }
}

impl Table {
    /// Of something that is no stream: its columns alone.
    pub(crate) fn plain(info: &StreamInfo) -> Self {
        let fill = info.columns.iter();
        let fill = fill.map(|column| Fill::Value(codec::default_value(&column.data_type)));
        Self {
            create: format!("CREATE TABLE {}", columns(info)),
            insert: insert(info, &vec![None; info.columns.len()]),
            binds_now: false,
            replace: None,
            key: Vec::new(),
            later: None,
            families: None,
            fill: fill.collect(),
        }
    }

    /// Like `create`, in the connection's own temporary database.
    pub(crate) fn create_temporary(&self) -> String {
        self.create
            .replacen("CREATE TABLE ", "CREATE TABLE temp.", 1)
            .replace("CREATE INDEX ", "CREATE INDEX temp.")
    }
}

/// `name (_seq …, _size …, …)`
fn columns(info: &StreamInfo) -> String {
    let table = &info.table;
    let mut sql =
        format!("{table} (_seq INTEGER PRIMARY KEY AUTOINCREMENT, _size INTEGER NOT NULL");
    for column in &info.columns {
        sql.push_str(", ");
        sql.push_str(&quote(&column.name));
        if is_wide(&column.data_type) {
            sql.push_str(" TEXT COLLATE WIDE");
        }
    }
    sql.push_str(");\n");
    sql
}

fn create(info: &StreamInfo, key: &[usize], indexes: &[Index]) -> String {
    let table = &info.table;
    let names = |columns: &[usize]| -> String {
        let names: Vec<String> = columns
            .iter()
            .map(|c| quote(&info.columns[*c].name))
            .collect();
        names.join(", ")
    };
    let mut sql = format!(
        "CREATE TABLE {}CREATE INDEX {table}_time ON {table} (_tp_time);\n",
        columns(info)
    );
    if !key.is_empty() {
        sql.push_str(&format!(
            "CREATE UNIQUE INDEX {table}_key ON {table} ({});\n",
            names(key)
        ));
    }
    for (number, index) in indexes.iter().enumerate() {
        let unique = if index.unique { "UNIQUE " } else { "" };
        let name = quote(&format!("{table}_{number}_{}", index.name));
        let columns = names(&index.columns);
        sql.push_str(&format!(
            "CREATE {unique}INDEX {name} ON {table} ({columns});\n"
        ));
    }
    sql
}

pub(crate) fn is_wide(data_type: &DataType) -> bool {
    matches!(
        data_type.inner(),
        DataType::Int(128 | 256) | DataType::UInt(128 | 256) | DataType::Decimal { .. }
    )
}

/// Computed columns wrap the rows in a `SELECT` that fills them in; those that use a computed one
/// are in a further `SELECT` around it.
fn insert(info: &StreamInfo, computed: &[Option<String>]) -> String {
    let width = info.columns.len() + 2;
    let names: Vec<String> = ["_seq", "_size"]
        .into_iter()
        .chain(info.columns.iter().map(|column| column.name.as_str()))
        .map(quote)
        .collect();
    // By name: a column that was added later stands behind `_tp_time` in the table.
    let into = format!("{} ({})", info.table, names.join(", "));
    if computed.iter().all(Option::is_none) {
        let parameters: Vec<String> = (1..=width).map(|n| format!("?{n}")).collect();
        let parameters = parameters.join(", ");
        return format!("INSERT INTO {into} VALUES ({parameters})");
    }
    let parameters = names.iter().enumerate();
    let parameters = parameters.map(|(n, name)| format!("?{} AS {name}", n + 1));
    let mut rows = format!("SELECT {}", parameters.collect::<Vec<_>>().join(", "));
    let (mut list, mut pending) = (names.clone(), Vec::new());
    for (position, sql) in computed.iter().enumerate() {
        let Some(sql) = sql else { continue };
        if pending
            .iter()
            .any(|column: &usize| sql.contains(&names[column + 2]))
        {
            rows = format!("SELECT {} FROM ({rows})", list.join(", "));
            list.clone_from(&names);
            pending.clear();
        }
        // An expression without a value does not make a column NULL that cannot be.
        let otherwise = if position + 1 == info.columns.len() {
            format!("?{}", width + 1)
        } else {
            literal(&codec::default_value(&info.columns[position].data_type))
        };
        let name = &names[position + 2];
        list[position + 2] = format!(
            "CASE WHEN {name} = {MISSING} THEN coalesce(({sql}), {otherwise}) ELSE {name} END AS {name}"
        );
        pending.push(position);
    }
    format!(
        "INSERT INTO {into} SELECT {} FROM ({rows})",
        list.join(", ")
    )
}

pub(crate) fn literal(value: &Value) -> String {
    match value {
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => format!("{number:?}"),
        Value::Text(text) => format!("'{}'", text.replace('\'', "''")),
        Value::Null | Value::Blob(_) => "NULL".to_owned(),
    }
}

fn replace(info: &StreamInfo, key: &[usize]) -> String {
    format!(
        "DELETE FROM {} WHERE {} RETURNING _seq, _size",
        info.table,
        equal(info, key)
    )
}

/// Whether a row has a key, which is in the first parameters.
fn equal(info: &StreamInfo, key: &[usize]) -> String {
    let equal = key
        .iter()
        .enumerate()
        .map(|(n, column)| format!("{} IS ?{}", quote(&info.columns[*column].name), n + 1));
    equal.collect::<Vec<_>>().join(" AND ")
}
