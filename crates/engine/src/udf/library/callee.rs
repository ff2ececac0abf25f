//! A function as queries call it.

use std::{
    sync::{
        Arc, OnceLock,
        mpsc::{self, RecvTimeoutError},
    },
    time::Duration,
};

use rusqlite::types::{Value, ValueRef};
use serde_json::value::RawValue;

use super::{
    super::{
        FunctionBody, FunctionInfo, Remote, Stop,
        program::{Program, Rows},
        values,
    },
    Waiting,
};
use crate::{codec, working::resting};

pub(super) struct Callee {
    pub(super) info: Arc<FunctionInfo>,
    pub(super) program: OnceLock<Result<Arc<Program>, String>>,
    pub(super) stop: Arc<OnceLock<Stop>>,
}

impl std::fmt::Debug for Callee {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.info.fmt(f)
    }
}

impl Callee {
    pub(super) fn program(&self) -> Result<&Arc<Program>, String> {
        self.compiled()
            .as_ref()
            .map_err(|message| self.info.failed(message))
    }

    fn compiled(&self) -> &Result<Arc<Program>, String> {
        let make = || Program::new(&self.info, self.stop.get().cloned()).map(Arc::new);
        self.program.get_or_init(make)
    }

    fn is_stopped(&self) -> bool {
        self.stop.get().is_some_and(Stop::is_set)
    }

    /// NULL where an argument is that must not be.
    pub(super) fn skips(&self, args: &[ValueRef<'_>]) -> bool {
        let mut pairs = self.info.arguments.iter().zip(args);
        pairs.any(|(argument, value)| *value == ValueRef::Null && !argument.data_type.is_nullable())
    }

    pub(super) fn is_remote(&self) -> bool {
        matches!(self.info.body, FunctionBody::Remote(_))
    }

    pub(super) fn evaluate(&self, waiting: &[Waiting]) -> Result<Vec<Value>, String> {
        match &self.info.body {
            FunctionBody::Remote(remote) => self.ask(remote, waiting),
            _ => self.script(waiting),
        }
        .map_err(|message| self.info.failed(message))
    }

    fn script(&self, waiting: &[Waiting]) -> Result<Vec<Value>, String> {
        let program = self.compiled().as_ref().map_err(Clone::clone)?;
        let types = || self.info.arguments.iter().map(|a| &a.data_type);
        let mut all = Vec::with_capacity(waiting.len());
        for batch in waiting.chunks(SCRIPT_BATCH) {
            let mut rows = Rows::new(self.info.arguments.len());
            for call in batch {
                rows.add(types(), call.args.iter().map(ValueRef::from));
            }
            let answer: String = program.call("scalar", (rows.take(),))?;
            all.extend(values::results(&answer, &self.info.returns, batch.len())?);
        }
        Ok(all)
    }

    fn ask(&self, remote: &Arc<dyn Remote>, waiting: &[Waiting]) -> Result<Vec<Value>, String> {
        #[derive(serde::Deserialize)]
        struct Answer<'a> {
            #[serde(borrow)]
            result: &'a RawValue,
        }
        let mut all = Vec::with_capacity(waiting.len());
        for batch in waiting.chunks(REMOTE_BATCH) {
            let request = self.request(batch);
            let (answer, again) = resting(|| self.called(remote.clone(), request));
            let answer = answer?;
            again?;
            let text = std::str::from_utf8(&answer).map_err(|_| "its answer is not UTF-8")?;
            let answer: Answer<'_> = serde_json::from_str(text)
                .map_err(|error| format!("its answer is not {{\"result\": […]}}: {error}"))?;
            let result = answer.result.get();
            all.extend(values::results(result, &self.info.returns, batch.len())?);
        }
        Ok(all)
    }

    /// The call blocks: it is left behind where the query is stopped meanwhile.
    fn called(&self, remote: Arc<dyn Remote>, body: Vec<u8>) -> Result<Vec<u8>, String> {
        let (sender, answer) = mpsc::channel();
        let calling = std::thread::Builder::new().name("remote function".into());
        let spawned = calling.spawn(move || sender.send(remote.call(body)));
        spawned.map_err(|error| error.to_string())?;
        loop {
            match answer.recv_timeout(STOP_AGAIN) {
                Ok(answer) => return answer,
                Err(RecvTimeoutError::Timeout) if !self.is_stopped() => {}
                Err(_) => return Err("the call was stopped".into()),
            }
        }
    }

    /// `{"argument": [value, …], …}`
    fn request(&self, batch: &[Waiting]) -> Vec<u8> {
        let mut body = Vec::from(*b"{");
        for (index, argument) in self.info.arguments.iter().enumerate() {
            if index > 0 {
                body.push(b',');
            }
            let name = serde_json::to_string(&argument.name).unwrap_or_default();
            body.extend_from_slice(name.as_bytes());
            body.push(b':');
            let types = vec![argument.data_type.clone(); batch.len()];
            let column: Vec<_> = batch
                .iter()
                .map(|call| ValueRef::from(&call.args[index]))
                .collect();
            codec::encode_row(&mut body, &types, &column);
        }
        body.push(b'}');
        body
    }
}

/// Rows of one call.
const SCRIPT_BATCH: usize = 4096;

const REMOTE_BATCH: usize = 1000;

/// Between two looks whether a query that waits for an answer was stopped.
const STOP_AGAIN: Duration = Duration::from_millis(50);
