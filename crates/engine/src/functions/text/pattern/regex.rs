//! Regular expressions: bounded in size, and in what a search takes.

use std::{borrow::Cow, cell::RefCell, collections::HashMap, rc::Rc};

use regex_lite::{Regex, RegexBuilder};

/// Bytes of a pattern, and of what it is compiled to.
const MAX_PATTERN: usize = 10_000;
const MAX_PROGRAM: usize = 1 << 20;
/// Of what a pattern is compiled to, the least that is told apart, and what a state takes of it.
const LEAST_PROGRAM: usize = 1 << 8;
const STATE: usize = 32;

/// A pattern's states times a text's bytes: one search takes so many steps at most, and nobody can
/// stop it meanwhile.
const MAX_STEPS: usize = 1 << 26;

/// A regular expression for repeated use.
pub(super) struct Pattern {
    pub(super) regex: Regex,
    states: usize,
}

impl Pattern {
    pub(super) fn new(pattern: &str) -> Result<Self, String> {
        if pattern.len() > MAX_PATTERN {
            return Err(format!("a pattern has at most {MAX_PATTERN} bytes"));
        }
        let written = braces(pattern);
        let build = |limit: usize| {
            let mut builder = RegexBuilder::new(&written);
            builder.dot_matches_new_line(true).size_limit(limit).build()
        };
        let regex = build(MAX_PROGRAM)
            .map_err(|error| format!("'{pattern}' is not a regular expression: {error}"))?;
        // A repetition of repetitions is short and has many states: the limit that it just keeps
        // tells them.
        let mut limit = LEAST_PROGRAM;
        while limit < MAX_PROGRAM && build(limit).is_err() {
            limit *= 2;
        }
        let states = limit / STATE;
        Ok(Self { regex, states })
    }

    /// To search in the text.
    pub(super) fn on(&self, text: &str) -> Result<&Regex, String> {
        match self.states.saturating_mul(text.len()) > MAX_STEPS {
            true => Err(format!(
                "a text of {} bytes is too long for a regular expression of about {} states",
                text.len(),
                self.states
            )),
            false => Ok(&self.regex),
        }
    }
}

/// A brace that does not count (`{2}`, `{2,}`, `{2,5}`) is a character as others are.
fn braces(pattern: &str) -> Cow<'_, str> {
    if !pattern.contains('{') {
        return Cow::Borrowed(pattern);
    }
    let counts = |rest: &str| {
        let inside = rest
            .split('}')
            .next()
            .filter(|inside| inside.len() < rest.len());
        let digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        let (least, most) = match inside {
            Some(inside) => inside.split_once(',').unwrap_or((inside, "")),
            None => return false,
        };
        !least.is_empty() && digits(least) && digits(most)
    };
    let mut out = String::with_capacity(pattern.len() + 8);
    let (mut escaped, mut named) = (false, false);
    for (at, c) in pattern.char_indices() {
        if c == '{' && !escaped && !named && !counts(&pattern[at + 1..]) {
            out.push('\\');
        }
        // Behind \p, \P and \x a brace holds a name or a number.
        named = escaped && matches!(c, 'p' | 'P' | 'x');
        escaped = c == '\\' && !escaped;
        out.push(c);
    }
    Cow::Owned(out)
}

/// Of a pattern that changes from row to row only the newest are kept.
pub(super) fn compiled(pattern: &str) -> Result<Rc<Pattern>, String> {
    thread_local! {
        static COMPILED: RefCell<HashMap<String, Rc<Pattern>>> = RefCell::default();
    }
    COMPILED.with_borrow_mut(|known| {
        if let Some(found) = known.get(pattern) {
            return Ok(found.clone());
        }
        if known.len() >= 64 {
            known.clear();
        }
        let new = Rc::new(Pattern::new(pattern)?);
        known.insert(pattern.to_string(), new.clone());
        Ok(new)
    })
}
