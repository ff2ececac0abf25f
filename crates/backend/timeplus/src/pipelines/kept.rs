//! Pipelines in memory, written through to the database.

use std::sync::Arc;

use weir_api::{
    Audit, Owner,
    timeplus::pipeline::{CreatePipeline, Pipeline, Step},
};
use weir_store::{Store, StoreError};

use weir_platform::{
    clock,
    error::HttpError,
    random,
    records::{Records, Table},
};

pub(crate) struct Pipelines {
    all: Records<Pipeline>,
    /// Held while something changes, so that a name is free until it is taken.
    changing: tokio::sync::Mutex<()>,
}

impl Pipelines {
    pub(crate) async fn load(store: &Store) -> Result<Self, StoreError> {
        Ok(Self {
            all: Records::load(store, Table::Own("backend_pipelines")).await?,
            changing: tokio::sync::Mutex::default(),
        })
    }

    pub(super) fn list(&self) -> Vec<Pipeline> {
        let all = self.all.list().into_iter();
        let mut all: Vec<Pipeline> = all.map(Arc::unwrap_or_clone).collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    }

    pub(super) fn get(&self, id: &str) -> Option<Pipeline> {
        self.all.get(id).map(Arc::unwrap_or_clone)
    }

    pub(super) async fn create(
        &self,
        request: CreatePipeline,
        owner: Owner,
    ) -> Result<Pipeline, HttpError> {
        let _changing = self.changing.lock().await;
        let name = request.name.trim().to_string();
        if name.is_empty() {
            return Err(HttpError::field("name", "a name is needed"));
        }
        if self.all.list().iter().any(|other| other.name == name) {
            return Err(HttpError::field(
                "name",
                format!("pipeline '{name}' exists"),
            ));
        }
        let now = clock::text(clock::now_ms());
        let steps = request.nodes_history;
        let mut steps =
            steps.ok_or_else(|| HttpError::field("nodes_history", "a list is needed"))?;
        if let Some(at) = steps.iter().position(|step| step.nodes.is_none()) {
            let field = format!("nodes_history[{at}].nodes");
            return Err(HttpError::field(field, "a list is needed"));
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
        self.all.put(pipeline.id.clone(), pipeline.clone()).await?;
        Ok(pipeline)
    }

    /// `None` where there is no such pipeline.
    pub(super) async fn append(
        &self,
        id: &str,
        mut step: Step,
        owner: Owner,
    ) -> Result<Option<Pipeline>, HttpError> {
        let _changing = self.changing.lock().await;
        let Some(mut pipeline) = self.get(id) else {
            return Ok(None);
        };
        if step.nodes.as_ref().is_none_or(Vec::is_empty) {
            return Err(HttpError::field("nodes", "at least one node is needed"));
        }
        let now = clock::text(clock::now_ms());
        step.update_time = Some(now.clone());
        pipeline.nodes_history.get_or_insert_default().push(step);
        pipeline.audit.last_updated_at = Some(now);
        pipeline.audit.last_updated_by = Some(owner);
        self.all.put(pipeline.id.clone(), pipeline.clone()).await?;
        Ok(Some(pipeline))
    }

    /// `None` where there was none.
    pub(super) async fn delete(&self, id: &str) -> Result<Option<Pipeline>, HttpError> {
        let _changing = self.changing.lock().await;
        let Some(pipeline) = self.get(id) else {
            return Ok(None);
        };
        self.all.delete(vec![id.to_string()]).await?;
        Ok(Some(pipeline))
    }
}
