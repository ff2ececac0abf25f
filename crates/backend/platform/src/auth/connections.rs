//! Requests that are being answered, streams of events among them: how many each user has.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
};

use axum::{
    body::{Body, HttpBody},
    http::StatusCode,
    response::Response,
};
use futures_util::StreamExt;

use super::Actor;
use crate::error::HttpError;

/// Cheap to clone.
#[derive(Clone)]
pub struct Connections(Arc<Inner>);

struct Inner {
    most_per_user: usize,
    open: Mutex<HashMap<String, usize>>,
}

/// One of them; dropping it ends it.
pub struct Open {
    of: Connections,
    user: String,
}

impl Connections {
    pub(super) fn new(most_per_user: usize) -> Self {
        Self(Arc::new(Inner {
            most_per_user,
            open: Mutex::default(),
        }))
    }

    /// One more of whoever asks; refused where they have as many as each may have.
    pub fn of(&self, actor: &Actor) -> Result<Open, HttpError> {
        self.open(&actor.user).ok_or_else(|| {
            let most = self.0.most_per_user;
            let words = format!(
                "{most} requests of yours are being answered, which is the limit for each user; \
                 end some first"
            );
            HttpError::new(StatusCode::TOO_MANY_REQUESTS, words)
        })
    }

    /// None where the user has as many as each may have.
    fn open(&self, user: &str) -> Option<Open> {
        self.with(|open| {
            let own = open.entry(user.to_string()).or_default();
            if *own >= self.0.most_per_user {
                return None;
            }
            *own += 1;
            Some(Open {
                of: self.clone(),
                user: user.to_string(),
            })
        })
    }

    pub fn most_per_user(&self) -> usize {
        self.0.most_per_user
    }

    /// Those who have any, and how many.
    pub fn list(&self) -> HashMap<String, usize> {
        self.with(|open| open.clone())
    }

    fn with<T>(&self, work: impl FnOnce(&mut HashMap<String, usize>) -> T) -> T {
        work(&mut self.0.open.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Open {
    /// An answer that is a stream counts until its last byte.
    pub fn over(self, response: Response) -> Response {
        if response.body().size_hint().exact().is_some() {
            return response;
        }
        response.map(|body| {
            let body = body.into_data_stream().map(move |part| {
                let _open = &self;
                part
            });
            Body::from_stream(body)
        })
    }
}

impl Drop for Open {
    fn drop(&mut self) {
        self.of.with(|open| {
            if let Some(own) = open.get_mut(&self.user) {
                *own -= 1;
                if *own == 0 {
                    open.remove(&self.user);
                }
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_user_does_not_take_the_connections_of_others() {
        let connections = Connections::new(2);
        let first = connections.open("a");
        let second = connections.open("a");
        assert!(first.is_some() && second.is_some());
        assert!(connections.open("a").is_none());
        assert!(connections.open("b").is_some());
        assert_eq!(connections.list(), HashMap::from([("a".into(), 2)]));
        drop(first);
        assert!(connections.open("a").is_some());
    }
}
