use serde::{Deserialize, Serialize};

use crate::{clock, times::time};

/// Another workspace may call an API for a while.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Grant {
    pub id: i64,
    pub api: i64,
    pub authorized_project: i64,
    /// Unix seconds.
    pub end_time: i64,
    pub created: String,
    pub creator: String,
}

impl Grant {
    pub(crate) fn holds(&self, api: i64, project: i64) -> bool {
        self.api == api
            && self.authorized_project == project
            && self.end_time.saturating_mul(1000) > clock::now_ms()
    }

    pub(crate) fn ends(&self) -> String {
        time(self.end_time.saturating_mul(1000))
    }
}
