//! From the bytes of a connection to cells: what a server sends in any pieces, with anything in it,
//! is held as sent, and a body that is cut loses nothing that was whole.

#[cfg(test)]
mod wire {
    use proptest::prelude::*;
    use weir_api::timeplus::{
        Column,
        event::{QueryEvent, QueryEvents},
    };
    use weir_live::{Cell, Limits, Ring, RingColumn};

    const TYPES: [&str; 4] = ["string", "json", "uint64", "float64"];

    fn ring() -> Ring {
        let columns = TYPES.iter().enumerate().map(|(at, data_type)| Column {
            name: format!("c{at}"),
            data_type: (*data_type).into(),
        });
        let columns: Vec<Column> = columns.collect();
        Ring::new(RingColumn::from_header(&columns), Limits::default())
    }

    /// Feeds `pieces`; the batches that were refused, and how many rows of them were taken.
    fn feed(ring: &mut Ring, pieces: &[&[u8]]) -> (usize, u64) {
        let mut events = QueryEvents::default();
        let (mut refused, mut of_refused) = (0, 0);
        for piece in pieces {
            events.push(piece, |event| {
                if let Ok(QueryEvent::Rows(rows)) = event
                    && let Err(error) = ring.push(rows)
                {
                    refused += 1;
                    of_refused += error.pushed.rows;
                }
            });
        }
        (refused, of_refused)
    }

    fn held(ring: &Ring) -> Vec<Vec<String>> {
        let row = |row| (0..TYPES.len()).map(|c| ring.cell(row, c).json()).collect();
        (ring.first()..ring.end()).map(row).collect()
    }

    /// A JSON document whose text is kept: every escape, duplicate keys, brackets in brackets,
    /// numbers of any length.
    fn document() -> impl Strategy<Value = String> {
        let leaf = prop_oneof![
            r#""([ -!#-\[\]-~äß€😀]|\\u[0-9a-fA-F]{4}|\\["\\/bfnrt]){0,12}""#,
            "-?(0|[1-9][0-9]{0,400})(\\.[0-9]{1,40})?([eE][+-]?[0-9]{1,5})?",
            prop::sample::select(&["null", "true", "false", "[]", "{}"][..]).prop_map(String::from),
        ];
        (leaf, prop::collection::vec(any::<bool>(), 0..400)).prop_map(|(leaf, brackets)| {
            let wrapped = |inside: String, object: &bool| match object {
                true => format!(r#"{{"k":1,"k":{inside}}}"#),
                false => format!("[{inside},{{}}]"),
            };
            // One more bracket around keeps it from being typed.
            let inside = brackets.iter().fold(leaf, wrapped);
            format!("[{inside}]")
        })
    }

    fn text() -> impl Strategy<Value = String> {
        any::<String>().prop_map(|text| {
            let quoted = serde_json::Value::from(text).to_string();
            // The longer way of writing it says the same.
            quoted.replace('é', "\\u00e9").replace('/', "\\/")
        })
    }

    fn rows() -> impl Strategy<Value = Vec<(String, String, u64, i32)>> {
        prop::collection::vec((text(), document(), any::<u64>(), any::<i32>()), 1..6)
    }

    fn body(batches: &[Vec<(String, String, u64, i32)>]) -> Vec<u8> {
        let mut body = String::from(": hello\n\n");
        for (id, rows) in batches.iter().enumerate() {
            let rows: Vec<String> = rows
                .iter()
                .map(|(text, json, big, small)| format!("[{text},{json},{big},{small}e-3]"))
                .collect();
            // Data over several lines is one batch.
            body.push_str(&format!("id: {id}\ndata: [{}]\n\n", rows.join("\ndata: ,")));
        }
        body.into_bytes()
    }

    fn cut<'b>(body: &'b [u8], cuts: &[prop::sample::Index]) -> Vec<&'b [u8]> {
        let mut places: Vec<usize> = cuts.iter().map(|at| at.index(body.len() + 1)).collect();
        places.extend([0, body.len()]);
        places.sort_unstable();
        places
            .windows(2)
            .map(|pair| &body[pair[0]..pair[1]])
            .collect()
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn any_pieces_give_the_rows_as_sent(
            batches in prop::collection::vec(rows(), 1..5),
            cuts in prop::collection::vec(any::<prop::sample::Index>(), 0..40),
        ) {
            let body = body(&batches);
            let mut ring = ring();
            prop_assert_eq!(feed(&mut ring, &cut(&body, &cuts)), (0, 0));
            let sent: Vec<_> = batches.iter().flatten().collect();
            prop_assert_eq!(ring.received(), sent.len() as u64);
            for (row, (text, json, big, _)) in sent.into_iter().enumerate() {
                let row = row as u64;
                let wanted: String = serde_json::from_str(text).expect("text");
                prop_assert_eq!(ring.cell(row, 0).text(), wanted);
                prop_assert_eq!(ring.cell(row, 1), Cell::Json(json));
                prop_assert_eq!(ring.cell(row, 2).json(), big.to_string());
            }
        }

        #[test]
        fn a_cut_body_loses_only_the_event_that_was_cut(
            batches in prop::collection::vec(rows(), 1..5),
            end in any::<prop::sample::Index>(),
        ) {
            let body = body(&batches);
            let (mut whole, mut short) = (ring(), ring());
            feed(&mut whole, &[&body]);
            let end = end.index(body.len() + 1);
            prop_assert_eq!(feed(&mut short, &[&body[..end]]), (0, 0));
            let complete = ended(&body[..end]).saturating_sub(1);
            let rows: usize = batches.iter().take(complete).map(Vec::len).sum();
            prop_assert_eq!(held(&short), &held(&whole)[..rows]);
        }

        /// Bytes that are not UTF-8, or not JSON, spoil their batch from there on and nothing else.
        #[test]
        fn a_damaged_batch_spoils_no_other(
            before in rows(),
            damaged in rows(),
            after in rows(),
            at in any::<prop::sample::Index>(),
            byte in prop::sample::select(&[0xff_u8, 0xc3, 0x00, b'}', b'"', b'\\', b'x'][..]),
        ) {
            let (first, last) = (before.len(), after.len());
            let bodies = [body(&[before]), body(&[damaged]), body(&[after])];
            let mut broken = bodies[1].clone();
            let start = broken.iter().position(|b| *b == b'[').unwrap_or(0);
            let place = start + at.index(broken.len() - start - 2);
            if broken[place] != b'\n' {
                broken[place] = byte;
            }
            let mut ring = ring();
            let (refused, _) = feed(&mut ring, &[&bodies[0], &broken, &bodies[2]]);
            prop_assert!(refused <= 1);
            let (mut alone, mut other) = (self::ring(), self::ring());
            feed(&mut alone, &[&bodies[0]]);
            feed(&mut other, &[&bodies[2]]);
            let all = held(&ring);
            prop_assert_eq!(&all[..first], held(&alone));
            prop_assert_eq!(&all[all.len() - last..], held(&other));
        }
    }

    /// Ends of events.
    fn ended(bytes: &[u8]) -> usize {
        bytes.windows(2).filter(|pair| pair == b"\n\n").count()
    }
}
