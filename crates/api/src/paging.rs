//! Lists that come in parts: each system says of an answer what follows it, and a [`Gather`] asks
//! for one after the other until the end or until it has to stop.

use crate::{ApiError, ApiRequest};

/// Where an answer stands in its list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Part {
    /// Asks for what follows; `None` at the end.
    pub next: Option<ApiRequest>,
    /// Entries in this answer.
    pub items: u64,
    /// Entries of the whole list, where the server counts.
    pub total: Option<u64>,
}

/// From what was asked for and its answer to what follows.
pub type More = fn(&ApiRequest, &[u8]) -> Part;

/// Of lists that come as a whole.
pub fn whole(_: &ApiRequest, _: &[u8]) -> Part {
    Part::default()
}

/// How much of a list is there.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Progress {
    pub loaded: u64,
    pub total: Option<u64>,
}

/// A list that is not there as a whole, and why.
#[derive(Debug, Clone, PartialEq)]
pub struct Stopped {
    pub progress: Progress,
    pub reason: Reason,
}

#[derive(Debug, Clone, PartialEq)]
pub enum Reason {
    /// A later part could not be had.
    Failed(ApiError),
    /// The server sends what it sent before.
    Repeated,
    /// More parts or bytes than are asked for.
    TooLong,
    /// The server counts more than it sends.
    Fewer,
}

/// Parts that are asked for: a server that never ends is left alone.
const MOST_PARTS: usize = 500;
/// Bytes of all parts.
const MOST_BYTES: usize = 64 << 20;
/// Empty parts one after the other, behind which a list is not followed: what was filtered out of
/// a part leaves it empty, and more may follow.
const MOST_EMPTY: usize = 3;

/// A list that is being asked for.
#[derive(Debug)]
pub struct Gather {
    more: More,
    next: Option<ApiRequest>,
    /// A list that leads back to an earlier part has no end.
    asked: Vec<ApiRequest>,
    parts: Vec<Vec<u8>>,
    bytes: usize,
    /// Parts without an entry since the last one that had some.
    empty: usize,
    progress: Progress,
    stopped: Option<Reason>,
}

impl Gather {
    pub fn new(request: ApiRequest, more: More) -> Self {
        Self {
            more,
            next: Some(request),
            asked: Vec::new(),
            parts: Vec::new(),
            bytes: 0,
            empty: 0,
            progress: Progress::default(),
            stopped: None,
        }
    }

    /// What to ask for now.
    pub fn next(&self) -> Option<ApiRequest> {
        self.next.clone()
    }

    pub fn progress(&self) -> Progress {
        self.progress
    }

    /// The answer to [`Self::next`].
    pub fn push(&mut self, body: Vec<u8>) {
        let Some(asked) = self.next.take() else {
            return;
        };
        let part = (self.more)(&asked, &body);
        self.empty = if part.items == 0 { self.empty + 1 } else { 0 };
        if part.items > 0 && self.parts.contains(&body) {
            self.stopped = Some(Reason::Repeated);
            return;
        }
        self.bytes += body.len();
        self.parts.push(body);
        self.asked.push(asked);
        self.progress.loaded += part.items;
        self.progress.total = part.total.or(self.progress.total);
        let full = self.parts.len() >= MOST_PARTS || self.bytes >= MOST_BYTES;
        let next = part.next.filter(|_| self.empty < MOST_EMPTY);
        self.stopped = match &next {
            Some(next) if self.asked.contains(next) => Some(Reason::Repeated),
            Some(_) if full => Some(Reason::TooLong),
            None if self.counts_more() => Some(Reason::Fewer),
            _ => None,
        };
        self.next = next.filter(|_| self.stopped.is_none());
    }

    fn counts_more(&self) -> bool {
        let loaded = self.progress.loaded;
        self.progress.total.is_some_and(|total| total > loaded)
    }

    /// [`Self::next`] had no answer: an error where nothing was read before it.
    pub fn fail(&mut self, error: ApiError) -> Result<(), ApiError> {
        self.next = None;
        if self.parts.is_empty() || error == ApiError::Cancelled {
            return Err(error);
        }
        self.stopped = Some(Reason::Failed(error));
        Ok(())
    }

