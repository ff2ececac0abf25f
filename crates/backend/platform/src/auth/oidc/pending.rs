//! Sign-ins that were begun here and go on at the provider. What the provider's answer has to fit
//! stands in a signed cookie of the browser, so that any replica with the same key can end one.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use serde::{Deserialize, Serialize};

use crate::{
    auth::seal::Seal,
    clock,
    random::{self, Digest},
};

/// States that were used here and are remembered; where there are more, the oldest goes. The
/// provider takes its code once in any case.
const MOST: usize = 4096;

/// A sign-in and what the answer of the provider has to fit.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Begun {
    pub(super) nonce: String,
    /// Of PKCE: proves to the provider that whoever fetches the token began the sign-in.
    pub(super) verifier: String,
    /// As told to the provider.
    pub(super) redirect_uri: String,
    /// The path to go on with.
    pub(super) next: String,
}

#[derive(Serialize, Deserialize)]
struct Waiting {
    begun: Begun,
    state: String,
    until_ms: i64,
}

pub(super) struct Pending {
    life: Duration,
    seal: Seal,
    /// With the time when it is over in any case.
    used: Mutex<HashMap<Digest, i64>>,
}

impl Pending {
    pub(super) fn new(life: Duration, seal: Seal) -> Self {
        Self {
            life,
            seal,
            used: Mutex::default(),
        }
    }

    /// The state to send along, and what the browser keeps of it.
    pub(super) fn begin(&self, begun: Begun) -> (String, String) {
        let state = random::secret();
        let kept = self.seal.close(&Waiting {
            begun,
            state: state.clone(),
            until_ms: self.until(),
        });
        (state, kept)
    }

    /// Once for each state, and only for the browser that began: `kept` is what it sends of it, some
    /// of which may be of somebody else.
    pub(super) fn take<'a>(
        &self,
        state: &str,
        kept: impl IntoIterator<Item = &'a str>,
    ) -> Option<Begun> {
        let now = clock::now_ms();
        if !self.first_use(state, now) {
            return None;
        }
        let waiting = kept.into_iter().find_map(|kept| {
            let waiting = self.seal.open::<Waiting>(kept)?;
            random::same(&waiting.state, state).then_some(waiting)
        })?;
        (waiting.until_ms > now).then_some(waiting.begun)
    }

    fn first_use(&self, state: &str, now: i64) -> bool {
        let mut used = self.used.lock().unwrap_or_else(PoisonError::into_inner);
        used.retain(|_, until| *until > now);
        if used.len() >= MOST
            && let Some((&oldest, _)) = used.iter().min_by_key(|(_, until)| **until)
        {
            used.remove(&oldest);
        }
        used.insert(random::digest(state), self.until()).is_none()
    }

    fn until(&self) -> i64 {
        let life = i64::try_from(self.life.as_millis()).unwrap_or(i64::MAX);
        clock::now_ms().saturating_add(life)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFE: Duration = Duration::from_secs(600);

    fn pending(key: u8, life: Duration) -> Pending {
        Pending::new(life, Seal::new([key; 64], "sign-in"))
    }

    fn begun(next: &str) -> Begun {
        Begun {
            nonce: "n".into(),
            verifier: "v".into(),
            redirect_uri: "r".into(),
            next: next.into(),
        }
    }

    #[test]
    fn a_state_counts_once_for_its_browser_and_in_time() {
        let pending = pending(1, LIFE);
        let (state, kept) = pending.begin(begun("/a"));
        assert!(pending.take("guess", [kept.as_str()]).is_none());
        let taken = pending.take(&state, ["planted", &kept]).expect("its own");
        assert_eq!(taken.next, "/a");
        assert!(pending.take(&state, [kept.as_str()]).is_none(), "twice");

        let (other, kept_of_other) = pending.begin(begun("/b"));
        assert!(pending.take(&other, [kept.as_str()]).is_none());
        assert!(
            pending.take(&other, [kept_of_other.as_str()]).is_none(),
            "used up"
        );

        let over = super::tests::pending(1, Duration::ZERO);
        let (state, kept) = over.begin(begun("/"));
        assert!(over.take(&state, [kept.as_str()]).is_none(), "too late");
    }

    #[test]
    fn a_replica_of_the_same_key_ends_what_another_began() {
        let (state, kept) = pending(1, LIFE).begin(begun("/a"));
        assert!(pending(2, LIFE).take(&state, [kept.as_str()]).is_none());
        assert!(pending(1, LIFE).take(&state, [kept.as_str()]).is_some());
    }

    #[test]
    fn so_many_are_remembered() {
        let pending = pending(1, LIFE);
        for n in 0..=MOST {
            pending.take(&n.to_string(), []);
        }
        assert_eq!(pending.used.lock().expect("unharmed").len(), MOST);
    }
}
