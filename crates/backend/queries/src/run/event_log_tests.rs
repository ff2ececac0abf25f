use super::*;

fn frame(bytes: usize) -> Bytes {
    Bytes::from(vec![b'x'; bytes])
}

/// Pushes an event of one row.
fn push(log: &EventLog, bytes: usize) {
    let row = log.state().rows + 1;
    log.push(frame(bytes), row).expect("not abandoned");
}

/// What can be read without waiting, `End` included once.
fn drain(reader: &mut Reader) -> Vec<Read> {
    let mut reads = Vec::new();
    while let Some(read) = reader.take() {
        let end = read == Read::End;
        reads.push(read);
        if end {
            break;
        }
    }
    reads
}

#[test]
fn a_lone_slow_reader_loses_nothing_and_the_producer_waits() {
    let log = EventLog::new();
    let mut reader = log.attach(None);
    let producer = std::thread::spawn({
        let log = log.clone();
        move || {
            for _ in 0..100 {
                push(&log, CAPACITY / 10);
            }
            log.close([]);
        }
    });
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("runtime");
    let mut rows = 0;
    loop {
        let held = log.state().bytes;
        assert!(held <= CAPACITY + CAPACITY / 10, "{held} bytes held");
        match runtime.block_on(reader.next()) {
            Read::Frame(_) => rows += 1,
            Read::End => break,
            gap @ Read::Gap { .. } => panic!("{gap:?}"),
        }
    }
    producer.join().expect("producer");
    assert_eq!(rows, 100);
}

#[test]
fn a_slow_reader_gets_a_gap_and_does_not_hold_up_a_fast_one() {
    let log = EventLog::new();
    let mut fast = log.attach(None);
    let mut slow = log.attach(None);
    push(&log, 10);
    assert_eq!(drain(&mut slow).len(), 1);
    for _ in 0..100 {
        push(&log, CAPACITY / 10);
        assert_eq!(
            drain(&mut fast).last(),
            Some(&Read::Frame(frame(CAPACITY / 10)))
        );
    }
    let (held, gone) = {
        let state = log.state();
        (state.bytes, state.rows_gone)
    };
    assert!(held <= CAPACITY, "{held} bytes held");
    let got = drain(&mut slow);
    assert_eq!(got[0], Read::Gap { from: 2, to: gone });
    let frames = got.len() as u64 - 1;
    assert_eq!(1 + (gone - 1) + frames, 101, "each row once or in the gap");
}

#[test]
fn coming_back_continues_after_the_last_row() {
    let log = EventLog::new();
    let mut reader = log.attach(None);
    for row in 1..=5 {
        log.push(Bytes::from(format!("row {row}")), row)
            .expect("push");
        log.push(Bytes::from(format!("metrics {row}")), row)
            .expect("push");
    }
    for _ in 0..5 {
        assert!(matches!(reader.take(), Some(Read::Frame(_))));
    }
    let row = reader.row();
    assert_eq!(row, 3);
    drop(reader);
    let words = |reads: Vec<Read>| -> Vec<String> {
        reads
            .iter()
            .map(|read| match read {
                Read::Frame(frame) => String::from_utf8_lossy(frame).into_owned(),
                other => format!("{other:?}"),
            })
            .collect()
    };
    let mut back = log.attach(Some(row));
    assert_eq!(
        words(drain(&mut back)),
        ["metrics 3", "row 4", "metrics 4", "row 5", "metrics 5"]
    );
    log.close([Bytes::from("end")]);
    assert_eq!(words(vec![back.take().expect("end")]), ["end"]);
    assert_eq!(back.take(), Some(Read::End));
    let mut late = log.attach(Some(5));
    assert_eq!(words(vec![late.take().expect("metrics")]), ["metrics 5"]);
    assert_eq!(words(vec![late.take().expect("end")]), ["end"]);
    assert_eq!(late.take(), Some(Read::End));
    let mut beyond = log.attach(Some(99));
    assert_eq!(beyond.row(), 5);
    assert!(beyond.take().is_some());
}

#[test]
fn coming_back_too_late_tells_how_many_rows_are_gone() {
    let log = EventLog::new();
    let mut fast = log.attach(None);
    for _ in 0..30 {
        push(&log, CAPACITY / 10);
        drain(&mut fast);
    }
    let gone = log.state().rows_gone;
    let mut back = log.attach(Some(7));
    assert_eq!(back.take(), Some(Read::Gap { from: 8, to: gone }));
    assert!(matches!(back.take(), Some(Read::Frame(_))));
    assert_eq!(back.row(), gone + 1);
    let mut fresh = log.attach(None);
    assert!(
        matches!(fresh.take(), Some(Read::Frame(_))),
        "no gap for who was never there"
    );
}

#[test]
fn a_waiting_producer_is_freed_by_cancel() {
    let log = EventLog::new();
    push(&log, CAPACITY);
    let producer = std::thread::spawn({
        let log = log.clone();
        move || log.push(frame(1), 2)
    });
    log.abandon();
    assert_eq!(producer.join().expect("producer"), Err(Abandoned));
    assert_eq!(log.wait_for_room(), Err(Abandoned));
    log.close([frame(1)]);
    assert_eq!(
        drain(&mut log.attach(None)).len(),
        3,
        "event, last event, end"
    );
}

#[test]
fn an_event_larger_than_the_ring_passes_when_it_is_alone() {
    let log = EventLog::new();
    let mut reader = log.attach(None);
    push(&log, 2 * CAPACITY);
    assert!(matches!(reader.take(), Some(Read::Frame(_))));
    push(&log, 2 * CAPACITY);
    assert_eq!(log.state().events.len(), 1);
}
