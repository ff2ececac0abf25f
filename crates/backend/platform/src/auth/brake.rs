//! Slows down guessing: after a few failures each further attempt has to wait, longer each time.
//! An attempt counts as failed from its beginning, so that many at once are slowed down, too.

use std::{
    collections::HashMap,
    net::IpAddr,
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

/// Failures are forgotten after so long without another.
const MEMORY: Duration = Duration::from_secs(15 * 60);

/// More are not remembered; those that are not blocked go first.
const REMEMBERED: usize = 20_000;

/// What attempts have in common: so many are free, then the wait doubles from a second up to the
/// longest. Nobody can keep another person out for long.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Common {
    /// One user from one address.
    Both(String, IpAddr),
    Address(IpAddr),
    User(String),
}

impl Common {
    fn free(&self) -> u32 {
        match self {
            Self::Both(..) => 5,
            Self::Address(_) | Self::User(_) => 20,
        }
    }

    fn longest(&self) -> Duration {
        match self {
            Self::Both(..) | Self::Address(_) => Duration::from_secs(60),
            Self::User(_) => Duration::from_secs(5),
        }
    }
}

struct Failures {
    count: u32,
    last: Instant,
    blocked_until: Instant,
}

#[derive(Default)]
pub(super) struct Brake(Mutex<HashMap<Common, Failures>>);

/// An attempt that may be made.
pub(super) struct Attempt([Common; 3]);

impl Brake {
    /// `Err`: how long to wait first.
    pub(super) fn begin(&self, user: &str, from: IpAddr) -> Result<Attempt, Duration> {
        let from = network(from);
        let user: String = user.chars().take(128).collect();
        let keys = [
            Common::Both(user.clone(), from),
            Common::Address(from),
            Common::User(user),
        ];
        let now = Instant::now();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let blocked = keys.iter().filter_map(|key| all.get(key));
        let wait = blocked.map(|failures| failures.blocked_until.saturating_duration_since(now));
        let wait = wait.max().unwrap_or_default();
        if !wait.is_zero() {
            return Err(wait);
        }
        if all.len() + keys.len() > REMEMBERED {
            all.retain(|_, failures| failures.blocked_until > now);
        }
        for key in &keys {
            let failures = all.entry(key.clone()).or_insert(Failures {
                count: 0,
                last: now,
                blocked_until: now,
            });
            if now.duration_since(failures.last) > MEMORY {
                failures.count = 0;
            }
            failures.count += 1;
            failures.last = now;
            if let Some(more) = failures.count.checked_sub(key.free()) {
                let wait = Duration::from_secs(1 << more.min(6));
                failures.blocked_until = now + wait.min(key.longest());
            }
        }
        Ok(Attempt(keys))
    }

    /// It was no failure: the user's are forgotten, and the address has one less.
    pub(super) fn succeeded(&self, attempt: &Attempt) {
        let now = Instant::now();
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        for key in &attempt.0 {
            match key {
                Common::Both(..) | Common::User(_) => {
                    all.remove(key);
                }
                Common::Address(_) => {
                    if let Some(failures) = all.get_mut(key) {
                        failures.count = failures.count.saturating_sub(1);
                        failures.blocked_until = now;
                    }
                }
            }
        }
    }
}

/// Whoever has one address of IPv6 has 2⁶⁴.
pub fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let prefix = u128::from(v6) >> 64 << 64;
            IpAddr::V6(prefix.into())
        }
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::LOCALHOST);

    #[test]
    fn a_few_attempts_are_free_and_then_each_waits() {
        let brake = Brake::default();
        let made = (0..100).filter(|_| brake.begin("admin", HERE).is_ok());
        assert_eq!(made.count(), 5);
        let wait = brake.begin("admin", HERE).err().expect("blocked");
        assert!(wait <= Duration::from_secs(1), "{wait:?}");
        assert!(
            brake.begin("another", HERE).is_ok(),
            "others are not kept out"
        );
    }

    #[test]
    fn names_tried_in_turn_are_slowed_down_by_their_address() {
        let brake = Brake::default();
        let made = (0..100).filter(|n| brake.begin(&n.to_string(), HERE).is_ok());
        assert_eq!(made.count(), 20);
        let net =
            |host: u64| -> IpAddr { std::net::Ipv6Addr::from(u128::from(host) | 7 << 64).into() };
        let made = (0..100).filter(|n| brake.begin(&n.to_string(), net(*n)).is_ok());
        assert_eq!(made.count(), 20, "of one network of IPv6");
    }

    #[test]
    fn addresses_tried_in_turn_keep_nobody_out_for_long() {
        let brake = Brake::default();
        let at = |n: u32| IpAddr::V4(std::net::Ipv4Addr::from(n));
        let made = (0..1000).filter(|n| brake.begin("admin", at(*n)).is_ok());
        assert_eq!(made.count(), 20);
        let wait = brake.begin("admin", HERE).err().expect("blocked");
        assert!(wait <= Duration::from_secs(5), "{wait:?}");
    }

    #[test]
    fn the_right_password_begins_anew() {
        let brake = Brake::default();
        for _ in 0..4 {
            brake.begin("admin", HERE).expect("free");
        }
        let attempt = brake.begin("admin", HERE).expect("free");
        brake.succeeded(&attempt);
        assert!(brake.begin("admin", HERE).is_ok());
    }
}
