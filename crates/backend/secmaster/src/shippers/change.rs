//! Deliveries are made, changed and deleted.

use std::sync::PoisonError;

use weir_api::secmaster::{
    authorization::authorized,
    shipper::{ShipperDef, status},
};

use super::{
    super::vendor_error::VendorError, AuthorizationRequest, Record, Shippers, check, progress, run,
};
use crate::{Services, clock, follow::Follow, random};

impl Shippers {
    pub(super) async fn create(
        &self,
        app: &Services,
        workspace: &str,
        sent: ShipperDef,
    ) -> Result<Record, VendorError> {
        let _changing = self.changing.lock().await;
        let definition = check::definition(app, workspace, sent)?;
        let foreign = definition.shipper_destination.workspace != workspace;
        let follow = self.follow(&definition).await?;
        let now = clock::now_ms();
        let serials = self.records.list().into_iter().map(|record| record.serial);
        let record = Record {
            serial: serials.max().unwrap_or_default() + 1,
            id: random::uuid(),
            status: match foreign {
                true => status::PENDING,
                false => status::DELIVERING,
            },
            create_time: now,
            update_time: now,
            authorization: foreign.then_some(AuthorizationRequest {
                status: authorized::WAITING,
                request_time: now,
                handler_time: 0,
            }),
            definition,
        };
        let next = run::interval(&record.definition).map(|every| now + every);
        progress::begin(&self.store, &record.id, follow.started(), next).await?;
        self.records.put(&record.id, record.clone()).await?;
        if !foreign {
            self.run(&record, Some(follow)).await?;
        }
        Ok(record)
    }

    pub(super) async fn follow(&self, definition: &ShipperDef) -> Result<Follow, VendorError> {
        let copy = run::Copy::plan(&self.store, definition)
            .map_err(|words| VendorError::field("destination_pipe", words))?;
        Ok(Follow::start(&self.store, &copy.sql, None).await?)
    }

    /// Changes the status; `DELIVERING` goes on where it was.
    pub(super) async fn set(&self, mut record: Record, to: i64) -> Result<Record, VendorError> {
        record.status = to;
        record.update_time = clock::now_ms();
        match to {
            status::DELIVERING => {
                self.renew(&record).await?;
                self.records.put(&record.id, record.clone()).await?;
                self.run(&record, None).await?;
            }
            _ => {
                self.records.put(&record.id, record.clone()).await?;
                self.runners.stop(&record.id).await?;
            }
        }
        Ok(record)
    }

    /// The source may have been made anew: then there is no place to go on from.
    pub(super) async fn renew(&self, record: &Record) -> Result<(), VendorError> {
        let copy =
            run::Copy::plan(&self.store, &record.definition).map_err(VendorError::not_now)?;
        let from = progress::load(&self.store, &record.id).await?;
        let goes_on = Follow::start(&self.store, &copy.sql, from.checkpoint).await;
        if goes_on.is_err() {
            let anew = Follow::start(&self.store, &copy.sql, None).await?;
            progress::begin(&self.store, &record.id, anew.started(), from.next_run).await?;
        }
        Ok(())
    }

    pub(super) async fn change(
        &self,
        workspace: &str,
        id: &str,
        from: &[i64],
        to: i64,
        what: &str,
    ) -> Result<Record, VendorError> {
        let _changing = self.changing.lock().await;
        let mut record = self.record(workspace, id)?;
        if !from.contains(&record.status) {
            let now = status::words(record.status).unwrap_or_default();
            let words = format!("a delivery in state '{now}' cannot be {what}");
            return Err(VendorError::not_now(words));
        }
        if to == status::PENDING
            && let Some(asked) = &mut record.authorization
        {
            asked.status = authorized::WAITING;
            asked.request_time = clock::now_ms();
            asked.handler_time = 0;
        }
        self.set(record, to).await
    }

    /// Names of those that were deleted. One that does not exist ends it before anything is.
    pub(super) async fn delete(
        &self,
        workspace: &str,
        ids: &[String],
    ) -> Result<Vec<String>, VendorError> {
        let _changing = self.changing.lock().await;
        let records = ids.iter().map(|id| self.record(workspace, id));
        let records = records.collect::<Result<Vec<_>, _>>()?;
        for record in &records {
            self.runners.remove(&record.id).await?;
            progress::forget(&self.store, &record.id).await?;
            self.records.remove(&record.id).await?;
            let mut next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
            next.remove(&record.id);
        }
        let names = records.iter().map(|record| record.name().to_owned());
        Ok(names.collect())
    }
}
