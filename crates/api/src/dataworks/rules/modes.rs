//! What each mode can have.

use super::super::codes::{
    self, BODY, CONST, DELETE, EQUAL, GET, HEAD, IN, LIKE, PATH, POST, QUERY,
};

/// The methods that APIs of a mode can have.
pub fn methods(mode: i32) -> &'static [i32] {
    match mode {
        codes::REGISTRATION => &[GET, POST, codes::PUT, DELETE],
        _ => &[GET, POST],
    }
}

pub fn response_types(mode: i32) -> &'static [i32] {
    match mode {
        codes::REGISTRATION => &[0, 1],
        _ => &[0],
    }
}

pub fn operators(mode: i32) -> &'static [i32] {
    match mode {
        codes::WIZARD => &[EQUAL, LIKE, IN],
        codes::SCRIPT => &[EQUAL],
        _ => &[EQUAL, CONST],
    }
}

pub fn positions(mode: i32, method: i32) -> &'static [i32] {
    match (mode, method) {
        (codes::WIZARD | codes::SCRIPT, _) => &[QUERY],
        (_, GET | DELETE) => &[QUERY, HEAD, PATH],
        _ => &[QUERY, HEAD, BODY, PATH],
    }
}
