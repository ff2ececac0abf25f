//! What is to be created, and what became of each object. Nothing here talks to a server.

use weir_api::{
    ApiError, StatusError,
    secmaster::data_object::{Created, Fields, ListName},
};

use super::parse::Row;

/// Objects of one request.
const CHUNK: usize = 100;

#[derive(Debug, Clone, PartialEq)]
pub enum State {
    Waiting,
    Created(String),
    Refused(String),
    /// It was sent, and no answer came.
    Unknown,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    Running,
    Finished,
    /// A person stopped it, or something went wrong that is not about one object.
    Stopped,
}

#[derive(Debug, Clone)]
pub struct Plan {
    /// Id of the class.
    pub class: String,
    pub list: ListName,
    pub rows: Vec<Row>,
    pub states: Vec<State>,
    pub phase: Phase,
    /// Why it stopped.
    pub error: Option<ApiError>,
    /// Whether the server takes the ids that we give objects: only then can it be asked whether
    /// an object is there already.
    pub takes_ids: Option<bool>,
    /// How many go in one request; less where one of them was refused.
    chunk: usize,
}

impl Plan {
    /// Every object gets an id, so that it can be asked for after a break.
    pub fn new(class: String, list: ListName, mut rows: Vec<Row>) -> Self {
        for row in &mut rows {
            let id = row.object.get("id").and_then(|id| id.as_str());
            if id.is_none_or(str::is_empty) {
                row.object.insert("id".into(), uuid().into());
            }
        }
        Self {
            class,
            list,
            states: vec![State::Waiting; rows.len()],
            rows,
            phase: Phase::Running,
            error: None,
            takes_ids: None,
            chunk: CHUNK,
        }
    }

    pub fn count(&self, of: fn(&State) -> bool) -> u64 {
        self.states.iter().filter(|state| of(state)).count() as u64
    }

    pub fn unfinished(&self) -> bool {
        let open = |state: &State| matches!(state, State::Waiting | State::Unknown);
        self.states.iter().any(open)
    }

    pub fn id(&self, at: usize) -> &str {
        let id = self.rows.get(at).and_then(|row| row.object.get("id"));
        id.and_then(|id| id.as_str()).unwrap_or_default()
    }

    pub fn unknown(&self) -> Vec<usize> {
        let all = self.states.iter().enumerate();
        all.filter(|(_, state)| **state == State::Unknown)
            .map(|(at, _)| at)
            .collect()
    }

    /// Places of those that are sent next.
    pub fn next(&self) -> Vec<usize> {
        let all = self.states.iter().enumerate();
        let waiting = all.filter(|(_, state)| **state == State::Waiting);
        waiting.map(|(at, _)| at).take(self.chunk).collect()
    }

    pub fn objects(&self, places: &[usize]) -> Vec<Fields> {
        let rows = places.iter().filter_map(|at| self.rows.get(*at));
        rows.map(|row| row.object.clone()).collect()
    }

    fn set(&mut self, places: &[usize], state: &State) {
        for at in places {
            self.states[*at] = state.clone();
        }
    }

    fn stop(&mut self, error: ApiError) {
        self.phase = Phase::Stopped;
        self.error = Some(error);
    }

    pub fn created(&mut self, places: &[usize], answer: &[Created]) {
        if answer.len() != places.len() {
            self.set(places, &State::Unknown);
            return self.stop(ApiError::Decode(format!(
                "{} objects were sent, but the response lists {}",
                places.len(),
                answer.len()
            )));
        }
        let own = places
            .iter()
            .zip(answer)
            .all(|(at, made)| self.id(*at) == made.id);
        self.takes_ids = Some(own && self.takes_ids != Some(false));
        for (at, made) in places.iter().zip(answer) {
            self.states[*at] = State::Created(made.id.clone());
        }
        // Slowly back to full size.
        self.chunk = (self.chunk * 2).min(CHUNK);
    }

    pub fn failed(&mut self, places: &[usize], error: ApiError) {
        match error {
            ApiError::Cancelled => {
                self.set(places, &State::Unknown);
                self.phase = Phase::Stopped;
            }
            // Nothing was created, and the next try may succeed.
            ApiError::Status(ref status)
                if matches!(status.status, 401 | 403 | 404 | 413 | 429) =>
            {
                self.stop(error);
            }
            ApiError::Status(status) if matches!(status.status, 200 | 400..500) => {
                self.refused(places, &status);
            }
            error => {
                self.set(places, &State::Unknown);
                self.stop(error);
            }
        }
    }

    /// One of them is wrong, which refuses all: the one that is named, or smaller requests find it.
    fn refused(&mut self, places: &[usize], error: &StatusError) {
        let named = error.fields.iter().find_map(|field| {
            let at = index(&field.field)?;
            places.get(at).map(|at| (*at, field))
        });
        match (named, places) {
            (Some((at, field)), _) => {
                let key = field.field.split_once("].").map_or("", |(_, key)| key);
                let words = format!("{key}: {}", field.message);
                self.states[at] = State::Refused(words);
            }
            (None, [at]) => self.states[*at] = State::Refused(error.message.clone()),
            (None, _) => self.chunk = (places.len() / 2).max(1),
        }
    }

