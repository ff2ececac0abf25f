//! Streamings of Azion.

use weir_api::{
    ApiError,
    azion::{
        self, DataSource,
        endpoint::TYPES,
        streaming::{self, Streaming},
    },
    property,
};

use super::model::{Act, Delivery, Figures, Kind};
use crate::ui::Tone;

pub const KINDS: &[Kind] = &[Kind {
    word: "Streaming",
    request: streaming::list,
    more: azion::part,
    read,
    figures: None,
    read_figures: |_| Figures::default(),
}];

fn read(body: &[u8]) -> Result<Vec<Delivery>, ApiError> {
    let all: Vec<Streaming> = azion::many(body)?;
    all.into_iter().map(delivery).collect()
}

fn delivery(streaming: Streaming) -> Result<Delivery, ApiError> {
    let Streaming {
        id,
        definition,
        delivery,
        stream: _,
    } = streaming;
    let progress = delivery.unwrap_or_default();
    let (tone, state) = match (definition.active, progress.state.as_str()) {
        (false, _) => (Tone::Neutral, "inactive"),
        (true, "failing") => (Tone::Bad, "failing"),
        (true, "not_run") => (Tone::Warn, "stored, not running"),
        (true, _) => (Tone::Good, "active"),
    };
    let endpoint = definition.endpoint_type();
    let known = property::find(TYPES, endpoint);
    let to = match known.name.is_empty() {
        true => endpoint.to_string(),
        false => known.title.to_string(),
    };
    let from = DataSource::meant(&definition.data_source);
    Ok(Delivery {
        act: Some(Act {
            verb: if definition.active {
                "Deactivate"
            } else {
                "Activate"
            },
            question: match definition.active {
                true => "Records that arrive while it is inactive are not delivered.",
                false => "",
            },
            request: streaming::activate(&id, !definition.active)?,
        }),
        key: id,
        kind: "Streaming",
        from: from.map_or_else(|| definition.data_source.clone(), |it| it.title().into()),
        to,
        tone,
        state: state.into(),
        error: match progress.last_error.as_str() {
            "" => progress.message,
            error => error.into(),
        },
        name: definition.name,
        throughput: None,
        segment: "streamings",
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_active_streaming_can_be_deactivated() {
        let body = br#"{"results":[{"id":104,"name":"edge","data_source":"http","active":true,
            "endpoint":{"endpoint_type":"standard","url":"http://example.com"},
            "delivery":{"state":"failing","last_error":"503"}}]}"#;
        let all = read(body).expect("streamings");
        let one = &all[0];
        assert_eq!((one.key.as_str(), one.state.as_str()), ("104", "failing"));
        assert_eq!((one.tone, one.error.as_str()), (Tone::Bad, "503"));
        assert_eq!(one.act.as_ref().expect("act").verb, "Deactivate");
    }
}
