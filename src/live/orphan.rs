//! Queries that nobody waits for any more: each is ended on the server as soon as its id is known.

use weir_api::timeplus::{
    event::{QueryEvent, QueryEvents},
    query,
};

use crate::http::{self, ByteStream, Endpoint};

/// Reads on, beginning with `first`, to where the query is named, and cancels it there. A stream
/// that ends before leaves nothing to cancel.
pub(super) async fn end(endpoint: &Endpoint, stream: &mut ByteStream, first: Vec<u8>) {
    let mut events = QueryEvents::default();
    let mut piece = Some(first);
    while let Some(bytes) = piece {
        if let Some(id) = named(&mut events, &bytes) {
            // Nobody is left to be told when it fails; the server ends it without a reader.
            let _ = http::send(endpoint, query::cancel(&id)).await;
            return;
        }
        piece = stream.next().await.ok().flatten();
    }
}

/// The id of the query that these bytes name, where it still runs.
fn named(events: &mut QueryEvents, bytes: &[u8]) -> Option<String> {
    let mut id = None;
    events.push(bytes, |event| match event {
        Ok(QueryEvent::Started(query)) if !query.id.is_empty() => id = Some(query.id.clone()),
        Ok(QueryEvent::Finished(_)) => id = None,
        _ => {}
    });
    id
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_is_known_from_its_first_event_at_any_split() {
        let text = b"event: query\ndata: {\"id\":\"q1\",\"status\":\"running\"}\n\ndata: [[1]]\n\n";
        for at in 0..text.len() {
            let mut events = QueryEvents::default();
            let ids = [&text[..at], &text[at..]].map(|part| named(&mut events, part));
            assert_eq!(ids.into_iter().flatten().next().as_deref(), Some("q1"));
        }
        let over = b"event: query\ndata: {\"id\":\"q1\",\"status\":\"finished\"}\n\n";
        assert_eq!(named(&mut QueryEvents::default(), over), None);
        assert_eq!(named(&mut QueryEvents::default(), b"data: [[1]]\n\n"), None);
    }
}
