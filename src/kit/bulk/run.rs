//! Does it to each, one after the other, until it is canceled.

use leptos::{prelude::*, task::spawn_local};
use weir_api::ApiError;

use super::{Harm, Job, Work, progress::Progress};
use crate::{
    connections::use_endpoint,
    errors,
    http::{self, Endpoint},
    text::capital,
    ui::{Toasts, number::plural, use_toasts},
};

#[derive(Clone, Copy)]
pub struct Run {
    job: StoredValue<Job>,
    pub progress: RwSignal<Progress>,
    /// It was started once.
    pub begun: RwSignal<bool>,
    pub busy: RwSignal<bool>,
    pub stop: RwSignal<bool>,
    /// As typed, where the work is to add one.
    pub tag: RwSignal<String>,
    endpoint: Memo<Option<Endpoint>>,
    toasts: Toasts,
    /// The dialog is.
    open: RwSignal<bool>,
    /// Told of the keys that were done.
    changed: Callback<Vec<String>>,
}

impl Run {
    pub fn new(job: Job, open: RwSignal<bool>, changed: Callback<Vec<String>>) -> Self {
        Self {
            progress: RwSignal::new(Progress::new(job.items.clone(), job.harm == Harm::Deletes)),
            job: StoredValue::new(job),
            begun: RwSignal::new(false),
            busy: RwSignal::new(false),
            stop: RwSignal::new(false),
            tag: RwSignal::new(String::new()),
            endpoint: use_endpoint(),
            toasts: use_toasts(),
            open,
            changed,
        }
    }

    /// Those that wait.
    pub fn start(self) {
        let free = !self.busy.get_untracked();
        let Some(endpoint) = self.endpoint.get_untracked().filter(|_| free) else {
            return;
        };
        self.begun.set(true);
        self.busy.set(true);
        self.stop.set(false);
        let job = self.job.get_value();
        let tag = self.tag.with_untracked(|tag| tag.trim().to_string());
        spawn_local(async move {
            let sent = self.send(&endpoint, &job.work, &tag).await;
            // Closed while it ran: the page shows what was done all the same, unless it is left too.
            if self.busy.try_set(false).is_some() {
                let words = plural(sent.len() as u64, job.one, job.many);
                let done = job.done;
                self.toasts
                    .error(format!("Canceled: {words} {done}, the others not started"));
                self.changed.try_run(sent);
                return;
            }
            self.finish(&job);
        });
    }

    pub fn retry(self) {
        self.progress.update(Progress::retry);
        self.start();
    }

    /// The keys of which it is done.
    async fn send(self, endpoint: &Endpoint, work: &Work, tag: &str) -> Vec<String> {
        let mut sent = Vec::new();
        while self.stop.try_get_untracked() == Some(false) {
            let next = self.progress.try_update(Progress::begin_next).flatten();
            let Some((at, key)) = next else { break };
            let result = done(endpoint, work, &key, tag).await;
            let result = result.map_err(|error| errors::words(&error).sentence());
            if result.is_ok() {
                sent.push(key);
            }
            self.progress
                .try_update(|progress| progress.finish(at, result));
        }
        sent
    }

    /// Closes where nothing failed.
    fn finish(self, job: &Job) {
        let done = self.progress.with_untracked(Progress::done);
        let (count, all) = (done.len(), job.items.len());
        if count > 0 {
            self.changed.run(done);
        }
        if count == all {
            self.open.set(false);
            let what = match job.items.as_slice() {
                [(_, name)] => format!("{} {name}", capital(job.one)),
                all => plural(all.len() as u64, job.one, job.many),
            };
            self.toasts.success(format!("{what} {}", job.done));
        }
    }
}

async fn done(endpoint: &Endpoint, work: &Work, key: &str, tag: &str) -> Result<(), ApiError> {
    let request = match work {
        Work::Send(request) => Some(request(key.to_string())?),
        Work::Tag(tagging) => {
            let answer = http::send(endpoint, (tagging.get)(key)).await?;
            (tagging.tagged)(&answer, tag)?
        }
    };
    match request {
        Some(request) => http::send(endpoint, request).await.map(drop),
        None => Ok(()),
    }
}
