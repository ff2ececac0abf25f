//! Functions that people define.

mod callers;
use std::{collections::BTreeMap, sync::Arc};

use rusqlite::Connection;
use serde::{Deserialize, Serialize};
use weir_api::{
    Audit, DataType, Owner,
    timeplus::udf::{CreateUdf, Kind},
};
use weir_engine::{
    Catalog, ColumnInfo,
    udf::{self, FunctionBody, FunctionInfo, Remote},
};

use self::callers::{Changed, callers, plan};
use crate::{
    Store, StoreError,
    define::{check_description, check_name},
    meta::{Shared, created, read_json, write_json},
    writer::{Job, Scope},
};

/// A definition as stored, with the secret of a remote function.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Function {
    pub definition: CreateUdf,
    pub audit: Audit,
}

/// What is there already when a function is made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Existing {
    /// Is in the way.
    Refuse,
    /// Is replaced, if there is one.
    Replace,
    /// Is changed; there has to be one.
    Change,
}

/// Makes what calls a remote function.
pub type Caller = dyn Fn(&CreateUdf) -> Arc<dyn Remote> + Send + Sync;

impl Store {
    /// Remote functions are called by what `caller` makes. Only the first call counts.
    pub fn call_remote_with(&self, caller: Arc<Caller>) {
        let _ = self.inner.shared.caller.set(caller);
    }

    /// In order of name.
    pub fn functions(&self) -> Vec<Arc<Function>> {
        self.inner
            .shared
            .read(|meta| meta.functions.values().cloned().collect())
    }

    pub fn function(&self, name: &str) -> Option<Arc<Function>> {
        self.inner
            .shared
            .read(|meta| meta.functions.get(name).cloned())
    }

    /// What the engine would call, checked as far as that goes without running it.
    pub fn function_info(&self, definition: &CreateUdf) -> Result<FunctionInfo, StoreError> {
        info(&self.inner.shared, definition)
    }

    /// Compiles its code, which can take seconds: a thread of its own is the place to call this.
    pub fn check_function(&self, definition: &CreateUdf) -> Result<(), StoreError> {
        udf::check(&info(&self.inner.shared, definition)?)
            .map_err(|(field, message)| StoreError::invalid(field, message))
    }

    /// Stores a definition that [`Store::check_function`] has passed. A secret left out stays what
    /// it is. Fails with [`StoreError::Dependents`] when views would break by the change.
    pub async fn define_function(
        &self,
        definition: CreateUdf,
        existing: Existing,
        owner: Owner,
    ) -> Result<Arc<Function>, StoreError> {
        check_name(&definition.name)?;
        check_description(&definition.description)?;
        let shared = self.inner.shared.clone();
        self.answered(Job::alone(
            move |scope| define(scope, definition, existing, owner).map(Arc::new),
            move |function: &Arc<Function>| {
                let name = function.definition.name.clone();
                shared.change(|meta| meta.functions.insert(name, function.clone()));
            },
        ))
        .await
    }

    /// Fails with [`StoreError::Dependents`] while views call it.
    pub async fn drop_function(&self, name: &str) -> Result<(), StoreError> {
        let shared = self.inner.shared.clone();
        let (name, dropped) = (name.to_owned(), name.to_owned());
        self.answered(Job::alone(
            move |scope| {
                if scope.shared.function(&name).is_none() {
                    return Err(StoreError::NotFound(format!("function '{name}'")));
                }
                let views = callers(scope.shared, &name);
                if !views.is_empty() {
                    let name = format!("function '{name}'");
                    return Err(StoreError::Dependents { name, views });
                }
                let sql = "DELETE FROM functions WHERE name = ?1";
                scope.tx.execute(sql, [&name])?;
                Ok(())
            },
            move |()| {
                shared.change(|meta| meta.functions.remove(&dropped));
            },
        ))
        .await
    }

    /// Views that call the function, directly or through other views.
    pub fn function_callers(&self, name: &str) -> Vec<String> {
        callers(&self.inner.shared, name)
    }
}

fn define(
    scope: &mut Scope<'_>,
    mut definition: CreateUdf,
    existing: Existing,
    owner: Owner,
) -> Result<Function, StoreError> {
    let name = definition.name.clone();
    let before = scope.shared.read(|meta| meta.functions.get(&name).cloned());
    let mut audit = created(owner);
    match (&before, existing) {
        (Some(_), Existing::Refuse) => {
            return Err(StoreError::Exists(format!("function '{name}'")));
        }
        (None, Existing::Change) => {
            return Err(StoreError::NotFound(format!("function '{name}'")));
        }
        (Some(before), _) => {
            audit.created_at.clone_from(&before.audit.created_at);
            audit.created_by.clone_from(&before.audit.created_by);
            keep_secret(&mut definition, &before.definition);
        }
        (None, _) => {}
    }
    complete(&definition)?;
    let changed = Changed {
        catalog: scope.shared,
        function: Arc::new(info(scope.shared, &definition)?),
    };
    let broken = |view: &String| {
        scope
            .shared
            .view(view)
            .is_some_and(|query| plan(&query, &changed).is_none())
    };
    let views: Vec<String> = callers(scope.shared, &name)
        .into_iter()
        .filter(broken)
        .collect();
    if !views.is_empty() {
        let name = format!("function '{name}' as it was");
        return Err(StoreError::Dependents { name, views });
    }
    let function = Function { definition, audit };
    scope.tx.execute(
        "INSERT OR REPLACE INTO functions (name, definition) VALUES (?1, seal(?2))",
        (&name, write_json(&function)?),
    )?;
    Ok(function)
}

