use proptest::prelude::*;

use super::{Decoder, TooLarge};

#[derive(Debug, Clone, PartialEq, Eq)]
enum Seen {
    Event {
        event: String,
        data: Vec<u8>,
        id: Option<String>,
        retry: Option<u64>,
    },
    TooLarge(u64),
}

fn decode_with(decoder: &mut Decoder, pieces: &[&[u8]]) -> Vec<Seen> {
    let mut seen = Vec::new();
    for piece in pieces {
        decoder.push(piece, |event| {
            seen.push(match event {
                Ok(event) => Seen::Event {
                    event: event.event.to_string(),
                    data: event.data.to_vec(),
                    id: event.id.map(str::to_string),
                    retry: event.retry,
                },
                Err(TooLarge { bytes, .. }) => Seen::TooLarge(bytes),
            });
        });
    }
    seen
}

fn decode(pieces: &[&[u8]]) -> Vec<Seen> {
    decode_with(&mut Decoder::default(), pieces)
}

/// Event name and data only.
fn plain(stream: &[u8]) -> Vec<(String, String)> {
    decode(&[stream])
        .into_iter()
        .map(|seen| match seen {
            Seen::Event { event, data, .. } => {
                (event, String::from_utf8(data).expect("test data is text"))
            }
            Seen::TooLarge(_) => panic!("too large"),
        })
        .collect()
}

fn message(data: &str) -> (String, String) {
    ("message".into(), data.into())
}

#[test]
fn every_line_ending_ends_a_line() {
    let expected = vec![message("a\nb"), message("c")];
    for end in ["\n", "\r", "\r\n"] {
        let stream = "data: a|data:b||data: c||".replace('|', end);
        assert_eq!(plain(stream.as_bytes()), expected, "{end:?}");
    }
    assert_eq!(plain(b"data: a\r\ndata:b\n\rdata: c\r\r"), expected);
}

#[test]
fn mark_comments_and_unknown_fields_are_not_data() {
    assert_eq!(
        plain(b"\xEF\xBB\xBFdata: a\n: hello\nfoo: bar\n\n:\n\ndata:  b\n\n"),
        vec![message("a"), message(" b")]
    );
    // Only one mark, and only at the start.
    assert_eq!(plain(b"\xEF\xBB\xBF\xEF\xBB\xBFdata: a\n\n"), vec![]);
    assert_eq!(plain(b"\xEF\xBBdata: a\n\n"), vec![]);
}

#[test]
fn empty_data_is_an_event_and_no_data_is_none() {
    assert_eq!(
        plain(b"data\n\nevent: x\n\ndata:\ndata:\n\n"),
        vec![message(""), message("\n")]
    );
}

#[test]
fn an_event_name_lasts_for_one_event() {
    assert_eq!(
        plain(b"event: metrics\ndata: 1\n\ndata: 2\n\n"),
        vec![("metrics".into(), "1".into()), message("2")]
    );
}

#[test]
fn an_incomplete_event_is_not_dispatched_and_its_id_not_taken() {
    let mut decoder = Decoder::default();
    let seen = decode_with(&mut decoder, &[b"id: 1\ndata: a\n\nid: 2\ndata: b\n"]);
    assert_eq!(seen.len(), 1);
    assert_eq!(decoder.last_event_id(), "1");
    decoder.reconnect();
    let seen = decode_with(&mut decoder, &[b"data: c\n\n"]);
    assert_eq!(
        seen,
        vec![Seen::Event {
            event: "message".into(),
            data: b"c".to_vec(),
            id: Some("1".into()),
            retry: None
        }]
    );
}

#[test]
fn ids_persist_are_cleared_and_never_hold_nul() {
    let ids: Vec<_> = decode(&[
        b"id: 7\ndata: a\n\ndata: b\n\nid: 8\0\ndata: c\n\nid\ndata: d\n\nid: 9\n\ndata: e\n\n",
    ])
    .into_iter()
    .map(|seen| match seen {
        Seen::Event { id, .. } => id,
        Seen::TooLarge(_) => panic!("too large"),
    })
    .collect();
    let some = |id: &str| Some(id.to_string());
    assert_eq!(ids, vec![some("7"), some("7"), some("7"), None, some("9")]);
}

#[test]
fn retry_takes_digits_only() {
    let mut decoder = Decoder::default();
    decode_with(&mut decoder, &[b"retry: 1500\n\nretry: 1s\nretry:\n\n"]);
    assert_eq!(decoder.retry(), Some(1500));
}

#[test]
fn an_event_over_the_limit_is_reported_and_the_next_one_read() {
    let stream = b"data: 123456789\n\ndata: ok\n\ndata: 1234\ndata: 12345\n\n: a long comment\n\ndata: ok\n\n";
    let seen = decode_with(&mut Decoder::new(12), &[stream]);
    assert!(matches!(
        seen.as_slice(),
        [
            Seen::TooLarge(15),
            Seen::Event { .. },
            Seen::TooLarge(21),
            Seen::Event { .. }
        ]
    ));
}

#[test]
fn a_cut_line_keeps_no_more_than_the_limit() {
    let mut decoder = Decoder::new(100);
    let mut seen = decode_with(&mut decoder, &[b"data: "]);
    for _ in 0..1000 {
        seen.extend(decode_with(&mut decoder, &[&[b'x'; 1000]]));
    }
    seen.extend(decode_with(&mut decoder, &[b"\n\n"]));
    assert_eq!(seen, vec![Seen::TooLarge(1_000_006)]);
}

fn stream() -> impl Strategy<Value = Vec<u8>> {
    const PIECES: &[&[u8]] = &[
        b"data: ",
        b"data",
        b":",
        b" ",
        b"event: x",
        b"event:",
        b"id: 1",
        b"id",
        b"id: \0",
        b"retry: 10",
        b"\n",
        b"\r",
        b"\r\n",
        b"\n\n",
        b"\r\r",
        b"\r\n\r\n",
        b"[[1,\"a\"]]",
        b"\xEF\xBB\xBF",
        b"\xEF",
        b"\xFF\xC3",
        b"\xC3\xA4",
    ];
    let piece = prop::sample::select(PIECES);
    prop::collection::vec(piece, 0..60).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2000))]
    #[test]
    fn any_split_gives_the_same_events(
        stream in stream(),
        cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
        limit in prop_oneof![Just(8usize), Just(20), Just(1 << 20)],
    ) {
        let mut whole = Decoder::new(limit);
        let expected = decode_with(&mut whole, &[&stream]);

        let mut places: Vec<usize> = cuts.iter().map(|cut| cut.index(stream.len() + 1)).collect();
        places.sort_unstable();
        let mut pieces = Vec::new();
        let mut from = 0;
        for place in places {
            pieces.push(&stream[from..place]);
            from = place;
        }
        pieces.push(&stream[from..]);
        let mut split = Decoder::new(limit);
        prop_assert_eq!(&decode_with(&mut split, &pieces), &expected);
        prop_assert_eq!(split.last_event_id(), whole.last_event_id());

        let bytes: Vec<&[u8]> = stream.chunks(1).collect();
        prop_assert_eq!(decode_with(&mut Decoder::new(limit), &bytes), expected);
    }

    #[test]
    fn arbitrary_bytes_never_panic(stream in prop::collection::vec(any::<u8>(), 0..500)) {
        let bytes: Vec<&[u8]> = stream.chunks(3).collect();
        prop_assert_eq!(decode(&bytes), decode(&[&stream]));
    }
}
