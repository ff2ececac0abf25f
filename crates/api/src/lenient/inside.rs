//! What is inside of objects and lists, one after the other.

use std::vec::IntoIter;

use serde::{
    Deserializer as _,
    de::{
        DeserializeSeed, Error as _, IntoDeserializer, MapAccess, SeqAccess, Visitor,
        value::{BorrowedStrDeserializer, StringDeserializer},
    },
};
use serde_json::{Error, value::RawValue};

use super::{
    read::{Lenient, RAW},
    scalar::{Kind, kind},
};
use crate::object::BESIDE;

impl<'de, 'o> Lenient<'de, 'o> {
    fn members(self) -> Result<Vec<(String, &'de RawValue)>, Error> {
        let mut members = self.strict().deserialize_map(Members)?;
        members.retain(|(name, _)| !self.known.contains(&name.as_str()));
        Ok(members)
    }

    pub(super) fn fields(self) -> Result<Fields<'de, 'o>, Error> {
        Ok(Fields {
            rest: self.members()?.into_iter(),
            value: None,
            object: self,
            known: &[],
            without: &[],
        })
    }

    /// An object where one belongs; `None` is another thing that is not taken for one.
    pub(super) fn object(self) -> Result<Option<Fields<'de, 'o>>, Error> {
        let nothing = match kind(self.raw) {
            Kind::Object => return self.fields().map(Some),
            Kind::Null => true,
            // Servers written in PHP send an empty list for an empty map.
            Kind::List => self.raw.get()[1..].trim_start().starts_with(']'),
            Kind::Text => self.text()?.is_empty(),
            _ => false,
        };
        let empty = nothing || self.taken_for_nothing("an object");
        Ok(empty.then(|| Fields {
            rest: Vec::new().into_iter(),
            value: None,
            object: self,
            known: &[],
            without: &[],
        }))
    }

    pub(super) fn elements(self) -> Result<Elements<'de, 'o>, Error> {
        let elements: Vec<&RawValue> = match kind(self.raw) {
            Kind::List => serde_json::from_str(self.raw.get())?,
            Kind::Null => Vec::new(),
            Kind::Text if self.text()?.is_empty() => Vec::new(),
            _ => vec![self.raw],
        };
        Ok(Elements {
            rest: elements.into_iter(),
            list: self,
        })
    }
}

/// The last of those with the same name, where the first stood.
struct Members;

impl<'de> Visitor<'de> for Members {
    type Value = Vec<(String, &'de RawValue)>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members: Self::Value = Vec::new();
        let mut places = std::collections::HashMap::new();
        while let Some((name, value)) = map.next_entry::<String, &RawValue>()? {
            match places.get(&name) {
                Some(at) => {
                    let at: usize = *at;
                    members[at].1 = value;
                }
                None => {
                    places.insert(name.clone(), members.len());
                    members.push((name, value));
                }
            }
        }
        Ok(members)
    }
}

/// A value as it stands, in the form in which `serde_json` takes it.
pub(super) struct Raw<'de>(pub(super) Option<&'de RawValue>);

impl<'de> MapAccess<'de> for Raw<'de> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        if self.0.is_none() {
            return Ok(None);
        }
        seed.deserialize(BorrowedStrDeserializer::<Error>::new(RAW))
            .map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let text = self.0.take().map_or("null", RawValue::get);
        seed.deserialize(BorrowedStrDeserializer::<Error>::new(text))
    }
}

pub(super) struct Elements<'de, 'o> {
    rest: IntoIter<&'de RawValue>,
    list: Lenient<'de, 'o>,
}

impl<'de, 'o> Elements<'de, 'o> {
    fn begin(&mut self) -> Result<Option<Lenient<'de, 'o>>, Error> {
        let odd = self.list.odd;
        let element = self.rest.find(|element| !odd.skips(element));
        element
            .map(|element| self.list.inside(element, false))
            .transpose()
    }
}

impl<'de> SeqAccess<'de> for Elements<'de, '_> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'de>>(
        &mut self,
        seed: T,
    ) -> Result<Option<T::Value>, Error> {
        let Some(element) = self.begin()? else {
            return Ok(None);
        };
        let read = seed.deserialize(element);
        if let Err(error) = &read {
            element.odd.fails(element.raw, error);
        }
        read.map(Some)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.rest.len())
    }
}

pub(super) struct Fields<'de, 'o> {
    rest: IntoIter<(String, &'de RawValue)>,
    value: Option<&'de RawValue>,
    object: Lenient<'de, 'o>,
    /// Those of a type that wants the others under [`BESIDE`], which comes last.
    known: &'static [&'static str],
    /// Those, where they are done.
    without: &'static [&'static str],
}

impl<'de, 'o> Fields<'de, 'o> {
    fn name(&mut self) -> Option<StringDeserializer<Error>> {
        let odd = self.object.odd;
        let found = self
            .rest
            .find(|(name, value)| !odd.skips(value) && name != BESIDE);
        let (name, value) = match found {
            Some(found) => found,
            None if self.known.is_empty() => return None,
            // The object once more.
            None => {
                self.without = std::mem::take(&mut self.known);
                (BESIDE.to_owned(), self.object.raw)
            }
        };
        self.value = Some(value);
        odd.inside.borrow_mut().push(name.clone());
        Some(name.into_deserializer())
    }

    fn begin(&mut self) -> Result<Lenient<'de, 'o>, Error> {
        let value = self.value.take();
        let value = value.ok_or_else(|| Error::custom("a value without a name"))?;
        Ok(self.object.inside(value, true)?.without(self.without))
    }

    pub(super) fn with_others(mut self, known: &'static [&'static str]) -> Self {
        if known.contains(&BESIDE) {
            self.known = known;
        }
        self
    }

    fn end(field: Lenient<'de, 'o>, error: Option<&Error>) {
        if let Some(error) = error {
            field.odd.fails(field.raw, error);
        }
        field.odd.inside.borrow_mut().pop();
    }
}

/// A type asks for a name and not for the value where it has that field already, under its other
/// name: the first one counts.
impl Drop for Fields<'_, '_> {
    fn drop(&mut self) {
        if let Some(value) = self.value.take() {
            let words = "there under two names";
            self.object.odd.fails(value, &Error::custom(words));
        }
    }
}

impl<'de> MapAccess<'de> for Fields<'de, '_> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'de>>(
        &mut self,
        seed: K,
    ) -> Result<Option<K::Value>, Error> {
        let Some(name) = self.name() else {
            return Ok(None);
        };
        seed.deserialize(name).map(Some)
    }

    fn next_value_seed<V: DeserializeSeed<'de>>(&mut self, seed: V) -> Result<V::Value, Error> {
        let field = self.begin()?;
        let read = seed.deserialize(field);
        Self::end(field, read.as_ref().err());
        read
    }
}