fn keep_secret(definition: &mut CreateUdf, before: &CreateUdf) {
    let kept = before
        .auth_context
        .as_ref()
        .and_then(|c| c.key_value.clone());
    // It was entered for that address and that header.
    let same = definition.url == before.url;
    if let Some(context) = &mut definition.auth_context
        && same
        && context.key_value.is_none()
    {
        context.key_value = kept;
    }
}

/// A header has a name and a value.
fn complete(definition: &CreateUdf) -> Result<(), StoreError> {
    if definition.auth_method != HEADER {
        return Ok(());
    }
    let context = definition.auth_context.clone().unwrap_or_default();
    let missing = |text: Option<String>| text.is_none_or(|text| text.is_empty());
    if missing(context.key_name) {
        let message = "the name of the header is needed";
        return Err(StoreError::invalid("auth_context.key_name", message));
    }
    if missing(context.key_value) {
        let message = "the value of the header is needed, also when the URL changes";
        return Err(StoreError::invalid("auth_context.key_value", message));
    }
    Ok(())
}

const HEADER: &str = "auth_header";

fn info(shared: &Shared, definition: &CreateUdf) -> Result<FunctionInfo, StoreError> {
    check_name(&definition.name)?;
    let name = definition.name.to_ascii_lowercase();
    let plain = name.strip_suffix("_if").unwrap_or(&name);
    let known = weir_engine::functions::names()
        .iter()
        .any(|function| function.name == name || (function.aggregate && function.name == plain));
    if known {
        let message = format!("{} is a function that the engine has", definition.name);
        return Err(StoreError::invalid("name", message));
    }
    // Arguments of an expression have no types.
    let typed = definition.kind != Kind::Sql;
    let data_type = |text: &str| match typed {
        true => DataType::parse(text),
        false => Ok(DataType::String),
    };
    let mut arguments: Vec<ColumnInfo> = Vec::with_capacity(definition.arguments.len());
    for (index, argument) in definition.arguments.iter().enumerate() {
        let field = |part: &str| format!("arguments[{index}].{part}");
        if argument.name.is_empty() || arguments.iter().any(|a| a.name == argument.name) {
            let message = "every argument needs a name of its own";
            return Err(StoreError::invalid(field("name"), message));
        }
        arguments.push(ColumnInfo {
            name: argument.name.clone(),
            data_type: data_type(&argument.data_type)
                .map_err(|message| StoreError::invalid(field("type"), message))?,
        });
    }
    let returns = data_type(&definition.return_type)
        .map_err(|message| StoreError::invalid("return_type", message))?;
    let body = match definition.kind {
        Kind::JavaScript if definition.is_aggregation => {
            FunctionBody::Aggregate(definition.source.clone())
        }
        Kind::JavaScript => FunctionBody::JavaScript(definition.source.clone()),
        Kind::Remote if definition.is_aggregation => {
            let message = "a remote function is not an aggregate";
            return Err(StoreError::invalid("is_aggregation", message));
        }
        Kind::Remote => {
            if !matches!(definition.auth_method.as_str(), "" | "none" | HEADER) {
                let message = "use none or auth_header";
                return Err(StoreError::invalid("auth_method", message));
            }
            let caller = shared.caller.get();
            let caller = caller.ok_or_else(|| StoreError::invalid("type", "nothing calls it"))?;
            FunctionBody::Remote(caller(definition))
        }
        Kind::Sql if definition.is_aggregation => {
            let message = "an expression is not an aggregate";
            return Err(StoreError::invalid("is_aggregation", message));
        }
        Kind::Sql => FunctionBody::Expression(definition.source.clone()),
        Kind::Other(_) => {
            let message = "use javascript, remote or sql";
            return Err(StoreError::invalid("type", message));
        }
    };
    Ok(FunctionInfo {
        name: definition.name.clone(),
        arguments,
        returns,
        body,
        help: definition.description.clone(),
    })
}

/// What a stored function is to the engine.
pub(crate) fn lookup(shared: &Shared, name: &str) -> Option<Arc<FunctionInfo>> {
    let function = shared.read(|meta| meta.functions.get(name).cloned())?;
    info(shared, &function.definition).ok().map(Arc::new)
}

pub(crate) fn load(conn: &Connection) -> Result<BTreeMap<String, Arc<Function>>, StoreError> {
    let mut statement = conn.prepare("SELECT name, unsealed(definition) FROM functions")?;
    let mut rows = statement.query([])?;
    let mut functions = BTreeMap::new();
    while let Some(row) = rows.next()? {
        let name: String = row.get(0)?;
        let function = read_json(row.get_ref(1)?.as_str(), &name)?;
        functions.insert(name, Arc::new(function));
    }
    Ok(functions)
}
