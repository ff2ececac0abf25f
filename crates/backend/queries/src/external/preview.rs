//! Messages of a place before there is an external stream for it.

use std::time::Duration;

use serde_json::{Map, Value};
use weir_api::timeplus::external_stream::{Offset, Preview};
use weir_engine::Seek;
use weir_store::Store;

use super::{
    decode::Events,
    reader::{Location, not_run},
    settings::{Settings, wrong},
};
use crate::error::HttpError;

const MOST: u32 = 1000;
const LONGEST: u32 = 300;

/// Fewer than asked for where no more came in time.
pub async fn preview(store: &Store, asked: Preview) -> Result<Vec<Map<String, Value>>, HttpError> {
    let settings = Settings(&asked.settings);
    let count = range("count", asked.count.unwrap_or(1), MOST)?;
    let timeout = range("timeout", asked.timeout.unwrap_or(60), LONGEST)?;
    let Some(location) = Location::of(store, &asked.settings)? else {
        return Err(wrong("type", not_run(settings.required("type")?)));
    };
    location.check(store)?;
    let decoder = Events::new(store, settings)?;
    let seek = match asked.offset.unwrap_or_default() {
        Offset::Earliest => Seek::Earliest,
        Offset::Latest => Seek::Latest,
    };
    let mut events = Vec::new();
    let read = async {
        let mut reader = location.open(seek, false).await?;
        while let Some(batch) = reader.next().await? {
            for message in batch {
                decoder.events(&message, &mut events)?;
                if events.len() >= count as usize {
                    events.truncate(count as usize);
                    return Ok::<_, String>(());
                }
            }
        }
        Ok(())
    };
    match tokio::time::timeout(Duration::from_secs(timeout.into()), read).await {
        Ok(Err(message)) => Err(HttpError::bad_request(message)),
        Ok(Ok(())) | Err(_) => Ok(events),
    }
}

fn range(field: &str, value: u32, most: u32) -> Result<u32, HttpError> {
    if (1..=most).contains(&value) {
        Ok(value)
    } else {
        Err(HttpError::field(
            field,
            format!("{value} is not from 1 to {most}"),
        ))
    }
}