    /// Ids that the server has, of those whose fate was not known.
    pub fn found(&mut self, asked: &[usize], ids: &[String]) {
        for at in asked {
            if ids.iter().any(|id| id == self.id(*at)) {
                self.states[*at] = State::Created(self.id(*at).to_owned());
                self.takes_ids = Some(true);
            }
        }
        // A server that keeps our ids and does not know this one never got it.
        if self.takes_ids == Some(true) {
            for at in asked {
                if self.states[*at] == State::Unknown {
                    self.states[*at] = State::Waiting;
                }
            }
        }
    }

    /// A person decides about those of which nobody knows.
    pub fn again(&mut self) {
        let unknown = self.unknown();
        self.set(&unknown, &State::Waiting);
    }

    pub fn leave(&mut self) {
        let unknown = self.unknown();
        let words = "no response; skipped".to_owned();
        self.set(&unknown, &State::Refused(words));
    }
}

/// `list[3].title` is 3.
fn index(field: &str) -> Option<usize> {
    let (_, rest) = field.split_once('[')?;
    rest.split_once(']')?.0.parse().ok()
}

fn uuid() -> String {
    let digit = |_| {
        let random = (random() * 16.0) as u32;
        char::from_digit(random.min(15), 16).unwrap_or('0')
    };
    let hex: String = (0..32).map(digit).collect();
    let parts = [
        &hex[..8],
        &hex[8..12],
        &hex[12..16],
        &hex[16..20],
        &hex[20..],
    ];
    parts.join("-")
}

#[cfg(target_arch = "wasm32")]
fn random() -> f64 {
    js_sys::Math::random()
}

/// Of tests, which run natively.
#[cfg(not(target_arch = "wasm32"))]
fn random() -> f64 {
    use std::hash::{BuildHasher, RandomState};
    (RandomState::new().hash_one(0) >> 11) as f64 / (1_u64 << 53) as f64
}

#[cfg(test)]
mod tests {
    use weir_api::FieldError;

    use super::*;

    fn plan(count: u64) -> Plan {
        let row = |line| Row {
            line,
            object: Fields::new(),
        };
        Plan::new("c".into(), ListName::New, (1..=count).map(row).collect())
    }

    fn made(plan: &Plan, places: &[usize]) -> Vec<Created> {
        let id = |at: &usize| Created {
            id: plan.id(*at).into(),
            ..Created::default()
        };
        places.iter().map(id).collect()
    }

    fn refusal(field: &str) -> ApiError {
        let fields = match field {
            "" => Vec::new(),
            field => vec![FieldError::new(field, "wrong")],
        };
        ApiError::Status(StatusError {
            status: 400,
            code: None,
            message: "refused".into(),
            request_id: None,
            fields,
        })
    }

    #[test]
    fn a_bad_object_is_found_and_the_rest_is_created() {
        for named in [true, false] {
            let mut plan = plan(250);
            let bad = 130;
            let mut requests = 0;
            while !plan.next().is_empty() {
                let places = plan.next();
                requests += 1;
                match places.iter().position(|at| *at == bad) {
                    Some(at) => {
                        let field = format!("data_object_list[{at}].title");
                        plan.failed(&places, refusal(if named { &field } else { "" }));
                    }
                    None => {
                        let answer = made(&plan, &places);
                        plan.created(&places, &answer);
                    }
                }
            }
            assert_eq!(plan.count(|s| matches!(s, State::Created(_))), 249);
            assert!(matches!(plan.states[bad], State::Refused(_)));
            assert!(requests < 25, "{requests}");
        }
    }

    #[test]
    fn after_a_break_nothing_is_created_twice() {
        let mut plan = plan(250);
        let first = plan.next();
        let answer = made(&plan, &first);
        plan.created(&first, &answer);
        let second = plan.next();
        plan.failed(&second, ApiError::Network("gone".into()));
        assert_eq!((plan.phase, plan.unknown().len()), (Phase::Stopped, 100));
        // The server got half of them.
        let there: Vec<String> = second[..50].iter().map(|at| plan.id(*at).into()).collect();
        plan.found(&second, &there);
        assert_eq!(plan.unknown().len(), 0);
        assert_eq!(plan.count(|s| matches!(s, State::Created(_))), 150);
        assert_eq!(plan.next()[..50], second[50..]);
    }

    #[test]
    fn a_server_with_ids_of_its_own_is_not_sent_the_same_again_unasked() {
        let mut plan = plan(3);
        let all = plan.next();
        plan.failed(&all, ApiError::Network("gone".into()));
        plan.found(&all, &[]);
        assert_eq!(plan.unknown().len(), 3);
        plan.again();
        assert_eq!(plan.next(), all);
    }

    #[test]
    fn a_credential_that_ended_leaves_all_waiting() {
        let mut plan = plan(3);
        let all = plan.next();
        let ApiError::Status(mut status) = refusal("") else {
            panic!("no status");
        };
        status.status = 401;
        plan.failed(&all, ApiError::Status(status));
        assert_eq!((plan.phase, plan.next()), (Phase::Stopped, all));
    }
}
