//! Attacks on a running backend, kind by kind: `docs/security.md` names for each the threat.

/// Clippy lets helpers of tests `expect` only inside `cfg(test)`.
#[cfg(test)]
#[allow(dead_code, reason = "the helpers are those of the tests of the API")]
mod attacks {
    mod at_rest;
    mod bodies;
    #[path = "../api/common.rs"]
    mod common;
    mod connections;
    mod functions;
    mod keys;
    mod looking;
    mod masked;
    mod pages;
    mod people;
    mod pouring;
    #[path = "../api/receiver.rs"]
    mod receiver;
    mod relay;
    mod replicas;
    mod secrets;
    mod sign_in;
    mod tls;
    mod upstream;
}
