//! One function's JavaScript: compiled once, called many times, within limits of time and memory.

use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    time::{Duration, Instant},
};

use rquickjs::{
    CatchResultExt, CaughtError, Context, Ctx, FromJs, Function, Object, Runtime, Value,
    context::EvalOptions,
    function::{Args, IntoArgs},
};
use weir_api::DataType;

use super::{FunctionBody, FunctionInfo, Stop, values};

const DRIVER: &str = include_str!("driver.js");

/// One call, which is a batch of rows.
const TIME: Duration = Duration::from_secs(5);
const MEMORY: usize = 64 << 20;
/// The states of all groups.
const AGGREGATE_MEMORY: usize = 256 << 20;
/// Of the thread that runs queries, which has 2 MiB.
const STACK: usize = 512 << 10;

pub(super) struct Program {
    name: String,
    memory: usize,
    context: Context,
    watch: Arc<Watch>,
}

#[derive(Default)]
struct Watch {
    deadline: Mutex<Option<Instant>>,
    expired: AtomicBool,
    /// Of the query that calls.
    stop: Option<Stop>,
}

impl Watch {
    fn set(&self, deadline: Option<Instant>) {
        *self.deadline.lock().unwrap_or_else(PoisonError::into_inner) = deadline;
    }

    fn is_over(&self) -> bool {
        let deadline = *self.deadline.lock().unwrap_or_else(PoisonError::into_inner);
        let over = deadline.is_some_and(|at| Instant::now() >= at);
        self.expired.fetch_or(over, Ordering::Relaxed);
        over || self.stop.as_ref().is_some_and(Stop::is_set)
    }
}

impl Program {
    /// Errors name the line, not the function.
    pub(super) fn new(function: &FunctionInfo, stop: Option<Stop>) -> Result<Self, String> {
        let (source, aggregate) = match &function.body {
            FunctionBody::JavaScript(source) => (source, false),
            FunctionBody::Aggregate(source) => (source, true),
            FunctionBody::Remote(_) => return Err("it runs elsewhere".into()),
            FunctionBody::Expression(_) => return Err("it is SQL: call it in a query".into()),
        };
        let memory = if aggregate { AGGREGATE_MEMORY } else { MEMORY };
        let runtime = Runtime::new().map_err(|error| error.to_string())?;
        runtime.set_memory_limit(memory);
        runtime.set_max_stack_size(STACK);
        let watch = Arc::new(Watch {
            stop,
            ..Watch::default()
        });
        let seen = watch.clone();
        runtime.set_interrupt_handler(Some(Box::new(move || seen.is_over())));
        let program = Self {
            name: function.name.clone(),
            memory,
            context: Context::full(&runtime).map_err(|error| error.to_string())?,
            watch,
        };
        let text = if aggregate {
            // One line before the code's first, so that lines are as written.
            let object = source.trim_end().trim_end_matches(';');
            format!("(function () {{ return ({object}\n); }})")
        } else {
            let name = &function.name;
            format!("{source}\n;typeof {name} === 'undefined' ? undefined : {name}")
        };
        let types: Vec<_> = function
            .arguments
            .iter()
            .map(|argument| values::tag(&argument.data_type))
            .collect();
        let options = serde_json::json!({
            "types": types,
            "returns": values::tag(&function.returns),
            "aggregate": aggregate,
        });
        program.run(|ctx| {
            let mut eval = EvalOptions::default();
            eval.strict = false;
            eval.filename = Some(program.file());
            let made: Value<'_> = ctx.eval_with_options(text, eval)?;
            let driver: Function<'_> = ctx.eval(DRIVER)?;
            driver.call::<_, ()>((made, options.to_string()))
        })?;
        Ok(program)
    }

    /// A function of the driver.
    pub(super) fn call<T>(
        &self,
        method: &str,
        args: impl for<'js> IntoArgs<'js>,
    ) -> Result<T, String>
    where
        T: for<'js> FromJs<'js>,
    {
        self.run(|ctx| {
            let driver: Object<'_> = ctx.globals().get("__weir")?;
            let function: Function<'_> = driver.get(method)?;
            let mut all = Args::new(ctx.clone(), args.num_args());
            args.into_args(&mut all)?;
            function.call_arg(all)
        })
    }

    fn run<T>(
        &self,
        work: impl for<'js> FnOnce(&Ctx<'js>) -> rquickjs::Result<T>,
    ) -> Result<T, String> {
        self.watch.set(Some(Instant::now() + TIME));
        let result = self
            .context
            .with(|ctx| work(&ctx).catch(&ctx).map_err(|error| self.words(error)));
        self.watch.set(None);
        result
    }

    fn file(&self) -> String {
        format!("{}.js", self.name)
    }

    fn words(&self, error: CaughtError<'_>) -> String {
        if self.watch.expired.load(Ordering::Relaxed) {
            return format!(
                "it ran for more than {} seconds and was stopped",
                TIME.as_secs()
            );
        }
        let memory = || format!("it needs more than {} MiB of memory", self.memory >> 20);
        match error {
            CaughtError::Exception(exception) => {
                let message = exception.message().unwrap_or_default();
                if message.contains("out of memory") {
                    return memory();
                }
                let kind: String = exception.get("name").unwrap_or_default();
                let kind = if kind.is_empty() { "Error" } else { &kind };
                match self.line(&exception.stack().unwrap_or_default()) {
                    Some(line) => format!("{kind}: {message} (line {line})"),
                    None => format!("{kind}: {message}"),
                }
            }
            CaughtError::Value(value) if value.is_null() => memory(),
            CaughtError::Value(value) => {
                let text = value.as_string().and_then(|text| text.to_string().ok());
                format!(
                    "it threw {}",
                    text.as_deref().unwrap_or("a value that is no Error")
                )
            }
            CaughtError::Error(rquickjs::Error::Allocation) => memory(),
            CaughtError::Error(error) => error.to_string(),
        }
    }

    /// The innermost line of the code that a stack names.
    fn line(&self, stack: &str) -> Option<u32> {
        let (_, rest) = stack.split_once(&format!("{}:", self.file()))?;
        let digits = rest.split(|c: char| !c.is_ascii_digit()).next()?;
        digits.parse().ok()
    }
}

/// Rows as the driver reads them: an array for each argument.
pub(super) struct Rows {
    columns: Vec<String>,
    pub(super) count: usize,
}

impl Rows {
    pub(super) fn new(arguments: usize) -> Self {
        Self {
            columns: vec![String::new(); arguments],
            count: 0,
        }
    }

    pub(super) fn add<'v>(
        &mut self,
        types: impl Iterator<Item = &'v DataType>,
        values: impl Iterator<Item = rusqlite::types::ValueRef<'v>>,
    ) {
        for (column, (data_type, value)) in self.columns.iter_mut().zip(types.zip(values)) {
            column.push(if self.count == 0 { '[' } else { ',' });
            values::write(column, data_type, value);
        }
        self.count += 1;
    }

    /// As JSON; nothing is left.
    pub(super) fn take(&mut self) -> String {
        let mut text = String::from("[");
        for (index, column) in self.columns.iter_mut().enumerate() {
            if index > 0 {
                text.push(',');
            }
            text.push_str(column);
            text.push(']');
            column.clear();
        }
        self.count = 0;
        text.push(']');
        text
    }
}
