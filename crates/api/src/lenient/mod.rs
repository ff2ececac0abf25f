//! Reads what any server of a vendor may send as an answer. Whatever has no meaning for the field
//! it stands in is taken for the nearest thing that has:
//!
//! - `null` is nothing: an empty text, 0, false, an empty list or object;
//! - a number as text is that number, a number or a truth value where a text belongs is its text;
//! - one element where a list belongs is a list of one;
//! - a field that cannot be read all the same is as if it had not been sent, and an element is left
//!   out of its list; both are told in [`Answer::unread`]: what is odd hides nothing else.
//!
//! Values that are kept as they come ([`serde_json::Value`], [`RawValue`]) come unchanged. A type
//! with a field [`crate::object::BESIDE`] gets there what the object holds beside its other fields.

mod inside;
mod read;
mod scalar;

use std::cell::RefCell;

use serde::de::DeserializeOwned;
use serde_json::value::RawValue;

use self::read::Lenient;
use crate::ApiError;

/// What was read, and what of it was not: a reason for each field and element.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer<T> {
    pub value: T,
    pub unread: Vec<String>,
}

/// Elements left out at most; an answer with more that cannot be read is none. Of fields as many
/// are told.
const MOST_UNREAD: usize = 100;
/// Objects and lists inside each other.
const DEEPEST: usize = 100;

/// Elements of lists and fields of objects by where they stand in memory: those to leave out, and
/// the one that failed.
#[derive(Default)]
struct Odd {
    skipped: RefCell<Vec<*const u8>>,
    failed: RefCell<Option<(*const u8, String)>>,
    /// Fields that were taken for nothing.
    nothing: RefCell<Vec<String>>,
    /// Names of the fields around what is read now.
    inside: RefCell<Vec<String>>,
}

impl Odd {
    fn place(value: &RawValue) -> *const u8 {
        value.get().as_ptr()
    }

    fn skips(&self, value: &RawValue) -> bool {
        self.skipped.borrow().contains(&Self::place(value))
    }

    /// The innermost value that fails is the one to leave out.
    fn fails(&self, value: &RawValue, error: &serde_json::Error) {
        let mut failed = self.failed.borrow_mut();
        failed.get_or_insert_with(|| (Self::place(value), self.at(&error.to_string())));
    }

    fn note(&self, value: &RawValue, wanted: &str) {
        let mut nothing = self.nothing.borrow_mut();
        if nothing.len() < MOST_UNREAD {
            let shown: String = value.get().chars().take(40).collect();
            nothing.push(self.at(&format!("{shown} is not {wanted}")));
        }
    }

    /// What is said of a value, behind the name of its field.
    fn at(&self, words: &str) -> String {
        match self.inside.borrow().as_slice() {
            [] => words.into(),
            names => format!("{}: {words}", names.join(".")),
        }
    }
}

thread_local! {
    /// What [`watched`] gathers while it runs.
    static WATCHED: RefCell<Option<Vec<String>>> = const { RefCell::new(None) };
}

/// What `read` comes to, and what of the answers that it reads could not be read, each thing once.
/// An answer that is read in vain does not count.
pub fn watched<R>(read: impl FnOnce() -> R) -> (R, Vec<String>) {
    let before = WATCHED.replace(Some(Vec::new()));
    let outcome = read();
    let unread = WATCHED.replace(before).unwrap_or_default();
    (outcome, unread)
}

/// Something that [`watched`] shall tell of, besides what it finds itself.
pub fn say(words: &str) {
    tell(&[words.to_string()]);
}

fn tell(unread: &[String]) {
    WATCHED.with_borrow_mut(|watched| {
        let Some(all) = watched else { return };
        for one in unread.iter().take(MOST_UNREAD) {
            if all.len() < MOST_UNREAD && !all.contains(one) {
                all.push(one.clone());
            }
        }
    });
}

/// No system answers with a web page.
pub fn web_page() -> ApiError {
    let words = "It is a web page and not data: something in between answered, for example a \
                 proxy, or a page to sign in to the network.";
    ApiError::Decode(words.into())
}

pub fn from_slice<T: DeserializeOwned>(body: &[u8]) -> Result<Answer<T>, ApiError> {
    let mut value = None;
    let unread = read_again(body, &mut |answer| {
        value = Some(T::deserialize(answer)?);
        Ok(())
    })?;
    let value = value.ok_or_else(|| ApiError::Decode("nothing was read".into()))?;
    Ok(Answer { value, unread })
}

/// Reads until what cannot be read is left out. Apart from the type that is read, so that this is
/// not made anew for each.
fn read_again(
    body: &[u8],
    read: &mut dyn FnMut(Lenient) -> Result<(), serde_json::Error>,
) -> Result<Vec<String>, ApiError> {
    let wrong = |error: serde_json::Error| ApiError::Decode(error.to_string());
    if body.trim_ascii_start().starts_with(b"<") {
        return Err(web_page());
    }
    // As text: everything else is read from text, and a second reader would be code of its own.
    let text = std::str::from_utf8(body).map_err(|error| ApiError::Decode(error.to_string()))?;
    let raw: &RawValue = serde_json::from_str(text).map_err(wrong)?;
    let odd = Odd::default();
    let mut unread = Vec::new();
    loop {
        odd.nothing.borrow_mut().clear();
        odd.inside.borrow_mut().clear();
        let Err(error) = read(Lenient::new(raw, &odd)) else {
            unread.append(&mut odd.nothing.borrow_mut());
            tell(&unread);
            return Ok(unread);
        };
        match odd.failed.take() {
            Some((element, words)) if unread.len() < MOST_UNREAD => {
                odd.skipped.borrow_mut().push(element);
                unread.push(words);
            }
            _ => return Err(wrong(error)),
        }
    }
}

/// Servers and clients write what is empty as null.
pub(crate) fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: serde::Deserializer<'de>,
    T: Default + serde::Deserialize<'de>,
{
    use serde::Deserialize as _;
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

/// For answers that are taken apart before their parts are read.
pub fn from_value<T: DeserializeOwned>(value: &serde_json::Value) -> Result<T, ApiError> {
    let text = value.to_string();
    from_slice(text.as_bytes()).map(|answer| answer.value)
}

/// Two things that stand beside each other in one object. What `serde` flattens into another type is
/// read strictly, this is not.
pub fn both<A: DeserializeOwned, B: DeserializeOwned>(
    value: &serde_json::Value,
) -> Result<(A, B), ApiError> {
    Ok((from_value(value)?, from_value(value)?))
}

#[cfg(test)]
#[allow(unreachable_pub)] // The macro writes public items.
mod tests;
