//! Data deliveries of SecMaster.

use weir_api::{
    ApiError,
    secmaster::{
        self,
        shipper::{self, End, Filter, Shipper, status},
    },
};

use super::model::{Act, Delivery, Figures, Kind};
use crate::ui::Tone;

pub const KINDS: &[Kind] = &[Kind {
    word: "Delivery",
    request: || shipper::list(&Filter::default(), 0, secmaster::PAGE),
    more: secmaster::part,
    read,
    figures: None,
    read_figures: |_| Figures::default(),
}];

fn read(body: &[u8]) -> Result<Vec<Delivery>, ApiError> {
    let page: secmaster::Page<Shipper> = secmaster::page(body)?;
    Ok(page.items.into_iter().map(delivery).collect())
}

fn place(end: &End) -> String {
    let parts = [&end.workspace_name, &end.dataspace_name, &end.pipe_name];
    let parts = parts.into_iter().filter(|part| !part.is_empty());
    parts.map(String::as_str).collect::<Vec<_>>().join(" / ")
}

fn delivery(shipper: Shipper) -> Delivery {
    let progress = shipper.weir.unwrap_or_default();
    let tone = match shipper.status {
        status::DELIVERING if !progress.last_error.is_empty() => Tone::Bad,
        status::DELIVERING => Tone::Good,
        status::PENDING => Tone::Warn,
        status::REFUSED => Tone::Bad,
        _ => Tone::Neutral,
    };
    let id = &shipper.shipper_id;
    let act = match shipper.status {
        status::DELIVERING => Some(Act {
            verb: "Pause",
            question: "Nothing is copied until the delivery is resumed.",
            request: shipper::pause(id),
        }),
        status::SUSPENDED => Some(Act {
            verb: "Resume",
            question: "",
            request: shipper::resume(id),
        }),
        _ => None,
    };
    let state = status::words(shipper.status);
    Delivery {
        act,
        name: shipper.shipper_name,
        kind: "Delivery",
        from: place(&shipper.shipper_source),
        to: place(&shipper.shipper_destination),
        tone,
        state: state.map_or_else(|| shipper.status.to_string(), String::from),
        error: progress.last_error,
        throughput: progress.throughput.last().map(|(_, rate)| *rate as f64),
        segment: "deliveries",
        key: shipper.shipper_id,
    }
}
