//! Sinks and sources of Timeplus.

use weir_api::{
    ApiError, ApiRequest, json_response,
    property::{self, TypeOf},
    timeplus::{
        sink::{self, Sink, SinkStats},
        source::{self, Source, Stats},
        types::{sinks, sources},
    },
};

use super::model::{Act, Delivery, Figures, Kind};
use crate::systems::timeplus::{activity::tone, sinks::list::one_line};

pub const KINDS: &[Kind] = &[
    Kind {
        word: "Sink",
        request: || sink::CRUD.list(),
        more: weir_api::paging::whole,
        read: read_sinks,
        figures: Some(|key| sink::stats(key, "10m", "1d")),
        read_figures: |body| {
            let stats: SinkStats = json_response(body).unwrap_or_default();
            Figures {
                throughput: stats.throughput.last().map(|point| point.value),
                error: stats.errors.first().map(|error| error.message.clone()),
            }
        },
    },
    Kind {
        word: "Source",
        request: || source::CRUD.list(),
        more: weir_api::paging::whole,
        read: read_sources,
        figures: Some(|key| source::stats(key, "1d", "10m")),
        read_figures: |body| {
            let stats: Stats = json_response(body).unwrap_or_default();
            Figures {
                throughput: stats.throughput.last().map(|point| point.value),
                error: stats.errors.first().map(|error| error.message.clone()),
            }
        },
    },
];

fn title(types: &'static [TypeOf], kind: &str) -> String {
    let known = property::find(types, kind);
    match known.name.is_empty() {
        true => kind.into(),
        false => known.title.into(),
    }
}

fn act(runs: bool, start: ApiRequest, stop: ApiRequest) -> Option<Act> {
    Some(match runs {
        true => Act {
            verb: "Stop",
            question: "Data transfer stops until started again.",
            request: stop,
        },
        false => Act {
            verb: "Start",
            question: "",
            request: start,
        },
    })
}

fn read_sinks(body: &[u8]) -> Result<Vec<Delivery>, ApiError> {
    let all: Option<Vec<Sink>> = json_response(body)?;
    let all = all.unwrap_or_default().into_iter();
    let delivery = |sink: Sink| Delivery {
        act: act(
            sink.status == "running",
            sink::start(&sink.id),
            sink::stop(&sink.id),
        ),
        name: sink.name,
        kind: "Sink",
        from: one_line(&sink.query),
        to: title(sinks::TYPES, &sink.kind),
        tone: tone(&sink.status),
        state: sink.status,
        error: sink.message,
        throughput: None,
        segment: "sinks",
        key: sink.id,
    };
    Ok(all.map(delivery).collect())
}

fn read_sources(body: &[u8]) -> Result<Vec<Delivery>, ApiError> {
    let all: Option<Vec<Source>> = json_response(body)?;
    let all = all.unwrap_or_default().into_iter();
    let delivery = |source: Source| Delivery {
        act: act(
            source.is_active(),
            source::start(&source.id),
            source::stop(&source.id),
        ),
        name: source.name,
        kind: "Source",
        from: title(sources::TYPES, &source.kind),
        to: format!("stream {}", source.stream),
        tone: tone(&source.status),
        state: source.status,
        error: source.message,
        throughput: None,
        segment: "sources",
        key: source.id,
    };
    Ok(all.map(delivery).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::Tone;

    #[test]
    fn a_sink_leads_from_its_query_to_its_type() {
        let body = br#"[{"id":"7","name":"out","type":"http","query":"SELECT *\nFROM s","status":"error","message":"refused"}]"#;
        let all = read_sinks(body).expect("sinks");
        let sink = &all[0];
        assert_eq!(
            (sink.from.as_str(), sink.to.as_str()),
            ("SELECT * FROM s", "HTTP")
        );
        assert_eq!((sink.tone, sink.error.as_str()), (Tone::Bad, "refused"));
        let act = sink.act.as_ref().expect("act");
        assert_eq!(
            (act.verb, act.request.path.as_str()),
            ("Start", "/v1beta2/sinks/7/start")
        );
        assert!(read_sinks(b"null").expect("none").is_empty());
    }

    #[test]
    fn a_source_leads_into_its_stream() {
        let body =
            br#"[{"id":"7","name":"in","type":"websocket","stream":"s","status":"running"}]"#;
        let all = read_sources(body).expect("sources");
        assert_eq!(all[0].to, "stream s");
        assert_eq!(all[0].act.as_ref().expect("act").verb, "Stop");
    }
}