    /// What was read, and what it lacks.
    pub fn finish(self) -> (Vec<Vec<u8>>, Option<Stopped>) {
        let progress = self.progress;
        let stopped = self.stopped.map(|reason| Stopped { progress, reason });
        (self.parts, stopped)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `?page=` counts from 1; three entries a page of `total`, or `none`.
    fn counted(asked: &ApiRequest, body: &[u8]) -> Part {
        let page = asked.query.iter().find(|(name, _)| name == "page");
        let page: u64 = page.and_then(|(_, page)| page.parse().ok()).unwrap_or(1);
        let text = String::from_utf8_lossy(body);
        let total = text.split(' ').next().and_then(|n| n.parse().ok());
        let more = total.is_none_or(|total| page * 3 < total);
        // `to 1` leads to the first page.
        let to = text.split("to ").nth(1).and_then(|to| to.parse().ok());
        let to: u64 = to.unwrap_or(page + 1);
        Part {
            next: more.then(|| ApiRequest::get("/x").query("page", to.to_string())),
            items: if text.contains("none") { 0 } else { 3 },
            total,
        }
    }

    fn run(answer: impl Fn(usize) -> Result<String, ApiError>) -> (usize, Option<Stopped>) {
        let mut gather = Gather::new(ApiRequest::get("/x"), counted);
        let mut turn = 0;
        while gather.next().is_some() {
            turn += 1;
            match answer(turn) {
                Ok(body) => gather.push(body.into_bytes()),
                Err(error) => gather.fail(error).expect("parts"),
            }
        }
        let (parts, stopped) = gather.finish();
        (parts.len(), stopped)
    }

    #[test]
    fn a_list_is_asked_for_to_its_end() {
        assert_eq!(run(|turn| Ok(format!("7 {turn}"))), (3, None));
        assert_eq!(run(|turn| Ok(format!("0 {turn}"))), (1, None));
        // What follows an empty part is not lost, and a count that is too low does not matter.
        let (parts, _) =
            run(|turn| Ok(format!("9 {turn}{}", if turn == 2 { " none" } else { "" })));
        assert_eq!(parts, 3);
    }

    #[test]
    fn it_is_told_where_a_list_stops() {
        let (parts, stopped) = run(|turn| match turn {
            3 => Err(ApiError::Network("gone".into())),
            _ => Ok(format!("12 {turn}")),
        });
        let stopped = stopped.expect("a reason");
        assert_eq!(parts, 2);
        assert_eq!(
            stopped.progress,
            Progress {
                loaded: 6,
                total: Some(12)
            }
        );
        assert!(matches!(
            stopped.reason,
            Reason::Failed(ApiError::Network(_))
        ));
        // A server that does not know pages sends the same again.
        let (parts, stopped) = run(|_| Ok("12".into()));
        assert_eq!(
            (parts, stopped.map(|it| it.reason)),
            (1, Some(Reason::Repeated))
        );
        // One that leads back, whatever stands beside the entries.
        let (parts, stopped) = run(|turn| match turn {
            3 => Ok("many 3 to 2".into()),
            _ => Ok(format!("many {turn}")),
        });
        assert_eq!(
            (parts, stopped.map(|it| it.reason)),
            (3, Some(Reason::Repeated))
        );
        // One that sends fewer than it counts.
        for answer in ["12 none", "many none"] {
            let (parts, stopped) = run(|turn| match turn {
                1 => Ok(format!("{} {turn}", &answer[..2])),
                _ => Ok(format!("{answer} {turn}")),
            });
            assert_eq!(parts, 4, "{answer}");
            let fewer = answer.starts_with("12").then_some(Reason::Fewer);
            assert_eq!(stopped.map(|it| it.reason), fewer, "{answer}");
        }
        // One that never ends.
        let (parts, stopped) = run(|turn| Ok(format!("many {turn}")));
        assert_eq!(
            (parts, stopped.map(|it| it.reason)),
            (MOST_PARTS, Some(Reason::TooLong))
        );
    }

    #[test]
    fn without_a_first_part_there_is_no_list() {
        let mut gather = Gather::new(ApiRequest::get("/x"), whole);
        assert_eq!(gather.fail(ApiError::Cancelled), Err(ApiError::Cancelled));
        let mut gather = Gather::new(ApiRequest::get("/x"), counted);
        gather.push(b"9 1".to_vec());
        assert_eq!(gather.fail(ApiError::Cancelled), Err(ApiError::Cancelled));
    }
}
