//! Who lets a delivery read another workspace's pipe.

use weir_api::secmaster::{
    authorization::{Authorization, Decision, authorized},
    shipper::status,
};

use super::{super::vendor_error::VendorError, Shippers};
use crate::clock;

impl Shippers {
    /// Deliveries into a workspace from others, the newest first.
    pub(super) fn authorizations(&self, workspace: &str) -> Vec<Authorization> {
        let mut records = self.records.list();
        records.retain(|record| record.definition.shipper_destination.workspace == workspace);
        records.sort_by_key(|record| std::cmp::Reverse(record.serial));
        let shown = records.into_iter().filter_map(|record| {
            let asked = record.authorization?;
            let source = record.definition.shipper_source;
            Some(Authorization {
                id: record.serial,
                shipper_id: record.id,
                shipper_name: record.definition.shipper_name,
                region: source.region,
                workspace: source.workspace_name,
                dataspace: source.dataspace_name,
                pipe: source.pipe_name,
                data_type: source.data_type,
                data_source_query: String::new(),
                authorize_status: asked.status,
                run_status: record.status,
                request_time: asked.request_time,
                handler_time: asked.handler_time,
                weir: true,
            })
        });
        shown.collect()
    }

    /// `ids` are those of authorisations or of deliveries. All or none.
    pub(super) async fn decide(
        &self,
        workspace: &str,
        ids: &[String],
        decision: Decision,
    ) -> Result<Vec<String>, VendorError> {
        let _changing = self.changing.lock().await;
        let mut decided = Vec::new();
        for id in ids {
            let mut records = self.records.list().into_iter();
            let found = records.find(|record| {
                let destination = &record.definition.shipper_destination;
                destination.workspace == workspace
                    && record.authorization.is_some()
                    && (record.id == *id || record.serial.to_string() == *id)
            });
            let record =
                found.ok_or_else(|| VendorError::missing(format!("authorization '{id}'")))?;
            let stands = record
                .authorization
                .as_ref()
                .map_or(0, |asked| asked.status);
            let fits = match decision {
                Decision::Agree | Decision::Reject => {
                    stands == authorized::WAITING && record.status == status::PENDING
                }
                Decision::Cancel => stands == authorized::GRANTED,
            };
            if !fits {
                let words = authorized::words(stands).unwrap_or_default();
                let name = record.name();
                return Err(VendorError::not_now(format!(
                    "'{name}' is in state '{words}', in which this cannot be decided"
                )));
            }
            decided.push(record);
        }
        let mut names = Vec::new();
        for mut record in decided {
            let (stands, to) = match decision {
                Decision::Agree => (authorized::GRANTED, status::DELIVERING),
                Decision::Reject => (authorized::REFUSED, status::REFUSED),
                Decision::Cancel => (authorized::WAITING, status::CANCELED),
            };
            if let Some(asked) = &mut record.authorization {
                asked.status = stands;
                asked.handler_time = clock::now_ms();
            }
            names.push(record.name().to_owned());
            self.set(record, to).await?;
        }
        Ok(names)
    }
}
