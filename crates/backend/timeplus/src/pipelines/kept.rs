//! Pipelines in memory, written through to the database.

use std::{
    collections::BTreeMap,
    sync::{PoisonError, RwLock},
};

use weir_api::{
    Audit, Owner,
    timeplus::pipeline::{CreatePipeline, Pipeline, Step},
};
use weir_store::{Store, StoreError};

use crate::{clock, error::Failure, random};

pub(crate) struct Pipelines {
    store: Store,
    by_id: RwLock<BTreeMap<String, Pipeline>>,
    /// One change at a time, so that memory and database agree.
    changing: tokio::sync::Mutex<()>,
}

impl Pipelines {
    pub(crate) async fn load(store: &Store) -> Result<Self, StoreError> {
        let stored: Vec<String> = store
            .write(|tx| {
                tx.execute_batch(
                    "CREATE TABLE IF NOT EXISTS backend_pipelines (
                         id TEXT PRIMARY KEY, pipeline TEXT NOT NULL
                     ) STRICT",
                )?;
                let mut all = tx.prepare("SELECT pipeline FROM backend_pipelines")?;
                Ok(all
                    .query_map([], |row| row.get(0))?
                    .collect::<Result<_, _>>()?)
            })
            .await?;
        let pipelines = stored.iter().map(|json| {
            serde_json::from_str(json)
                .map(|pipeline: Pipeline| (pipeline.id.clone(), pipeline))
                .map_err(|error| StoreError::invalid("backend_pipelines", error.to_string()))
        });
        Ok(Self {
            store: store.clone(),
            by_id: RwLock::new(pipelines.collect::<Result<_, _>>()?),
            changing: tokio::sync::Mutex::default(),
        })
    }

    pub(super) fn list(&self) -> Vec<Pipeline> {
        let mut all: Vec<Pipeline> = self.read(|all| all.values().cloned().collect());
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }

    pub(super) fn get(&self, id: &str) -> Option<Pipeline> {
        self.read(|all| all.get(id).cloned())
    }

    pub(super) async fn create(
        &self,
        request: CreatePipeline,
        owner: Owner,
    ) -> Result<Pipeline, Failure> {
        let _changing = self.changing.lock().await;
        let name = request.name.trim().to_string();
        if name.is_empty() {
            return Err(Failure::field("name", "a name is needed"));
        }
        if self.read(|all| all.values().any(|other| other.name == name)) {
            return Err(Failure::field("name", format!("pipeline '{name}' exists")));
        }
        let now = clock::text(clock::now_ms());
        let steps = request.nodes_history;
        let mut steps = steps.ok_or_else(|| Failure::field("nodes_history", "a list is needed"))?;
        if let Some(at) = steps.iter().position(|step| step.nodes.is_none()) {
            let field = format!("nodes_history[{at}].nodes");
            return Err(Failure::field(field, "a list is needed"));
        }
        for step in &mut steps {
            step.update_time.get_or_insert_with(|| now.clone());
        }
        let pipeline = Pipeline {
            id: random::uuid(),
            name,
            description: request.description,
            nodes_history: Some(steps),
            audit: Audit {
                created_at: Some(now.clone()),
                created_by: Some(owner.clone()),
                last_updated_at: Some(now),
                last_updated_by: Some(owner),
            },
        };
        self.keep(pipeline.clone()).await?;
        Ok(pipeline)
    }

    /// `None` where there is no such pipeline.
    pub(super) async fn append(
        &self,
        id: &str,
        mut step: Step,
        owner: Owner,
    ) -> Result<Option<Pipeline>, Failure> {
        let _changing = self.changing.lock().await;
        let Some(mut pipeline) = self.get(id) else {
            return Ok(None);
        };
        if step.nodes.as_ref().is_none_or(Vec::is_empty) {
            return Err(Failure::field("nodes", "at least one node is needed"));
        }
        let now = clock::text(clock::now_ms());
        step.update_time = Some(now.clone());
        pipeline.nodes_history.get_or_insert_default().push(step);
        pipeline.audit.last_updated_at = Some(now);
        pipeline.audit.last_updated_by = Some(owner);
        self.keep(pipeline.clone()).await?;
        Ok(Some(pipeline))
    }

    /// `None` where there was none.
    pub(super) async fn delete(&self, id: &str) -> Result<Option<Pipeline>, Failure> {
        let _changing = self.changing.lock().await;
        let Some(pipeline) = self.get(id) else {
            return Ok(None);
        };
        let key = id.to_string();
        self.store
            .write(move |tx| {
                tx.execute("DELETE FROM backend_pipelines WHERE id = ?1", [key])?;
                Ok(())
            })
            .await?;
        self.change(|all| all.remove(id));
        Ok(Some(pipeline))
    }

    async fn keep(&self, pipeline: Pipeline) -> Result<(), Failure> {
        let json = serde_json::to_string(&pipeline).map_err(Failure::internal)?;
        let id = pipeline.id.clone();
        self.store
            .write(move |tx| {
                tx.execute(
                    "INSERT OR REPLACE INTO backend_pipelines VALUES (?1, ?2)",
                    (id, json),
                )?;
                Ok(())
            })
            .await?;
        self.change(|all| all.insert(pipeline.id.clone(), pipeline));
        Ok(())
    }

    fn read<T>(&self, read: impl FnOnce(&BTreeMap<String, Pipeline>) -> T) -> T {
        read(&self.by_id.read().unwrap_or_else(PoisonError::into_inner))
    }

    fn change<T>(&self, change: impl FnOnce(&mut BTreeMap<String, Pipeline>) -> T) -> T {
        change(&mut self.by_id.write().unwrap_or_else(PoisonError::into_inner))
    }
}
