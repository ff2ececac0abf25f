//! Calls in SQLite.

use std::sync::{
    Mutex, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use rusqlite::{
    Connection,
    types::{Value, ValueRef},
};
use weir_api::DataType;

use super::{
    super::{parsed, scalar, size},
    Args, Run, Signature,
};
use crate::working::{self, Charge};

/// One call of a function in a statement. SQLite keeps its last result until the next one.
struct Site {
    /// Of the result, then of the arguments.
    types: Vec<DataType>,
    charge: Mutex<Charge>,
    charged: AtomicBool,
}

impl Site {
    fn parse(header: &str) -> Result<Self, String> {
        let types = header.split('\n').map(DataType::parse);
        Ok(Self {
            types: types.collect::<Result<_, _>>()?,
            charge: Mutex::default(),
            charged: AtomicBool::new(false),
        })
    }

    fn holds(&self, value: &Value) -> Result<(), String> {
        let bytes = size(value);
        if bytes < working::STEP && !self.charged.load(Ordering::Relaxed) {
            return Ok(());
        }
        self.charged.store(true, Ordering::Relaxed);
        let mut charge = self.charge.lock().unwrap_or_else(PoisonError::into_inner);
        charge.set(bytes)
    }
}

pub(in crate::functions) fn register(
    conn: &Connection,
    name: &str,
    signature: &'static Signature,
    run: Run,
) -> rusqlite::Result<()> {
    scalar(conn, &format!("__{name}"), -1, move |context| {
        let null = |index: usize| context.get_raw(index) == ValueRef::Null;
        if (1..context.len()).any(|index| null(index) && !signature.takes_null(index - 1)) {
            return Ok(Value::Null);
        }
        let site = parsed(context, Site::parse)?;
        let args = Args {
            context,
            types: &site.types,
        };
        let value = run(&args)?.write(args.result())?;
        site.holds(&value)?;
        Ok(value)
    })
}
