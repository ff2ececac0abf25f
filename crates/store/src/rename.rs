//! Another name of a stream, whose rows stay.

use std::sync::Arc;

use weir_api::{Owner, timeplus::stream::Stream};

use crate::{
    Store, StoreError,
    define::define,
    meta::{StreamState, write_json},
    schema::{now_ms, timestamp},
    view,
    writer::{Job, Scope},
};

impl Store {
    /// Fails with [`StoreError::Dependents`] while views read the stream, and with
    /// [`StoreError::Exists`] where the other name is taken.
    pub async fn rename_stream(
        &self,
        from: &str,
        to: &str,
        owner: Owner,
    ) -> Result<Arc<Stream>, StoreError> {
        self.may_write(from)?;
        let (before, name) = (from.to_owned(), from.to_owned());
        let (to, shared) = (to.to_owned(), self.inner.shared.clone());
        let state = self
            .answered(Job::alone(
                move |scope| rename(scope, &name, &to, owner).map(Arc::new),
                move |state: &Arc<StreamState>| {
                    let name = state.definition.name.clone();
                    shared.change(|meta| {
                        meta.streams.remove(&before);
                        meta.streams.insert(name, state.clone())
                    });
                },
            ))
            .await?;
        Ok(state.stream.clone())
    }
}

fn rename(
    scope: &mut Scope<'_>,
    from: &str,
    to: &str,
    owner: Owner,
) -> Result<StreamState, StoreError> {
    let state = scope.shared.state(from)?;
    view::check_unused(scope.shared, &format!("stream '{from}'"), from)?;
    view::check_free(scope.shared, to)?;
    let mut audit = state.stream.audit();
    audit.last_updated_at = Some(timestamp(now_ms()));
    audit.last_updated_by = Some(owner);
    let mut definition = state.definition.clone();
    definition.name = to.to_owned();
    // Whether such a name can be is checked with the rest of it.
    let defined = define(definition, &state.info.table)?;
    scope.tx.execute(
        "UPDATE streams SET name = ?2, definition = ?3, audit = ?4 WHERE id = ?1",
        (
            state.id,
            to,
            write_json(&defined.definition)?,
            write_json(&audit)?,
        ),
    )?;
    Ok(StreamState::new(
        state.id,
        defined,
        audit,
        state.live.clone(),
    ))
}
