//! Which sessions there are, and how they end.

use std::sync::{PoisonError, atomic::Ordering};

use axum::http::HeaderMap;
use weir_api::session::OpenSession;
use weir_store::StoreError;

use super::{
    carried::News,
    cookies::is_secure,
    sessions::{Session, Sessions},
};
use crate::{clock, random::Digest};

impl Sessions {
    /// Those of a user, newest first.
    pub(super) fn list(&self, user: &str, headers: &HeaderMap) -> Vec<OpenSession> {
        let mut all = self.list_all(headers);
        all.retain(|session| session.user == user);
        all
    }

    /// Those of everybody, newest first.
    pub(super) fn list_all(&self, headers: &HeaderMap) -> Vec<OpenSession> {
        let current = self.named(headers);
        let now = clock::now_ms();
        let open = self.open.read().unwrap_or_else(PoisonError::into_inner);
        let all = open.iter().filter(|(_, session)| session.is_open(now));
        let mut list: Vec<OpenSession> = all
            .map(|(digest, session)| OpenSession {
                id: id(digest),
                user: session.user.clone(),
                name: session.federated.as_ref().map(|person| person.name.clone()),
                current: current == Some(*digest),
                started_ms: session.started_ms,
                seen_ms: session.seen_ms.load(Ordering::Relaxed),
                expires_ms: session.expires_ms,
                browser: session.browser.clone(),
            })
            .collect();
        list.sort_unstable_by_key(|session| std::cmp::Reverse(session.started_ms));
        list
    }

    /// Ends one of the user's; false where there is none of this id.
    pub(super) async fn end_one(&self, user: &str, which: &str) -> Result<bool, StoreError> {
        let ended = self
            .end_where(|session| session.user == user, which)
            .await?;
        Ok(ended.is_some())
    }

    /// Ends one of anybody's; whose it was, where there is one of this id.
    pub(super) async fn end_any(&self, which: &str) -> Result<Option<String>, StoreError> {
        self.end_where(|_| true, which).await
    }

    async fn end_where(
        &self,
        may: impl Fn(&Session) -> bool,
        which: &str,
    ) -> Result<Option<String>, StoreError> {
        let found = {
            let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
            let found = open
                .iter()
                .find(|(digest, session)| may(session) && id(digest) == which)
                .map(|(digest, _)| *digest);
            found.and_then(|digest| Some((digest, open.remove(&digest)?.user)))
        };
        let Some((digest, user)) = found else {
            return Ok(None);
        };
        self.end_carried([digest]);
        self.rows.delete(vec![digest]).await?;
        Ok(Some(user))
    }

    /// Ends the session the request's cookie names; the answer is the header that removes the
    /// cookie.
    pub(super) async fn end(&self, headers: &HeaderMap) -> Result<String, StoreError> {
        if let Some(digest) = self.named(headers) {
            self.rows.delete(vec![digest]).await?;
            self.end_carried([digest]);
            let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
            open.remove(&digest);
        }
        let secure = if is_secure(headers) { "; Secure" } else { "" };
        Ok(format!(
            "{}=; HttpOnly; SameSite=Strict; Path=/; Max-Age=0{secure}",
            self.names.session(headers)
        ))
    }

    /// Ends the user's sessions, except the one that the cookie in `keep` names.
    pub(super) async fn end_all(
        &self,
        user: &str,
        keep: Option<&HeaderMap>,
    ) -> Result<(), StoreError> {
        let kept = keep.and_then(|headers| self.named(headers));
        self.rows.delete_all_of(user, kept).await?;
        if let Some(carried) = &self.carried {
            carried.end_all(user, clock::now_ms());
        }
        let of_user =
            |digest: &Digest, session: &Session| session.user == user && Some(*digest) != kept;
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        let over = open
            .iter()
            .filter(|(digest, session)| of_user(digest, session));
        // By themselves, too: one may be of a process whose clock is ahead.
        self.end_carried(over.map(|(digest, _)| *digest));
        open.retain(|digest, session| !of_user(digest, session));
        Ok(())
    }

    /// Ends what another process ended.
    pub(super) fn learn(&self, news: News) {
        let Some(carried) = &self.carried else {
            return;
        };
        let (sessions, users) = carried.learn(news, clock::now_ms());
        if sessions.is_empty() && users.is_empty() {
            return;
        }
        let over = |digest: &Digest, session: &Session| {
            let of_user = |(user, before): &(String, i64)| {
                session.user == *user && session.started_ms <= *before
            };
            sessions.contains(digest) || users.iter().any(of_user)
        };
        let mut open = self.open.write().unwrap_or_else(PoisonError::into_inner);
        open.retain(|digest, session| !over(digest, session));
    }

    pub(super) fn end_carried(&self, sessions: impl IntoIterator<Item = Digest>) {
        if let Some(carried) = &self.carried {
            carried.end(sessions, clock::now_ms());
        }
    }
}

/// What a session is called; it proves nothing.
fn id(digest: &Digest) -> String {
    hex::encode(&digest[..8])
}
