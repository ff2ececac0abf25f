//! Sign-ins that were begun here and go on at the provider. They live in memory only: a restart
//! ends them.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use crate::random::{self, Digest};

/// Where there are more, the oldest goes.
const MOST: usize = 4096;

/// A sign-in and what the answer of the provider has to fit.
#[derive(Debug, Clone)]
pub(super) struct Begun {
    pub(super) nonce: String,
    /// Of PKCE: proves to the provider that whoever fetches the token began the sign-in.
    pub(super) verifier: String,
    /// As told to the provider.
    pub(super) redirect_uri: String,
    /// The path to go on with.
    pub(super) next: String,
}

struct Waiting {
    begun: Begun,
    browser: Digest,
    at: Instant,
}

/// By the digest of their state.
pub(super) struct Pending {
    life: Duration,
    all: Mutex<HashMap<Digest, Waiting>>,
}

impl Pending {
    pub(super) fn new(life: Duration) -> Self {
        Self {
            life,
            all: Mutex::default(),
        }
    }

    /// The state to send along, and the secret that the browser keeps: `browser`, where it has one
    /// from another tab. Some of its cookies may be of somebody else.
    pub(super) fn begin<'a>(
        &self,
        begun: Begun,
        browser: impl IntoIterator<Item = &'a str>,
    ) -> (String, String) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        all.retain(|_, waiting| waiting.at.elapsed() < self.life);
        let known = browser.into_iter().find(|secret| {
            let digest = random::digest(secret);
            all.values().any(|waiting| waiting.browser == digest)
        });
        let browser = known.map_or_else(random::secret, str::to_string);
        if all.len() >= MOST
            && let Some(oldest) = all.iter().min_by_key(|(_, waiting)| waiting.at)
        {
            let oldest = *oldest.0;
            all.remove(&oldest);
        }
        let state = random::secret();
        let waiting = Waiting {
            begun,
            browser: random::digest(&browser),
            at: Instant::now(),
        };
        all.insert(random::digest(&state), waiting);
        (state, browser)
    }

    /// Once for each state, and only for the browser that began.
    pub(super) fn take<'a>(
        &self,
        state: &str,
        browser: impl IntoIterator<Item = &'a str>,
    ) -> Option<Begun> {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        let waiting = all.remove(&random::digest(state))?;
        let mut browser = browser.into_iter().map(random::digest);
        let same = browser.any(|digest| digest == waiting.browser);
        (same && waiting.at.elapsed() < self.life).then_some(waiting.begun)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
        let pending = Pending::new(Duration::from_secs(600));
        let (state, browser) = pending.begin(begun("/a"), None);
        assert!(pending.take("guess", Some(browser.as_str())).is_none());
        let taken = pending
            .take(&state, Some(browser.as_str()))
            .expect("its own");
        assert_eq!(taken.next, "/a");
        assert!(
            pending.take(&state, Some(browser.as_str())).is_none(),
            "twice"
        );

        let both = pending.begin(begun("/"), None);
        assert!(pending.take(&both.0, ["planted", &both.1]).is_some());
        for wrong in [None, Some("another")] {
            let (state, browser) = pending.begin(begun("/"), None);
            assert!(pending.take(&state, wrong).is_none(), "{wrong:?}");
            assert!(
                pending.take(&state, Some(browser.as_str())).is_none(),
                "used up"
            );
        }

        let over = Pending::new(Duration::ZERO);
        let (state, browser) = over.begin(begun("/"), None);
        assert!(
            over.take(&state, Some(browser.as_str())).is_none(),
            "too late"
        );
    }

    #[test]
    fn two_tabs_of_a_browser_sign_in_and_nobody_chooses_the_secret() {
        let pending = Pending::new(Duration::from_secs(600));
        let (first, browser) = pending.begin(begun("/a"), Some("planted"));
        assert_ne!(browser, "planted");
        let (second, same) = pending.begin(begun("/b"), Some(browser.as_str()));
        assert_eq!(browser, same);
        for state in [first, second] {
            assert!(pending.take(&state, Some(browser.as_str())).is_some());
        }
    }

    #[test]
    fn so_many_wait_and_then_the_oldest_goes() {
        let pending = Pending::new(Duration::from_secs(600));
        let (first, browser) = pending.begin(begun("/"), None);
        for _ in 0..MOST {
            pending.begin(begun("/"), None);
        }
        assert_eq!(pending.all.lock().expect("unharmed").len(), MOST);
        assert!(pending.take(&first, Some(browser.as_str())).is_none());
    }
}
