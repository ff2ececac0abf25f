use weir_api::dataworks::test::{FINISHED, RUNNING, Test};
use weir_store::StoreError;

use super::Records;

/// A test of an API: it runs in the background, and its result is kept.
pub(crate) type Trial = Test;

/// Of runs that no code of the vendor fits.
const INTERRUPTED: i64 = -1;

/// Those that ran when the backend stopped have no result.
pub(crate) async fn end_interrupted(trials: &Records<Trial>) -> Result<(), StoreError> {
    for trial in trials.list() {
        if trial.status == RUNNING {
            let mut trial = trial.as_ref().clone();
            trial.status = FINISHED.into();
            trial.ret_code = Some(INTERRUPTED);
            trial.ret_result = "the backend stopped".into();
            trials.put(trial.test_id, trial).await?;
        }
    }
    Ok(())
}
