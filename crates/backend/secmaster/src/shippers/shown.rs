//! A delivery as it is answered.

use std::sync::PoisonError;

use weir_api::secmaster::shipper::{Progress, Shipper, consumption, status};

use super::{Record, Shippers, THROUGHPUT};
use crate::running::Status;

impl Shippers {
    pub(super) fn shown(&self, record: &Record) -> Shipper {
        let report = self.runners.report(&record.id);
        let next = self.next.lock().unwrap_or_else(PoisonError::into_inner);
        let scheduled = record.definition.consumption_type == consumption::SCHEDULED;
        let running = record.status == status::DELIVERING;
        let next_run = next.get(&record.id).copied();
        let last_error = match report.status {
            Status::Complete => "the source has no more records".into(),
            _ => report.message,
        };
        let throughput = self.runners.throughput(&record.id, THROUGHPUT);
        let definition = record.definition.clone();
        Shipper {
            id: record.serial,
            shipper_id: record.id.clone(),
            shipper_name: definition.shipper_name,
            consumption_type: definition.consumption_type,
            status: record.status,
            create_time: record.create_time,
            update_time: record.update_time,
            version: definition.version,
            domain_id: definition.domain_id,
            project_id: definition.project_id,
            workspace_id: definition.workspace_id,
            workspace_name: definition.workspace_name,
            dataspace_id: definition.dataspace_id,
            dataspace_name: definition.dataspace_name,
            pipe_id: definition.pipe_id,
            pipe_name: definition.pipe_name,
            shipper_source: definition.shipper_source,
            shipper_destination: definition.shipper_destination,
            weir: Some(Progress {
                last_error,
                records: report.successes,
                next_run: next_run.filter(|_| scheduled && running),
                throughput: throughput
                    .into_iter()
                    .map(|(at, rate)| (at, rate as u64))
                    .collect(),
            }),
        }
    }
}
