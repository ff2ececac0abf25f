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
    // The numbers of another server mean nothing to us.
    let known = shipper.known_status();
    let progress = shipper.weir.unwrap_or_default();
    let tone = match known {
        Some(status::DELIVERING) if !progress.last_error.is_empty() => Tone::Bad,
        Some(status::DELIVERING) => Tone::Good,
        Some(status::PENDING) => Tone::Warn,
        Some(status::REFUSED) => Tone::Bad,
        _ => Tone::Neutral,
    };
    let id = &shipper.shipper_id;
    let act = match known {
        Some(status::DELIVERING) => Some(Act {
            verb: "Pause",
            question: "Delivery stops until resumed.",
            request: shipper::pause(id),
        }),
        Some(status::SUSPENDED) => Some(Act {
            verb: "Resume",
            question: "",
            request: shipper::resume(id),
        }),
        _ => None,
    };
    let state = known.and_then(status::words);
    Delivery {
        act,
        name: shipper.shipper_name,
        kind: "Delivery",
        from: place(&shipper.shipper_source),
        to: place(&shipper.shipper_destination),
        tone,
        state: state.map_or_else(|| format!("Status {}", shipper.status), String::from),
        error: progress.last_error,
        throughput: progress.throughput.last().map(|(_, rate)| *rate as f64),
        segment: "deliveries",
        key: shipper.shipper_id,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_mean_something_only_of_the_embedded_backend() {
        let of = |weir: &str| {
            let body = format!(
                r#"{{"data":[{{"shipper_id":"1","shipper_name":"n","status":0{weir}}}],"total":1}}"#
            );
            let all = read(body.as_bytes()).expect("deliveries");
            (all[0].state.clone(), all[0].tone, all[0].act.is_some())
        };
        let (state, tone, act) = of(r#","weir":{}"#);
        assert_eq!((tone, act), (Tone::Good, true));
        assert_ne!(state, "Status 0");
        assert_eq!(of(""), ("Status 0".into(), Tone::Neutral, false));
    }
}
